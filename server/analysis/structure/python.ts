/** The shape of Python trees. */
import type { Structure } from './structure.ts';

export const python: Structure = {
  declarations: {
    function_definition: 'function',
    class_definition: 'class',
    assignment: 'variable',
    type_alias_statement: 'type',
  },
  wrappers: ['decorated_definition', 'expression_statement'],
  statements: /_statement$|_definition$/,
  calls: { call: 'function' },
  loops: {
    for_statement: { field: 'right', over: true },
    for_in_clause: { field: 'right', over: true },
    while_statement: { field: 'condition', over: false },
  },
  branches: ['if_statement', 'conditional_expression', 'elif_clause'],
  switches: { match_statement: 'subject' },
  cases: ['case_clause'],
  returns: ['return_statement'],
  throws: ['raise_statement'],
  awaits: ['await'],
  yields: ['yield'],
  catches: ['except_clause', 'except_group_clause'],
  numbers: ['integer', 'float'],
  docs: 'docstring',
  unimplemented: /^(?:pass|\.\.\.|raise NotImplementedError(?:\(.*\))?)?$/s,
};
