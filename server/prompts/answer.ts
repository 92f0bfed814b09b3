/** The prompt that answers an `AI?` comment in Markdown. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { cut } from './budget.ts';
import { assemble, type CodePrompt, codeSections, PROSE_RULES, printable } from './shared.ts';

const SYSTEM = redacted`You answer a programmer's question about their code. Start with the answer, then the reason. Be brief; show code only where words are longer. ${PROSE_RULES}`;

export interface AnswerPrompt extends CodePrompt {
  /** The question, without comment syntax and marker. */
  readonly question: Redacted;
}

export function answerPrompt(prompt: AnswerPrompt): readonly ChatMessage[] {
  const question = redacted`Answer this question about the ${prompt.language} file "${printable(prompt.path)}":
${cut(prompt.question, Math.min(4_000, prompt.budget))}`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
