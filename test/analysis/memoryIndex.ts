/**
 * A symbol index over texts in memory, for tests: definitions and imports by simple patterns, words by counting.
 */
import { dirname, resolve } from 'node:path';
import { distance } from '../../server/base/distance.ts';
import type {
  IndexedImport,
  IndexedReference,
  IndexedSymbol,
  SymbolIndex,
  SymbolKind,
} from '../../server/index/symbolIndex.ts';

const kinds: Readonly<Record<string, SymbolKind>> = {
  function: 'function',
  class: 'class',
  const: 'constant',
  let: 'variable',
  var: 'variable',
  interface: 'type',
  type: 'type',
  enum: 'class',
  def: 'function',
};

/** Files by absolute path. */
export function memoryIndex(files: Readonly<Record<string, string>>): SymbolIndex {
  const definitions = new Map<string, IndexedSymbol[]>();
  const imports = new Map<string, IndexedImport[]>();
  const counts = new Map<string, number>();
  const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
    const known = map.get(key);
    if (known) known.push(value);
    else map.set(key, [value]);
  };
  const targetOf = (path: string, module: string): string | undefined => {
    const dots = /^\.+/.exec(module)?.[0].length ?? 0;
    if (dots === 0) return undefined;
    if (!path.endsWith('.py')) {
      const base = resolve(dirname(path), module).replace(/\.(?:js|ts)$/, '');
      return ['.ts', '.tsx', '.js', '/index.ts']
        .map(end => base + end)
        .find(file => files[file] !== undefined);
    }
    const base = resolve(dirname(path), '../'.repeat(dots - 1), module.slice(dots).replaceAll('.', '/'));
    return [`${base}.py`, `${base}/__init__.py`].find(file => files[file] !== undefined);
  };
  const importing = (path: string, name: string, module: string, kind: IndexedImport['kind']): void => {
    const target = targetOf(path, module);
    const known = imports.get(name)?.findIndex(row => row.module === module && row.kind === kind) ?? -1;
    if (known >= 0) {
      const rows = imports.get(name) as IndexedImport[];
      const row = rows[known] as IndexedImport;
      rows[known] = { ...row, count: row.count + 1 };
    } else push(imports, name, { name, module, kind, count: 1, ...(target ? { target } : {}) });
  };
  for (const [path, text] of Object.entries(files)) {
    for (const word of text.match(/[A-Za-z_$][\w$]*/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
    const python = path.endsWith('.py');
    text.split('\n').forEach((line, number) => {
      const definition = python
        ? /^(?:async )?(def|class) (\w+)|^(\w+) *(?::[^=]*)?=[^=]/.exec(line)
        : /^(export )?(default )?(?:declare )?(?:abstract )?(?:async )?(function|class|const|let|var|interface|type|enum)\*? ([\w$]+)/.exec(
            line,
          );
      if (definition) {
        const name = (python ? (definition[2] ?? definition[3]) : definition[4]) as string;
        push(definitions, name, {
          name,
          kind: kinds[(python ? definition[1] : definition[3]) ?? 'let'] ?? 'variable',
          path,
          line: number,
          exported: python ? !name.startsWith('_') : definition[1] !== undefined,
          isDefault: !python && definition[2] !== undefined,
        });
      }
      const from = python ? /^\s*from (\S+) import \(?([^()#]*)/.exec(line) : undefined;
      for (const part of from?.[2]?.split(',') ?? []) {
        const name = part.trim().split(/\s+as\s+/)[0];
        if (name && from?.[1]) importing(path, name, from[1], 'named');
      }
      const plain = python ? /^\s*import ([\w.]+)(?: as (\w+))?\s*$/.exec(line) : undefined;
      if (plain?.[1]) importing(path, plain[2] ?? plain[1], plain[1], plain[2] ? 'namespace' : 'module');
    });
    for (const [, clause, module] of python
      ? []
      : text.matchAll(/^import (?:type )?([^'";]*?) from ['"]([^'"]+)['"]/gm)) {
      if (clause === undefined || module === undefined) continue;
      const named = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
      for (const part of named.split(',')) {
        const name = part
          .trim()
          .replace(/^type\s+/, '')
          .split(/\s+as\s+/)[0];
        if (name) importing(path, name, module, 'named');
      }
      const star = /\* as ([\w$]+)/.exec(clause)?.[1];
      if (star) importing(path, star, module, 'namespace');
      const own = /^([\w$]+)/.exec(clause)?.[1];
      if (own) importing(path, own, module, 'default');
    }
  }
  return {
    definitions: name => definitions.get(name) ?? [],
    imports: name => imports.get(name) ?? [],
    lines: path => Promise.resolve(files[path]?.split('\n')),
    references: async (name, _nearPath, limit) => {
      const found: IndexedReference[] = [];
      const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
      for (const [path, text] of Object.entries(files))
        text.split('\n').forEach((line, number) => {
          const defined = definitions.get(name)?.some(row => row.path === path && row.line === number);
          if (word.test(line) && !defined)
            found.push({ path, line: number, text: line.trim().slice(0, 200) });
        });
      return found.slice(0, limit);
    },
    frequency: word => counts.get(word) ?? 0,
    similar: (word, maxDistance, limit) =>
      [...counts]
        .filter(([other]) => other !== word && Math.abs(other.length - word.length) <= maxDistance)
        .filter(([other]) => distance(word, other, maxDistance) <= maxDistance)
        .sort((a, b) => b[1] - a[1])
        .slice(0, limit)
        .map(([other]) => other),
  };
}
