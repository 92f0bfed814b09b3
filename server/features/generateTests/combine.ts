/**
 * Puts tests into a test file: what they import goes to the other imports, they themselves to the end, and tests that
 * are not kept go away with the groups that they leave empty. Pure text work; it must not know runners or models.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Family } from './families.ts';

const IMPORTS: Readonly<Record<Family, RegExp>> = {
  javascript:
    /(?:import\b(?!\s*\()[^'"]*['"][^'"\n]+['"][^\n;]*;?|(?:const|let|var)\s+[^=;]+=\s*require\([^)\n]*\)[^\n;]*;?|['"]use strict['"];?)/y,
  python: /(?:from\s+\S+\s+import\s+(?:\([^)]*\)|[^\n(]+)|import\s+[^\n]+)/y,
  go: /(?:package\s+\w+|import\s*\([^)]*\)|import\s+[^\n(]+)/y,
  rust: /(?:#!\[[^\]]*\]|use\s+[^;]+;)/y,
  java: /(?:package\s+[^;]+;|import\s+[^;]+;)/y,
};
const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/y;
const HASH_BLANK = /(?:\s+|#[^\n]*|(?:"""[\s\S]*?"""|'''[\s\S]*?'''))/y;

interface Head {
  readonly imports: readonly string[];
  /** Where the last import ends; 0 if there is none. */
  readonly end: number;
}

/** The imports at the beginning of a file. */
function headOf(text: string, family: Family): Head {
  const imports: string[] = [];
  const blank = family === 'python' ? HASH_BLANK : BLANK;
  const pattern = IMPORTS[family];
  let end = 0;
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) {
      imports.push(found[0].trimEnd());
      end = at + found[0].trimEnd().length;
      at = end;
      continue;
    }
    blank.lastIndex = at;
    const gap = blank.exec(text);
    if (!gap) break;
    at += gap[0].length;
  }
  return { imports, end };
}

const squeezed = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/'/g, '"').replace(/;$/, '').trim();

/** Names that a JavaScript import binds; undefined where they cannot be told apart. */
function bound(statement: string): readonly string[] | undefined {
  const match = /^import\s+(?:type\s+)?(\w+)?\s*,?\s*(?:\{([^}]*)\})?\s*from/.exec(statement);
  if (!match) return undefined;
  const named = (match[2] ?? '')
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '');
  return [...(match[1] ? [match[1]] : []), ...named.map(each => each.split(/\s+as\s+/).at(-1) ?? each)];
}

/** The imports that are not there yet, with the names that are. */
function missing(wanted: readonly string[], present: readonly string[], family: Family): readonly string[] {
  if (family === 'go') return missingInGo(wanted, present);
  const known = new Set(present.map(squeezed));
  const names = new Set(present.flatMap(each => bound(each) ?? []));
  return wanted.flatMap(statement => {
    if (known.has(squeezed(statement)) || /^package\b/.test(statement)) return [];
    const binds = family === 'javascript' ? bound(statement) : undefined;
    if (!binds || binds.length === 0) return [statement];
    if (binds.every(name => names.has(name))) return [];
    if (!binds.some(name => names.has(name))) return [statement];
    const isLeft = (each: string) => !names.has((each.split(/\s+as\s+/).at(-1) ?? each).trim());
    return [
      statement.replace(
        /\{([^}]*)\}/,
        (_, list: string) =>
          `{ ${list
            .split(',')
            .filter(each => each.trim() !== '' && isLeft(each))
            .map(each => each.trim())
            .join(', ')} }`,
      ),
    ];
  });
}

function missingInGo(wanted: readonly string[], present: readonly string[]): readonly string[] {
  const specs = (statements: readonly string[]) =>
    statements.flatMap(each => each.replace(/^import\b/, '').match(/(?:[\w.]+[ \t]+)?"[^"]+"/g) ?? []);
  const known = new Set(specs(present));
  return [...new Set(specs(wanted))].filter(spec => !known.has(spec)).map(spec => `import ${spec}`);
}

/** Imports that a Go compiler would refuse because nothing uses them. */
function withoutUnusedGo(text: string): string {
  const { end } = headOf(text, 'go');
  const body = text.slice(end);
  const used = (spec: string) => {
    const [, alias, path = ''] = /(?:([\w.]+)[ \t]+)?"([^"]+)"/.exec(spec) ?? [];
    if (alias === '_' || alias === '.') return true;
    const last =
      path
        .split('/')
        .filter(part => !/^v\d+$/.test(part))
        .at(-1) ?? path;
    const name = alias ?? last.replace(/^go-|\.v\d+$|-go$/g, '');
    return new RegExp(`\\b${name.replace(/\W/g, '.')}\\.`).test(body);
  };
  const head = text
    .slice(0, end)
    .replace(/^([ \t]*)(import[ \t]+)?(?:[\w.]+[ \t]+)?"[^"]+"[ \t]*\n?/gm, line =>
      used(line.replace(/^\s*import\s+/, '')) ? line : '',
    );
  return head.replace(/import\s*\(\s*\)\n?/g, '') + body;
}

/** The text of the test file with the tests in it; `existing` undefined makes a new file. */
export function combine(existing: string | undefined, code: string, family: Family): string {
  const own = `${code.replace(/\r\n?/g, '\n').trim()}\n`;
  if (family === 'rust') return intoRust(existing ?? '', own);
  if (existing === undefined || existing.trim() === '') return family === 'go' ? withoutUnusedGo(own) : own;
  const end = existing.includes('\r\n') ? '\r\n' : '\n';
  const old = existing.replace(/\r\n?/g, '\n');
  const head = headOf(own, family);
  const there = headOf(old, family);
  const more = missing(head.imports, there.imports, family);
  const body = own
    .slice(head.end)
    .replace(/^\s*\n/, '')
    .trimEnd();
  const imports =
    more.length === 0
      ? ''
      : `${there.end === 0 ? '' : '\n'}${more.join('\n')}${there.end === 0 ? '\n\n' : ''}`;
  const before = old.slice(0, there.end) + imports + old.slice(there.end);
  const text =
    family === 'java'
      ? intoJava(before, body)
      : `${before.trimEnd()}\n${family === 'python' ? '\n\n' : '\n'}${body}\n`;
  const done = family === 'go' ? withoutUnusedGo(text) : text;
  return end === '\n' ? done : done.replaceAll('\n', end);
}

/** Functions go into the module of tests at the end of the file, which is made where there is none. */
function intoRust(existing: string, code: string): string {
  const old = existing.trimEnd();
  const inner = /^(?:#\[cfg\(test\)\]\s*)?mod\s+\w+\s*\{\n?([\s\S]*)\}\s*$/.exec(code.trim());
  const bare = inner ? dedent(inner[1] ?? '') : code;
  const head = headOf(bare, 'rust');
  const body = bare.slice(head.end).trim();
  const module = /#\[cfg\(test\)\]\s*mod\s+\w+\s*\{/.exec(old);
  if (module && old.endsWith('}')) {
    const present = new Set((old.slice(module.index).match(/use\s+[^;]+;/g) ?? []).map(squeezed));
    const more = head.imports.filter(each => !present.has(squeezed(each)));
    const added = [...(more.length > 0 ? [more.join('\n')] : []), body].join('\n\n');
    return `${old.slice(0, -1).trimEnd()}\n\n${indent(added)}\n}\n`;
  }
  const imports = head.imports.some(each => squeezed(each) === 'use super::*')
    ? head.imports
    : ['use super::*;', ...head.imports];
  return `${old}${old === '' ? '' : '\n\n'}#[cfg(test)]\nmod tests {\n${indent(`${imports.join('\n')}\n\n${body}`)}\n}\n`;
}

/** Methods go to the end of the class. */
function intoJava(existing: string, body: string): string {
  const close = existing.lastIndexOf('}');
  const inner = /^[^{]*\bclass\s+\w+[^{]*\{\n?([\s\S]*)\}\s*$/.exec(body);
  const methods = dedent(inner ? (inner[1] ?? '') : body).trim();
  if (close < 0) return `${existing}\n${body}\n`;
  return `${existing.slice(0, close).trimEnd()}\n\n${indent(methods)}\n}\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=[^\n])/gm, '    ');
}

function dedent(text: string): string {
  const depths = [...text.matchAll(/^([ \t]*)\S/gm)].map(match => (match[1] ?? '').length);
  const least = Math.min(...depths, 40);
  return depths.length === 0 ? text : text.replace(new RegExp(`^[ \\t]{${least}}`, 'gm'), '');
}

/** A test as the analysis tells it. */
export interface PlacedTest {
  readonly name: string;
  readonly range: Range;
  readonly within: readonly Range[];
}

/** The code without the tests that are not kept, and without groups that hold none any more. */
export function onlyTests(
  code: string,
  tests: readonly PlacedTest[],
  isKept: (name: string) => boolean,
): string {
  const lines = code.split('\n');
  const gone = new Set<number>();
  const isBlank = (line: number) => lines[line]?.trim() === '';
  const depth = (line: number) => /^\s*/.exec(lines[line] ?? '')?.[0].length ?? 0;
  const remove = ({ start, end }: Range) => {
    for (let line = start.line; line <= end.line; line++) gone.add(line);
    let next = end.line + 1;
    while (isBlank(next)) next++;
    // One gap goes with it: the one above where it was the last of its block.
    const isLast = next >= lines.length || depth(next) < depth(start.line);
    if (isLast) for (let line = start.line - 1; isBlank(line); line--) gone.add(line);
    else for (let line = end.line + 1; line < next; line++) gone.add(line);
  };
  const key = ({ start, end }: Range) => `${start.line}:${start.character}-${end.line}:${end.character}`;
  const alive = new Set(tests.filter(({ name }) => isKept(name)).flatMap(({ within }) => within.map(key)));
  for (const { name, range, within } of tests) {
    if (isKept(name)) continue;
    remove(within.find(group => !alive.has(key(group))) ?? range);
  }
  return lines.filter((_, line) => !gone.has(line)).join('\n');
}
