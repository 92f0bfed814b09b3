/** The shape of C and C++ trees. */
import type { Structure } from './structure.ts';

export const cpp: Structure = {
  declarations: {
    function_definition: 'function',
    class_specifier: 'class',
    struct_specifier: 'type',
    union_specifier: 'type',
    enum_specifier: 'type',
    type_definition: 'type',
    alias_declaration: 'type',
    namespace_definition: 'type',
    declaration: 'variable',
    field_declaration: 'variable',
  },
  wrappers: ['template_declaration'],
  statements: /_statement$|^declaration$/,
  calls: { call_expression: 'function' },
  loops: {
    for_range_loop: { field: 'right', over: true },
    for_statement: { field: 'condition', over: false },
    while_statement: { field: 'condition', over: false },
    do_statement: { field: 'condition', over: false },
  },
  branches: ['if_statement', 'conditional_expression'],
  switches: { switch_statement: 'condition' },
  cases: ['case_statement'],
  returns: ['return_statement'],
  throws: ['throw_statement'],
  awaits: ['co_await_expression'],
  yields: ['co_yield_statement'],
  catches: ['catch_clause'],
  numbers: ['number_literal'],
  docs: 'block',
  unimplemented: /^\{\s*(?:throw [^;]*not implemented[^;]*;|assert\((?:false|0)[^)]*\);)?\s*\}$/i,
};
