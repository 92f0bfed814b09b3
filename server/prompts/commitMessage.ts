/**
 * The prompt for a commit message: what changes, how messages look here, and the beginning that is typed. Pure: data
 * in, messages out, within a hard budget. It must not know git or features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { joinRedacted, type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, type Section } from './shared.ts';

export interface CommitPrompt {
  /** One line a file: status, path, counts; what was left out is named here. */
  readonly files: readonly Redacted[];
  /** Hunks in the order of their worth, each with its file's path. */
  readonly hunks: readonly { readonly path: Redacted; readonly text: Redacted }[];
  /** How messages look in this repository, in words; one line each. */
  readonly style: readonly Redacted[];
  /** Subjects of commits that are near this one. */
  readonly examples: readonly Redacted[];
  readonly branch?: Redacted;
  /** The beginning of the subject, which is kept. */
  readonly typed?: Redacted;
  /** Most characters of the subject. */
  readonly limit: number;
  /** Tokens that all messages together may take. */
  readonly budget: number;
}

const SYSTEM = redacted`You write the commit message for a change. Say what the change does and, where the diff shows it, why. Claim nothing that the diff does not show. Answer with the message alone: the subject on the first line; if a body is wanted, an empty line and then the body. No code fences, no quotes around it, no introduction, no closing words. Invent no issue numbers, no names, no Signed-off-by or Co-authored-by lines.`;

const CAPS = { files: 6_000, hunk: 4_000, examples: 3_000, style: 2_000 } as const;
const MOST_HUNKS = 60;

export function commitPrompt(prompt: CommitPrompt): readonly ChatMessage[] {
  const sections: Section[] = [];
  if (prompt.examples.length > 0) {
    sections.push({
      title: redacted`earlier subjects of this repository`,
      text: joinRedacted(prompt.examples, '\n'),
      cap: CAPS.examples,
      importance: 4,
    });
  }
  sections.push({
    title: redacted`changed files`,
    text: joinRedacted(prompt.files, '\n'),
    cap: CAPS.files,
    importance: 6,
    required: true,
  });
  for (const [i, { path, text }] of prompt.hunks.slice(0, MOST_HUNKS).entries()) {
    sections.push({ title: redacted`diff`, path, text, cap: CAPS.hunk, importance: 3 - i / 100 });
  }
  if (prompt.branch) sections.push({ title: redacted`branch`, text: prompt.branch, cap: 200, importance: 5 });
  const rules = joinRedacted(prompt.style, '\n');
  const start = prompt.typed
    ? redacted`\nThe first line is begun already; write it whole, beginning with exactly: ${prompt.typed}`
    : redacted``;
  const question = redacted`Write the commit message for this change, as this repository writes them:\n${rules}\n- The subject has at most ${prompt.limit} characters.${start}`;
  return assemble(SYSTEM, sections, question, prompt.budget);
}
