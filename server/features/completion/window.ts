/**
 * What an engine gets to see for a completion: the window alone in this process, relatives of it beyond. It must
 * not know how the answer is used.
 */
import type { Document } from '../../base/document.ts';
import { type CompletionContext, completionContext } from '../../context/completionContext.ts';
import type { Refused } from '../../context/ports.ts';
import type { Engine } from '../../engines/engine.ts';
import { gateForUnasked, type Services } from '../services.ts';
import type { CompletionQuery } from './types.ts';

/** The worker has the open documents itself: more than the lines at the cursor costs a scan for secrets and 2 ms. */
const TOKENS_THAT_STAY = 800;

export function windowFor(
  services: Services,
  document: Document,
  query: CompletionQuery,
  engine: Engine,
  sends: CompletionQuery['trigger'],
  signal: AbortSignal,
): Promise<CompletionContext | Refused> {
  const { documents, gate, places, redactor, settings } = services;
  const stays = engine.origin === 'process';
  return completionContext(
    {
      document,
      position: query.position,
      budgetTokens: stays ? TOKENS_THAT_STAY : Math.min(settings().openai.contextTokens, 8_000),
      openDocuments: stays ? [] : documents.all(),
    },
    { gate: stays || sends === 'explicit' ? gate() : gateForUnasked(services), redactor, places },
    signal,
  );
}
