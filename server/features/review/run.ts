/**
 * A review of an open document or a part of it: the static patterns at once, then the model's findings as they come.
 * What the person types meanwhile moves or ends findings. It must not know how they are shown.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import type { Engine } from '../../engines/engine.ts';
import type { ReadGate } from '../../guard/readGate.ts';
import type { Services } from '../services.ts';
import type { ReviewFinding } from './finding.ts';
import { askForReview } from './withModel.ts';

/** Requests of one review; what is left is said. */
const MOST_REQUESTS = 8;
/** A file up to this length is shown to the model as a whole, a longer one piece by piece. In UTF-16 units. */
const WHOLE_FILE = 40_000;
const PIECE = 14_000;
/** Share of the engine's room, in UTF-16 units per token, that a piece may take. */
const PIECE_SHARE = 1.2;
const SECRET_CONFIDENCE = 0.8;

export interface ReviewRequest {
  readonly document: Document;
  /** Whole lines; absent: the file. */
  readonly range?: Range;
  /** Absent: only what is found without one. */
  readonly engine?: Engine;
  readonly gate?: ReadGate;
}

export interface ReviewResult {
  readonly findings: readonly ReviewFinding[];
  readonly dropped: number;
  /** Pieces that were not asked about. */
  readonly left: number;
}

export async function reviewDocument(
  services: Services,
  { document, range, engine, gate }: ReviewRequest,
  progress: Progress,
): Promise<ReviewResult> {
  const { uri } = document;
  // The text that is reviewed; the open one may go on changing.
  const seen = new Document(uri, document.languageId, document.version, document.getText());
  const found = [...(await staticFindings(services, seen, seen.getText(), progress.signal))].filter(each =>
    within(each, range),
  );
  const show = async () => {
    const chosen = await services.reviews.choose(found);
    services.reviews.show(uri, chosen, range);
    return chosen;
  };
  let chosen = await show();
  let dropped = 0;
  let left = 0;
  if (engine) {
    const { windowsOf } = await import('./offline.ts');
    const whole = { start: { line: 0, character: 0 }, end: seen.positionAt(seen.length) };
    const room = engine.capabilities.contextTokens;
    const fits = !range && seen.length <= Math.min(WHOLE_FILE, room * PIECE_SHARE);
    const pieces = fits ? [whole] : windowsOf(seen, range ?? whole, Math.min(PIECE, room * PIECE_SHARE));
    left = Math.max(0, pieces.length - MOST_REQUESTS);
    const known = [...found];
    for (const [i, piece] of pieces.slice(0, MOST_REQUESTS).entries()) {
      if (pieces.length > 1) progress.report(`part ${i + 1} of ${Math.min(pieces.length, MOST_REQUESTS)}`);
      const subject = { document: seen, range: piece, about: fits ? 'file' : 'selection', known } as const;
      const answer = await askForReview(services, engine, subject, progress, gate);
      found.push(...answer.findings);
      dropped += answer.dropped;
      chosen = await show();
    }
  }
  return { findings: chosen, dropped, left };
}

/** What is found without a model: suspicious patterns and secrets. `text` of a document that is not open. */
export async function staticFindings(
  services: Services,
  document: Document,
  text: string | undefined,
  signal: AbortSignal,
): Promise<readonly ReviewFinding[]> {
  const { uri } = document;
  const suspicions = await services.analysis.suspicions(uri, text, signal);
  const patterns = suspicions.map(
    ({ rule, ...rest }): ReviewFinding => ({ ...rest, uri, rule, code: document.getText(rest.range) }),
  );
  const secrets = services.redactor.find(document.getText()).map(({ start, end, what }): ReviewFinding => {
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    return {
      uri,
      range,
      rule: 'hard-coded-credential',
      category: 'security',
      severity: 'high',
      confidence: SECRET_CONFIDENCE,
      message: `This looks like a secret (${what}). Whoever can read the repository can use it; keep it outside and change it.`,
      code: document.getText(range),
    };
  });
  return [...patterns, ...secrets];
}

function within({ range: { start, end } }: ReviewFinding, range: Range | undefined): boolean {
  return !range || (start.line <= range.end.line && end.line >= range.start.line);
}
