/**
 * What a person would see of the answers to a replayed session: which are shown, which would put a wrong text into
 * the buffer. Knows the client's messages and answers, and neither server nor clock: times are given.
 */
import type { Range } from 'vscode-languageserver';
import { Document } from '../../server/base/document.ts';
import type { ClientMessage } from './trace.ts';

export interface Asked {
  readonly id: number | string;
  readonly method: string;
  readonly at: number;
  /** The text before and after the place when it was asked. */
  readonly before: string;
  readonly after: string;
  cancelledAt?: number;
  /** When something newer was asked of the same kind. */
  supersededAt?: number;
  answers: number;
}

interface Shown {
  readonly asked: Asked;
  readonly ms: number;
}

interface Item {
  readonly insertText?: string;
  readonly range?: Range;
  readonly textEdit?: { readonly newText: string; readonly range: Range };
}

const ASKS = new Set(['textDocument/completion', 'textDocument/inlineCompletion']);

export class Watch {
  readonly asked: Asked[] = [];
  readonly shown: Shown[] = [];
  /** Answers that would have left another text than was suggested, in words. */
  readonly stale: string[] = [];
  readonly #onTheWayMs: number;
  #document: Document | undefined;
  #versions: { readonly at: number; readonly text: string }[] = [];

  /** What was said less than this before an answer may not have reached the server when it answered, in ms. */
  constructor(onTheWayMs = 0) {
    this.#onTheWayMs = onTheWayMs;
  }

  sent(message: ClientMessage, at: number): void {
    const params = (message.params ?? {}) as Record<string, unknown>;
    if (message.method === 'textDocument/didOpen') {
      const item = params['textDocument'] as { uri: string; languageId: string; text: string };
      this.#document = new Document(item.uri, item.languageId, 1, item.text);
    } else if (message.method === 'textDocument/didChange') {
      this.#document?.update(params['contentChanges'] as Parameters<Document['update']>[0], at);
    } else if (message.method === '$/cancelRequest') {
      const found = this.asked.find(({ id }) => id === params['id']);
      if (found && found.answers === 0) found.cancelledAt = at;
      return;
    } else if (ASKS.has(message.method)) return this.#asks(message, at);
    else return;
    this.#versions.push({ at, text: this.#document?.getText() ?? '' });
  }

  answered(id: number | string, result: unknown, at: number): void {
    const asked = this.asked.find(each => each.id === id);
    if (!asked) return;
    if (++asked.answers > 1) return;
    const items = ((result as { items?: Item[] } | null)?.items ?? []) as readonly Item[];
    if (items.length === 0 || asked.cancelledAt !== undefined) return;
    const whole = asked.before + asked.after;
    const document = new Document('file:///a', 'plaintext', 1, whole);
    for (const item of items) {
      const text = item.textEdit?.newText ?? item.insertText ?? '';
      const range = item.textEdit?.range ?? item.range;
      if (!range) continue;
      const start = document.offsetAt(range.start);
      const wanted = whole.slice(0, start) + text + whole.slice(document.offsetAt(range.end));
      if (!this.#goesOn(asked, start, text, wanted, at))
        this.stale.push(`${asked.method} ${JSON.stringify(text)}, ${this.#age(at)} ms after the change`);
    }
    if (asked.supersededAt === undefined) this.shown.push({ asked, ms: at - asked.at });
  }

  #asks({ id, method, params }: ClientMessage, at: number): void {
    const { position } = params as { position: { line: number; character: number } };
    const text = this.#document?.getText() ?? '';
    const offset = this.#document?.offsetAt(position) ?? 0;
    for (const older of this.asked) {
      if (older.method === method && older.answers === 0) older.supersededAt ??= at;
    }
    this.asked.push({
      id: id as number,
      method,
      at,
      before: text.slice(0, offset),
      after: text.slice(offset),
      answers: 0,
    });
  }

  /** How long the latest text that the server must have seen had stood, in ms. */
  #age(at: number): number {
    const latest = this.#versions.findLast(version => version.at <= at - this.#onTheWayMs);
    return Math.round(at - (latest?.at ?? at));
  }

  /** Whether every text since the question is on the way to what the item would leave. */
  #goesOn(asked: Asked, start: number, inserted: string, wanted: string, at: number): boolean {
    const latest = this.#versions.findLast(version => version.at <= at - this.#onTheWayMs);
    const now = latest === undefined || latest.at < asked.at ? asked.before + asked.after : latest.text;
    const typed = now.length - asked.before.length - asked.after.length;
    if (now === asked.before + asked.after || now === wanted) return true;
    if (typed <= 0 || !now.startsWith(asked.before) || !now.endsWith(asked.after)) return false;
    return inserted.startsWith(now.slice(start, asked.before.length + typed));
  }
}
