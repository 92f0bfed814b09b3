/**
 * Reads import statements of one file by line patterns, for the languages whose imports bring names. It must not know
 * files; resolving relative modules is a matter of paths alone.
 */
import { posix } from 'node:path';
import type { IndexedImport } from './symbolIndex.ts';
import type { LanguagePatterns } from './definitionPatterns.ts';

export type FoundImport = Pick<IndexedImport, 'name' | 'module' | 'kind'>;

/** Statements over more lines than this are not read. */
const longestStatement = 60;

/** The imports of a file, in order. */
export function readImports(lines: readonly string[], style: LanguagePatterns['imports']): FoundImport[] {
  const found: FoundImport[] = [];
  if (!style) return found;
  let goBlock = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (style === 'ecmascript') {
      if (/^\s*import\b|\brequire\(/.test(line))
        ecmascript(
          statement(lines, i, text => /['"`]/.test(text)),
          found,
        );
    } else if (style === 'python') {
      if (/^\s*(?:from|import)\s/.test(line)) {
        python(
          statement(lines, i, text => !text.includes('(') || text.includes(')')),
          found,
        );
      }
    } else if (style === 'rust') {
      if (/^\s*(?:pub(?:\([^)]*\))?\s+)?use\s/.test(line))
        rust(
          statement(lines, i, text => text.includes(';')),
          found,
        );
    } else if (style === 'go') {
      if (/^import\s*\(/.test(line)) goBlock = true;
      else if (goBlock && line.startsWith(')')) goBlock = false;
      else if (goBlock || /^import\s/.test(line)) go(line, found);
    } else simple(line, style, found);
  }
  return found;
}

function statement(lines: readonly string[], from: number, complete: (text: string) => boolean): string {
  let text = lines[from] ?? '';
  for (let i = from + 1; i < Math.min(lines.length, from + longestStatement) && !complete(text); i++) {
    text += ` ${(lines[i] ?? '').replace(/(?:\/\/|#).*$/, '').trim()}`;
  }
  return text;
}

const identifier = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

function add(
  found: FoundImport[],
  name: string | undefined,
  module: string,
  kind: FoundImport['kind'],
): void {
  if (name !== undefined && identifier.test(name)) found.push({ name, module, kind });
}

function ecmascript(text: string, found: FoundImport[]): void {
  const esm = /^\s*import\s+(?:type\s+)?(?<what>[^'"]*?)\s*from\s*['"](?<module>[^'"]+)['"]/.exec(
    text,
  )?.groups;
  if (esm) {
    const { what = '', module = '' } = esm;
    add(found, /^([\w$]+)\s*(?:,|$)/.exec(what)?.[1], module, 'default');
    add(found, /\*\s*as\s+([\w$]+)/.exec(what)?.[1], module, 'namespace');
    for (const part of /\{([^}]*)\}/.exec(what)?.[1]?.split(',') ?? []) {
      const [imported = ''] = part
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/);
      if (imported === 'default') add(found, part.split(/\s+as\s+/)[1]?.trim(), module, 'default');
      else add(found, imported, module, 'named');
    }
    return;
  }
  const required = /(?:const|let|var)\s+(?<what>[^=]+?)\s*=\s*require\(\s*['"](?<module>[^'"]+)['"]/.exec(
    text,
  )?.groups;
  if (!required) return;
  const { what = '', module = '' } = required;
  if (what.startsWith('{')) {
    for (const part of what.replace(/[{}]/g, '').split(','))
      add(found, part.split(':')[0]?.trim(), module, 'named');
  } else add(found, what, module, 'default');
}

function python(text: string, found: FoundImport[]): void {
  const from = /^\s*from\s+(?<module>[.\w]+)\s+import\s+(?<what>.*)$/.exec(text)?.groups;
  if (from) {
    for (const part of (from['what'] ?? '').replace(/#.*$/, '').replace(/[()]/g, '').split(',')) {
      add(found, part.trim().split(/\s+as\s+/)[0], from['module'] ?? '', 'named');
    }
    return;
  }
  const what = /^\s*import\s+(.*)$/.exec(text)?.[1] ?? '';
  for (const part of what.replace(/#.*$/, '').split(',')) {
    const [module = '', alias] = part.trim().split(/\s+as\s+/);
    if (alias) add(found, alias, module, 'namespace');
    else add(found, module.split('.')[0], module, 'module');
  }
}

function rust(text: string, found: FoundImport[]): void {
  const path = /use\s+(?<path>[^;]+)/.exec(text)?.groups?.['path']?.replace(/\s+/g, ' ').trim() ?? '';
  const walk = (prefix: string, rest: string): void => {
    const group = /^(?<head>[\w:]*?)(?:::)?\{(?<inner>.*)\}$/.exec(rest)?.groups;
    if (group) {
      const head = [prefix, group['head']].filter(Boolean).join('::');
      for (const part of splitTop(group['inner'] ?? '')) walk(head, part.trim());
      return;
    }
    const [full = ''] = rest.split(' as ');
    const steps = [...(prefix ? prefix.split('::') : []), ...full.split('::')];
    const name = steps.pop();
    if (name === 'self') add(found, steps[steps.length - 1], steps.slice(0, -1).join('::'), 'named');
    else add(found, name, steps.join('::'), 'named');
  };
  walk('', path);
}

/** Splits at commas that are not inside braces. */
function splitTop(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '{') depth++;
    else if (char === '}') depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.filter(part => part.trim());
}

function go(line: string, found: FoundImport[]): void {
  const match = /^\s*(?:import\s+)?(?<alias>[\w.]+\s+)?"(?<module>[^"]+)"/.exec(line)?.groups;
  const module = match?.['module'];
  if (!module) return;
  const name =
    match['alias']?.trim() ??
    module
      .replace(/\/v\d+$/, '')
      .replace(/^.*\//, '')
      .replace(/^go-|\.go$/g, '');
  add(found, name, module, 'module');
}

const simplePatterns = {
  java: /^\s*import\s+(?:static\s+)?(?<module>[\w.]+)\.(?<name>\w+)\s*(?:;|$)/,
  csharp: /^\s*(?:global\s+)?using\s+(?:static\s+)?(?<module>[\w.]*?)\.?(?<name>\w+)\s*;/,
  php: /^\s*use\s+(?:function\s+|const\s+)?(?<module>[\w\\]+)\\(?<name>\w+)/,
  c: /^\s*#\s*include\s*[<"](?<module>[^>"]*?(?<name>\w+)(?:\.\w+)?)[>"]/,
  ruby: /^\s*require(?:_relative)?\s+['"](?<module>[^'"]*?(?<name>\w+))['"]/,
} as const;

function simple(line: string, style: keyof typeof simplePatterns, found: FoundImport[]): void {
  const groups = simplePatterns[style].exec(line)?.groups;
  if (!groups) return;
  const kind = style === 'c' || style === 'ruby' || style === 'csharp' ? 'module' : 'named';
  add(found, groups['name'], groups['module'] ?? '', kind);
}

const extensions = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.py',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/__init__.py',
  '.h',
  '.rb',
];

/** The absolute path a relative module means, if `exists` knows one; undefined for modules that are not relative. */
export function resolveModule(
  module: string,
  importer: string,
  exists: (path: string) => boolean,
): string | undefined {
  const folder = posix.dirname(importer);
  let base: string;
  const dots = /^\.+(?=\w|$)/.exec(module)?.[0];
  if (module.startsWith('./') || module.startsWith('../')) base = posix.join(folder, module);
  else if (dots && !module.includes('/')) {
    base = posix.join(folder, '../'.repeat(dots.length - 1), module.slice(dots.length).replaceAll('.', '/'));
  } else return undefined;
  const plain = base.replace(/\/$/, '');
  // TypeScript writes the extension of what it compiles to.
  const stems = [plain, plain.replace(/\.(?:c|m)?jsx?$/, '')];
  for (const stem of stems) {
    for (const extension of extensions) if (exists(stem + extension)) return stem + extension;
  }
  return undefined;
}
