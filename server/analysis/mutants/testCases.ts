/**
 * Where each test of a test file begins and ends, and what reports call it. A table by language; it must not know
 * test runners beyond how tests are written for them.
 */
import type { GrammarName } from '../../syntax/grammars.ts';
import { isComment, type SyntaxNode, type SyntaxTree } from '../../syntax/tree.ts';
import type { Span } from './mutants.ts';

/** A test with offsets in UTF-16 units. */
export interface FoundTest extends Span {
  readonly name: string;
  readonly within: readonly Span[];
}

interface Found {
  readonly kind: 'test' | 'group';
  readonly name: string;
  /** What is removed with it. */
  readonly whole: SyntaxNode;
}

type Finder = (node: SyntaxNode) => Found | undefined;

const TEST_CALL = /^(?:it|test|specify)(?:\.(?:only|skip|concurrent|failing|fails|todo))*$/;
const GROUP_CALL = /^(?:describe|suite|context)(?:\.(?:only|skip|concurrent|sequential))*$/;

const javascript: Finder = node => {
  if (node.type !== 'expression_statement') return undefined;
  const first = node.namedChildren[0];
  const call = first?.type === 'await_expression' ? first.namedChildren[0] : first;
  const callee = call?.type === 'call_expression' ? call.child('function')?.text : undefined;
  if (callee === undefined) return undefined;
  const kind = TEST_CALL.test(callee) ? 'test' : GROUP_CALL.test(callee) ? 'group' : undefined;
  const title = call?.child('arguments')?.namedChildren[0];
  const name = title && literal(title);
  return kind && name !== undefined ? { kind, name, whole: node } : undefined;
};

/** The text of a string that is written out; undefined for anything that is computed. */
function literal(node: SyntaxNode): string | undefined {
  if (node.type !== 'string' && node.type !== 'template_string') return undefined;
  if (node.namedChildren.some(child => child.type === 'template_substitution')) return undefined;
  const raw = node.text.slice(1, -1);
  return raw.replace(/\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|[\s\S])/g, (_, escape: string) => {
    if (escape.length > 1)
      return String.fromCodePoint(Math.min(0x10ffff, parseInt(escape.replace(/[u{}]/g, ''), 16)));
    return ({ n: '\n', t: '\t', r: '\r' } as Readonly<Record<string, string>>)[escape] ?? escape;
  });
}

const python: Finder = node => {
  const name = node.child('name')?.text ?? '';
  const whole = node.parent?.type === 'decorated_definition' ? node.parent : node;
  if (node.type === 'class_definition') return { kind: 'group', name, whole };
  if (node.type !== 'function_definition' || !name.startsWith('test')) return undefined;
  return { kind: 'test', name, whole };
};

const go: Finder = node => {
  const name = node.child('name')?.text ?? '';
  const isTest = node.type === 'function_declaration' && /^Test(?![a-z])/.test(name) && name !== 'TestMain';
  return isTest ? { kind: 'test', name, whole: node } : undefined;
};

const rust: Finder = node => {
  const name = node.child('name')?.text ?? '';
  if (node.type === 'mod_item') return { kind: 'group', name, whole: node };
  if (node.type !== 'function_item') return undefined;
  for (let before = node.previousSibling; before?.type === 'attribute_item'; before = before.previousSibling)
    if (/^#\[(?:\w+::)?test\b/.test(before.text)) return { kind: 'test', name, whole: node };
  return undefined;
};

const java: Finder = node => {
  const name = node.child('name')?.text ?? '';
  if (node.type === 'class_declaration') return { kind: 'group', name, whole: node };
  if (node.type !== 'method_declaration') return undefined;
  return /@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest)\b/.test(
    node.childOfType('modifiers')?.text ?? '',
  )
    ? { kind: 'test', name, whole: node }
    : undefined;
};

const FINDERS: Partial<Record<GrammarName, Finder>> = {
  typescript: javascript,
  tsx: javascript,
  javascript,
  python,
  go,
  rust,
  java,
};

/** The tests of a text, in order; none for languages whose tests are not known. */
export function testsOf(tree: SyntaxTree, grammar: GrammarName): readonly FoundTest[] {
  const find = FINDERS[grammar];
  const tests: FoundTest[] = [];
  const visit = (node: SyntaxNode, names: readonly string[], within: readonly Span[]): void => {
    const found = find?.(node);
    if (found?.kind === 'test') {
      tests.push({ ...spanOf(found.whole), name: [...names, found.name].join(' '), within });
      return;
    }
    const inner = found ? [...within, spanOf(found.whole)] : within;
    const path = found ? [...names, found.name] : names;
    for (const child of node.children) visit(child, path, inner);
  };
  if (find) visit(tree.root, [], []);
  return tests;
}

/** With the comments and attributes directly above. */
function spanOf(node: SyntaxNode): Span {
  let { start } = node;
  for (let before = node.previousSibling; before; before = before.previousSibling) {
    const gap = node.tree.text.slice(before.end, start);
    const belongs = before.type === 'attribute_item' || isComment(before.type);
    if (!belongs || /\n\s*\n/.test(gap) || !startsLine(before)) break;
    ({ start } = before);
  }
  return { start, end: node.end };
}

function startsLine(node: SyntaxNode): boolean {
  const line = node.tree.text.lastIndexOf('\n', node.start - 1) + 1;
  return node.tree.text.slice(line, node.start).trim() === '';
}
