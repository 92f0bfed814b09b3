/** The prompt behind a hover: what the thing under the cursor is and why, short. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, PROSE_RULES } from './shared.ts';

const SYSTEM = redacted`You explain code to a programmer in an editor tooltip. Answer in at most four short sentences: first what it is, then what it is for here, then anything surprising. ${PROSE_RULES}`;

export function hoverPrompt(prompt: CodePrompt): readonly ChatMessage[] {
  const subject = prompt.symbol === undefined ? redacted`the selection` : redacted`\`${prompt.symbol}\``;
  const problems =
    (prompt.problems?.length ?? 0) > 0 ? redacted` Say what the listed problems mean.` : redacted``;
  const question = redacted`Explain ${subject} in this ${prompt.language} file.${problems}`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
