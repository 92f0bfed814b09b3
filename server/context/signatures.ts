/**
 * What a definition looks like from outside, by lines and indentation alone: its head, and for a type the heads of
 * its members. No grammar; it must not know the index.
 */
import type { Document } from '../base/document.ts';
import type { SymbolKind } from '../index/symbolIndex.ts';

/** Lines of one head, of one type's body that are looked at, and members that are shown. */
const HEAD_LINES = 6;
const BODY_LINES = 400;
const MAX_MEMBERS = 48;
/** Lines of one file that are looked at for what belongs to a type, and for an outline. */
const SCANNED = 1_500;
/** Longer lines are data. In UTF-16 units. */
const LONGEST = 300;

/** A line that begins a definition, in whichever language. */
const DEFINES =
  /^\s*(?:(?:export|default|declare|pub(?:\([^)]*\))?|public|private|protected|internal|static|final|abstract|async|sealed|override|virtual|inline|extern|unsafe|const|local|open|data)\s+)*(?:function\*?|class|interface|type|enum|struct|trait|impl|record|object|module|namespace|def|defp|func|fn|fun|sub|proc|macro_rules!|typedef|#define)\s+[\w$(*]/;
/** Values that a file gives to others: declared at its left edge, or named in capitals. */
const VALUE =
  /^(?:(?:export\s+(?:const|let|var)|pub\s+(?:const|static)|const|var|local)\s+[\p{L}_$]|[A-Z][A-Z\d_]{2,}\s*(?::[^=]+)?=)/u;
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#(?!\s*define)|--|;|%|"""|''')/;
/** `name(…) {`, `name(…): type;`, `name: type`, `NAME = 1`, and modifiers before: what a body's first level holds. */
const MEMBER = /^\s*(?:[\w$@<>[\],.?*&:]+\s+)*[*#]?[\p{L}_$][\p{L}\p{N}_$]*[?!]?\s*(?:[(:=<;,{]|$)/u;

/** The lines that show how a definition is used, from its own line on, ascending. */
export function signatureLines(document: Document, line: number, kind: SymbolKind, name: string): number[] {
  const lines = head(document, line);
  if (kind !== 'class' && kind !== 'type' && kind !== 'module') return lines;
  const members = membersOf(document, line, lines.at(-1) ?? line);
  const attached = attachedTo(document, line, name);
  return [...new Set([...lines, ...members, ...attached].slice(0, MAX_MEMBERS + lines.length))].sort(
    (a, b) => a - b,
  );
}

/** The lines of a document that define something, within `limit` lines from `first`. */
export function outline(document: Document, first: number, end: number): number[] {
  const found: number[] = [];
  const last = Math.min(end, document.lineCount, first + SCANNED);
  for (let line = Math.max(0, first); line < last; line++) {
    const text = document.lineAt(line);
    if (text.length <= LONGEST && (DEFINES.test(text) || VALUE.test(text) || isMethod(text)))
      found.push(line);
  }
  return found;
}

/** `  name(args) {` or `  async name(args): T {`, not a call and not a statement. */
function isMethod(text: string): boolean {
  return (
    text.trimEnd().endsWith('{') &&
    /^\s+(?:[\w$<>[\],]+\s+)*[#*]?[\p{L}_$][\w$]*\s*\([^;]*\)[^;=]*\{\s*$/u.test(text) &&
    !/^\s*(?:if|for|while|switch|catch|return|else|match|with|using|lock|foreach|}|try|do)\b/.test(text)
  );
}

/** From the line to where its brackets are closed or its body opens. */
function head(document: Document, line: number): number[] {
  const lines: number[] = [];
  let open = 0;
  for (let at = line; at < Math.min(document.lineCount, line + HEAD_LINES); at++) {
    const text = document.lineAt(at);
    lines.push(at);
    for (const character of text) {
      if (character === '(' || character === '[') open++;
      else if (character === ')' || character === ']') open--;
    }
    if (open <= 0) break;
  }
  return lines;
}

/** The first level of a body: deeper than the definition, and not deeper than its first line. */
function membersOf(document: Document, line: number, after: number): number[] {
  const outer = indentOf(document.lineAt(line));
  const found: number[] = [];
  let level: number | undefined;
  const last = Math.min(document.lineCount, after + 1 + BODY_LINES);
  for (let at = after + 1; at < last && found.length < MAX_MEMBERS; at++) {
    const text = document.lineAt(at);
    if (text.trim() === '') continue;
    const indent = indentOf(text);
    if (indent <= outer) {
      // An opening bracket may stand on a line of its own.
      if (/^\s*[{(]\s*$/.test(text)) continue;
      break;
    }
    level ??= indent;
    if (indent !== level || text.length > LONGEST || COMMENT.test(text)) continue;
    if (MEMBER.test(text) || DEFINES.test(text)) found.push(at);
  }
  return found;
}

/** Go's methods by their receiver, and what Rust's `impl` blocks hold: they stand outside the type. */
function attachedTo(document: Document, line: number, name: string): number[] {
  const path = document.uri;
  const found: number[] = [];
  const last = Math.min(document.lineCount, SCANNED);
  const word = name.replace(/[$]/g, '\\$&');
  if (path.endsWith('.go')) {
    const receiver = new RegExp(`^func \\(\\w*\\s*\\*?${word}\\b[^)]*\\) `);
    for (let at = 0; at < last; at++) if (receiver.test(document.lineAt(at))) found.push(at);
  } else if (path.endsWith('.rs')) {
    const block = new RegExp(`^impl\\b[^{]*\\b${word}\\b`);
    for (let at = 0; at < last; at++) {
      if (at !== line && block.test(document.lineAt(at))) found.push(at, ...membersOf(document, at, at));
    }
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The outline of a whole document as one range of lines; undefined if it defines nothing. */
export function outlineOf(
  document: Document,
):
  | { readonly document: Document; readonly first: number; readonly end: number; readonly only: number[] }
  | undefined {
  const only = outline(document, 0, document.lineCount);
  const [first] = only;
  return first === undefined ? undefined : { document, first, end: (only.at(-1) ?? first) + 1, only };
}
