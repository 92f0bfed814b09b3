/** How a Python file names another module of the workspace. It must not know edits. */
import { dirname, relative, sep } from 'node:path';
import type { FileView } from '../view.ts';

/** `package.module` or, where the file imports relatively, `.module`; empty where there is none. */
export function pythonModuleOf(view: FileView, target: string): string {
  if (!target || target === view.path) return '';
  const relativeImports = view.facts?.imports.some(row => row.module.startsWith('.')) ?? false;
  const local = relativeModule(view.folder, target);
  if (relativeImports && local) return local;
  const absolute = absoluteModule(view, target);
  return absolute || local;
}

/** Dotted path of a file below a folder; empty if a part is no identifier. */
function dotted(path: string): string {
  const parts = path.replace(/\.pyi?$/, '').split(sep);
  if (parts.at(-1) === '__init__') parts.pop();
  return parts.every(part => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part)) ? parts.join('.') : '';
}

function relativeModule(folder: string, target: string): string {
  const up: string[] = ['.'];
  let base = folder;
  while (relative(base, target).startsWith('..')) {
    if (up.length > 4 || dirname(base) === base) return '';
    base = dirname(base);
    up.push('.');
  }
  return up.join('') + dotted(relative(base, target));
}

/** Path from the import root: what other imports of this file show it to be, else the workspace folder or its `src`. */
function absoluteModule(view: FileView, target: string): string {
  const root = view.roots.find(folder => target.startsWith(folder + sep));
  if (!root) {
    const here = relative(view.folder, target);
    return here.startsWith('..') ? '' : dotted(here);
  }
  const below = relative(root, target);
  const module = dotted(below);
  const first = module.split('.')[0] ?? '';
  if (first === 'src' || first === 'lib' || first === 'python') {
    const shorter = module.slice(first.length + 1);
    const shown = view.facts?.imports.some(row => row.module.startsWith(`${first}.`)) ?? false;
    return shown ? module : shorter;
  }
  return module;
}
