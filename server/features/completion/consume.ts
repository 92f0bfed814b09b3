/** Reads an engine's stream to its end for a completion. It must not know documents, memory or protocol. */
import type { CompleteRequest, Engine } from '../../engines/engine.ts';
import type { Landed } from './flights.ts';

/** Reads an engine's stream to its end. A cut or failed stream gives a failure and never a text. */
export async function consume(
  engine: Engine,
  request: CompleteRequest,
  signal: AbortSignal,
  said: (text: string) => void = () => {},
): Promise<Landed> {
  let text = '';
  for await (const event of engine.complete(request, signal)) {
    if (event.type === 'text') {
      text += event.text;
      said(event.text);
    } else if (event.type === 'error') return { text: '', confidence: 0, failure: event.error.message };
    else if (event.type === 'aborted') return { text: '', confidence: 0, failure: 'aborted' };
    else if (event.type === 'done') {
      // Cut by the token limit: whole lines are still good as a suggestion, a torn last line is not.
      const whole = event.reason === 'length' ? text.slice(0, Math.max(0, text.lastIndexOf('\n'))) : text;
      const blocked = event.reason === 'content-filter' || event.reason === 'refusal';
      return { text: blocked ? '' : whole, confidence: event.confidence ?? 1 };
    }
  }
  return { text: '', confidence: 0, failure: 'the engine ended without a result' };
}
