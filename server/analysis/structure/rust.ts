/** The shape of Rust trees. */
import type { Structure } from './structure.ts';

export const rust: Structure = {
  declarations: {
    function_item: 'function',
    function_signature_item: 'function',
    struct_item: 'type',
    enum_item: 'type',
    union_item: 'type',
    trait_item: 'type',
    type_item: 'type',
    impl_item: 'class',
    mod_item: 'type',
    const_item: 'variable',
    static_item: 'variable',
    let_declaration: 'variable',
    macro_definition: 'function',
  },
  wrappers: [],
  statements: /_statement$|_item$|_declaration$/,
  calls: { call_expression: 'function', macro_invocation: 'macro' },
  loops: {
    for_expression: { field: 'value', over: true },
    while_expression: { field: 'condition', over: false },
    loop_expression: { field: '', over: false },
  },
  branches: ['if_expression'],
  switches: { match_expression: 'value' },
  cases: ['match_arm'],
  returns: ['return_expression'],
  throws: [],
  awaits: ['await_expression'],
  yields: ['yield_expression'],
  catches: [],
  numbers: ['integer_literal', 'float_literal'],
  docs: 'slashes',
  unimplemented: /^\{\s*(?:(?:todo|unimplemented)!\([^)]*\);?)?\s*\}$/,
};
