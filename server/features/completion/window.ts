/**
 * What an engine gets to see for a completion: the window alone in this process, chosen parts of the workspace
 * beyond. It must not know how the answer is used.
 */
import type { Document } from '../../base/document.ts';
import { type CompletionContext, CompletionContexts, windowAlone } from '../../context/completionContext.ts';
import type { Refused } from '../../context/ports.ts';
import type { Engine } from '../../engines/engine.ts';
import { gateForUnasked, type Services } from '../services.ts';
import { asOneFile } from './cells.ts';
import type { CompletionQuery } from './types.ts';

/** The worker has the open documents itself: more than the lines at the cursor costs a scan for secrets and 2 ms. */
const TOKENS_THAT_STAY = 800;
/** More slows a completion down more than it helps; and what is left of an engine's room is for the answer. */
const MAX_TOKENS = 8_000;
const PROMPT_SHARE = 0.8;

/** What was shown before in this session; it lives as long as the services do. */
const sessions = new WeakMap<Services, CompletionContexts>();

export function windowFor(
  services: Services,
  document: Document,
  query: CompletionQuery,
  engine: Engine,
  sends: CompletionQuery['trigger'],
  signal: AbortSignal,
): Promise<CompletionContext | Refused> {
  const { clock, codeSearch, documents, files, gate, history, otherDiagnostics, places, redactor, symbols } =
    services;
  const { document: whole, position, others } = asOneFile(documents, document, query.position);
  if (engine.origin === 'process') {
    const ports = { gate: gate(), redactor, places };
    return windowAlone({ document: whole, position, budgetTokens: TOKENS_THAT_STAY }, ports);
  }
  const contexts = sessions.get(services) ?? new CompletionContexts();
  sessions.set(services, contexts);
  return contexts.contextFor(
    {
      document: whole,
      position,
      budgetTokens: Math.min(Math.floor(engine.capabilities.contextTokens * PROMPT_SHARE), MAX_TOKENS),
      openDocuments: others,
      ...engine.capabilities.middle,
    },
    {
      gate: sends === 'explicit' ? gate() : gateForUnasked(services),
      redactor,
      places,
      symbols,
      files,
      clock,
      codeSearch,
      history,
      problems: otherDiagnostics,
    },
    signal,
  );
}
