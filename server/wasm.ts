/** Where the grammars of this installation are; for composition roots. */
import { dirname, join } from 'node:path';
import type { Files } from './base/ports.ts';

/** A grammar's WebAssembly is smaller than this, in bytes. */
const MAX_WASM = 16 * 1024 * 1024;

/** Loads a file of the grammar packages by name; rejects with words for the person when it is missing. */
export function wasmLoader(files: Files, require: NodeJS.Require): (name: string) => Promise<Uint8Array> {
  return async name => {
    const path =
      name === 'web-tree-sitter.wasm'
        ? join(dirname(require.resolve('web-tree-sitter')), name)
        : require.resolve(`@vscode/tree-sitter-wasm/wasm/${name}`);
    const bytes = await files.readBytes(path, MAX_WASM);
    if (!bytes) throw new Error(`${name} is missing from this installation; install Codriver again`);
    return bytes;
  };
}
