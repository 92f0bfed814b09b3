/** The shape of Ruby trees. */
import type { Structure } from './structure.ts';

export const ruby: Structure = {
  declarations: {
    method: 'method',
    singleton_method: 'method',
    class: 'class',
    module: 'class',
    assignment: 'variable',
  },
  wrappers: [],
  statements: /^(?:call|assignment|if|unless|while|until|case|begin|return)$/,
  calls: { call: 'method' },
  loops: {
    for: { field: 'value', over: true },
    while: { field: 'condition', over: false },
    until: { field: 'condition', over: false },
  },
  branches: ['if', 'unless', 'if_modifier', 'unless_modifier', 'conditional'],
  switches: { case: 'value' },
  cases: ['when'],
  returns: ['return'],
  throws: [],
  awaits: [],
  yields: ['yield'],
  catches: ['rescue'],
  numbers: ['integer', 'float'],
  docs: 'hash',
  unimplemented: /^(?:raise NotImplementedError.*)?$/,
};
