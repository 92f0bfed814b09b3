/**
 * The next edit by a model: what may be sent of the edits made lately and of the text around the last one, and the
 * answer as one small change, tried out like any other. Consent and the read gate are asked first. It must not know
 * when it is asked or how the result is shown.
 */
import type { Document } from '../../base/document.ts';
import type { RecentEdit } from '../../base/history.ts';
import type { Engine } from '../../engines/engine.ts';
import { diffLines } from '../../edits/diff.ts';
import { hiddenCharacters } from '../../guard/sanitise.ts';
import { redacted } from '../../guard/redacted.ts';
import {
  type EditFamily,
  familyOf,
  familyPrompt,
  holdsMarks,
  readFamily,
} from '../../prompts/editFamilies.ts';
import { type DiffPiece, type NextEditPieces, nextEditPrompt, readRegion } from '../../prompts/nextEdit.ts';
import { gateForUnasked, type Services } from '../services.ts';
import type { Prediction } from './types.ts';

/** Lines of the editable region around the last edit, and of the window around that. */
const REGION_ABOVE = 6;
const REGION_BELOW = 16;
const WINDOW = 40;
/** Of a long edit so many lines are in the region, the last ones. */
const MAX_EDITED = 40;
const MAX_DIFFS = 8;
const MAX_TOKENS = 800;
/** Lines of an answer that are read. */
const MAX_LINES = 200;
/** A next edit changes a few lines; more is a rewrite that nobody asked for. */
const MAX_CHANGED = 8;
const MAX_LINE = 400;
const CONFIDENCE = 0.65;

export async function askNextEdit(
  services: Services,
  edits: readonly RecentEdit[],
  trigger: 'automatic' | 'explicit',
  signal: AbortSignal,
): Promise<Prediction | undefined> {
  const { analysis, documents, places, redactor, router } = services;
  const [newest] = edits;
  const document = newest && documents.get(newest.uri);
  const { engine } = { engine: undefined, ...router.choose('nextEdit', trigger) };
  if (!document || !engine || engine.origin === 'process') return undefined;
  const gate = trigger === 'automatic' ? gateForUnasked(services) : services.gate();
  if (!(await gate.checkDocument(document.uri)).allowed) return undefined;
  const family = familyOf(engine.name);
  const diffs: DiffPiece[] = [];
  for (const edit of edits.slice(0, MAX_DIFFS).toReversed()) {
    // What a file holds of the model's own marks would be read as ours.
    if (family && holdsMarks(family, edit.before + edit.after)) continue;
    if ((await gate.checkDocument(edit.uri)).allowed) diffs.push(pieceOf(edit, services));
  }
  if (signal.aborted) return undefined;
  const { version } = document;
  const window = windowOf(document, newest);
  if (family && holdsMarks(family, window.text + window.before)) return undefined;
  const [above, region, below] = redactor.redactParts(window.text, [window.start, window.end]);
  // A placeholder in the place of a secret would come back as an edit.
  if (!above || !region || !below || region.text !== window.text.slice(window.start, window.end))
    return undefined;
  const pieces: NextEditPieces = {
    path: redactor.redact(places.displayPath(document.uri)),
    diffs,
    before: redactor.redact(window.before),
    above,
    region,
    cursor: window.cursor,
    below,
  };
  const rewritten = await answerOf(engine, family, pieces, document.languageId, trigger, signal);
  if (rewritten === undefined || signal.aborted || hiddenCharacters(rewritten).length > 0) return undefined;
  const change = firstChange(document, window.firstLine, region.text, rewritten);
  if (!change || document.version !== version) return undefined;
  const { ok, syntaxChecked } = await analysis.preflight(document.uri, [change], signal);
  if (!ok || signal.aborted || document.version !== version) return undefined;
  return {
    uri: document.uri,
    version,
    ...change,
    confidence: CONFIDENCE,
    reason: `${engine.name} suggests a change here`,
    by: 'model',
    group: `model ${change.newText}`,
    verified: syntaxChecked,
    together: false,
  };
}

/** The region as the model rewrote it; undefined where its answer was cut or is not exactly one region. */
async function answerOf(
  engine: Engine,
  family: EditFamily | undefined,
  pieces: NextEditPieces,
  languageId: string,
  trigger: 'automatic' | 'explicit',
  signal: AbortSignal,
): Promise<string | undefined> {
  const events = family
    ? engine.complete(
        {
          languageId,
          path: pieces.path,
          prefix: familyPrompt(family, pieces),
          suffix: redacted``,
          context: [],
          maxTokens: MAX_TOKENS,
          maxLines: MAX_LINES,
          trigger,
          stops: family.stops,
        },
        signal,
      )
    : engine.chat({ messages: nextEditPrompt(pieces), maxTokens: MAX_TOKENS, temperature: 0 }, signal);
  let answer = '';
  let whole = false;
  for await (const event of events) {
    if (event.type === 'text') answer += event.text;
    // A cut answer never becomes an edit.
    if (event.type === 'done') whole = event.reason === 'stop';
  }
  if (!whole) return undefined;
  return family ? readFamily(family, answer) : readRegion(answer);
}

function pieceOf(
  { uri, line, before, after, beforeLines, afterLines }: RecentEdit,
  { redactor, places }: Pick<Services, 'redactor' | 'places'>,
): DiffPiece {
  return {
    path: redactor.redact(places.displayPath(uri)),
    line: line + 1,
    removed: beforeLines > 0 ? redactor.redact(before) : undefined,
    added: afterLines > 0 ? redactor.redact(after) : undefined,
  };
}

/** The window's text with `\n`, the region in it, and where the last edit ended inside the region. */
function windowOf(document: Document, { line, before, beforeLines, afterLines }: RecentEdit) {
  const last = Math.min(document.lineCount - 1, line + Math.max(0, afterLines - 1));
  const lines = (from: number, to: number) => {
    const found: string[] = [];
    for (let at = Math.max(0, from); at < Math.min(document.lineCount, to); at++)
      found.push(document.lineAt(at).slice(0, MAX_LINE));
    return found.join('\n');
  };
  const firstLine = Math.max(0, Math.max(Math.min(line, last), last - MAX_EDITED) - REGION_ABOVE);
  const end = Math.min(document.lineCount, last + 1 + REGION_BELOW);
  const [above, region, below] = [
    lines(firstLine - WINDOW, firstLine),
    lines(firstLine, end),
    lines(end, end + WINDOW),
  ];
  return {
    text: above + region + below,
    before: [
      ...(line > firstLine ? [lines(firstLine, line)] : []),
      ...(beforeLines > 0 ? [before] : []),
      ...(end > line + afterLines ? [lines(line + afterLines, end)] : []),
    ].join('\n'),
    start: above.length,
    end: above.length + region.length,
    firstLine,
    cursor: lines(firstLine, last + 1).length,
  };
}

/** The first place where the region was rewritten, if the whole rewriting is small. */
function firstChange(document: Document, firstLine: number, region: string, rewritten: string) {
  const [old, now] = [region.split('\n'), rewritten.split(/\r\n|\r|\n/)];
  const hunks = diffLines(old, now, 2 * MAX_CHANGED) ?? [];
  const [hunk] = hunks;
  if (!hunk || hunk.aEnd - hunk.aStart + hunk.bEnd - hunk.bStart > MAX_CHANGED || hunks.length > 4)
    return undefined;
  if (old.slice(hunk.aStart, hunk.aEnd).some(line => line.length >= MAX_LINE)) return undefined;
  const eol = document.getEOLCharacters(0) || '\n';
  const added = now.slice(hunk.bStart, hunk.bEnd);
  const start = { line: firstLine + hunk.aStart, character: 0 };
  const end = { line: firstLine + hunk.aEnd, character: 0 };
  // Lines that only change stay within themselves, so that they can be shown beside the cursor.
  if (hunk.aEnd - hunk.aStart === added.length && added.length > 0)
    return {
      range: { start, end: document.getLineRange(firstLine + hunk.aEnd - 1).end },
      newText: added.join(eol),
    };
  if (end.line >= document.lineCount) return undefined;
  return { range: { start, end }, newText: added.map(line => line + eol).join('') };
}
