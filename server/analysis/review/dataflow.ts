/** Values that get lost, are shared by accident, or are written twice. Rows; they must not know each other. */
import type { SyntaxNode } from '../../syntax/tree.ts';
import {
  argumentsOf,
  calledName,
  calleeOf,
  codeOf,
  functionAround,
  isAsync,
  isCall,
  isLiteral,
  isPure,
  isString,
  operatorOf,
  receiverOf,
  some,
} from './nodes.ts';
import { CPP, GO, JAVA, JAVASCRIPT, type Pattern, PYTHON } from './pattern.ts';

const STATEMENT = ['expression_statement'];
const PURE_METHODS: Readonly<Record<string, RegExp>> = {
  python: /^(?:strip|lstrip|rstrip|upper|lower|title|capitalize|zfill|casefold|swapcase)$/,
  java: /^(?:trim|strip|toUpperCase|toLowerCase|substring|concat|replaceAll)$/,
  javascript:
    /^(?:trim|trimStart|trimEnd|toUpperCase|toLowerCase|padStart|padEnd|replaceAll|toSorted|toReversed|toFixed)$/,
};
const IN_PLACE = /^(?:append|extend|insert|sort|reverse|remove|clear|update|add|discard)$/;
const MUTATES = /^(?:append|extend|insert|update|add|setdefault|pop|remove|clear|sort|push)$/;

/** Whether a Python function changes this parameter in place, keeps it or gives it away. */
function isShared(body: SyntaxNode, name: string): boolean {
  return some(body, node => {
    if (isCall(node)) return receiverOf(node)?.text === name && MUTATES.test(calledName(node));
    if (node.type === 'return_statement') return node.namedChildren[0]?.text === name;
    if (node.type === 'augmented_assignment') return node.child('left')?.text === name;
    if (node.type !== 'assignment') return false;
    const left = node.child('left');
    return (
      (left?.type === 'subscript' && left.child('value')?.text === name) ||
      (left?.type === 'attribute' && node.child('right')?.text === name)
    );
  });
}

/** Names on the left of a Go assignment. */
function goTargets(statement: SyntaxNode): readonly string[] {
  if (statement.type !== 'short_var_declaration' && statement.type !== 'assignment_statement') return [];
  if (!/^:?=$/.test(operatorOf(statement)) && statement.type === 'assignment_statement') return [];
  return statement.child('left')?.namedChildren.map(({ text }) => text) ?? [];
}

export const dataflow: readonly Pattern[] = [
  {
    rule: 'unused-result',
    category: 'bug',
    severity: 'high',
    confidence: 0.88,
    grammars: [...JAVASCRIPT, ...PYTHON, ...JAVA],
    nodes: STATEMENT,
    notInTests: true,
    find(node, { grammar }) {
      const [call] = node.namedChildren;
      if (!isCall(call) || !receiverOf(call)) return undefined;
      const name = calledName(call);
      const family = grammar === 'python' || grammar === 'java' ? grammar : 'javascript';
      const filters = name === 'filter' && family === 'javascript' && /=>/.test(call.text);
      const replaces =
        name === 'replace' && family === 'javascript' && argumentsOf(call)[0]?.type === 'regex';
      if (!PURE_METHODS[family]?.test(name) && !filters && !replaces) return undefined;
      // Tried for its exception.
      if (node.closest(({ type }) => type === 'try_statement')) return undefined;
      return {
        message: `\`${name}\` changes nothing: it gives a new value, which is thrown away here.`,
        // Texts with styles have methods of these names that work in place.
        ...(grammar === 'python' && name.endsWith('strip') ? { confidence: 0.65 } : {}),
      };
    },
  },
  {
    rule: 'assigned-none',
    category: 'bug',
    severity: 'high',
    confidence: 0.93,
    grammars: PYTHON,
    nodes: ['assignment'],
    find(node) {
      const [left, call] = [node.child('left'), node.child('right')];
      if (!left || !isCall(call) || receiverOf(call)?.text !== left.text) return undefined;
      const name = calledName(call);
      // `add` and `update` of others (hashes, sets of bits) may give a new value.
      if (!/^(?:append|extend|sort|reverse)$/.test(name) || !IN_PLACE.test(name)) return undefined;
      return { message: `\`${name}\` works in place and gives None, which replaces \`${left.text}\` here.` };
    },
  },
  {
    rule: 'self-assignment',
    category: 'bug',
    severity: 'medium',
    confidence: 0.85,
    grammars: [...JAVASCRIPT, ...PYTHON, ...JAVA, ...GO, ...CPP],
    nodes: ['assignment_expression', 'assignment', 'assignment_statement'],
    notInTests: true,
    find(node, { grammar }) {
      const [left, right] = [node.child('left'), node.child('right')];
      if (!left || !right || !/^=$/.test(node.children.find(each => each.type === '=')?.text ?? ''))
        return undefined;
      if (node.child('type') || codeOf(left) !== codeOf(right) || !isPure(left)) return undefined;
      // A plain name is said again to export it, or to silence a warning.
      if (!/\./.test(left.text) && !/->/.test(left.text) && grammar !== 'java') return undefined;
      return { message: 'This assigns a value to itself.' };
    },
  },
  {
    rule: 'mutable-default',
    category: 'bug',
    severity: 'high',
    confidence: 0.85,
    grammars: PYTHON,
    nodes: ['default_parameter', 'typed_default_parameter'],
    find(node) {
      const value = node.child('value');
      const name = node.child('name')?.text;
      const made = isCall(value) && /^(?:list|dict|set|defaultdict)$/.test(calleeOf(value));
      if (!value || !name || !(made || /^(?:list|dictionary|set)$/.test(value.type))) return undefined;
      const body = node.parent?.parent?.child('body');
      const shared = body && node.parent?.parent?.type === 'function_definition' && isShared(body, name);
      return {
        message: `The default of \`${name}\` is made once and shared by all calls. Use None and make it inside.`,
        ...(shared ? {} : { confidence: 0.6 }),
      };
    },
  },
  {
    rule: 'missing-await',
    category: 'bug',
    severity: 'high',
    confidence: 0.9,
    grammars: [...JAVASCRIPT, ...PYTHON],
    nodes: STATEMENT,
    notInTests: true,
    find(node, { asyncFunctions, grammar }) {
      const [call] = node.namedChildren;
      if (!isCall(call)) return undefined;
      const callee = calleeOf(call);
      const name = /^(?:self\.|this\.)?([\w$]+)$/.exec(callee)?.[1];
      if (!name || !asyncFunctions.has(name)) return undefined;
      if (grammar === 'python')
        return { message: `\`${name}\` is async: without \`await\` it is made and never run.` };
      if (!isAsync(functionAround(node))) return undefined;
      return {
        confidence: 0.6,
        message: `\`${name}\` is async: without \`await\` its failure is lost, and what follows does not wait for it.`,
      };
    },
  },
  {
    rule: 'async-for-each',
    category: 'bug',
    severity: 'medium',
    confidence: 0.75,
    grammars: JAVASCRIPT,
    nodes: STATEMENT,
    notInTests: true,
    find(node) {
      const [call] = node.namedChildren;
      if (!isCall(call) || calledName(call) !== 'forEach') return undefined;
      const [given] = argumentsOf(call);
      if (!given || !isAsync(given) || !isAsync(functionAround(node))) return undefined;
      return {
        at: given,
        message: '`forEach` does not wait for async functions. Use `for … of` or `Promise.all`.',
      };
    },
  },
  {
    rule: 'lost-error',
    category: 'bug',
    severity: 'high',
    confidence: 0.9,
    grammars: GO,
    nodes: ['short_var_declaration', 'assignment_statement'],
    notInTests: true,
    find(node) {
      if (!goTargets(node).includes('err')) return undefined;
      let next = node.nextSibling;
      while (next && (!next.named || next.type.endsWith('comment'))) next = next.nextSibling;
      if (!next || !goTargets(next).includes('err') || /\berr\b/.test(next.child('right')?.text ?? ''))
        return undefined;
      return { message: '`err` is overwritten by the next statement before anybody looks at it.' };
    },
  },
  {
    rule: 'duplicate-key',
    category: 'bug',
    severity: 'high',
    confidence: 0.93,
    grammars: [...JAVASCRIPT, ...PYTHON],
    nodes: ['object', 'dictionary'],
    notInTests: true,
    find(node) {
      const seen = new Set<string>();
      for (const pair of node.namedChildren) {
        const key = pair.type === 'pair' ? pair.child('key') : undefined;
        if (!key || !(isLiteral(key) || key.type === 'property_identifier')) continue;
        const code = isString(key) ? key.text.replace(/^'(.*)'$/s, '"$1"') : key.text;
        if (seen.has(code))
          return { at: key, message: `The key ${key.text} is there already; the last one wins.` };
        seen.add(code);
      }
      return undefined;
    },
  },
  {
    rule: 'repeated-method',
    category: 'bug',
    severity: 'high',
    confidence: 0.85,
    grammars: PYTHON,
    nodes: ['class_definition'],
    find(node) {
      const seen = new Set<string>();
      for (const each of node.child('body')?.namedChildren ?? []) {
        const name = each.type === 'function_definition' ? each.child('name') : undefined;
        if (!name) continue;
        if (seen.has(name.text))
          return { at: name, message: `\`${name.text}\` replaces the method of this name above.` };
        seen.add(name.text);
      }
      return undefined;
    },
  },
];
