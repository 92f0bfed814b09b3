/**
 * The places that a parser could not read, and whether a changed text has more of them. It must not know documents,
 * repairs or languages.
 */
import type { Node, Tree } from 'web-tree-sitter';

/** A part that was skipped (`unexpected`) or something the parser had to imagine (`missing`). */
export interface SyntaxProblem {
  readonly kind: 'unexpected' | 'missing';
  readonly start: number;
  readonly end: number;
  /** What was missing, or the first words of what was not understood. */
  readonly what: string;
}

/** How badly a text parses; fewer is better. */
export interface SyntaxDamage {
  readonly problems: readonly SyntaxProblem[];
  /** The parser gave up on the file as a whole. */
  readonly hopeless: boolean;
  /** Characters that were skipped. */
  readonly skipped: number;
}

const MAX_PROBLEMS = 200;

/** Collects the unreadable places; follows only branches that contain some, so that a clean tree costs nothing. */
export function damageOf(tree: Tree, text: string): SyntaxDamage {
  const problems: SyntaxProblem[] = [];
  let skipped = 0;
  const add = (node: Node): void => {
    if (problems.length >= MAX_PROBLEMS) return;
    if (node.isMissing) {
      problems.push({ kind: 'missing', start: node.startIndex, end: node.endIndex, what: node.type });
      return;
    }
    if (node.isError) {
      const what = text.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + 40));
      problems.push({ kind: 'unexpected', start: node.startIndex, end: node.endIndex, what });
      skipped += node.endIndex - node.startIndex;
    }
    for (const child of node.children) if (child.isMissing || child.hasError) add(child);
  };
  const root = tree.rootNode;
  if (root.hasError) add(root);
  return { problems, hopeless: root.isError, skipped };
}

/** Whether `after` parses worse than `before`: more places, or a file the parser gave up on. */
export function isWorse(before: SyntaxDamage, after: SyntaxDamage): boolean {
  if (after.problems.length === 0) return false;
  if (after.hopeless !== before.hopeless) return after.hopeless;
  const change = weight(after) - weight(before);
  return change === 0 ? after.skipped > 2 * before.skipped + 200 : change > 0;
}

/** Text that was skipped weighs more than a token that was only imagined. */
function weight(damage: SyntaxDamage): number {
  return damage.problems.reduce((sum, { kind }) => sum + (kind === 'unexpected' ? 2 : 1), 0);
}

/** One place in words, with its line counted from 1. */
export function describeProblem(problem: SyntaxProblem, text: string): string {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < problem.start; at = text.indexOf('\n', at + 1)) line++;
  if (problem.kind === 'missing') return `Line ${line}: '${problem.what}' is missing here.`;
  const what = problem.what.split('\n', 1)[0]?.trim() ?? '';
  return what ? `Line ${line}: '${what}' cannot be read here.` : `Line ${line}: the syntax breaks off here.`;
}
