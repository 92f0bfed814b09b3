/** How a JavaScript file names another one of the workspace, in its own style. It must not know edits. */
import { basename, extname, relative, sep } from 'node:path';
import type { FileView } from '../view.ts';

const extensions = /\.(?:[mc]?[jt]sx?)$/;

/** A relative specifier such as `./util`, `../a/b.js` or `./c.ts`; empty where there is none. */
export function specifierOf(view: FileView, target: string): string {
  if (!target || target === view.path) return '';
  let path = relative(view.folder, target).split(sep).join('/');
  if (!path.startsWith('.')) path = `./${path}`;
  const extension = extname(target);
  switch (styleOf(view)) {
    case 'source':
      return path;
    case 'output':
      return path.replace(extensions, extension.replace('t', 'j').replace('x', ''));
    case 'none': {
      const bare = path.replace(/\.d\.ts$/, '').replace(extensions, '');
      return basename(bare) === 'index' && bare !== './index' ? bare.slice(0, -'/index'.length) : bare;
    }
  }
}

/** What the file's relative imports end in: the source's extension, the output's, or nothing. */
function styleOf(view: FileView): 'source' | 'output' | 'none' {
  const own = (view.facts?.imports ?? []).map(row => row.module).filter(module => module.startsWith('.'));
  const ends = own.filter(module => extensions.test(module)).map(module => extname(module));
  if (own.length > 0 && ends.length * 2 < own.length) return 'none';
  if (ends.some(end => end.includes('t'))) return 'source';
  if (ends.length > 0) return /\.[mc]?tsx?$/.test(view.path) ? 'output' : 'source';
  return view.path.endsWith('.mts') || view.path.endsWith('.mjs') ? 'source' : 'none';
}
