/**
 * From a place to a request: who is asked, how much may come (from syntax), and what they get to see. It must not
 * know what is remembered or under way.
 */
import type { CompletionShape } from '../../analysis/analysis.ts';
import { insideByText, shapeOf } from '../../analysis/shape.ts';
import { languageOf } from '../../base/languages.ts';
import type { CompleteRequest, Engine } from '../../engines/engine.ts';
import type { Services } from '../services.ts';
import { consume } from './consume.ts';
import { inTime } from './inTime.ts';
import type { Site } from './site.ts';
import { type CompletionQuery, type CompletionResult, nothing } from './types.ts';
import { windowFor } from './window.ts';

/** Tokens for one line, and for each line more. */
const FIRST_LINE_TOKENS = 80;
const MORE_LINE_TOKENS = 40;
/** The tree's word on the shape is waited for this long, in ms; then the text's counts. */
const SHAPE_MS = 10;
/** The embedded engine's draft is waited for this long, in ms, by an endpoint that goes faster with one. */
const DRAFT_MS = 10;

export interface Prepared {
  readonly engine: Engine;
  readonly request: CompleteRequest;
  /** Whether the text leaves by itself or because the person asked. */
  readonly sends: CompletionQuery['trigger'];
}

export async function prepare(
  services: Services,
  site: Site,
  signal: AbortSignal,
): Promise<Prepared | CompletionResult> {
  const { router, settings } = services;
  const { query } = site;
  const sends = query.mayBeTyping ? 'automatic' : query.trigger;
  const choice = router.choose('completion', sends);
  if (!choice.engine) return nothing('no engine', choice.why);
  let { engine } = choice;
  const { maxLines } = settings().completion;
  const shaping = engine.origin === 'process' ? undefined : shapeAt(services, site, signal);
  const lookAt = (asked: Engine) =>
    windowFor(services, site.document, { ...query, position: site.position }, asked, sends, signal);
  let window = await lookAt(engine);
  const shape = await shaping;
  if (signal.aborted) return nothing('aborted');
  if (shape === 'nothing' && query.trigger === 'automatic') return nothing('line is finished');
  const isWrong = 'refused' in window || (shape === 'nothing' && sends === 'automatic');
  if (isWrong && engine !== router.embedded) {
    // What may not be sent, or is not worth it, may still be completed here.
    engine = router.embedded;
    window = await lookAt(engine);
  }
  if (signal.aborted) return nothing('aborted');
  if ('refused' in window) return nothing('file is excluded', window.refused);
  // The embedded engine does not know by itself where a block is wanted.
  const oneLine = engine.origin === 'process' ? shapeInText(site) !== 'block' : isOneLine(shape, site);
  const lines = oneLine ? 1 : maxLines;
  const request: CompleteRequest = {
    ...window,
    languageId: site.languageId,
    maxLines: lines,
    maxTokens: FIRST_LINE_TOKENS + MORE_LINE_TOKENS * (lines - 1),
    trigger: query.trigger,
    place: { uri: query.uri, line: site.position.line },
  };
  if (engine.origin === 'process' || !engine.capabilities.predicts) return { engine, request, sends };
  return { engine, request: await withDraft(services, request, signal), sends };
}

/** The person pressed a key for it. */
export function isAsked({ trigger, mayBeTyping }: CompletionQuery): boolean {
  return trigger === 'explicit' && !mayBeTyping;
}

/** A person who asks, with nothing right of the cursor, is shown more than a line. */
function isOneLine(shape: CompletionShape | undefined, { query, restOfLine }: Site): boolean {
  return shape === 'line' && !(isAsked(query) && restOfLine.trim() === '');
}

/** The tree is asked only where it can make a difference: for an answer that the text alone does not settle. */
function shapeAt(
  services: Services,
  site: Site,
  signal: AbortSignal,
): CompletionShape | Promise<CompletionShape> {
  const { query, languageId, textBefore, textAfter, assumed, start } = site;
  const asCode = shapeOf(textBefore, textAfter, languageOf(languageId, query.uri), 'code');
  if (asCode === 'line' || isAsked(query)) return asCode;
  if (assumed !== '') return shapeInText(site);
  return inTime(services.clock, SHAPE_MS, signal, limit =>
    services.analysis.completionShape(query.uri, start, limit),
  ).then(answer => answer ?? shapeInText(site));
}

/** From the text alone: for what stands in no tree yet. */
export function shapeInText({ textBefore, textAfter, languageId, query }: Site): CompletionShape {
  const language = languageOf(languageId, query.uri);
  const asCode = shapeOf(textBefore, textAfter, language, 'code');
  if (asCode === 'line') return asCode;
  return shapeOf(textBefore, textAfter, language, insideByText(textBefore, language));
}

/** What the embedded engine would write, for an endpoint that checks a guess faster than it writes. */
async function withDraft(
  services: Services,
  request: CompleteRequest,
  signal: AbortSignal,
): Promise<CompleteRequest> {
  const { clock, router, redactor } = services;
  const draft = await inTime(clock, DRAFT_MS, signal, limit => consume(router.embedded, request, limit));
  if (!draft || draft.failure || draft.text === '') return request;
  return { ...request, draft: redactor.redact(draft.text) };
}
