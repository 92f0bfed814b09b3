/**
 * One question to a model about a piece of code, answered with findings whose quotes stand there exactly once. What
 * does not fit goes back once, with words about why; what does not fit then is dropped and counted.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import type { Engine } from '../../engines/engine.ts';
import type { ReadGate } from '../../guard/readGate.ts';
import { plainLine } from '../../guard/sanitise.ts';
import { retryPrompt } from '../../prompts/retry.ts';
import { reviewPrompt } from '../../prompts/review.ts';
import { chat } from '../actions/askModel.ts';
import { promptFor } from '../actions/promptFor.ts';
import type { Services } from '../services.ts';
import type { ReviewFinding } from './finding.ts';
import type { Claim } from './answer.ts';
import type * as offlineModule from './offline.ts';

const MAX_ANSWER_TOKENS = 2_500;
/** Quotes that did not fit and are told to the model. */
const MOST_TOLD = 10;
const LONGEST_MESSAGE = 500;

export interface ReviewSubject {
  readonly document: Document;
  /** Whole lines. */
  readonly range: Range;
  readonly about: 'file' | 'selection' | 'change';
  readonly diff?: string;
  /** What was found without a model. */
  readonly known: readonly ReviewFinding[];
}

export interface ModelReview {
  readonly findings: readonly ReviewFinding[];
  /** Findings that stand for no place, or are none. */
  readonly dropped: number;
}

interface Placed {
  readonly findings: readonly ReviewFinding[];
  readonly misfits: readonly string[];
  readonly dropped: number;
}

export async function askForReview(
  services: Services,
  engine: Engine,
  subject: ReviewSubject,
  progress: Progress,
  gate?: ReadGate,
): Promise<ModelReview> {
  const { document, range, about, diff, known } = subject;
  const { redactor } = services;
  const offline = await import('./offline.ts');
  const target = { uri: document.uri, range };
  const context = await promptFor(services, document, target, engine, progress.signal, gate);
  const said = known.map(each => `line ${each.range.start.line + 1}: ${each.message}`).join('\n');
  const messages = reviewPrompt({
    ...context,
    about,
    ...(diff === undefined ? {} : { diff: redactor.redact(diff) }),
    ...(said === '' ? {} : { known: redactor.redact(said) }),
  });
  const first = await chat(engine, messages, MAX_ANSWER_TOKENS, progress);
  const placed = place(services, engine, subject, first.text, offline);
  if (placed.misfits.length === 0) return placed;
  const again = retryPrompt({
    messages,
    reply: redactor.redact(first.text),
    error: redactor.redact(placed.misfits.slice(0, MOST_TOLD).join('\n')),
    budget: context.budget,
  });
  const second = place(
    services,
    engine,
    subject,
    (await chat(engine, again, MAX_ANSWER_TOKENS, progress)).text,
    offline,
  );
  const keys = new Set(second.findings.map(placeOf));
  return {
    findings: [...second.findings, ...placed.findings.filter(each => !keys.has(placeOf(each)))],
    dropped: second.dropped,
  };
}

function placeOf({ range, category }: ReviewFinding): string {
  return `${range.start.line} ${category}`;
}

/** The findings of a reply at their places, and what to tell the model about the others. */
function place(
  services: Services,
  engine: Engine,
  { document, range }: ReviewSubject,
  reply: string,
  { anchor, readReview }: typeof offlineModule,
): Placed {
  const { claims, malformed, readable } = readReview(reply);
  if (!readable) return { findings: [], misfits: ['The answer is no JSON array of findings.'], dropped: 1 };
  const text = document.getText(range);
  const base = document.offsetAt(range.start);
  const findings: ReviewFinding[] = [];
  const misfits: string[] = [];
  if (malformed > 0) misfits.push(`${malformed} elements lack a field, or have one with another value.`);
  for (const claim of claims) {
    const restored = services.redactor.restore(claim.code);
    const at = restored.ok ? anchor(text, restored.text) : { times: 0 as const };
    if ('times' in at) {
      misfits.push(misfit(claim, at.times));
      continue;
    }
    const where = { start: document.positionAt(base + at.start), end: document.positionAt(base + at.end) };
    findings.push({
      uri: document.uri,
      range: where,
      message: plainLine(claim.message, LONGEST_MESSAGE),
      category: claim.category,
      severity: claim.severity,
      confidence: claim.confidence,
      model: engine.name,
      code: document.getText(where),
    });
  }
  return { findings, misfits, dropped: malformed + claims.length - findings.length };
}

function misfit({ code }: Claim, times: 0 | 2): string {
  const quoted = JSON.stringify(code.slice(0, 300));
  return times === 0
    ? `This "code" does not stand in what is reviewed: ${quoted}. Copy whole lines exactly.`
    : `This "code" stands there more than once: ${quoted}. Copy more lines, so that they occur only once.`;
}
