/** A large workspace of real code: the sources that npm installed here, copied until there are enough lines. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const MODULES = join(import.meta.dirname, '..', '..', 'node_modules');

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.(?:ts|js|mjs)$/.test(entry.name) && !/\.(?:min|umd)\./.test(entry.name)) yield path;
  }
}

/** Fills `folder` with at least `lines` lines of code; returns how many. */
export function makeWorkspace(folder: string, lines: number): number {
  let count = 0;
  for (const name of [
    'openai',
    'zod',
    'fast-check',
    'mocha',
    'vscode-languageserver-protocol',
    'web-tree-sitter',
    'neovim',
  ]) {
    for (const path of sourceFiles(join(MODULES, name))) {
      if (statSync(path).size > 200_000) continue;
      const target = join(folder, 'src', relative(MODULES, path));
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(path, target);
      count += readFileSync(path, 'utf8').split('\n').length;
      if (count >= lines) return count;
    }
  }
  return count;
}
