/** The prompt that takes code out into a variable or function; answered with search/replace blocks. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, CAPS, type CodePrompt, codeSections, EDIT_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You take a piece of code out and give it a name that says what it is for, without changing what the program does. Keep the order in which things are computed, what may fail, and who may change what. Write no other change.

${EDIT_FORMAT}`;

export interface ExtractPrompt extends CodePrompt {
  /** The selection to the letter; the section "selection" shows its whole lines. */
  readonly exact: Redacted;
}

export function extractPrompt(prompt: ExtractPrompt, into: 'variable' | 'function'): readonly ChatMessage[] {
  const sections = [
    ...codeSections(prompt),
    {
      title: redacted`code to take out`,
      path: prompt.path,
      text: prompt.exact,
      cap: CAPS.selection,
      importance: 5,
      required: true,
    },
  ];
  const how =
    into === 'variable'
      ? redacted`a variable that is declared directly before the statement it stands in`
      : redacted`a function next to the one it stands in, with parameters for what it needs and a result for what is used afterwards, and call it in its place`;
  const question = redacted`Take exactly the code to take out of the ${prompt.language} file "${printable(prompt.path)}" into ${how}.`;
  return assemble(SYSTEM, sections, question, prompt.budget);
}
