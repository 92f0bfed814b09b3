/** Trees of files as maps from path to content, for comparing what was with what is. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Every file and link below a folder, by relative path; `enter` says which names are looked at. */
export function filesOf(
  root: string,
  enter: (path: string) => boolean = () => true,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!enter(path)) continue;
      const at = join(root, path);
      const kind = lstatSync(at);
      if (kind.isDirectory()) walk(path);
      else if (kind.isSymbolicLink()) found.set(path, `-> ${readlinkSync(at)}`);
      else if (kind.isFile()) found.set(path, readFileSync(at, 'utf8'));
      else found.set(path, 'special');
    }
  };
  walk('');
  return found;
}

/** The same with each file's mode, byte for byte, as one text. */
export function fingerprint(root: string): string {
  const lines: string[] = [];
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = join(folder, name);
      const at = join(root, path);
      const kind = lstatSync(at);
      const what = kind.isDirectory()
        ? 'folder'
        : kind.isSymbolicLink()
          ? readlinkSync(at)
          : readFileSync(at).toString('base64');
      lines.push(`${path} ${kind.mode.toString(8)} ${what}`);
      if (kind.isDirectory()) walk(path);
    }
  };
  walk('');
  return lines.join('\n');
}
