/**
 * Suspicious patterns of a file, found on its syntax tree in one walk, without a model. What stands in a part that does
 * not parse is left out: there every shape may be an accident. It must not know where findings are shown.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { Suspicion } from '../analysis.ts';
import type { FileView } from '../view.ts';
import { branches } from './branches.ts';
import { comparisons } from './comparisons.ts';
import { dataflow } from './dataflow.ts';
import { isAsync } from './nodes.ts';
import type { Pattern, Surroundings } from './pattern.ts';
import { security } from './security.ts';
import { statements } from './statements.ts';

export const PATTERNS: readonly Pattern[] = [
  ...comparisons,
  ...branches,
  ...dataflow,
  ...statements,
  ...security,
];

/** More of one rule is the style of the file, not an oversight. */
const MOST_OF_A_RULE = 20;
const TEST =
  /(?:^|[\\/._-])(?:tests?|specs?|__tests__|testdata|fixtures?|conftest)(?:[\\/._-]|$)|Tests?\.\w+$/;
const MADE = /\.min\.js$|(?:^|[\\/])(?:dist|vendor|third_party|node_modules)[\\/]/;

/** In the order of the text. Generated and minified files have none. */
export function suspicionsOf(view: FileView): readonly Suspicion[] {
  const { grammar, path, lines, tree } = view;
  const patterns = PATTERNS.filter(({ grammars }) => grammars.includes(grammar));
  if (patterns.length === 0 || MADE.test(path) || isMade(view.text)) return [];
  const isTest = TEST.test(path);
  const around: Surroundings = { path, grammar, isTest, asyncFunctions: asyncFunctionsOf(tree.root) };
  const byType = new Map<string, Pattern[]>();
  for (const pattern of patterns) {
    if (isTest && pattern.notInTests) continue;
    for (const type of pattern.nodes) byType.set(type, [...(byType.get(type) ?? []), pattern]);
  }
  const found: Suspicion[] = [];
  const counts = new Map<string, number>();
  for (const part of tree.root.children) {
    if (tree.hasError && hasError(part)) continue;
    part.visit(node => {
      for (const pattern of byType.get(node.type) ?? []) {
        const alarm = node.named ? pattern.find(node, around) : undefined;
        if (!alarm || isExcused(lines, alarm.at ?? node)) continue;
        const { rule, category, severity, confidence } = pattern;
        const count = (counts.get(rule) ?? 0) + 1;
        counts.set(rule, count);
        if (count > MOST_OF_A_RULE) continue;
        const { start, end } = alarm.at ?? node;
        found.push({
          rule,
          category,
          severity,
          confidence: alarm.confidence ?? confidence,
          message: alarm.message,
          range: lines.range(start, Math.min(end, lines.contentEnd(lines.lineOf(start)))),
        });
      }
    });
  }
  return found.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

/** Somebody told another checker that this is meant. */
const EXCUSE =
  /\bnoqa\b|\bnosec\b|\bnolint\b|eslint-disable-line|@SuppressWarnings|NOLINT\b|biome-ignore|pylint: ?disable/;
const EXCUSE_ABOVE = /eslint-disable-next-line|biome-ignore|NOLINTNEXTLINE|@SuppressWarnings/;

function isExcused(lines: FileView['lines'], node: SyntaxNode): boolean {
  const first = lines.lineOf(node.start);
  const last = Math.min(lines.lineOf(node.end), first + 5);
  for (let line = first; line <= last; line++) if (EXCUSE.test(lines.line(line))) return true;
  return first > 0 && EXCUSE_ABOVE.test(lines.line(first - 1));
}

function hasError(part: SyntaxNode): boolean {
  let broken = false;
  part.visit(node => {
    broken ||= node.type === 'ERROR' || node.missing;
    return !broken;
  });
  return broken;
}

/** Written by a program: says so at its top, or has lines that nobody writes. */
function isMade(text: string): boolean {
  const head = text.slice(0, 1_500);
  return (
    /@generated\b|code generated .{0,80}do not edit|(?:this file|file) (?:is|was|has been) (?:auto[- ]?)?generated|^\W*auto-?generated/im.test(
      head,
    ) || /[^\n]{2000}/.test(text.slice(0, 20_000))
  );
}

function asyncFunctionsOf(root: SyntaxNode): ReadonlySet<string> {
  const isOne = new Map<string, boolean>();
  root.visit(node => {
    if (
      !/^(?:function_declaration|function_definition|method_definition|generator_function_declaration)$/.test(
        node.type,
      )
    )
      return;
    const name = node.child('name')?.text;
    if (name) isOne.set(name, (isOne.get(name) ?? true) && isAsync(node) && !isGenerator(node));
  });
  return new Set([...isOne].filter(([, yes]) => yes).map(([name]) => name));
}

/** An async generator is iterated and not awaited. */
function isGenerator(node: SyntaxNode): boolean {
  return node.children.some(({ type }) => type === '*') || /\byield\b/.test(node.text);
}
