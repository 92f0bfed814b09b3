/** This project's own sources and the fixtures of other languages, as raw material for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawFile } from './editChanges.ts';

const ROOT = join(import.meta.dirname, '../..');

/** In the order of their paths. */
export function ownSources(): readonly RawFile[] {
  return ['server', 'test/fixtures']
    .flatMap(folder =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
    )
    .filter(path => /\.(?:ts|js|py|rs|go|c|java|cs|md)$/.test(path) && !path.includes('/hostile'))
    .sort()
    .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}
