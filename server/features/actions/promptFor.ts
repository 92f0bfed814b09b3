/** The context of an action's prompt: gated, redacted and bounded, or a refusal in words for the person. */
import type { Document } from '../../base/document.ts';
import { actionContext } from '../../context/actionContext.ts';
import type { Engine } from '../../engines/engine.ts';
import type { CodePrompt } from '../../prompts/shared.ts';
import type { Services } from '../services.ts';
import { type ActionArguments, ActionError } from './action.ts';

/** Share of an engine's room that the prompt may take; the rest is for its answer. */
const PROMPT_SHARE = 0.7;
const MAX_PROMPT_TOKENS = 24_000;

export async function promptFor(
  services: Services,
  document: Document,
  { range, problems }: ActionArguments,
  engine: Engine,
  signal: AbortSignal,
  gate = services.gate(),
): Promise<CodePrompt> {
  const { analysis, codeSearch, documents, files, places, redactor, symbols } = services;
  const room = Math.floor(engine.capabilities.contextTokens * PROMPT_SHARE);
  const context = await actionContext(
    {
      document,
      range,
      ...(problems ? { problems } : {}),
      budgetTokens: Math.min(room, MAX_PROMPT_TOKENS),
      openDocuments: documents.all(),
    },
    { gate, redactor, places, symbols, analysis, files, codeSearch },
    signal,
  );
  if ('refused' in context) throw new ActionError(context.refused);
  return context;
}
