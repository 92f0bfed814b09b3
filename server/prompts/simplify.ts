/** The prompt that makes code simpler; answered with search/replace blocks. Pure; it must not know features. */
import type { ChatMessage } from '../engines/engine.ts';
import { redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, EDIT_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You make code simpler to read without changing what it does: no dead code, no needless nesting, variables or copies, and what the language and the file offer already instead of code of its own. Keep the signature, the errors, the order of side effects and the comments that still say something. If the code is simple already, change nothing but the smallest thing that helps.

${EDIT_FORMAT}`;

export function simplifyPrompt(prompt: CodePrompt): readonly ChatMessage[] {
  const question = redacted`Simplify the selection of the ${prompt.language} file "${printable(prompt.path)}", and nothing beyond it.`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
