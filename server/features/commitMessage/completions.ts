/**
 * Completion in a commit message: the whole message at its beginning, the rest of it while it is typed along, and
 * names of the change anywhere. It must not know the protocol; the pipeline asks it before any engine.
 */
import { LRUCache } from 'lru-cache';
import type { Position } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { CompletionQuery, CompletionResult, CompletionSource, Suggestion } from '../completion/types.ts';
import type { Services } from '../services.ts';
import type { MessageBuffer } from './buffer.ts';
import type { Message } from './compose.ts';
import { messageOf, type Situation, situationOf } from './situation.ts';
import { modelMessage } from './withModel.ts';

/** What is staged may change behind an input box that shows nothing of it, in ms. */
const BOX_MS = 3_000;
const MAX_KNOWN = 4;
const MAX_NAMES = 6;
/** Letters that must be typed before a name is finished unasked. */
const LEAST_TYPED = 2;

interface Known {
  /** What the buffer says of the change; another text is another change. */
  readonly about: string;
  readonly at: number;
  readonly situation: Promise<Situation | { readonly refused: string }>;
  model?: {
    readonly landed: Promise<Message | undefined>;
    message?: Message | undefined;
    readonly name: string;
  };
}

const nothing = (detail: string): CompletionResult => ({
  suggestions: [],
  final: true,
  nothing: 'engine gave nothing',
  detail,
});

export class CommitMessages implements CompletionSource {
  readonly #services: Services;
  readonly #known = new LRUCache<string, Known>({ max: MAX_KNOWN });

  constructor(services: Services) {
    this.#services = services;
  }

  complete(query: CompletionQuery, signal: AbortSignal): Promise<CompletionResult> | undefined {
    const document = this.#services.documents.get(query.uri);
    const buffer = document && messageOf(document);
    return document && buffer && this.#complete(query, document, buffer, signal);
  }

  async #complete(
    query: CompletionQuery,
    document: Document,
    buffer: MessageBuffer,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { autonomy, completion } = this.#services.settings();
    if (autonomy < 1 || !completion.enabled) return nothing('completion is off');
    const { line, character } = query.position;
    const text = document.lineAt(line) ?? '';
    // Comments are the version control's; what stands right of the cursor is the person's.
    if (line >= buffer.end || text.slice(character).trim() !== '') return nothing('no place for the message');
    const known = this.#know(document, buffer);
    const situation = await known.situation;
    if (signal.aborted) return { suggestions: [], final: true, nothing: 'aborted' };
    if ('refused' in situation) return nothing(situation.refused);
    return this.#answer(query, buffer, text.slice(0, character), known, situation, signal);
  }

  async #answer(
    query: CompletionQuery,
    buffer: MessageBuffer,
    before: string,
    known: Known,
    situation: Situation,
    signal: AbortSignal,
  ): Promise<CompletionResult> {
    const { position } = query;
    const isSubject = position.line === 0 && buffer.body === '';
    const open = buffer.state === 'fresh' || buffer.state === 'written';
    const names = this.#names(position, before, situation, query.trigger === 'explicit');
    if (!open || !isSubject) {
      return names.length > 0 ? { suggestions: names, final: true } : nothing('no name begins so');
    }
    const asking = this.#ask(query, known, situation);
    let waiting = false;
    if (asking && !asking.message) waiting = !(await this.#arrived(asking.landed, query.patience, signal));
    const byModel = asking?.message;
    const composed = situation.offline.compose({ ...situation, typed: before });
    const suggestions: Suggestion[] = [];
    for (const [message, engine] of [
      [byModel, asking?.name ?? ''],
      [composed, 'staged changes'],
    ] as const) {
      const rest = message && restOf(message, before);
      if (rest && !suggestions.some(({ text }) => text === rest))
        suggestions.push({ text: rest, range: { start: position, end: position }, engine, confidence: 1 });
    }
    const all = [...suggestions, ...names];
    return all.length > 0
      ? { suggestions: all, final: !waiting }
      : nothing('what is typed says something else');
  }

  #know(document: Document, buffer: MessageBuffer): Known {
    const now = this.#services.clock.now();
    const about = JSON.stringify([
      buffer.files,
      buffer.diff?.length,
      buffer.diff?.slice(0, 20_000),
      buffer.branch,
    ]);
    const known = this.#known.get(document.uri);
    if (known?.about === about && (buffer.system !== 'box' || now - known.at < BOX_MS)) return known;
    // Nobody's signal: the next question needs the same answer.
    const situation = situationOf(this.#services, document, false, AbortSignal.timeout(10_000));
    const fresh: Known = { about, at: now, situation };
    this.#known.set(document.uri, fresh);
    situation.catch(() => this.#known.delete(document.uri));
    return fresh;
  }

  /** A model's message is asked for once for a change, where text may be sent so. */
  #ask(query: CompletionQuery, known: Known, situation: Situation): Known['model'] {
    const { router, settings, log } = this.#services;
    if (known.model || situation.source === 'list') return known.model;
    if (settings().completion.engine === 'embedded') return undefined;
    const { engine } = router.choose('commitMessage', query.mayBeTyping ? 'automatic' : query.trigger);
    if (!engine) return undefined;
    const progress = { signal: AbortSignal.timeout(60_000), report: () => {}, done: () => {} };
    const landed = modelMessage(this.#services, situation, '', engine, progress).catch((error: unknown) => {
      log.write(
        'info',
        `no commit message from ${engine.name}: ${error instanceof Error ? error.message : ''}`,
      );
      return undefined;
    });
    const asked: NonNullable<Known['model']> = { landed, name: engine.name };
    known.model = asked;
    void landed.then(message => (asked.message = message));
    return asked;
  }

  /** Whether the model's answer is there in time. */
  async #arrived(
    landed: Promise<unknown>,
    patience: CompletionQuery['patience'],
    signal: AbortSignal,
  ): Promise<boolean> {
    const ended = new Promise<boolean>(resolve => {
      if (patience !== 'until-done') this.#services.clock.after(patience, () => resolve(false));
      signal.addEventListener('abort', () => resolve(false), { once: true });
    });
    return Promise.race([landed.then(() => true), ended]);
  }

  #names(position: Position, before: string, situation: Situation, explicit: boolean): Suggestion[] {
    const word = /[\p{L}\p{N}_$./@-]*$/u.exec(before)?.[0] ?? '';
    const { prefixes, scopes } = situation.offline.namesOf(situation);
    const atStart = position.line === 0 && before.trim() === word;
    const scope =
      position.line === 0 && /^\w+\([^()\s]*$/.test(before) ? (/[^(]*$/.exec(before)?.[0] ?? '') : undefined;
    const typed = scope ?? word;
    if (scope === undefined && typed.length < (explicit ? 1 : LEAST_TYPED)) return [];
    const candidates =
      scope !== undefined
        ? scopes
        : [...(atStart ? prefixes : []), ...situation.offline.mentionable(situation.files)];
    return candidates
      .filter(name => name.length > typed.length && name.startsWith(typed))
      .slice(0, MAX_NAMES)
      .map(name => ({
        text: name.slice(typed.length),
        range: { start: position, end: position },
        engine: 'staged changes',
        confidence: 0.8,
      }));
  }
}

/** What of a message is not typed yet; undefined if something else is typed. */
function restOf({ subject, body }: Message, typed: string): string | undefined {
  const whole = body === '' ? subject : `${subject}\n\n${body}`;
  return whole.startsWith(typed) && whole.length > typed.length ? whole.slice(typed.length) : undefined;
}
