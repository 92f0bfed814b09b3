/** The prompt that asks for clearer names; answered with one name a line. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, printable } from './shared.ts';

const SYSTEM = redacted`You find clear names. A name says what the thing is or does, in the words of the code around it and in the spelling (camelCase, snake_case …) that the language and the file use for such things; it is no longer than it has to be. Answer with at most five names, the best first, one a line, and nothing else.`;

export interface NamesPrompt extends CodePrompt {
  readonly symbol: Redacted;
}

export function namesPrompt(prompt: NamesPrompt): readonly ChatMessage[] {
  const question = redacted`What would be clearer names for \`${prompt.symbol}\` in the ${prompt.language} file "${printable(prompt.path)}"? No name may be used in the file already.`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
