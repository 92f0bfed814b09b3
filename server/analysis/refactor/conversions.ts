/**
 * Which conversions the syntax around a place allows: one row each. It must not know who converts.
 */
import type { GrammarName } from '../../syntax/grammars.ts';
import type { SyntaxNode } from '../../syntax/tree.ts';
import type { FileView } from '../view.ts';
import type { ConversionId } from './refactor.ts';

/** The selection as offsets. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface Row {
  readonly id: ConversionId;
  readonly grammars: readonly GrammarName[];
  readonly types: RegExp;
  /** Only with the cursor before the body, or the whole selected: else it would be in the way all the time. */
  readonly onHead?: boolean;
  applies(node: SyntaxNode): boolean;
}

const SCRIPT: readonly GrammarName[] = ['typescript', 'tsx', 'javascript'];
const FUNCTION =
  /^(?:function_declaration|function_expression|arrow_function|method_definition|function_definition|function_item|method_declaration|closure_expression|lambda|lambda_expression|func_literal|local_function_statement)$/;
/** What leaves a loop or suspends it, so that its body cannot become a function. */
const LEAVES =
  /^(?:break_statement|break_expression|return_statement|return_expression|continue_expression|continue_statement|yield|yield_expression|yield_statement|await|await_expression|try_expression)$/;
const COLLECTS = /\.(?:push|append|add|insert|put|Add)\s*\(|[^=!<>]\+=/;
const ARRAY_METHODS = /^(?:map|filter|reduce|forEach|flatMap)$/;
const ITERATOR_METHODS = /^(?:map|filter|for_each|fold|filter_map|flat_map)$/;
const STREAM_METHODS = /^(?:map|filter|forEach|reduce|collect|flatMap)$/;
const STRING =
  /^(?:string|template_string|string_literal|interpreted_string_literal|raw_string_literal|verbatim_string_literal)$/;

/** Whether a node below, not within a function of its own, satisfies the test. */
function has(node: SyntaxNode | undefined, test: (below: SyntaxNode) => boolean): boolean {
  let found = false;
  node?.visit(below => {
    if (found) return false;
    if (!below.same(node) && FUNCTION.test(below.type)) return false;
    found = test(below);
    return !found;
  });
  return found;
}

const collects = (node: SyntaxNode): boolean => {
  const body = node.child('body');
  return body !== undefined && COLLECTS.test(body.text) && !has(body, below => LEAVES.test(below.type));
};

/** The name of the method that a call is of. */
function method(node: SyntaxNode): string {
  const called = node.child('function');
  return (called?.child('property') ?? called?.child('field') ?? node.child('name'))?.text ?? '';
}

const operator = (node: SyntaxNode): string => node.child('operator')?.text ?? '';

/** A whole chain of `+` with a text and something else in it. */
function concatenates(node: SyntaxNode): boolean {
  if (operator(node) !== '+' || (node.parent?.type === node.type && operator(node.parent) === '+'))
    return false;
  const operands: SyntaxNode[] = [];
  const collect = (of: SyntaxNode | undefined): void => {
    if (of?.type === node.type && operator(of) === '+') {
      collect(of.child('left'));
      collect(of.child('right'));
    } else if (of) operands.push(of);
  };
  collect(node);
  return operands.some(each => STRING.test(each.type)) && operands.some(each => !STRING.test(each.type));
}

const isAsync = (node: SyntaxNode): boolean => node.children.some(child => child.type === 'async');
const usesOwner = (node: SyntaxNode): boolean =>
  has(
    node.child('body'),
    below =>
      /^(?:this|super|meta_property)$/.test(below.type) ||
      (below.type === 'identifier' && below.text === 'arguments'),
  );

/** Branches of an if chain that compare the same thing for equality; 0 where one does not. */
function equalities(node: SyntaxNode): number {
  const subjects = new Set<string>();
  let count = 0;
  const read = (branch: SyntaxNode): boolean => {
    let condition = branch.child('condition');
    while (condition && /parenthes|condition_clause/.test(condition.type))
      condition = condition.namedChildren[0];
    const sign =
      condition && (operator(condition) || condition.children.find(each => each.type.startsWith('=='))?.type);
    const left = condition?.child('left') ?? condition?.namedChildren[0];
    if (!left || !/^===?$/.test(sign ?? '')) return false;
    subjects.add(left.text);
    count++;
    return true;
  };
  for (let at: SyntaxNode | undefined = node; at; ) {
    if (!read(at)) return 0;
    const branches: readonly SyntaxNode[] = at.childrenIn('alternative');
    const elifs = branches.filter(each => each.type === 'elif_clause');
    if (elifs.length > 0) return elifs.every(read) && subjects.size === 1 ? count : 0;
    const [next] = branches;
    at = next?.type === 'else_clause' ? next.namedChildren[0] : next;
    if (at && !/^if_(?:statement|expression)$/.test(at.type)) break;
  }
  return subjects.size === 1 ? count : 0;
}

const startsChain = (node: SyntaxNode): boolean =>
  node.parent?.type !== 'else_clause' && !(node.field === 'alternative');

const parameters = (node: SyntaxNode): readonly SyntaxNode[] =>
  (node.child('parameters') ?? node.child('parameter'))?.namedChildren ?? [];

const ROWS: readonly Row[] = [
  {
    id: 'loop-to-array-methods',
    grammars: SCRIPT,
    types: /^for_in_statement$/,
    onHead: true,
    applies: node => operator(node) === 'of' && collects(node),
  },
  {
    id: 'loop-to-comprehension',
    grammars: ['python'],
    types: /^for_statement$/,
    onHead: true,
    applies: collects,
  },
  { id: 'loop-to-iterator', grammars: ['rust'], types: /^for_expression$/, onHead: true, applies: collects },
  {
    id: 'loop-to-stream',
    grammars: ['java'],
    types: /^enhanced_for_statement$/,
    onHead: true,
    applies: collects,
  },
  {
    id: 'loop-to-linq',
    grammars: ['c-sharp'],
    types: /^foreach_statement$/,
    onHead: true,
    applies: collects,
  },
  {
    id: 'calls-to-loop',
    grammars: SCRIPT,
    types: /^call_expression$/,
    applies: node =>
      ARRAY_METHODS.test(method(node)) &&
      node.child('arguments')?.namedChildren[0] !== undefined &&
      /^(?:arrow_function|function_expression|identifier)$/.test(
        node.child('arguments')?.namedChildren[0]?.type ?? '',
      ),
  },
  {
    id: 'calls-to-loop',
    grammars: ['python'],
    types: /^(?:list|set|dictionary)_comprehension$/,
    applies: () => true,
  },
  {
    id: 'calls-to-loop',
    grammars: ['rust'],
    types: /^call_expression$/,
    applies: node => ITERATOR_METHODS.test(method(node)),
  },
  {
    id: 'calls-to-loop',
    grammars: ['java'],
    types: /^method_invocation$/,
    applies: node => STREAM_METHODS.test(method(node)) && /\bstream\s*\(/.test(node.text),
  },
  {
    id: 'promise-to-async',
    grammars: SCRIPT,
    types: FUNCTION,
    applies: node =>
      !isAsync(node) &&
      has(
        node.child('body'),
        below => below.type === 'call_expression' && /^(?:then|catch)$/.test(method(below)),
      ),
  },
  {
    id: 'async-to-promise',
    grammars: SCRIPT,
    types: FUNCTION,
    onHead: true,
    applies: node => isAsync(node) && has(node.child('body'), below => below.type === 'await_expression'),
  },
  {
    id: 'callback-to-promise',
    grammars: SCRIPT,
    types: /^call_expression$/,
    applies: node => {
      const last = node.child('arguments')?.namedChildren.at(-1);
      return (
        last !== undefined &&
        FUNCTION.test(last.type) &&
        /^(?:err|error|e)\b/.test(parameters(last)[0]?.text ?? '')
      );
    },
  },
  {
    id: 'function-to-arrow',
    grammars: SCRIPT,
    types: /^function_(?:declaration|expression)$/,
    onHead: true,
    applies: node => !usesOwner(node) && node.child('body') !== undefined,
  },
  {
    id: 'arrow-to-function',
    grammars: SCRIPT,
    types: /^arrow_function$/,
    onHead: true,
    applies: node => !usesOwner(node),
  },
  {
    id: 'concat-to-template',
    grammars: [...SCRIPT, 'c-sharp'],
    types: /^binary_expression$/,
    applies: concatenates,
  },
  {
    id: 'concat-to-template',
    grammars: ['python'],
    types: /^(?:binary_operator|call)$/,
    applies: node =>
      concatenates(node) ||
      (operator(node) === '%' && node.child('left')?.type === 'string') ||
      (node.child('function')?.child('attribute')?.text === 'format' &&
        node.child('function')?.child('object')?.type === 'string'),
  },
  {
    id: 'concat-to-format',
    grammars: ['java', 'go'],
    types: /^binary_expression$/,
    applies: concatenates,
  },
  {
    id: 'template-to-concat',
    grammars: SCRIPT,
    types: /^template_string$/,
    applies: node =>
      node.parent?.type !== 'call_expression' &&
      node.namedChildren.some(child => child.type === 'template_substitution'),
  },
  {
    id: 'if-to-switch',
    grammars: [...SCRIPT, 'python', 'java', 'cpp', 'c-sharp', 'go', 'rust'],
    types: /^if_(?:statement|expression)$/,
    onHead: true,
    applies: node => startsChain(node) && equalities(node) >= 3,
  },
  {
    id: 'add-types',
    grammars: ['typescript', 'tsx'],
    types: FUNCTION,
    onHead: true,
    // What is handed to a call gets its types from there.
    applies: node =>
      node.parent?.type !== 'arguments' &&
      parameters(node).some(
        each => /^(?:required|optional)_parameter$/.test(each.type) && !each.child('type'),
      ),
  },
  {
    id: 'add-types',
    grammars: ['python'],
    types: /^function_definition$/,
    onHead: true,
    applies: node =>
      parameters(node).some(
        each => /^(?:identifier|default_parameter)$/.test(each.type) && !/^(?:self|cls)$/.test(each.text),
      ),
  },
  {
    id: 'add-doc-types',
    grammars: ['javascript'],
    types: /^(?:function_declaration|method_definition)$/,
    onHead: true,
    applies: node =>
      parameters(node).length > 0 && !/@param\b/.test(node.previousSibling?.text.slice(-2_000) ?? ''),
  },
];

/** Innermost first; of each conversion the innermost alone, and none beyond the function around the place. */
export function conversionsAt(
  view: FileView,
  { start, end }: Stretch,
): readonly { readonly id: ConversionId; readonly node: SyntaxNode }[] {
  const rows = ROWS.filter(row => row.grammars.includes(view.grammar));
  const found = new Map<ConversionId, SyntaxNode>();
  for (
    let node: SyntaxNode | undefined = view.tree.nodeAt(start, end);
    node && !node.isRoot;
    node = node.parent
  ) {
    for (const row of rows) {
      if (found.has(row.id) || !row.types.test(node.type)) continue;
      const body = node.child('body') ?? node.child('consequence');
      const head = start < (body?.start ?? node.end) || (start <= node.start && end >= node.end);
      if ((!row.onHead || head) && row.applies(node)) found.set(row.id, node);
    }
    if (FUNCTION.test(node.type) && (node.child('body')?.type ?? '') !== '' && isBlock(node.child('body')))
      break;
  }
  return [...found].map(([id, node]) => ({ id, node }));
}

const isBlock = (node: SyntaxNode | undefined): boolean =>
  node !== undefined && /block|body|compound/.test(node.type);
