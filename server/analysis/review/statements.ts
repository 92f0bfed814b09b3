/** Statements and loops with a known trap, language by language. Rows; they must not know each other. */
import type { SyntaxNode } from '../../syntax/tree.ts';
import {
  argumentsOf,
  CALL_TYPES,
  calledName,
  calleeOf,
  functionAround,
  isAsync,
  isCall,
  isString,
  receiverOf,
  some,
  stringText,
} from './nodes.ts';
import { CPP, GO, JAVA, JAVASCRIPT, type Pattern, PYTHON } from './pattern.ts';

/** `i <= xs.length` with `xs` and `i`; the last round is beyond the end. */
const BEYOND =
  /^\(?\s*(?<index>\w+)\s*<=\s*(?<list>[\w.$>-]+?)(?:\.|->)(?:length|size\(\)|length\(\))\s*;?\s*\)?$/;

function hasRepeatedLetter(text: string): boolean {
  return /[a-z]/i.test(text) && new Set(text).size < text.length;
}

/** Whether an index is used on a list inside, with nothing that looks at the end. */
function indexes(body: SyntaxNode, list: string, index: string): boolean {
  const access = new RegExp(
    `${list.replace(/[.$>-]/g, '\\$&')}(?:\\[\\s*${index}\\s*\\]|\\.(?:get|at|charAt)\\(\\s*${index}\\s*\\))`,
  );
  const guarded = new RegExp(`\\b${index}\\s*(?:<|===?|!==?|>=)\\s*[\\w.]+\\.(?:length|size)`);
  return (
    access.test(body.text) && !guarded.test(body.text) && !/\?\?|\?\.|undefined|=== null/.test(body.text)
  );
}

export const statements: readonly Pattern[] = [
  {
    rule: 'bare-except',
    category: 'bug',
    severity: 'medium',
    confidence: 0.78,
    grammars: PYTHON,
    nodes: ['except_clause'],
    notInTests: true,
    find(node) {
      const named = node.namedChildren;
      const body = named.at(-1);
      if (named.length !== 1 || !body || some(body, ({ type }) => type === 'raise_statement'))
        return undefined;
      return {
        at: node.firstChild ?? node,
        message: 'A bare `except:` also swallows KeyboardInterrupt and SystemExit. Name what you expect.',
      };
    },
  },
  {
    rule: 'except-or',
    category: 'bug',
    severity: 'high',
    confidence: 0.95,
    grammars: PYTHON,
    nodes: ['except_clause'],
    find(node) {
      const [what] = node.namedChildren;
      if (what?.type !== 'boolean_operator') return undefined;
      return { at: what, message: '`except A or B` catches A only. Write `except (A, B)`.' };
    },
  },
  {
    rule: 'assert-tuple',
    category: 'bug',
    severity: 'high',
    confidence: 0.97,
    grammars: PYTHON,
    nodes: ['assert_statement'],
    find(node) {
      const [what, ...more] = node.namedChildren;
      if (more.length > 0 || what?.type !== 'tuple' || what.namedChildren.length === 0) return undefined;
      return { message: 'A tuple is always true, so this never fails. Leave the parentheses away.' };
    },
  },
  {
    rule: 'raise-not-implemented',
    category: 'bug',
    severity: 'medium',
    confidence: 0.95,
    grammars: PYTHON,
    nodes: ['raise_statement'],
    find(node) {
      return /^raise NotImplemented(?:\(|$|\s)/.test(node.text)
        ? { message: '`NotImplemented` is no exception. Raise `NotImplementedError`.' }
        : undefined;
    },
  },
  {
    rule: 'open-without-with',
    category: 'bug',
    severity: 'low',
    confidence: 0.7,
    grammars: PYTHON,
    nodes: ['call'],
    notInTests: true,
    find(node) {
      const on = receiverOf(node);
      if (
        !isCall(on) ||
        calleeOf(on) !== 'open' ||
        !/^(?:read|readlines|write|readline)$/.test(calledName(node))
      )
        return undefined;
      return {
        at: on,
        message: 'This file is closed whenever the interpreter gets to it. Use `with open(…)`.',
      };
    },
  },
  {
    rule: 'strip-set',
    category: 'bug',
    severity: 'medium',
    confidence: 0.85,
    grammars: [...PYTHON, ...GO],
    nodes: CALL_TYPES,
    notInTests: true,
    find(node, { grammar }) {
      const python = grammar === 'python';
      const called = python
        ? /^(?:[lr]strip)$/.test(calledName(node))
        : /^strings\.Trim(?:Left|Right)$/.test(calleeOf(node));
      const set = argumentsOf(node)[python ? 0 : 1];
      if (!called || !set || !isString(set)) return undefined;
      const text = stringText(set).replace(/\\./g, '');
      if (text.length < 3 || !hasRepeatedLetter(text) || /0123456789|abcdef/i.test(text)) return undefined;
      return {
        at: set,
        message:
          'This takes away any of these characters and not this text. Remove the prefix or suffix instead.',
      };
    },
  },
  {
    rule: 'defer-in-loop',
    category: 'bug',
    severity: 'medium',
    confidence: 0.85,
    grammars: GO,
    nodes: ['defer_statement'],
    notInTests: true,
    find(node) {
      const stop = node.parent?.closest(({ type }) =>
        /^(?:for_statement|func_literal|function_declaration|method_declaration)$/.test(type),
      );
      if (stop?.type !== 'for_statement') return undefined;
      // A loop that is left after the first round is none.
      const last = stop.child('body')?.namedChildren.at(-1);
      const end = last?.type === 'statement_list' ? last.namedChildren.at(-1) : last;
      if (end && /^(?:return|break)/.test(end.type)) return undefined;
      return {
        message: 'Deferred calls run at the end of the function and not of each round, so they pile up.',
      };
    },
  },
  {
    rule: 'beyond-the-end',
    category: 'bug',
    severity: 'high',
    confidence: 0.93,
    grammars: [...JAVASCRIPT, ...JAVA, ...CPP],
    nodes: ['for_statement'],
    find(node) {
      const condition = node.child('condition');
      const match = BEYOND.exec(condition?.text ?? '');
      const [index, list] = [match?.groups?.['index'], match?.groups?.['list']];
      const body = node.child('body');
      if (!condition || !body || !index || !list || !indexes(body, list, index)) return undefined;
      return { at: condition, message: `The last round reads \`${list}\` one beyond its end. Use \`<\`.` };
    },
  },
  {
    rule: 'await-in-loop',
    category: 'performance',
    severity: 'low',
    confidence: 0.55,
    grammars: JAVASCRIPT,
    nodes: ['for_in_statement'],
    notInTests: true,
    find(node) {
      const [only, ...more] = node.child('body')?.namedChildren ?? [];
      const [expression] = only?.namedChildren ?? [];
      if (more.length > 0 || only?.type !== 'expression_statement' || expression?.type !== 'await_expression')
        return undefined;
      // `for await` is one after the other by its nature.
      if (node.children.some(({ type }) => type === 'await') || !isAsync(functionAround(node)))
        return undefined;
      return {
        at: expression,
        message:
          'Each round waits for the one before. If they do not depend on one another, `Promise.all` is faster.',
      };
    },
  },
  {
    rule: 'unbounded-copy',
    category: 'security',
    severity: 'high',
    confidence: 0.95,
    grammars: CPP,
    nodes: ['call_expression'],
    find(node) {
      const callee = calleeOf(node);
      if (callee === 'gets' && argumentsOf(node).length === 1)
        return { message: '`gets` cannot know how large the buffer is. Use `fgets`.' };
      if (!/^(?:strcpy|strcat)$/.test(callee)) return undefined;
      const from = argumentsOf(node)[1];
      if (!from || isString(from) || /^[A-Z_\d]+$/.test(from.text)) return undefined;
      return {
        confidence: 0.55,
        message: `\`${callee}\` copies without knowing how large the target is. Check the length, or bound the copy.`,
      };
    },
  },
  {
    rule: 'open-format',
    category: 'security',
    severity: 'high',
    confidence: 0.82,
    grammars: CPP,
    nodes: ['call_expression'],
    find(node) {
      const at = { printf: 0, fprintf: 1, syslog: 1, sprintf: 1, snprintf: 2 }[calleeOf(node)];
      const given = argumentsOf(node);
      const format = at === undefined ? undefined : given[at];
      if (!format || given.length !== (at ?? 0) + 1) return undefined;
      if (!/^(?:identifier|field_expression|subscript_expression)$/.test(format.type)) return undefined;
      // Constants by convention are formats that somebody wrote.
      if (/^[A-Z][A-Z_\d]*$/.test(format.text)) return undefined;
      return {
        at: format,
        message: 'A text from elsewhere as format lets it read and write memory. Use `"%s"`.',
      };
    },
  },
];
