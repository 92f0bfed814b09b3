/** Comparisons and operands that cannot mean what they say. Rows; they must not know each other. */
import {
  bare,
  codeOf,
  isLiteral,
  isPure,
  isString,
  operatorOf,
  sides,
  stringText,
  calleeOf,
  isCall,
} from './nodes.ts';
import { CPP, JAVA, JAVASCRIPT, MOST, type Pattern, PYTHON } from './pattern.ts';

const BINARY = ['binary_expression', 'comparison_operator', 'boolean_operator', 'binary_operator'];
const TYPES = new Set([
  'undefined',
  'object',
  'boolean',
  'number',
  'bigint',
  'string',
  'symbol',
  'function',
  'unknown',
]);

export const comparisons: readonly Pattern[] = [
  {
    rule: 'self-comparison',
    category: 'bug',
    severity: 'high',
    confidence: 0.9,
    grammars: MOST,
    nodes: BINARY,
    notInTests: true,
    find(node) {
      const both = sides(node);
      const operator = operatorOf(node);
      // `x != x` asks for not-a-number.
      if (!both || !/^(?:===?|<=?|>=?|&&|\|\||and|or|-)$/.test(operator)) return undefined;
      const [left, right] = both;
      if (operator === '-' && !/[.[]/.test(left.text)) return undefined;
      if (isLiteral(left) || codeOf(left) !== codeOf(right) || !isPure(left)) return undefined;
      return {
        message: `Both sides of \`${operator}\` are the same: one of them is probably meant to be another.`,
      };
    },
  },
  {
    rule: 'assignment-in-condition',
    category: 'bug',
    severity: 'high',
    confidence: 0.85,
    grammars: [...JAVASCRIPT, ...CPP],
    nodes: ['if_statement'],
    find(node) {
      const condition = node.child('condition');
      const [inner] = condition?.namedChildren ?? [];
      // Double parentheses say that it is meant.
      if (inner?.type !== 'assignment_expression' || operatorOf(inner) !== '=') return undefined;
      const value = bare(inner.child('right'));
      if (!value || (!isLiteral(value) && value.type !== 'identifier')) return undefined;
      return {
        at: inner,
        message: 'This assigns where a comparison is expected, so the condition is the assigned value.',
      };
    },
  },
  {
    rule: 'compare-to-nan',
    category: 'bug',
    severity: 'high',
    confidence: 0.97,
    grammars: JAVASCRIPT,
    nodes: ['binary_expression'],
    notInTests: true,
    find(node) {
      const both = sides(node);
      if (!both || !/^[!=]==?$/.test(operatorOf(node))) return undefined;
      if (!both.some(each => /^(?:Number\.)?NaN$/.test(each.text))) return undefined;
      return { message: 'Nothing is equal to `NaN`, not even itself. Ask `Number.isNaN(…)`.' };
    },
  },
  {
    rule: 'impossible-typeof',
    category: 'bug',
    severity: 'high',
    confidence: 0.97,
    grammars: JAVASCRIPT,
    nodes: ['binary_expression'],
    find(node) {
      const both = sides(node);
      if (!both || !/^[!=]==?$/.test(operatorOf(node))) return undefined;
      const text = both.find(each => each.type === 'string');
      const asked = both.find(each => each.type === 'unary_expression' && each.text.startsWith('typeof'));
      if (!text || !asked || TYPES.has(stringText(text))) return undefined;
      return { at: text, message: `\`typeof\` never gives ${text.text}.` };
    },
  },
  {
    rule: 'negated-left-side',
    category: 'bug',
    severity: 'high',
    confidence: 0.95,
    grammars: JAVASCRIPT,
    nodes: ['binary_expression'],
    find(node) {
      const operator = operatorOf(node);
      const left = node.child('left');
      if (!/^(?:in|instanceof)$/.test(operator)) return undefined;
      if (left?.type !== 'unary_expression' || !left.text.startsWith('!')) return undefined;
      return {
        message: `\`!\` binds closer than \`${operator}\`: this asks about true or false. Write \`!(a ${operator} b)\`.`,
      };
    },
  },
  {
    rule: 'length-never-negative',
    category: 'bug',
    severity: 'medium',
    confidence: 0.92,
    grammars: [...JAVASCRIPT, ...PYTHON, ...JAVA, 'go', 'rust'],
    nodes: BINARY,
    notInTests: true,
    find(node) {
      const both = sides(node);
      const operator = operatorOf(node);
      if (!both || both[1].text !== '0' || (operator !== '<' && operator !== '>=')) return undefined;
      const [left] = both;
      const measured = isCall(left)
        ? /^len$|\.(?:size|length|len)$/.test(calleeOf(left))
        : left.text.endsWith('.length');
      if (!measured) return undefined;
      return {
        message: `A length is never negative, so this is always ${operator === '<' ? 'false' : 'true'}.`,
      };
    },
  },
  {
    rule: 'identity-of-literal',
    category: 'bug',
    severity: 'medium',
    confidence: 0.95,
    grammars: PYTHON,
    nodes: ['comparison_operator'],
    find(node) {
      if (!/^is(?: not)?$/.test(operatorOf(node))) return undefined;
      const literal = sides(node)?.find(
        each => /^(?:integer|float|tuple|list|dictionary)$/.test(each.type) || isString(each),
      );
      if (!literal) return undefined;
      return {
        message: `\`is\` asks whether it is the same object, which for ${literal.text.slice(0, 30)} is chance. Use \`==\`.`,
      };
    },
  },
  {
    rule: 'equals-none',
    category: 'simplicity',
    severity: 'low',
    confidence: 0.75,
    grammars: PYTHON,
    nodes: ['comparison_operator'],
    notInTests: true,
    find(node) {
      const operator = operatorOf(node);
      if (operator !== '==' && operator !== '!=') return undefined;
      if (!sides(node)?.some(({ type }) => type === 'none')) return undefined;
      // Queries and tables give == a meaning of their own.
      if (node.parent?.closest(({ type }) => type === 'argument_list' || type === 'subscript'))
        return undefined;
      return {
        message: `\`${operator} None\` asks the object's own \`__eq__\`. Use \`is${operator === '!=' ? ' not' : ''} None\`.`,
      };
    },
  },
  {
    rule: 'string-identity',
    category: 'bug',
    severity: 'high',
    confidence: 0.92,
    grammars: JAVA,
    nodes: ['binary_expression'],
    notInTests: true,
    find(node) {
      const both = sides(node);
      if (!both || !/^[!=]=$/.test(operatorOf(node))) return undefined;
      if (!both.some(isString) || both.every(isString)) return undefined;
      if (both.some(({ type }) => type === 'null_literal')) return undefined;
      return { message: '`==` asks whether two strings are the same object. Use `equals`.' };
    },
  },
];
