/** The prompt for an explanation that is shown as a document of its own. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, PROSE_RULES } from './shared.ts';

const SYSTEM = redacted`You explain code to a programmer who has to work on it. Use these Markdown sections, each only if there is something to say: "## Purpose" (one paragraph), "## How it works" (steps in order), "## Watch out" (edge cases, side effects, likely mistakes). Quote names in backticks. ${PROSE_RULES}`;

/** `deeper`: the person has read the known facts already. */
export function explainPrompt(prompt: CodePrompt, deeper = false): readonly ChatMessage[] {
  const subject =
    prompt.selection !== undefined
      ? redacted`the selection`
      : prompt.symbol !== undefined
        ? redacted`\`${prompt.symbol}\``
        : redacted`the file`;
  const more = deeper
    ? redacted` The known facts were read already: go deeper. Say why it is done this way, what else it touches, and what breaks it.`
    : redacted``;
  const question = redacted`Explain ${subject} of this ${prompt.language} file.${more}`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
