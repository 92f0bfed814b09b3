/**
 * Where a name that is not imported may come from: what other files import, what the workspace exports, what the
 * standard library has. It must not know edits.
 */
import { basename, dirname, relative } from 'node:path';
import { nodeModules, nodeTypes } from '../data/nodeModules.ts';
import { moduleMembers, standardModules } from '../data/pythonNames.ts';
import type { UseRole } from '../scopes/model.ts';
import type { FileView } from '../view.ts';
import { pythonModuleOf } from './pythonPaths.ts';
import { specifierOf } from './specifier.ts';

export interface ImportSource {
  /** As it will be written. */
  readonly module: string;
  readonly kind: 'named' | 'default' | 'namespace' | 'module';
  readonly name: string;
  /** What the module calls it, where that differs: `import numpy as np`. */
  readonly imported?: string;
  readonly typeOnly: boolean;
  readonly confidence: number;
}

/** How a missing name is used, as far as that narrows its home. */
export interface Wanted {
  readonly name: string;
  readonly role: UseRole;
  /** Something is looked up on it: `name.x`. */
  readonly hasMembers: boolean;
  /** The dotted names from it on: `importlib.metadata.version`. */
  readonly chain: string;
}

/** Homes of a name, likeliest first. */
export function importSources(view: FileView, wanted: Wanted): readonly ImportSource[] {
  const imported = fromImports(view, wanted);
  // Where the workspace mostly takes the name from a package, a namesake of its own is less likely meant.
  const foreign = imported.some(({ module, confidence }) => !module.startsWith('.') && confidence > 0.7);
  const found = [
    ...imported,
    ...fromDefinitions(view, wanted).map(row =>
      foreign ? { ...row, confidence: row.confidence - 0.2 } : row,
    ),
    ...fromStandard(view, wanted),
  ];
  const seen = new Set<string>();
  const packaged = found.some(({ module }) => !module.startsWith('.') && view.family === 'javascript');
  const here = new Set(view.facts?.imports.map(row => row.module));
  const sorted = found
    .map(row => {
      // A package's own name is how other packages of the workspace reach into it.
      const outside = packaged && row.module.startsWith('../../');
      const change = nearness(view, row.module) + (outside ? -0.25 : 0) + (here.has(row.module) ? 0.1 : 0);
      return { ...row, confidence: Math.max(0.05, Math.min(0.97, row.confidence + change)) };
    })
    .sort((a, b) => b.confidence - a.confidence)
    .filter(({ module, kind }) => {
      const key = `${kind} ${module}`;
      return module !== '' && !seen.has(key) && seen.add(key);
    })
    .slice(0, 5);
  const [first, second] = sorted;
  // Two homes that are as likely: neither is certain.
  if (first && second && first.confidence - second.confidence < 0.08)
    return [{ ...first, confidence: Math.min(first.confidence, 0.75) }, ...sorted.slice(1)];
  return sorted;
}

/** Neighbours are likelier homes than far places; a test's own subject is the likeliest. */
function nearness(view: FileView, module: string): number {
  if (!module.startsWith('.')) return 0;
  const ups = module.split('/').filter(part => part === '..').length;
  const stem = (path: string): string =>
    basename(path)
      .replace(/\.[a-z]+$/, '')
      .replace(/^test_|[._-](?:test|spec)$/g, '');
  const subject = stem(module) === stem(view.path) && module.includes('/');
  return (subject ? 0.15 : 0) + (ups === 0 ? 0.12 : ups === 1 ? 0.03 : ups > 3 ? -0.3 : -0.06 * (ups - 1));
}

function fromImports(view: FileView, wanted: Wanted): readonly ImportSource[] {
  const python = view.family === 'python';
  const rows = view.index
    .imports(wanted.name)
    .filter(row => row.target !== view.path)
    .filter(row => row.kind !== 'module' || `${wanted.chain}.`.startsWith(`${row.module}.`));
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  return rows.flatMap(row => {
    const isRelative = row.module.startsWith('.');
    if (isRelative && !row.target) return [];
    const module = !isRelative
      ? row.module
      : python
        ? pythonModuleOf(view, row.target ?? '')
        : specifierOf(view, row.target ?? '');
    if (!module) return [];
    const share = row.count / total;
    const confidence = share > 0.75 ? 0.93 : share >= 0.5 ? 0.78 : 0.62;
    const imported = python && row.kind === 'namespace' ? row.module : undefined;
    return [
      { ...wantedAs(wanted, view), module, kind: row.kind, confidence, ...(imported ? { imported } : {}) },
    ];
  });
}

function fromDefinitions(view: FileView, wanted: Wanted): readonly ImportSource[] {
  const python = view.family === 'python';
  const rows = view.index
    .definitions(wanted.name)
    .filter(row => row.exported && row.path !== view.path && sameWorld(view, row.path));
  const value = wanted.role !== 'type';
  const fitting = rows.filter(row => !(value && row.kind === 'type' && !python));
  const sorted = [...fitting].sort((a, b) => far(view, a.path) - far(view, b.path));
  return sorted.slice(0, 4).flatMap((row, at) => {
    const module = python ? pythonModuleOf(view, row.path) : specifierOf(view, row.path);
    if (!module) return [];
    const tests = /(?:^|[/._-])(?:tests?|spec|mocks?|fixtures?|examples?)(?:[/._-]|$)/i.test(row.path);
    const confidence = (sorted.length === 1 ? 0.88 : at === 0 ? 0.72 : 0.55) - (tests ? 0.2 : 0);
    return [{ ...wantedAs(wanted, view), module, kind: row.isDefault ? 'default' : 'named', confidence }];
  });
}

/** Python cannot import from TypeScript, nor the other way round. */
function sameWorld(view: FileView, path: string): boolean {
  const python = /\.pyi?$/.test(path);
  return view.family === 'python' ? python : /\.[mc]?[jt]sx?$/.test(path);
}

/** Steps between two folders. */
function far(view: FileView, path: string): number {
  return relative(view.folder, dirname(path)).split(/[\\/]/).filter(Boolean).length;
}

let pythonHomes: Map<string, readonly string[]> | undefined;
let nodeHomes: Map<string, readonly string[]> | undefined;
let pythonModules: ReadonlySet<string> | undefined;

/** Modules that `import` of their package alone does not load; longest first. */
const submodules: readonly string[] = [
  ...moduleMembers.map(([module]) => module).filter(module => module.includes('.') && module !== 'os.path'),
  ...'importlib.metadata importlib.resources importlib.util importlib.abc importlib.machinery'.split(' '),
  ...'logging.handlers logging.config multiprocessing.pool xml.dom.minidom email.utils'.split(' '),
].sort((a, b) => b.length - a.length);

function homes(rows: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  const map = new Map<string, string[]>();
  for (const [module, names] of rows)
    for (const name of names.split(' ')) {
      const known = map.get(name);
      if (known) known.push(module);
      else map.set(name, [module]);
    }
  return map;
}

function fromStandard(view: FileView, wanted: Wanted): readonly ImportSource[] {
  const { name } = wanted;
  const base = wantedAs(wanted, view);
  if (view.family === 'python') {
    pythonHomes ??= homes(moduleMembers);
    pythonModules ??= new Set(standardModules.split(/\s+/));
    const found: ImportSource[] = [];
    if (pythonModules.has(name) && wanted.hasMembers) {
      const module = submodules.find(path => `${wanted.chain}.`.startsWith(`${path}.`)) ?? name;
      found.push({ ...base, module, kind: 'module', confidence: 0.9 });
    }
    const members = pythonHomes.get(name) ?? [];
    members.forEach((module, at) => {
      const common = /^[A-Z]|_/.test(name) || name.length > 7;
      const confidence = at > 0 ? 0.6 : members.length > 1 ? 0.8 : common ? 0.86 : 0.78;
      found.push({
        ...base,
        module,
        kind: 'named',
        confidence: wanted.hasMembers ? confidence - 0.1 : confidence,
      });
    });
    return found;
  }
  nodeHomes ??= homes([...nodeModules, ...nodeTypes]);
  const prefix = usesNodePrefix(view) ? 'node:' : '';
  const found: ImportSource[] = [];
  const module = nodeModules.find(([path]) => path === name || (name === 'fsp' && path === 'fs/promises'));
  if (module && wanted.hasMembers)
    found.push({ ...base, module: prefix + module[0], kind: namespaceStyle(view), confidence: 0.88 });
  (nodeHomes.get(name) ?? []).forEach((home, at) => {
    const telling = name.length > 7 || name.endsWith('Sync');
    found.push({
      ...base,
      module: prefix + home,
      kind: 'named',
      confidence: (at > 0 ? 0.6 : telling ? 0.82 : 0.7) - (looksLikeBrowser(view) ? 0.15 : 0),
    });
  });
  return found;
}

function wantedAs(wanted: Wanted, view: FileView): { readonly name: string; readonly typeOnly: boolean } {
  const uses = view.facts?.unresolved.filter(use => use.name === wanted.name) ?? [];
  const typeOnly = uses.length > 0 ? uses.every(use => use.role === 'type') : wanted.role === 'type';
  return { name: wanted.name, typeOnly };
}

/** `import fs from` or `import * as fs from`: what the file does with other Node modules. */
function namespaceStyle(view: FileView): 'default' | 'namespace' {
  const names = new Set(nodeModules.map(([path]) => path));
  const styles = (view.facts?.imports ?? [])
    .filter(row => row.style === 'import' && names.has(row.module.replace(/^node:/, '')))
    .flatMap(row => row.names.map(name => name.imported));
  return styles.includes('*') && !styles.includes('default') ? 'namespace' : 'default';
}

function usesNodePrefix(view: FileView): boolean {
  const modules = (view.facts?.imports ?? []).map(row => row.module);
  if (modules.some(module => module.startsWith('node:'))) return true;
  const bare = new Set(nodeModules.map(([path]) => path));
  if (modules.some(module => bare.has(module))) return false;
  const elsewhere = ['fs', 'path'].flatMap(name => view.index.imports(name));
  return (
    !elsewhere.some(row => bare.has(row.module)) || elsewhere.some(row => row.module.startsWith('node:'))
  );
}

function looksLikeBrowser(view: FileView): boolean {
  return view.facts?.jsx === true || (view.facts?.timesUsed('document') ?? 0) > 0;
}
