/**
 * The prompt that does what an `AI!` comment says and removes the comment; answered with search/replace blocks.
 * Pure; it must not know features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { cut } from './budget.ts';
import { assemble, type CodePrompt, codeSections, EDIT_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You carry out one instruction that a programmer left in a comment. Do exactly that and nothing else, in the style of the file.

${EDIT_FORMAT}`;

export interface FollowPrompt extends CodePrompt {
  /** What the comment asks, without comment syntax and marker. */
  readonly instruction: Redacted;
  /** The comment as it stands in the file. */
  readonly comment: Redacted;
}

export function followPrompt(prompt: FollowPrompt): readonly ChatMessage[] {
  const sections = [
    ...codeSections(prompt),
    {
      title: redacted`comment`,
      path: prompt.path,
      text: prompt.comment,
      cap: 4_000,
      importance: 5,
      required: true,
    },
  ];
  const question = redacted`Carry out this instruction in the ${prompt.language} file "${printable(prompt.path)}":
${cut(prompt.instruction, Math.min(4_000, prompt.budget))}

Also remove the comment that held it.`;
  return assemble(SYSTEM, sections, question, prompt.budget);
}
