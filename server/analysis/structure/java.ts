/** The shape of Java trees. */
import type { Structure } from './structure.ts';

export const java: Structure = {
  declarations: {
    method_declaration: 'method',
    constructor_declaration: 'method',
    class_declaration: 'class',
    record_declaration: 'class',
    interface_declaration: 'type',
    enum_declaration: 'type',
    annotation_type_declaration: 'type',
    field_declaration: 'variable',
    local_variable_declaration: 'variable',
  },
  wrappers: [],
  statements: /_statement$|_declaration$/,
  calls: { method_invocation: 'name', object_creation_expression: 'type' },
  loops: {
    enhanced_for_statement: { field: 'value', over: true },
    for_statement: { field: 'condition', over: false },
    while_statement: { field: 'condition', over: false },
    do_statement: { field: 'condition', over: false },
  },
  branches: ['if_statement', 'ternary_expression'],
  switches: { switch_expression: 'condition' },
  cases: ['switch_block_statement_group', 'switch_rule'],
  returns: ['return_statement'],
  throws: ['throw_statement'],
  awaits: [],
  yields: ['yield_statement'],
  catches: ['catch_clause'],
  numbers: ['decimal_integer_literal', 'hex_integer_literal', 'binary_integer_literal'],
  docs: 'block',
  unimplemented: /^\{\s*(?:throw new UnsupportedOperationException\([^)]*\);)?\s*\}$/,
};
