/**
 * The prompt that writes the body of a signature or resolves a TODO; the selection is rewritten as one code block.
 * Pure; it must not know features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { cut } from './budget.ts';
import { assemble, type CodePrompt, codeSections, RANGE_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You complete unfinished code. Keep the signature, the comments and the style of the file. Use what the file and the related code offer, and only names that exist there or in the language's standard library. Handle errors as the neighbouring code does.

${RANGE_FORMAT}`;

export interface ImplementPrompt extends CodePrompt {
  /** What a TODO comment asks, if there is one. */
  readonly instruction?: Redacted;
}

export function implementPrompt(prompt: ImplementPrompt): readonly ChatMessage[] {
  const task =
    prompt.instruction === undefined
      ? redacted`Implement the selection`
      : redacted`Implement the selection so that this is done: ${cut(prompt.instruction, Math.min(4_000, prompt.budget))}\nIt is`;
  const question = redacted`${task} in the ${prompt.language} file "${printable(prompt.path)}". Answer with the whole selection, implemented.`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
