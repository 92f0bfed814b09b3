/**
 * The small faults that a mutant can have, and how each language's grammar shows where: data only. It must not know
 * how places are found or chosen.
 */
import type { GrammarName } from '../../syntax/grammars.ts';

/** What a mutant does to the code, after the usual operators of mutation analysis (as in PIT and Stryker). */
export type MutationOperator =
  | 'early return'
  | 'return value'
  | 'comparison'
  | 'boundary'
  | 'boolean'
  | 'negation'
  | 'arithmetic'
  | 'assignment'
  | 'constant'
  | 'removed statement';

/** The order in which kinds take turns when only some mutants are wanted: the ones that say most first. */
export const OPERATORS: readonly MutationOperator[] = [
  'early return',
  'comparison',
  'boundary',
  'boolean',
  'negation',
  'arithmetic',
  'return value',
  'constant',
  'assignment',
  'removed statement',
];

/** Tokens that stand between operands, and what they become. */
export const SWAPS: readonly (readonly [
  operator: MutationOperator,
  swaps: Readonly<Record<string, string>>,
])[] = [
  [
    'comparison',
    {
      '<': '>=',
      '>': '<=',
      '<=': '>',
      '>=': '<',
      '==': '!=',
      '!=': '==',
      '===': '!==',
      '!==': '===',
      is: 'is not',
      'is not': 'is',
      in: 'not in',
      'not in': 'in',
    },
  ],
  ['boundary', { '<': '<=', '>': '>=', '<=': '<', '>=': '>' }],
  ['boolean', { '&&': '||', '||': '&&', and: 'or', or: 'and' }],
  [
    'arithmetic',
    {
      '+': '-',
      '-': '+',
      '*': '/',
      '/': '*',
      '%': '*',
      '//': '*',
      '**': '*',
      '<<': '>>',
      '>>': '<<',
      '&': '|',
      '|': '&',
      '^': '&',
    },
  ],
  ['assignment', { '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=', '++': '--', '--': '++' }],
];

/** How one grammar names what can be changed. Lists hold node types. */
export interface MutationTable {
  /** Their tokens are swapped. */
  readonly binary: readonly string[];
  readonly updates: readonly string[];
  /** `!x` becomes `x`. */
  readonly negations: readonly string[];
  /** `if`s and loops with a `condition`. */
  readonly conditional: readonly string[];
  readonly returns: readonly string[];
  readonly integers: readonly string[];
  readonly booleans: readonly string[];
  readonly strings: readonly string[];
  readonly functions: readonly string[];
  /** Removed as a whole where they do something. */
  readonly statements: readonly string[];
  /** What may stand in a statement that is removed; anything where absent. */
  readonly effects?: readonly string[];
  /** In place of a removed statement. */
  readonly nothing: string;
  readonly not: (condition: string) => string;
  /** The first statement of a body, given what the function returns. */
  readonly leave: (value: string) => string;
  /** The field that holds the type of the result; absent where any value will do. */
  readonly resultType?: string;
  /**
   * A value that a function with this result type may return and hardly ever should; undefined where none is known.
   * `''` is for functions that return nothing.
   */
  readonly empty: (type: string) => string | undefined;
}

const not = (condition: string): string => `!(${condition})`;
const leave = (value: string): string => (value === '' ? 'return;' : `return ${value};`);

const NUMBER =
  /^(?:(?:unsigned |signed )?(?:char|short|int|long)(?: long)?(?: int)?|size_t|u?int\d+(?:_t)?|float\d*|double|byte|rune|uint|[iu](?:8|16|32|64|128|size)|uintptr)$/;

function goValue(type: string): string | undefined {
  if (type === '') return '';
  if (NUMBER.test(type)) return '0';
  if (type === 'bool') return 'false';
  if (type === 'string') return '""';
  return /^(?:\*|\[\]|map\[|chan |func\(|error$|any$|interface\b)/.test(type) ? 'nil' : undefined;
}

function rustValue(result: string): string | undefined {
  const type = result.replace(/^->\s*/, '');
  if (type === '') return '';
  if (/^f(?:32|64)$/.test(type)) return '0.0';
  if (NUMBER.test(type)) return '0';
  if (type === 'bool') return 'false';
  if (type.startsWith('Option<')) return 'None';
  if (type === "&'static str" || type === '&str') return '""';
  const hasDefault = /^(?:String$|(?:Vec|HashMap|HashSet|BTreeMap|BTreeSet)<)/.test(type);
  return hasDefault ? 'Default::default()' : undefined;
}

function javaValue(type: string): string {
  if (type === 'void') return '';
  if (NUMBER.test(type)) return '0';
  return type === 'boolean' ? 'false' : 'null';
}

function cppValue(type: string): string | undefined {
  const bare = type.replace(/^(?:(?:static|const|inline) )+/, '');
  if (bare === 'void') return '';
  if (NUMBER.test(bare) || bare === 'bool' || bare === '_Bool') return '0';
  return /^(?:std::)?(?:string|vector|map|set|optional)\b/.test(bare) ? '{}' : undefined;
}

const javascript: MutationTable = {
  binary: ['binary_expression'],
  updates: ['augmented_assignment_expression', 'update_expression'],
  negations: ['unary_expression'],
  conditional: ['if_statement', 'while_statement', 'ternary_expression'],
  returns: ['return_statement'],
  integers: ['number'],
  booleans: ['true', 'false'],
  strings: ['string'],
  functions: [
    'function_declaration',
    'function_expression',
    'generator_function_declaration',
    'arrow_function',
    'method_definition',
  ],
  statements: ['expression_statement'],
  effects: [
    'call_expression',
    'assignment_expression',
    'augmented_assignment_expression',
    'await_expression',
  ],
  nothing: ';',
  not,
  leave,
  empty: () => 'undefined',
};

const python: MutationTable = {
  binary: ['comparison_operator', 'boolean_operator', 'binary_operator'],
  updates: ['augmented_assignment'],
  negations: ['not_operator'],
  conditional: ['if_statement', 'elif_clause', 'while_statement'],
  returns: ['return_statement'],
  integers: ['integer'],
  booleans: ['true', 'false'],
  strings: ['string'],
  functions: ['function_definition'],
  statements: ['expression_statement'],
  effects: ['call', 'assignment', 'augmented_assignment', 'await'],
  nothing: 'pass',
  not: condition => `not (${condition})`,
  leave: value => (value === '' ? 'return' : `return ${value}`),
  empty: () => 'None',
};

const go: MutationTable = {
  binary: ['binary_expression'],
  updates: ['assignment_statement', 'inc_statement', 'dec_statement'],
  negations: ['unary_expression'],
  conditional: ['if_statement', 'for_clause'],
  returns: ['return_statement'],
  integers: ['int_literal'],
  booleans: ['true', 'false'],
  strings: ['interpreted_string_literal'],
  functions: ['function_declaration', 'method_declaration'],
  statements: ['expression_statement', 'assignment_statement', 'inc_statement', 'dec_statement'],
  nothing: '',
  not,
  leave: value => (value === '' ? 'return' : `return ${value}`),
  resultType: 'result',
  empty: goValue,
};

const rust: MutationTable = {
  binary: ['binary_expression'],
  updates: ['compound_assignment_expr'],
  negations: ['unary_expression'],
  conditional: ['if_expression', 'while_expression'],
  returns: ['return_expression'],
  integers: ['integer_literal'],
  booleans: ['boolean_literal'],
  strings: ['string_literal'],
  functions: ['function_item'],
  statements: ['expression_statement'],
  effects: ['call_expression', 'assignment_expression', 'compound_assignment_expr', 'macro_invocation'],
  nothing: '();',
  not,
  leave,
  resultType: 'return_type',
  empty: rustValue,
};

const java: MutationTable = {
  binary: ['binary_expression'],
  updates: ['assignment_expression', 'update_expression'],
  negations: ['unary_expression'],
  conditional: ['if_statement', 'while_statement', 'ternary_expression'],
  returns: ['return_statement'],
  integers: ['decimal_integer_literal'],
  booleans: ['true', 'false'],
  strings: ['string_literal'],
  functions: ['method_declaration'],
  statements: ['expression_statement'],
  effects: ['method_invocation', 'assignment_expression', 'update_expression'],
  nothing: ';',
  not,
  // What comes after a plain return is an error of the compiler.
  leave: value => (value === '' ? 'if (true) return;' : `if (true) return ${value};`),
  resultType: 'type',
  empty: javaValue,
};

const cpp: MutationTable = {
  binary: ['binary_expression'],
  updates: ['assignment_expression', 'update_expression'],
  negations: ['unary_expression'],
  conditional: ['if_statement', 'while_statement', 'conditional_expression'],
  returns: ['return_statement'],
  integers: ['number_literal'],
  booleans: ['true', 'false'],
  strings: ['string_literal'],
  functions: ['function_definition'],
  statements: ['expression_statement'],
  effects: ['call_expression', 'assignment_expression', 'update_expression'],
  nothing: ';',
  not,
  leave,
  resultType: 'type',
  empty: cppValue,
};

export const TABLES: Partial<Record<GrammarName, MutationTable>> = {
  typescript: javascript,
  tsx: javascript,
  javascript,
  python,
  go,
  rust,
  java,
  cpp,
};

/** Imports, types, annotations: a change there is no fault in what the code does. */
export const UNTOUCHED =
  /^(?:import|export_clause|use_declaration|package_|extern_crate|decorator|attribute|preproc_(?:include|def|function_def|call)$|type_(?!conversion)|predefined_type|interface_declaration|enum_assignment)|annotation$/;

/** Integers as they are written everywhere; others are left alone. */
export const PLAIN_INTEGER = /^\d{1,9}$/;
