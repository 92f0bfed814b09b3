/**
 * Writes an answer into a chat while it comes, around a person who types. The place is found anew before every edit
 * by what it holds: only text that is exactly ours is ever replaced, whatever way the editor reports changes. It must
 * not know where the answer comes from. Its edits go to the editor alone and not into the history of changes, where
 * four a second would bury the changes of code.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { append } from '../../documents/edit.ts';
import { contentLength, lineEndOf } from '../../base/text.ts';
import { printLines } from '../../documents/markdown.ts';
import { ActionError } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { type Chat, readChat, type Turn } from './chat.ts';

/** How often a change that the editor took is looked for before it counts as lost. */
const PATIENCE = 60;

export class AnswerWriter {
  readonly #services: Pick<Services, 'documents' | 'host'>;
  readonly #uri: string;
  /** What the answer's section holds, as far as the editor has told. */
  #written: string | undefined;
  /** What the editor has taken and not told of yet. */
  #pending: string | undefined;
  #waits = 0;

  constructor(services: Pick<Services, 'documents' | 'host'>, uri: string) {
    this.#services = services;
    this.#uri = uri;
  }

  /** Adds a section for the answer and one for the next question behind it. False: the person typed; try again. */
  async begin(text: string): Promise<boolean> {
    const { document } = readChat(this.#text());
    const done = await this.#apply(append(document, `## Codriver\n\n${text}\n\n## You\n`), 'ask');
    if (done) this.#pending = text;
    return done;
  }

  /** Makes the answer say this. False: not now, try again later. Throws an `ActionError` when it never can. */
  async put(text: string): Promise<boolean> {
    const chat = readChat(this.#text());
    const turn = this.#find(chat);
    if (!turn) return false;
    if (same(turn.text, text)) return true;
    const done = await this.#apply(difference(chat, turn, text), 'answer');
    if (done) this.#pending = text;
    return done;
  }

  #text(): string {
    const { documents } = this.#services;
    const document = documents.get(this.#uri);
    if (!document) throw new ActionError('The chat was closed, so its answer was stopped.');
    if (documents.isDesynchronised(this.#uri)) {
      throw new ActionError('Changes of the chat came out of order. Close and reopen it, then send again.');
    }
    return document.getText();
  }

  #find({ turns }: Chat): Turn | undefined {
    const holds = (text: string | undefined) =>
      text === undefined
        ? undefined
        : turns.findLast(turn => turn.speaker === 'codriver' && same(turn.text, text));
    const arrived = holds(this.#pending);
    if (arrived) {
      this.#written = this.#pending;
      this.#pending = undefined;
      this.#waits = 0;
      return arrived;
    }
    const before = holds(this.#written);
    if (this.#pending === undefined && before) return before;
    // Editors may tell of a change some time after they have taken it.
    if (this.#pending !== undefined && (before || this.#written === undefined) && this.#waits++ < PATIENCE)
      return undefined;
    throw new ActionError(
      'You edited the answer while it was being written, so it was stopped there and your text was kept. Send again for a new one.',
    );
  }

  async #apply(edit: TextEdit, what: string): Promise<boolean> {
    const document = this.#services.documents.get(this.#uri);
    if (!document) return false;
    const change = { uri: this.#uri, version: document.version, edits: [edit] };
    const outcome = await this.#services.host.apply({ label: `Codriver: ${what}`, documents: [change] });
    if (!outcome.applied && outcome.why !== 'stale') throw new ActionError(outcome.message);
    return outcome.applied;
  }
}

/** Editors may strip blanks at line ends when they save. */
function same(a: string, b: string): boolean {
  const bare = (text: string) => text.replace(/[ \t]+$/gm, '').trim();
  return bare(a) === bare(b);
}

/** Whole lines from the first that differs: what stands above is not touched again. */
function difference({ document }: Chat, turn: Turn, text: string): TextEdit {
  const lineEnd = lineEndOf(printLines(document));
  const held = document.lines
    .slice(turn.body.first, turn.body.end)
    .map(line => line.slice(0, contentLength(line)));
  const top = held.findIndex(line => line.trim() !== '');
  const first = turn.body.first + top;
  const last = turn.body.first + held.findLastIndex(line => line.trim() !== '');
  const old = held.slice(top, last - turn.body.first + 1);
  const lines = text.split('\n');
  let kept = 0;
  while (kept < Math.min(old.length, lines.length) - 1 && same(old[kept] ?? '', lines[kept] ?? '')) kept++;
  const end = { line: last, character: (old.at(-1) ?? '').length };
  return {
    range: { start: { line: first + kept, character: 0 }, end },
    newText: lines.slice(kept).join(lineEnd),
  };
}
