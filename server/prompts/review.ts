/**
 * The prompt for a review: what is wrong with a file, a selection or a change, each finding with the code it is about.
 * `server/features/review/answer.ts` reads the reply. Pure; it must not know features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, type Section } from './shared.ts';

export interface ReviewPrompt extends CodePrompt {
  readonly about: 'file' | 'selection' | 'change';
  /** The change as a unified diff, where it is about one. */
  readonly diff?: Redacted;
  /** What is found already without a model, one line each. */
  readonly known?: Redacted;
}

const SYSTEM = redacted`You review code for the programmer who has to answer for it. Report only what you are sure of and what is worth a change: mistakes that make it behave wrongly, holes in its security, needless slowness, needless complication, missing tests of risky code, a stated requirement that is not met. Nothing about taste, layout, names or comments. No praise, no summary.

Answer with one JSON array and nothing else; [] if there is nothing to report. Each element has exactly these fields:
"code": one to three whole lines copied exactly from the code, enough to occur only once in it. No line numbers.
"category": "bug", "security", "performance", "simplicity", "tests" or "requirement".
"severity": "high", "medium" or "low".
"confidence": how sure you are, from 0 to 100.
"message": what is wrong, when it shows, and what to do; at most two sentences of plain text.`;

const CAPS = { diff: 16_000, known: 3_000 } as const;

export function reviewPrompt(prompt: ReviewPrompt): readonly ChatMessage[] {
  const { about, diff, known, selection, ...rest } = prompt;
  const sections: Section[] = [
    ...codeSections(about === 'file' || selection === undefined ? rest : { ...rest, selection }),
  ];
  if (diff)
    sections.push({
      title: redacted`diff`,
      path: prompt.path,
      text: diff,
      cap: CAPS.diff,
      importance: 5,
      required: true,
    });
  if (known) sections.push({ title: redacted`found already`, text: known, cap: CAPS.known, importance: 2 });
  const what = {
    file: redacted`this ${prompt.language} file`,
    selection: redacted`the selection of this ${prompt.language} file; the rest only explains it`,
    change: redacted`what the diff changes in this ${prompt.language} file; quote lines as they are after the change`,
  }[about];
  const again = known ? redacted` Do not repeat what is found already.` : redacted``;
  return assemble(
    SYSTEM,
    sections,
    redacted`Review ${what}.${again} Answer with the JSON array.`,
    prompt.budget,
  );
}
