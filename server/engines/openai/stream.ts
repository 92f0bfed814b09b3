/**
 * From an open reply to the events of the contract: text through its filters, tool calls gathered until they are
 * whole, and exactly one end. A stream without a finish reason is an error, never a result. It must not know what
 * was asked.
 */
import type { Clock } from '../../base/ports.ts';
import type { EngineError, EngineEvent, FinishReason, Usage } from '../engine.ts';
import { type Finish, readChunk, type ToolPiece } from './dialect.ts';
import { incomplete, notAModel, Refused, refusalInReply } from './errors.ts';
import { readFrames } from './frames.ts';
import type { TextFilter } from './text.ts';
import { TransportError } from './transportError.ts';

/** How long [DONE] and usage are waited for after a finish reason, in milliseconds. */
const graceMs = 250;

export interface Reading {
  readonly origin: string;
  readonly model: string;
  readonly filter: TextFilter;
  readonly clock: Clock;
  /** The person's or the feature's wish to stop. */
  readonly signal: AbortSignal;
  /** Closes the connection. */
  readonly hangUp: () => void;
}

/** Reads `response` to its end. Never throws; the last event is one of `done | error | aborted`. */
export async function* readReply(response: Response, reading: Reading): AsyncGenerator<EngineEvent, void> {
  const state = new ReplyState(reading);
  try {
    for await (const frame of readFrames(response, reading.origin)) {
      if (reading.signal.aborted) break;
      if (frame.type === 'end') break;
      yield* state.take(frame.value, frame.event);
      if (state.over) break;
    }
    if (reading.signal.aborted) yield { type: 'aborted' };
    else yield* state.finish();
  } catch (error) {
    if (reading.signal.aborted) yield { type: 'aborted' };
    else if (state.finished) yield* state.finish();
    else yield { type: 'error', error: explain(error, reading.origin) };
  } finally {
    state.close();
  }
}

/** The event's error for anything thrown while a reply is read. */
function explain(error: unknown, origin: string): EngineError {
  if (error instanceof Refused) return error.refusal.error;
  if (error instanceof TransportError) return { kind: error.facts.kind, message: error.facts.told };
  return incomplete(origin, 'it could not be read').refusal.error;
}

class ReplyState {
  over = false;
  readonly #reading: Reading;
  readonly #calls = new ToolCalls();
  #known = false;
  #anything = false;
  #finish: Finish | undefined;
  #refused = false;
  #usage: Usage | undefined;
  #stopGrace: (() => void) | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get finished(): boolean {
    return this.#finish !== undefined;
  }

  close(): void {
    this.#stopGrace?.();
  }

  *take(value: unknown, event: string): Generator<EngineEvent, void> {
    const { origin, model, filter } = this.#reading;
    const chunk = readChunk(value);
    this.#anything = true;
    const failure = chunk.error ?? (event === 'error' ? (value ?? {}) : undefined);
    if (failure !== undefined) {
      // What fails after the finish reason does not concern the answer any more.
      if (this.finished) this.over = true;
      else throw new Refused(refusalInReply(failure, origin, model));
      return;
    }
    this.#known ||= chunk.known;
    if (chunk.usage !== undefined) this.#usage = chunk.usage;
    if (this.finished) return;
    for (const piece of chunk.tools) this.#calls.add(piece);
    if (chunk.refusal !== '') this.#refused = true;
    const text = filter.push(chunk.text);
    if (text !== '') yield { type: 'text', text };
    if (filter.over !== undefined) {
      this.#finish = filter.over;
      this.over = true;
    } else if (chunk.finish !== undefined) {
      this.#finish = chunk.finish;
      const timer = this.#reading.clock.after(graceMs, this.#reading.hangUp);
      this.#stopGrace = () => timer.cancel();
    }
  }

  /** The end of a reply whose bytes have ended or are not wanted any more. */
  *finish(): Generator<EngineEvent, void> {
    const { origin, filter } = this.#reading;
    const finish = this.#finish;
    const fail = (refused: Refused): EngineEvent => ({ type: 'error', error: refused.refusal.error });
    if (finish === undefined) {
      if (this.#known || !this.#anything)
        yield fail(incomplete(origin, 'it ended without saying that it was complete'));
      else yield fail(notAModel(origin, 'something that is not a model reply'));
      return;
    }
    if (finish === 'error')
      return yield fail(new Refused(refusalInReply({ error: 'finish' }, origin, this.#reading.model)));
    if (finish === 'unknown')
      return yield fail(incomplete(origin, 'it ended for a reason that Codriver does not know'));
    const rest = filter.over === undefined ? filter.end() : '';
    if (rest !== '') yield { type: 'text', text: rest };
    if (this.#usage !== undefined) yield { type: 'usage', usage: this.#usage };
    yield* this.#end(finish);
  }

  *#end(finish: FinishReason): Generator<EngineEvent, void> {
    if (this.#refused) return yield { type: 'done', reason: 'refusal' };
    // Only an answer that ended by itself has whole tool calls.
    const whole = finish === 'stop' || finish === 'tool-calls';
    const calls = whole ? this.#calls.all() : [];
    if (calls === undefined)
      return yield {
        type: 'error',
        error: incomplete(this.#reading.origin, 'a tool call came without a name').refusal.error,
      };
    for (const call of calls) yield { type: 'tool-call', ...call };
    yield {
      type: 'done',
      reason: calls.length > 0 ? 'tool-calls' : finish === 'tool-calls' ? 'stop' : finish,
    };
  }
}

interface GatheredCall {
  id: string;
  name: string;
  arguments: string;
  readonly index: number | undefined;
}

/** Puts tool calls together from their pieces, with or without index and id, in whatever order. */
class ToolCalls {
  readonly #calls: GatheredCall[] = [];

  add(piece: ToolPiece): void {
    const call = this.#find(piece) ?? this.#start(piece);
    if (piece.name !== undefined && call.name === '') call.name = piece.name;
    if (piece.arguments !== undefined) call.arguments += piece.arguments;
  }

  #find(piece: ToolPiece): GatheredCall | undefined {
    const sameId = piece.id === undefined ? undefined : this.#calls.find(call => call.id === piece.id);
    if (sameId !== undefined) return sameId;
    // A new id opens a new call, even where the index repeats.
    if (piece.id !== undefined) return undefined;
    if (piece.index === undefined) return piece.name === undefined ? this.#calls.at(-1) : undefined;
    return this.#calls.findLast(call => call.index === piece.index);
  }

  #start(piece: ToolPiece): GatheredCall {
    const call = {
      id: piece.id ?? `call_${this.#calls.length}`,
      name: '',
      arguments: '',
      index: piece.index,
    };
    this.#calls.push(call);
    return call;
  }

  /** Undefined when one has no name. */
  all(): readonly { id: string; name: string; arguments: string }[] | undefined {
    if (this.#calls.some(call => call.name === '')) return undefined;
    return this.#calls.map(call => ({
      id: call.id,
      name: call.name,
      arguments: call.arguments.trim() || '{}',
    }));
  }
}
