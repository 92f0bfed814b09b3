/**
 * What stands at the cursor and why: structure first, then what is wrong there, then the model's words when they
 * are there or allowed. Never waits longer than an editor waits gladly.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Explanation } from '../analysis/analysis.ts';
import type { Explanations } from './explanations.ts';
import type { Services } from './services.ts';

/**
 * Time for the structure, and for the model's words when they may come by themselves, in ms. The structure takes a
 * few milliseconds; the limit is for a grammar that is being loaded, where an empty box would be worse than a wait.
 */
const STRUCTURE_MS = 250;
const MODEL_MS = 1_500;

export interface HoverText {
  readonly markdown: string;
  readonly range: Range;
}

export async function hoverAt(
  services: Services,
  explanations: Explanations,
  uri: string,
  position: Position,
  signal: AbortSignal,
): Promise<HoverText | undefined> {
  const { documents, otherDiagnostics, router, settings } = services;
  const { autonomy, hover } = settings();
  const document = documents.get(uri);
  if (!document || autonomy < 1 || !hover.enabled) return undefined;
  const structure = await withLimit(services, STRUCTURE_MS, signal, limited =>
    services.analysis.explain(uri, position, limited),
  );
  const place: Explanation | undefined = structure;
  const problems = otherDiagnostics.overlapping(uri, { start: position, end: position });
  const parts: string[] = [];
  if (place) parts.push(place.markdown);
  const why =
    problems.length === 0
      ? []
      : ((await withLimit(services, STRUCTURE_MS, signal, limited =>
          services.analysis.explainProblems(problems, limited),
        )) ?? []);
  for (const [i, { message, source }] of problems.entries()) {
    parts.push(`Problem${source ? ` (${source})` : ''}: ${message}`);
    if (why[i]) parts.push(why[i]);
  }
  const { engine } = router.choose('hover', 'automatic');
  if (place && engine && hover.model === 'auto') {
    const words = await withLimit(services, MODEL_MS, signal, limited =>
      explanations.of(document, place, engine, limited),
    );
    if (words) parts.push('---', words);
  }
  if (parts.length === 0) return undefined;
  return { markdown: parts.join('\n\n'), range: place?.range ?? { start: position, end: position } };
}

/** The answer, or undefined when it fails or takes longer than `ms`. */
async function withLimit<T>(
  { clock }: Services,
  ms: number,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T | undefined>,
): Promise<T | undefined> {
  const limit = new AbortController();
  const timer = clock.after(ms, () => limit.abort());
  try {
    return await ask(AbortSignal.any([signal, limit.signal]));
  } catch {
    return undefined;
  } finally {
    timer.cancel();
  }
}
