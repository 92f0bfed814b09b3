/** The shape of shell trees: Bash and PowerShell. */
import type { Structure } from './structure.ts';

export const bash: Structure = {
  declarations: { function_definition: 'function', variable_assignment: 'variable' },
  wrappers: ['declaration_command'],
  statements: /_statement$|^command$|^pipeline$|^list$/,
  calls: { command: 'name' },
  loops: {
    for_statement: { field: 'value', over: true },
    while_statement: { field: 'condition', over: false },
    c_style_for_statement: { field: 'condition', over: false },
  },
  branches: ['if_statement'],
  switches: { case_statement: 'value' },
  cases: ['case_item'],
  returns: [],
  throws: [],
  awaits: [],
  yields: [],
  catches: [],
  numbers: [],
  docs: 'hash',
  unimplemented: /^\{\s*:?\s*;?\s*\}$/,
};

export const powershell: Structure = {
  ...bash,
  declarations: {
    function_statement: 'function',
    class_statement: 'class',
    class_method_definition: 'method',
  },
  wrappers: [],
  calls: { command: 'command_name' },
  loops: {
    foreach_statement: { field: '', over: false },
    for_statement: { field: 'for_condition', over: false },
    while_statement: { field: 'condition', over: false },
  },
  switches: { switch_statement: '' },
  cases: ['switch_clause'],
  catches: ['catch_clause'],
};
