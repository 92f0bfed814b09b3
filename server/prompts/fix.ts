/** The prompt that mends diagnostics; answered with search/replace blocks. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, EDIT_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You fix problems that a compiler or linter reported. Change as little as possible, keep the behaviour and the style, and mend the cause instead of hiding the message: no disabled checks, no deleted code, no casts to silence types.

${EDIT_FORMAT}`;

export function fixPrompt(prompt: CodePrompt): readonly ChatMessage[] {
  const scope =
    prompt.selection === undefined
      ? redacted`Fix the listed problems`
      : redacted`Fix the listed problems of the selection`;
  const question = redacted`${scope} in the ${prompt.language} file "${printable(prompt.path)}".`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
