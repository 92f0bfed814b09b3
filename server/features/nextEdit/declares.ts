/**
 * Whether a line declares a name, and how far that name reaches: by how lines are written, for languages whose scopes
 * nobody resolves here. A line that could be read in two ways declares nothing.
 */
import { indentOf, type Source } from './source.ts';

/** `wide`: the file or a type's members; `local`: the block; `parameter`: the function that the line begins. */
export type Reach = 'wide' | 'local' | 'parameter';

const WIDE =
  /(?:^|[^.\w$])(?:fn|func|function\*?|def|fun|sub|class|struct|type|enum|interface|trait|union|mod|module|namespace|macro_rules!|record|object|protocol|#\s*define)\s+(?:\([^)]*\)\s*|[\w$]+[.:])?$/;
const LOCAL =
  /(?:^|[^.\w$])(?:let|const|var|val|local|static|my|auto|for)\s+(?:mut\s+|const\s+|[\w$]+\s*,\s*)*$/;
const CALLABLE =
  /(?:^|[^.\w$])(?:fn|func|function\*?|def|fun|sub)\b|=>\s*[{(]?\s*$|\)\s*(?:->.*|throws .*)?\{\s*$/;
const MEMBERS =
  /(?:^|\s)(?:class|struct|interface|trait|impl|enum|union|record|object|type\s+\w+\s+struct)\b/;
/** A word before a name that is not a type. */
const NOT_A_TYPE = new Set(
  'return throw new else case goto yield await delete typeof in of and or not import from package use raise if while assert end do then is as where elif elseif until unless'.split(
    ' ',
  ),
);

/** How far a name reaches that is declared at a place of a line; undefined if it is not declared there. */
export function reachOf(source: Source, line: number, start: number, name: string): Reach | undefined {
  const text = source.lines[line] ?? '';
  const before = text.slice(0, start);
  const after = text.slice(start + name.length);
  const top = indentOf(text) === 0;
  if (WIDE.test(before)) return 'wide';
  const wide = () => (top || inMembers(source, line) ? 'wide' : 'local');
  if (LOCAL.test(before)) return wide();
  if (/^(?:\s*,\s*\w+)*\s*:=/.test(after) && /^\s*(?:\w+\s*,\s*|if\s+|for\s+|switch\s+)*$/.test(before))
    return 'local';
  if (isParameter(before, after)) return 'parameter';
  if (
    ['python', 'lua', 'ruby'].includes(source.language.id) &&
    before.trim() === '' &&
    /^\s*=[^=]/.test(after)
  )
    return wide();
  const typed = /^\s*(?:[\w$<>[\],.:*&?]+\s+)*?([\w$<>[\],.:?]+)[\s*&]+$/.exec(before);
  const type = typed?.[1];
  if (
    !type ||
    NOT_A_TYPE.has(type) ||
    !/[\w>\]?]$/.test(type) ||
    !['java', 'c', 'cpp', 'csharp', 'dart'].includes(source.language.id)
  )
    return undefined;
  if (/^\s*\(/.test(after))
    return /[{)]\s*(?:throws .*)?\{?\s*$/.test(after) && !after.trim().endsWith(';') ? 'wide' : undefined;
  return /^\s*(?:[=;,[]|$)/.test(after) ? wide() : undefined;
}

/** In the parentheses of a function's signature on the same line. */
function isParameter(before: string, after: string): boolean {
  const open = before.indexOf('(');
  if (open < 0 || !CALLABLE.test(before.slice(0, open))) return false;
  const depth = before.split('(').length - before.split(')').length;
  if (depth !== 1) return false;
  // A name, then its type or default or the next one; or after its type, as C and Java write it.
  return /[(,]\s*(?:mut\s+|\*{0,2}|\.\.\.)$/.test(before)
    ? /^\s*(?:[:=,)?]|[\w*[\]]+\s*[,)])/.test(after)
    : /[(,][^,()]*[\w>\]*&]\s+[*&]*$/.test(before) && /^\s*[,)]/.test(after);
}

function inMembers(source: Source, line: number): boolean {
  const own = indentOf(source.lines[line] ?? '');
  for (let above = line - 1; above >= 0; above--) {
    const text = source.lines[above] as string;
    if (text.trim() === '' || indentOf(text) >= own) continue;
    return MEMBERS.test(text);
  }
  return false;
}

/** The lines from…to (exclusive) that a declaration reaches, by indentation. */
export function reached(source: Source, line: number, reach: Reach): { from: number; to: number } {
  if (reach === 'wide') return { from: 0, to: source.length };
  const own = indentOf(source.lines[line] as string);
  let to = line + 1;
  let inBody = reach === 'local';
  for (; to < source.length; to++) {
    const text = source.lines[to] as string;
    if (text.trim() === '') continue;
    const indent = indentOf(text);
    if (reach === 'local' ? indent < own : inBody && indent <= own) break;
    if (reach === 'parameter') {
      // A signature over several lines closes at the indentation it began at.
      if (indent > own) inBody = true;
      else if (!/^\s*[)\]>{]/.test(text)) break;
      if (indent <= own && /^\s*\}/.test(text)) break;
    }
  }
  return { from: line, to };
}

const IMPORTS = /\b(?:import|from|require|include|use|mod)\b/;

/** Another file of the same language that has a name from this one: by an import of it, or by living together. */
export function bringsIn(other: Source, own: Source, name: string): boolean {
  if (other === own || other.language.id !== own.language.id) return false;
  const folderOf = (uri: string) => uri.slice(0, uri.lastIndexOf('/'));
  if (['go', 'java'].includes(own.language.id)) return folderOf(other.uri) === folderOf(own.uri);
  const stem = (own.uri.split('/').pop() ?? '').replace(/\.[^.]*$/, '');
  const imports = other.lines.filter(line => IMPORTS.test(line));
  if (own.language.id === 'c') return imports.some(line => line.includes(`${stem}.h`));
  return imports.some(line => line.includes(stem)) && imports.some(line => line.includes(name));
}
