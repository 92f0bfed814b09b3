/**
 * What a suspicious pattern is: one row that looks at nodes of some types and says what is odd about one of them. It
 * must not know how findings are shown.
 */
import type { GrammarName } from '../../syntax/grammars.ts';
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { Suspicion } from '../analysis.ts';

/** What a pattern says of one place. */
export interface Alarm {
  /** What the person is shown; by default the node that was looked at. */
  readonly at?: SyntaxNode;
  /** What is odd and why it matters, one or two sentences; code in backticks. */
  readonly message: string;
  /** Instead of the row's. */
  readonly confidence?: number;
}

/** What is known of the file around a node. */
export interface Surroundings {
  readonly path: string;
  readonly grammar: GrammarName;
  /** Names of functions of this file that are async, wherever they stand, and of no other function in it. */
  readonly asyncFunctions: ReadonlySet<string>;
  /** The file's name or folder says that it holds tests. */
  readonly isTest: boolean;
}

export interface Pattern extends Pick<Suspicion, 'rule' | 'category' | 'severity' | 'confidence'> {
  readonly grammars: readonly GrammarName[];
  /** Node types it looks at; a type that a grammar does not have is never met. */
  readonly nodes: readonly string[];
  /** True: not looked for in tests, which do odd things on purpose. */
  readonly notInTests?: boolean;
  find(node: SyntaxNode, around: Surroundings): Alarm | undefined;
}

export const JAVASCRIPT: readonly GrammarName[] = ['typescript', 'tsx', 'javascript'];
export const PYTHON: readonly GrammarName[] = ['python'];
export const GO: readonly GrammarName[] = ['go'];
export const JAVA: readonly GrammarName[] = ['java'];
export const CPP: readonly GrammarName[] = ['cpp'];
export const RUST: readonly GrammarName[] = ['rust'];
/** Languages whose operators and branches look alike. */
export const MOST: readonly GrammarName[] = [
  ...JAVASCRIPT,
  ...PYTHON,
  ...GO,
  ...JAVA,
  ...CPP,
  ...RUST,
  'c-sharp',
];
