/**
 * The prompt that writes the same thing another way, and the words of each way; answered with search/replace blocks.
 * Pure; it must not know features or when a conversion applies.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, EDIT_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You write code another way without changing what it does: the same results, errors and order of side effects, and the same names for whoever uses it. Change only what the conversion asks for.

${EDIT_FORMAT}`;

export interface Conversion {
  /** As the menu says it. */
  readonly title: string;
  /** As the model is told. */
  readonly task: Redacted;
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  'loop-to-array-methods': {
    title: 'Convert loop to array methods',
    task: redacted`the loop to map, filter, flatMap or reduce, whichever reads best`,
  },
  'loop-to-comprehension': {
    title: 'Convert loop to a comprehension',
    task: redacted`the loop to a list, set or dict comprehension, together with the empty collection before it`,
  },
  'loop-to-iterator': {
    title: 'Convert loop to iterator methods',
    task: redacted`the loop to a chain of iterator methods, together with the collection that it fills`,
  },
  'loop-to-stream': { title: 'Convert loop to a stream', task: redacted`the loop to a stream pipeline` },
  'loop-to-linq': { title: 'Convert loop to LINQ', task: redacted`the loop to LINQ methods` },
  'calls-to-loop': {
    title: 'Convert to a loop',
    task: redacted`the chain of calls, or the comprehension, to a plain loop`,
  },
  'promise-to-async': {
    title: 'Convert to async/await',
    task: redacted`the function from .then and .catch to async and await; errors must reach the same handlers`,
  },
  'async-to-promise': {
    title: 'Convert to promises',
    task: redacted`the async function to one that returns a promise made with .then and .catch; what it throws must reject the promise`,
  },
  'callback-to-promise': {
    title: 'Convert callback to a promise',
    task: redacted`the call with a callback to a promise that is awaited where the function is async already, and chained where it is not`,
  },
  'function-to-arrow': {
    title: 'Convert to an arrow function',
    task: redacted`the function to an arrow function; a declaration becomes a const, and stays before its first use`,
  },
  'arrow-to-function': {
    title: 'Convert to a function',
    task: redacted`the arrow function to a function with the same name, type parameters and types`,
  },
  'concat-to-template': {
    title: 'Convert to an interpolated string',
    task: redacted`the joined or formatted string to one interpolated string of the language`,
  },
  'template-to-concat': {
    title: 'Convert to concatenation',
    task: redacted`the interpolated string to strings joined with +`,
  },
  'concat-to-format': {
    title: 'Convert to a format string',
    task: redacted`the joined string to the format function of the language's standard library`,
  },
  'if-to-switch': {
    title: 'Convert to a switch or match',
    task: redacted`the chain of ifs to the switch or match of the language`,
  },
  'add-types': {
    title: 'Add type annotations',
    task: redacted`the function to one whose parameters and result have types, as its body and its uses show them; where they show nothing, use the most general type`,
  },
  'add-doc-types': {
    title: 'Add types as JSDoc',
    task: redacted`the function to one whose parameters and result have types in a JSDoc comment; leave the code as it is`,
  },
};

/** Undefined for ids that no menu has offered. */
export function conversionOf(id: string): Conversion | undefined {
  return Object.hasOwn(CONVERSIONS, id) ? CONVERSIONS[id] : undefined;
}

export function convertPrompt(prompt: CodePrompt, { task }: Conversion): readonly ChatMessage[] {
  const question = redacted`In the selection of the ${prompt.language} file "${printable(prompt.path)}", convert ${task}.`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
