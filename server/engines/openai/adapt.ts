/**
 * Parameters that an endpoint refuses are left out or renamed, once, and that is remembered. Pure; it must not
 * know requests.
 */
import type { Refusal } from './errors.ts';

/** `to` undefined: left out. */
export interface Adaptation {
  readonly from: string;
  readonly to?: string;
}

/** What can be done without, and under which other name it may be known. */
const dispensable: readonly Adaptation[] = [
  { from: 'max_tokens', to: 'max_completion_tokens' },
  { from: 'max_completion_tokens', to: 'max_tokens' },
  { from: 'stream_options' },
  { from: 'temperature' },
  { from: 'stop' },
  { from: 'parallel_tool_calls' },
  { from: 'cache_prompt' },
  { from: 'prediction' },
];

const refusing =
  /unsupported|not supported|not support|unrecognized|unknown|unexpected|extra|not permitted|not allowed|invalid|not currently/;

/**
 * The adaptations to try next after `refusal`, or undefined when the refusal is about something else or was
 * answered to already.
 */
export function adapt(
  refusal: Refusal,
  body: Readonly<Record<string, unknown>>,
  sofar: readonly Adaptation[],
): readonly Adaptation[] | undefined {
  if (refusal.status !== 400 && refusal.status !== 422) return undefined;
  if (!refusing.test(refusal.words)) return undefined;
  const found = dispensable.find(
    ({ from, to }) =>
      from in body &&
      !sofar.some(done => done.from === from || done.to === from || (to !== undefined && done.from === to)) &&
      new RegExp(`(?<![a-z_])${from}(?![a-z_])`).test(refusal.words),
  );
  return found === undefined ? undefined : [...sofar, found];
}

/** As one short word list for the memory. */
export function writeAdaptations(adaptations: readonly Adaptation[]): string {
  return adaptations.map(({ from, to }) => `${from}>${to ?? ''}`).join(',');
}

/** Unknown words are ignored, so that a damaged memory does no harm. */
export function readAdaptations(text: string | undefined): readonly Adaptation[] {
  const words = (text ?? '').split(',');
  return dispensable.filter(({ from, to }) => words.includes(`${from}>${to ?? ''}`));
}
