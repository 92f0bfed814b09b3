/**
 * Reads an engine's stream for a completion, to its end or to where there is enough. It must not know documents,
 * memory or protocol.
 */
import type { CompleteRequest, Engine } from '../../engines/engine.ts';
import { EarlyStop } from './earlyStop.ts';
import type { Landed } from './flights.ts';

/** Text around the cursor that the early stop looks at, in UTF-16 units. */
const BEFORE = 4_000;
const AFTER = 2_000;

/**
 * Reads an engine's stream. Once there is enough, the engine is left, which ends the request upstream. A cut or
 * failed stream gives a failure and never a text.
 */
export async function consume(
  engine: Engine,
  request: CompleteRequest,
  signal: AbortSignal,
  said: (text: string) => void = () => {},
): Promise<Landed> {
  const { prefix, suffix, languageId, maxLines } = request;
  // The engine in this process ends by itself, and says how sure it is at the end: it is not kept waiting.
  const early =
    engine.origin === 'process'
      ? undefined
      : new EarlyStop({
          prefix: prefix.text.slice(-BEFORE),
          suffix: suffix.text.slice(0, AFTER),
          languageId,
          maxLines,
        });
  let all = '';
  for await (const event of engine.complete(request, signal)) {
    if (event.type === 'text') {
      said(event.text);
      // Leaving the loop closes the stream and with it the connection.
      if (early?.push(event.text)) return { text: early.text, confidence: 1 };
      all += event.text;
    } else if (event.type === 'error') return { text: '', confidence: 0, failure: event.error.message };
    else if (event.type === 'aborted') return { text: '', confidence: 0, failure: 'aborted' };
    else if (event.type === 'done') {
      const text = early ? early.text : all;
      // Cut by the token limit: whole lines are still good as a suggestion, a torn last line is not.
      const whole = event.reason === 'length' ? text.slice(0, Math.max(0, text.lastIndexOf('\n'))) : text;
      const blocked = event.reason === 'content-filter' || event.reason === 'refusal';
      return { text: blocked ? '' : whole, confidence: event.confidence ?? 1 };
    }
  }
  return { text: '', confidence: 0, failure: 'the engine ended without a result' };
}
