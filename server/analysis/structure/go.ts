/** The shape of Go trees. */
import type { Structure } from './structure.ts';

export const go: Structure = {
  declarations: {
    function_declaration: 'function',
    method_declaration: 'method',
    func_literal: 'function',
    type_spec: 'type',
    type_alias: 'type',
    const_spec: 'variable',
    var_spec: 'variable',
    short_var_declaration: 'variable',
  },
  wrappers: ['type_declaration', 'const_declaration', 'var_declaration'],
  statements: /_statement$|_declaration$/,
  calls: { call_expression: 'function' },
  loops: { for_statement: { field: '', over: false } },
  branches: ['if_statement'],
  switches: { expression_switch_statement: 'value', type_switch_statement: 'value', select_statement: '' },
  cases: ['expression_case', 'default_case', 'type_case', 'communication_case'],
  returns: ['return_statement'],
  throws: [],
  awaits: [],
  yields: [],
  catches: [],
  numbers: ['int_literal', 'float_literal'],
  docs: 'bangs',
  unimplemented: /^\{\s*(?:panic\("[^"]*(?:not implemented|unimplemented|todo)[^"]*"\))?\s*\}$/i,
};
