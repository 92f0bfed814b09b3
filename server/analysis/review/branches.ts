/** Branches that never run, or make no difference. Rows; they must not know each other. */
import type { SyntaxNode } from '../../syntax/tree.ts';
import { bare, codeOf, isPure } from './nodes.ts';
import { type Alarm, CPP, GO, JAVASCRIPT, MOST, type Pattern, PYTHON } from './pattern.ts';

/** The `if` that an `else` goes on with. */
function elseOf(node: SyntaxNode): SyntaxNode | undefined {
  const rest = node.child('alternative');
  return rest?.type === 'else_clause' ? rest.namedChildren[0] : rest;
}

/** Conditions of a chain from its head, in order. */
function chainOf(head: SyntaxNode): readonly SyntaxNode[] {
  const conditions: SyntaxNode[] = [];
  const add = (node: SyntaxNode) => {
    const condition = bare(node.child('condition'));
    if (condition) conditions.push(condition);
  };
  if (
    head.type === 'if_statement' &&
    head.childrenIn('alternative').some(({ type }) => type === 'elif_clause')
  ) {
    add(head);
    for (const each of head.childrenIn('alternative')) if (each.type === 'elif_clause') add(each);
    return conditions;
  }
  for (let node: SyntaxNode | undefined = head; node && node.type.startsWith('if_'); node = elseOf(node)) {
    // Go's `if x := f(); x` makes every condition another one.
    if (node.child('initializer')) return [];
    add(node);
  }
  return conditions;
}

function isHead({ parent }: SyntaxNode): boolean {
  return !(parent && (parent.type.startsWith('if_') || parent.type === 'else_clause'));
}

const LEAVES = /^(?:return_statement|throw_statement|raise_statement|break_statement|continue_statement)$/;
/** What may stand behind a jump: declarations that are hoisted, places that are jumped to, what is nothing. */
const MAY_FOLLOW =
  /^(?:function_declaration|generator_function_declaration|class_declaration|interface_declaration|type_alias_declaration|enum_declaration|function_signature|empty_statement|labeled_statement|case_statement|preproc_\w+|else_clause|switch_case|switch_default|;|[})])$|comment$|^#/;

function after(node: SyntaxNode): SyntaxNode | undefined {
  let next = node.nextSibling;
  while (next && (next.type.endsWith('comment') || next.type === ';')) next = next.nextSibling;
  return next;
}

function same(first: SyntaxNode | undefined, second: SyntaxNode | undefined): boolean {
  if (!first || !second) return false;
  const code = codeOf(first);
  return code.length > 4 && code === codeOf(second);
}

const sameBranches: Alarm = {
  message: 'Both branches do the same: the condition makes no difference, or one branch was meant to differ.',
};

export const branches: readonly Pattern[] = [
  {
    rule: 'duplicate-condition',
    category: 'bug',
    severity: 'high',
    confidence: 0.92,
    grammars: MOST,
    nodes: ['if_statement', 'if_expression'],
    find(node) {
      if (!isHead(node)) return undefined;
      const seen = new Set<string>();
      for (const condition of chainOf(node)) {
        const code = codeOf(condition);
        if (seen.has(code) && isPure(condition) && condition.type !== 'let_condition')
          return {
            at: condition,
            message: 'This condition was asked above already, so its branch never runs.',
          };
        seen.add(code);
      }
      return undefined;
    },
  },
  {
    rule: 'identical-branches',
    category: 'bug',
    severity: 'medium',
    confidence: 0.82,
    grammars: MOST,
    nodes: ['if_statement', 'if_expression'],
    notInTests: true,
    find(node) {
      if (!isHead(node)) return undefined;
      const others = node.childrenIn('alternative');
      const [other] = others;
      if (others.length !== 1 || !other || other.type === 'elif_clause') return undefined;
      const otherwise = other.child('body') ?? elseOf(node);
      if (otherwise && otherwise.type.startsWith('if_')) return undefined;
      // Comments inside say why they are apart.
      const body = node.child('consequence') ?? node.child('body');
      if (!same(body, otherwise) || /\/\/|\/\*|#/.test(node.text)) return undefined;
      return sameBranches;
    },
  },
  {
    rule: 'identical-alternatives',
    category: 'bug',
    severity: 'medium',
    confidence: 0.88,
    grammars: [...JAVASCRIPT, 'java', 'cpp', 'c-sharp'],
    nodes: ['ternary_expression', 'conditional_expression'],
    notInTests: true,
    find(node) {
      const [yes, no] = [node.child('consequence'), node.child('alternative')];
      return yes && no && codeOf(yes) === codeOf(no) ? sameBranches : undefined;
    },
  },
  {
    rule: 'unreachable-code',
    category: 'bug',
    severity: 'medium',
    confidence: 0.88,
    grammars: [...JAVASCRIPT, ...PYTHON, ...CPP, ...GO],
    nodes: [
      'return_statement',
      'throw_statement',
      'raise_statement',
      'break_statement',
      'continue_statement',
    ],
    notInTests: true,
    find(node) {
      if (
        !LEAVES.test(node.type) ||
        !/block|body|module|program|compound|statement_list/.test(node.parent?.type ?? '')
      )
        return undefined;
      const next = after(node);
      if (!next || !next.named || MAY_FOLLOW.test(next.type)) return undefined;
      // A lone `yield` makes a generator; a declaration without a value is hoisted.
      if (/^yield\b/.test(next.text) || /^(?:var|let)\s[\w\s,]+;?$/.test(next.text)) return undefined;
      const word = /^\w+/.exec(node.text)?.[0] ?? 'this';
      return { at: next, message: `This never runs: \`${word}\` above leaves.` };
    },
  },
  {
    rule: 'duplicate-case',
    category: 'bug',
    severity: 'high',
    confidence: 0.95,
    grammars: JAVASCRIPT,
    nodes: ['switch_body'],
    find(node) {
      const seen = new Set<string>();
      for (const each of node.namedChildren) {
        const value = each.type === 'switch_case' ? each.child('value') : undefined;
        if (!value || !isPure(value)) continue;
        const code = codeOf(value);
        if (seen.has(code)) return { at: value, message: 'This case is there already, so it never runs.' };
        seen.add(code);
      }
      return undefined;
    },
  },
];
