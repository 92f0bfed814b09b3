/** The prompt that translates a comment or text; answered with one code block. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { cut } from './budget.ts';
import { assemble, type CodePrompt, codeSections, printable } from './shared.ts';

const SYSTEM = redacted`You translate comments and texts in code. Keep the meaning and the tone, the comment signs or quotes, names from the code, links, tags such as @param, and placeholders such as {name}, %s and \\n exactly as they are. Break comment lines at about the width that they have.

Answer with exactly one fenced code block that holds the translated text with its comment signs or quotes, and nothing else. Never abbreviate.`;

export interface TranslatePrompt extends CodePrompt {
  /** The comment or text to the letter. */
  readonly words: Redacted;
  /** The language to translate to, as the person names it. */
  readonly target: Redacted;
}

export function translatePrompt(prompt: TranslatePrompt): readonly ChatMessage[] {
  const { selection: _whole, ...rest } = prompt;
  const sections = [
    ...codeSections(rest),
    {
      title: redacted`text to translate`,
      path: prompt.path,
      text: prompt.words,
      cap: 16_000,
      importance: 5,
      required: true,
    },
  ];
  const question = redacted`Translate the text to translate, from the ${prompt.language} file "${printable(prompt.path)}", to ${cut(prompt.target, 100)}.`;
  return assemble(SYSTEM, sections, question, prompt.budget);
}
