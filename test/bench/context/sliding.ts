/**
 * The baseline: a window that slides with the cursor, the imports above it, and snippets of open documents that
 * share names with the text before the cursor, chosen anew each time.
 */
import { languageOf } from '../../../server/base/languages.ts';
import type { CompletionContext, CompletionInput } from '../../../server/context/completionContext.ts';
import { importsBefore } from '../../../server/context/imports.ts';
import { namesIn } from '../../../server/context/names.ts';
import { neighbours } from '../../../server/context/neighbours.ts';
import { capped, choose } from '../../../server/context/pieces.ts';
import type { ContextPorts } from '../../../server/context/ports.ts';
import { windowAround } from '../../../server/context/window.ts';
import { redacted } from '../../../server/guard/redacted.ts';

export interface SlidingOptions {
  /** Most UTF-16 units of the window, and its share of the budget. */
  readonly window: number;
  readonly share: number;
  /** Most UTF-16 units of snippets; 0: the window alone. */
  readonly snippets: number;
}

export const slidingWithSnippets: SlidingOptions = { window: 12_000, share: 0.75, snippets: 6_000 };
export const windowOnly: SlidingOptions = { window: Infinity, share: 1, snippets: 0 };

export async function slidingContext(
  input: CompletionInput,
  ports: ContextPorts,
  options: SlidingOptions,
): Promise<CompletionContext> {
  const { document, position, openDocuments } = input;
  const { redactor, places } = ports;
  const budget = input.budgetTokens * 4;
  const size = Math.min(options.window, Math.floor(budget * options.share));
  const before = Math.floor(size * 0.7);
  const range = { start: position, end: position };
  const window = windowAround(document, range, { before, after: size - before }, redactor);
  const path = redactor.redact(places.displayPath(document.uri));
  const room = Math.min(options.snippets, budget - size);
  if (room <= 0) return { prefix: window.before, suffix: window.after, context: [], path };
  const [leader = '#'] = languageOf(document.languageId, document.uri).lineComments;
  const imports = capped(redactor.redact(importsBefore(document, window.linesBefore)), 1_500);
  const pieces = imports.length > 0 && imports.length < room ? [{ path, text: imports }] : [];
  const names = namesIn(window.before.text.slice(-1_200), document.languageId, document.uri);
  const candidates = await neighbours(document, names, openDocuments, ports);
  const chosen = [...pieces, ...choose(candidates, room - imports.length)];
  const context = chosen.map(piece => redacted`${redactor.redact(leader)} ${piece.path}\n${piece.text}`);
  return { prefix: window.before, suffix: window.after, context, path };
}
