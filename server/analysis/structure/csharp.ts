/** The shape of C# trees. */
import type { Structure } from './structure.ts';

export const csharp: Structure = {
  declarations: {
    method_declaration: 'method',
    constructor_declaration: 'method',
    local_function_statement: 'function',
    class_declaration: 'class',
    record_declaration: 'class',
    struct_declaration: 'type',
    interface_declaration: 'type',
    enum_declaration: 'type',
    property_declaration: 'variable',
    field_declaration: 'variable',
    local_declaration_statement: 'variable',
  },
  wrappers: [],
  statements: /_statement$|_declaration$/,
  calls: { invocation_expression: 'function', object_creation_expression: 'type' },
  loops: {
    foreach_statement: { field: 'right', over: true },
    for_statement: { field: 'condition', over: false },
    while_statement: { field: 'condition', over: false },
    do_statement: { field: 'condition', over: false },
  },
  branches: ['if_statement', 'conditional_expression'],
  switches: { switch_statement: 'value', switch_expression: '' },
  cases: ['switch_section', 'switch_expression_arm'],
  returns: ['return_statement'],
  throws: ['throw_statement', 'throw_expression'],
  awaits: ['await_expression'],
  yields: ['yield_statement'],
  catches: ['catch_clause'],
  numbers: ['integer_literal', 'real_literal'],
  docs: 'xml',
  unimplemented: /^\{\s*(?:throw new NotImplementedException\([^)]*\);)?\s*\}$/,
};
