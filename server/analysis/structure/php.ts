/** The shape of PHP trees. */
import type { Structure } from './structure.ts';

export const php: Structure = {
  declarations: {
    function_definition: 'function',
    method_declaration: 'method',
    class_declaration: 'class',
    interface_declaration: 'type',
    trait_declaration: 'type',
    enum_declaration: 'type',
    property_declaration: 'variable',
    const_declaration: 'variable',
  },
  wrappers: [],
  statements: /_statement$|_declaration$|_definition$/,
  calls: {
    function_call_expression: 'function',
    member_call_expression: 'name',
    scoped_call_expression: 'name',
  },
  loops: {
    foreach_statement: { field: '', over: false },
    for_statement: { field: 'condition', over: false },
    while_statement: { field: 'condition', over: false },
    do_statement: { field: 'condition', over: false },
  },
  branches: ['if_statement', 'conditional_expression'],
  switches: { switch_statement: 'condition', match_expression: 'condition' },
  cases: ['case_statement', 'default_statement', 'match_conditional_expression'],
  returns: ['return_statement'],
  throws: ['throw_expression'],
  awaits: [],
  yields: ['yield_expression'],
  catches: ['catch_clause'],
  numbers: ['integer', 'float'],
  docs: 'block',
  unimplemented: /^\{\s*(?:throw new \\?\w*Exception\([^)]*not implemented[^)]*\);)?\s*\}$/i,
};
