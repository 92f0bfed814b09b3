/**
 * What a model gets to see for a completion: stable chunks of what may help at the place, and the window around the
 * cursor. Both move as seldom as they can, so that an endpoint's prefix cache recomputes little with each key. It
 * must not know engines.
 */
import type { Position } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import type { Clock } from '../base/ports.ts';
import type { Redacted } from '../guard/redacted.ts';
import { Anchors } from './anchors.ts';
import { choose } from './choose.ts';
import { Chunks } from './chunks.ts';
import { type Gathering, gather } from './gather.ts';
import { namesIn } from './names.ts';
import { mayQuote } from './open.ts';
import { CHARACTERS_PER_TOKEN, type ContextPorts, type Refused, refusalFor } from './ports.ts';
import { type SourceRow, sources } from './sources/index.ts';
import type { SourcePorts } from './sources/source.ts';
import { windowAround, windowFrom } from './window.ts';

/** Shares of the budget before the cursor and for chunks; and their limits in UTF-16 units. */
const BEFORE_SHARE = 0.42;
const MAX_BEFORE = 9_600;
const CHUNKS_SHARE = 0.5;
const MAX_CHUNKS = 16_000;
/**
 * The text behind the cursor. Most formats put it last, where each key makes a model read it again: then it is a
 * small share of what stands before it, and the text further down is a chunk. Where it stands first it costs nothing.
 */
const LAST = { share: 0.035, least: 320, most: 1_200 };
const MAX_FIRST = 3_000;
/** Chunks change at most once in so many questions while the person stays at a place; sooner while there are none. */
const QUESTIONS_PER_CHANGE = 60;
const QUESTIONS_WITHOUT = 8;
/** Dense code has so few characters to a token: for limits that must not be passed. */
const LEAST_PER_TOKEN = 2.8;
/** Text around the cursor whose names look for help, in UTF-16 units. */
const NAMES_BEFORE = 1_600;
const NAMES_AFTER = 400;
/** For an engine in this process: how much of the window lies before the cursor. */
const ALONE_BEFORE = 0.7;

export interface CompletionInput {
  readonly document: Document;
  readonly position: Position;
  /** Tokens of window and chunks together. */
  readonly budgetTokens: number;
  /** Other documents that may help, most recently used first. */
  readonly openDocuments: readonly Document[];
  /** The engine's prompt begins with the text behind the cursor. */
  readonly suffixFirst?: boolean;
  /** Tokens before the cursor that the endpoint reads at most: beyond them it would cut, anew with each key. */
  readonly prefixTokens?: number;
}

export interface CompletionContext {
  readonly prefix: Redacted;
  readonly suffix: Redacted;
  /** Most stable first. */
  readonly context: readonly Redacted[];
  readonly path: Redacted;
}

export interface CompletionPorts extends SourcePorts {
  readonly clock: Pick<Clock, 'after'>;
}

/** The window alone, for an engine that knows the documents itself. */
export async function windowAlone(
  { document, position, budgetTokens }: Omit<CompletionInput, 'openDocuments'>,
  ports: ContextPorts,
): Promise<CompletionContext | Refused> {
  const refused = await refusalFor(document, ports);
  if (refused !== undefined) return refused;
  const size = Math.max(0, budgetTokens) * CHARACTERS_PER_TOKEN;
  const before = Math.floor(size * ALONE_BEFORE);
  const range = { start: position, end: position };
  const window = windowAround(document, range, { before, after: size - before }, ports.redactor);
  const path = ports.redactor.redact(ports.places.displayPath(document.uri));
  return { prefix: window.before, suffix: window.after, context: [], path };
}

/** Builds the contexts of one session; remembers what it showed, so that the next one differs little. */
export class CompletionContexts {
  readonly #rows: readonly SourceRow[];
  readonly #anchors = new Anchors();
  readonly #chunks = new Chunks();
  #gathering: Gathering | undefined;
  /** Answers of the gathering that are in the chunks, and whether it was for a new place. */
  #used = 0;
  #forMove = false;
  /** Questions since the sources were asked. */
  #questions = 0;

  constructor(rows: readonly SourceRow[] = sources) {
    this.#rows = rows;
  }

  async contextFor(
    input: CompletionInput,
    ports: CompletionPorts,
    signal: AbortSignal,
  ): Promise<CompletionContext | Refused> {
    const { document, position } = input;
    const refused = await refusalFor(document, ports);
    if (refused !== undefined) return refused;
    const sizes = sizesFor(input);
    const offset = document.offsetAt(position);
    const start = this.#anchors.startFor(document, offset, sizes.before);
    const range = { start: position, end: position };
    const room = (around: number) => suffixRoom(around, sizes, input.suffixFirst === true);
    const expected = room(offset - start.offset + sizes.chunks);
    const shown = {
      first: document.positionAt(start.offset).line,
      end: document.positionAt(offset + expected).line + 1,
    };
    const patience = this.#chunks.all.length === 0 ? QUESTIONS_WITHOUT : QUESTIONS_PER_CHANGE;
    if (start.moved || ++this.#questions >= patience) {
      this.#questions = 0;
      this.#ask(input, shown, start.moved, ports);
    }
    // At a place that is known, the next question is early enough for what is found anew.
    if (this.#forMove) await this.#gathering?.soon;
    if (!signal.aborted) this.#take(input, shown, sizes.chunks, ports);
    await this.#dropRefused(document.uri, ports);
    const context = this.#chunks.all.map(chunk => chunk.text);
    const length = context.reduce((sum, text) => sum + text.length, offset - start.offset);
    const window = windowFrom(document, start.offset, range, room(length), ports.redactor);
    const path = ports.redactor.redact(ports.places.displayPath(document.uri));
    return { prefix: window.before, suffix: window.after, context, path };
  }

  #ask(
    { document, position, openDocuments }: CompletionInput,
    shown: { readonly first: number; readonly end: number },
    moved: boolean,
    ports: CompletionPorts,
  ): void {
    this.#gathering?.end();
    const offset = document.offsetAt(position);
    const at = (place: number) => document.positionAt(Math.max(0, place));
    const before = document.getText({ start: at(offset - NAMES_BEFORE), end: position });
    const after = document.getText({ start: position, end: at(offset + NAMES_AFTER) });
    const { languageId, uri } = document;
    const names = [
      ...new Set([...namesIn(before, languageId, uri), ...namesIn(after, languageId, uri).toReversed()]),
    ];
    this.#gathering = gather(this.#rows, { document, position, shown, names, openDocuments }, ports);
    this.#used = 0;
    this.#forMove = moved;
  }

  /** Puts what the sources have said since the last question into the chunks. */
  #take(
    { document, openDocuments }: CompletionInput,
    shown: { readonly first: number; readonly end: number },
    room: number,
    ports: CompletionPorts,
  ): void {
    const gathering = this.#gathering;
    // Half of the answers would be another prompt than all of them.
    if (!gathering?.ready || gathering.answered === this.#used) return;
    this.#used = gathering.answered;
    const items = choose(gathering.found(), { document, shown }, room);
    const window = { uri: document.uri, shown };
    this.#chunks.update(items, window, room, this.#forMove, ports, [document, ...openDocuments]);
  }

  /** Rules and folders may have changed since a chunk was made: the gate is asked each time. */
  async #dropRefused(own: string, ports: CompletionPorts): Promise<void> {
    const uris = [...new Set(this.#chunks.all.map(chunk => chunk.uri))].filter(uri => uri !== own);
    const allowed = await Promise.all(uris.map(uri => mayQuote(uri, ports)));
    this.#chunks.drop(new Set(uris.filter((_, i) => !allowed[i])));
  }
}

interface Sizes {
  readonly before: number;
  readonly chunks: number;
  readonly after: number;
}

function sizesFor({ budgetTokens, suffixFirst, prefixTokens = Infinity }: CompletionInput): Sizes {
  const budget = Math.max(0, budgetTokens) * CHARACTERS_PER_TOKEN;
  const before = Math.floor(Math.min(MAX_BEFORE, budget * BEFORE_SHARE, prefixTokens * LEAST_PER_TOKEN));
  const chunks = Math.min(MAX_CHUNKS, Math.floor(budget * CHUNKS_SHARE));
  const most = suffixFirst ? MAX_FIRST : LAST.most;
  return { before, chunks, after: Math.max(0, Math.min(most, budget - before - chunks)) };
}

/** Units behind the cursor when `around` units stand before it. */
function suffixRoom(around: number, sizes: Sizes, first: boolean): number {
  if (first) return sizes.after;
  const share = Math.floor(around * LAST.share);
  return Math.min(sizes.after, Math.max(LAST.least, Math.min(LAST.most, share)));
}
