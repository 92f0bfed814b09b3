/**
 * The prompt of a person's own action, with its placeholders filled in; answered with search/replace blocks or in
 * Markdown. Pure; it must not know features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { joinRedacted, type Redacted, redacted } from '../guard/redacted.ts';
import { cut } from './budget.ts';
import { assemble, type CodePrompt, codeSections, EDIT_FORMAT, PROSE_RULES, printable } from './shared.ts';

const EDITS = redacted`You change code as its programmer asks, and nothing else, in the style of the file.

${EDIT_FORMAT}`;
const ANSWERS = redacted`You answer what a programmer asks about their code. ${PROSE_RULES}`;

export interface CustomPrompt extends CodePrompt {
  /** As the person wrote it. */
  readonly instruction: Redacted;
}

export function customPrompt(
  prompt: CustomPrompt,
  scope: 'selection' | 'symbol' | 'file',
  edits: boolean,
): readonly ChatMessage[] {
  const { selection, ...rest } = prompt;
  const about = scope === 'file' || selection === undefined ? rest : prompt;
  const subject = scope === 'file' ? redacted`the whole file` : redacted`the selection`;
  const question = redacted`This is about ${subject} of the ${prompt.language} file "${printable(prompt.path)}":
${cut(filled(prompt), Math.min(4_000, prompt.budget))}`;
  return assemble(edits ? EDITS : ANSWERS, codeSections(about), question, prompt.budget);
}

/** The selection itself is data and stays within its fence: the placeholder becomes the words for it. */
function filled({ instruction, language, path }: CustomPrompt): Redacted {
  const parts: Redacted[] = [];
  let at = 0;
  for (const match of instruction.text.matchAll(/\{(language|path|selection)\}/g)) {
    const value =
      match[1] === 'language'
        ? language
        : match[1] === 'path'
          ? printable(path)
          : redacted`the selection shown above`;
    parts.push(instruction.slice(at, match.index), value);
    at = match.index + match[0].length;
  }
  parts.push(instruction.slice(at));
  return joinRedacted(parts, '');
}
