/**
 * The lines of a diff that name a file, as git writes and reads them. Pure; names read here are untrusted, and whether
 * they may be touched is for others to say.
 */
import type { FileKind } from './read.ts';

export interface DiffHeader {
  readonly kind: FileKind;
  readonly path: string;
  readonly from: string;
  readonly base: string | undefined;
  readonly unsupported?: string;
  /** Line after the header. */
  readonly end: number;
}

/** Git quotes names with such characters; no other ones are. */
const QUOTED = /["\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '"': '"', '\\': '\\' };

/** A name with `a/` or `b/` as a header holds it. */
export function quoted(name: string): string {
  if (!QUOTED.test(name)) return name;
  const letter = (character: string) => Object.entries(ESCAPES).find(([, each]) => each === character)?.[0];
  return `"${name.replace(/["\\\t\n\r]/g, character => `\\${letter(character) ?? character}`)}"`;
}

/** Behind a name with blanks git puts a tab, so that what follows is no part of it. */
export function fileLine(mark: '---' | '+++', name: string): string {
  const text = quoted(name);
  return `${mark} ${text}${text === name && / /.test(name) ? '\t' : ''}`;
}

export function unquoted(text: string): string {
  const bare = text.replace(/\t.*$/, '').trimEnd();
  if (!/^".*"$/.test(bare)) return bare;
  return bare.slice(1, -1).replace(/\\(\d{3}|.)/g, (whole, code: string) => ESCAPES[code] ?? whole);
}

/** Reads a file's header from its first line on. */
export function readDiffHeader(lines: readonly string[], first: number): DiffHeader {
  let kind: FileKind = 'change';
  let [old, fresh, base]: (string | undefined)[] = [undefined, undefined, undefined];
  let unsupported: string | undefined;
  const git = /^diff --git (?:"?a\/(.+?)"? "?b\/(.+?)"?)$/.exec(lines[first] ?? '');
  let i = first + (lines[first]?.startsWith('diff --git ') ? 1 : 0);
  for (; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const value = (pattern: RegExp): string | undefined => pattern.exec(line)?.[1];
    if (value(/^(index [0-9a-f]+\.\.)/)) base = value(/^index ([0-9a-f]+)\.\./);
    else if (line.startsWith('new file mode ')) kind = 'create';
    else if (line.startsWith('deleted file mode ')) kind = 'delete';
    else if (line.startsWith('rename from ')) [kind, old] = ['rename', unquoted(line.slice(12))];
    else if (line.startsWith('rename to ')) fresh = unquoted(line.slice(10));
    else if (/^(?:Binary files |GIT binary patch)/.test(line))
      unsupported = 'it is a binary file, and only texts can be changed here';
    else if (/^copy (?:from|to) /.test(line)) unsupported = 'copies of files cannot be made here';
    else if (/^(?:old|new) mode /.test(line)) unsupported = 'the mode of a file cannot be changed here';
    else if (line.startsWith('--- ') && kind !== 'rename') {
      if (unquoted(line.slice(4)) === '/dev/null') kind = 'create';
      else old = withoutPrefix(line.slice(4));
    } else if (line.startsWith('+++ ') && kind !== 'rename') {
      if (unquoted(line.slice(4)) === '/dev/null') kind = 'delete';
      else fresh = withoutPrefix(line.slice(4));
    } else if (!/^(?:--- |\+\+\+ |similarity index |dissimilarity index |\S+ mode )/.test(line)) break;
  }
  const from = old ?? git?.[1] ?? fresh ?? '';
  const path = kind === 'delete' ? from : (fresh ?? git?.[2] ?? from);
  if (kind === 'change' && old !== undefined && fresh !== undefined && old !== fresh) kind = 'rename';
  return {
    kind,
    path,
    from: kind === 'rename' ? from : path,
    base,
    ...(unsupported ? { unsupported } : {}),
    end: i,
  };
}

function withoutPrefix(text: string): string {
  return unquoted(text).replace(/^[ab]\//, '');
}
