/** The one question about paths that is asked everywhere in this room. */
import { isAbsolute, relative, sep } from 'node:path';

/** The path of a file below a folder with `/`; undefined where it is not below. */
export function pathWithin(folder: string, path: string): string | undefined {
  const below = relative(folder, path);
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return below.split(sep).join('/');
}
