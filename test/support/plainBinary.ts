/** Builds the plain server once per test run, so that a spawn costs what it costs in real life. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let built: Promise<string> | undefined;

/** Argv of the plain server without its transport. */
export async function plainServerArgv(): Promise<string[]> {
  built ??= bundle();
  return [process.execPath, await built];
}

async function bundle(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'codriver-plain-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'plain.cjs');
  const entry = fileURLToPath(new URL('plainServer.ts', import.meta.url));
  await build({
    stdin: {
      contents: `import { main } from ${JSON.stringify(entry)}; main(process.argv.slice(2));`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return file;
}
