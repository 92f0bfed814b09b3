/**
 * Why completion showed nothing lately, for the log, `codriver.status` and `codriver.why`. It holds no text of a
 * document and must not know how a reason came about.
 */
import { LRUCache } from 'lru-cache';
import type { CompletionResult, NothingReason } from './types.ts';

/** What a person should know about a reason: what it means, and what can be done. */
interface Advice {
  readonly why: string;
  readonly todo: string;
}

const ASK = 'Ask for it explicitly to see what there is.';

export const ADVICE: Readonly<Record<NothingReason, Advice>> = {
  'autonomy is 0': {
    why: 'Codriver is switched off: autonomy is 0.',
    todo: 'Set autonomy to 1 or more.',
  },
  'completion is off': { why: 'completion is switched off.', todo: 'Set completion.enabled to true.' },
  'off for this language': {
    why: 'completion does not come by itself in this language.',
    todo: 'Ask for it explicitly, or take the language out of completion.disabledLanguages.',
  },
  'document not open': {
    why: 'the editor has not opened this document with Codriver.',
    todo: 'Check that Codriver is attached to it.',
  },
  'document too large': {
    why: 'the document is larger than 50 MB.',
    todo: 'Split it, or complete without Codriver.',
  },
  'file is excluded': {
    why: 'the rules of what may be read leave this file out.',
    todo: 'If it should be read, change the ignore file or privacy.neverSend that names it.',
  },
  'inside a word': { why: 'the cursor is inside a word.', todo: `Go to its end. ${ASK}` },
  'line is finished': {
    why: 'the statement on this line is complete.',
    todo: `Go on in the next line. ${ASK}`,
  },
  'no engine': {
    why: 'no engine may serve this.',
    todo: 'Run codriver.status to see which engine serves what.',
  },
  'not confident': { why: 'what was found is not likely enough to be what you want.', todo: ASK },
  filtered: {
    why: 'nothing was left of the answer: it repeated what is there, or would not parse.',
    todo: 'Type a little more and see.',
  },
  'hidden characters': {
    why: 'the answer held invisible characters, which can hide what code does.',
    todo: 'Nothing was lost. If it happens often, try another model.',
  },
  'secret placeholder': {
    why: 'the answer used the name of a hidden secret in a way that cannot be undone.',
    todo: 'Type the value yourself.',
  },
  'engine gave nothing': {
    why: 'the engine had nothing to say here.',
    todo: 'Type a little more and see.',
  },
  'engine failed': {
    why: 'the engine failed.',
    todo: 'Run codriver doctor in a terminal to check the endpoint.',
  },
  'still waiting': {
    why: 'the model had not answered yet when the menu was shown.',
    todo: 'Type on: its answer comes with the next key.',
  },
  aborted: {
    why: 'you typed on, or another question came, before there was an answer.',
    todo: 'Pause for a moment.',
  },
};

/** Documents, and outcomes of each, that are kept. */
const MAX_DOCUMENTS = 50;
const MAX_OUTCOMES = 5;

interface Outcome {
  /** Undefined: something was shown. */
  readonly reason: NothingReason | undefined;
  readonly detail: string | undefined;
  /** Counted from 1. */
  readonly line: number;
  readonly times: number;
}

export class Outcomes {
  /** The newest first. */
  readonly #outcomes = new LRUCache<string, readonly Outcome[]>({ max: MAX_DOCUMENTS });
  #lastUri: string | undefined;

  /** `line` counts from 0. */
  add(uri: string, line: number, { nothing: reason, detail }: CompletionResult): void {
    const known = this.#outcomes.get(uri) ?? [];
    const [last] = known;
    this.#lastUri = uri;
    const same = last && last.reason === reason && last.detail === detail && last.line === line + 1;
    const outcome = { reason, detail, line: line + 1, times: same ? last.times + 1 : 1 };
    this.#outcomes.set(uri, [outcome, ...known.slice(same ? 1 : 0, MAX_OUTCOMES)].slice(0, MAX_OUTCOMES));
  }

  /** Why the last completion of all showed nothing; undefined if it showed something. */
  get last(): { readonly reason: NothingReason; readonly detail?: string } | undefined {
    const [outcome] = (this.#lastUri !== undefined && this.#outcomes.get(this.#lastUri)) || [];
    if (!outcome?.reason) return undefined;
    return { reason: outcome.reason, ...(outcome.detail ? { detail: outcome.detail } : {}) };
  }

  forget(uri: string): void {
    this.#outcomes.delete(uri);
  }

  /** For the person: the last outcomes in a document (by default the one that was completed in last). */
  explain(name: (uri: string) => string, uri = this.#lastUri): string {
    const outcomes = (uri !== undefined && this.#outcomes.get(uri)) || [];
    if (uri === undefined || outcomes.length === 0)
      return 'Codriver has not been asked for a completion in this document. Type, or ask for one; if nothing comes, check that the editor attached Codriver to it.';
    const lines = outcomes.map(({ reason, detail, line, times }) => {
      const where = `line ${line}${times > 1 ? `, ${times} times` : ''}`;
      if (!reason) return `- ${where}: something was shown.`;
      const { why, todo } = ADVICE[reason];
      return `- ${where}: nothing, because ${why}${detail ? ` (${detail})` : ''} ${todo}`;
    });
    return [`Codriver's last completions in ${name(uri)}, the newest first:`, ...lines].join('\n');
  }
}
