/**
 * JSON with comments, with a place for every value, so that a message can say line and column. It must not know
 * settings.
 */
import { parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

/** Counted from one; columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Jsonc {
  /** What could be read; objects have no prototype. Undefined for an empty file. */
  readonly value: unknown;
  /** The first mistake; what follows it is guessed by the parser. */
  readonly mistake?: Place & { readonly message: string };
  /** Where the value at these property names is. */
  place(path: readonly string[]): Place | undefined;
}

const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'an unknown word; texts need double quotes',
  InvalidNumberFormat: 'not a number',
  PropertyNameExpected: 'a name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'something follows the end of the settings',
  InvalidCommentToken: 'not a comment',
  UnexpectedEndOfComment: 'a comment is not closed',
  UnexpectedEndOfString: 'a text is not closed',
  InvalidUnicode: 'not a unicode escape',
  InvalidEscapeCharacter: 'not an escape; write a backslash as \\\\',
  InvalidCharacter: 'a control character in a text',
};

/** Parses as far as possible; never throws. */
export function parseJsonc(source: string): Jsonc {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
    const value = root === undefined ? undefined : valueOf(root);
    const first = errors[0];
    const place = (path: readonly string[]) => placeOf(text, root, path);
    if (first === undefined) return { value, place };
    const name = printParseErrorCode(first.error);
    return { value, place, mistake: { ...placeAt(text, first.offset), message: words[name] ?? name } };
  } catch {
    // The parser recurses; only nesting of thousands of levels gets here.
    const message = 'nested too deeply';
    return { value: undefined, mistake: { line: 1, column: 1, message }, place: () => undefined };
  }
}

function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const result: Record<string, unknown> = Object.create(null);
  for (const property of node.children ?? []) {
    const [name, value] = property.children ?? [];
    if (name !== undefined && value !== undefined) result[String(name.value)] = valueOf(value);
  }
  return result;
}

function placeOf(text: string, root: Node | undefined, path: readonly string[]): Place | undefined {
  let node = root;
  for (const name of path) {
    // The last of equal names is the one that counts.
    const property = node?.children?.findLast(child => child.children?.[0]?.value === name);
    node = property?.children?.[1];
  }
  return node === undefined ? undefined : placeAt(text, node.offset);
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
