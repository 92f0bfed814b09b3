/**
 * What one fault of an endpoint is, and the small words that the tables of faults are written in. It must not know
 * the tables.
 */
import type { EngineErrorKind } from '../../server/engines/engine.ts';
import type { NormalReply } from './modelReplies.ts';

/** `recovered`: a normal end. `length`, `content-filter`: that reason. Else: one classified error. */
export type FaultOutcome = 'recovered' | 'length' | 'content-filter' | EngineErrorKind;

export interface Fault {
  readonly what: string;
  readonly expect: FaultOutcome;
  /** Happens this often, then the server is well again. Default: always. */
  readonly times?: number;
  /** Instead of any HTTP: close or reset the connection, say nothing, or write these bytes. */
  readonly connection?: 'close' | 'reset' | 'hang' | { readonly raw: string };
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the body; default: the normal reply. */
  readonly body?: (normal: NormalReply) => readonly (string | Buffer)[];
  /** What happens after the body. `hang` keeps the connection open, `flood` repeats the last piece for ever. */
  readonly end?: 'end' | 'reset' | 'hang' | 'flood';
}

/** A body that is this JSON, or this text. */
export const json = (value: unknown): (() => string[]) => {
  return () => [typeof value === 'string' ? value : JSON.stringify(value)];
};
export const jsonType = { 'content-type': 'application/json' };

/** The frames as they go over the wire. */
export const wire = (frames: readonly string[], newline = '\n'): string =>
  frames.map(frame => frame.replaceAll('\n', newline) + newline + newline).join('');

export const isDone = (frame: string): boolean => frame === 'data: [DONE]';
export const hasFinish = (frame: string): boolean => /"finish_reason":"|"stop":true/.test(frame);
export const half = (frames: readonly string[]): string[] =>
  frames.slice(0, Math.max(1, Math.floor(frames.length / 2)));
/** Puts frames after the first one that carries text. */
export const insert = (normal: NormalReply, ...added: string[]): string[] => [
  ...normal.frames.slice(0, 2),
  ...added,
  ...normal.frames.slice(2),
];
export const data = (value: unknown): string => `data: ${JSON.stringify(value)}`;
export const rewrite =
  (change: (frame: string) => string): NonNullable<Fault['body']> =>
  normal => [wire(normal.frames.map(change))];
