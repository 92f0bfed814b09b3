/**
 * A model's reply → changes that may be offered: parsed, located, checked, rebased onto what the buffers hold now,
 * and pre-flighted. Anything doubtful is refused with words for the model (one re-ask) and for the person. It must
 * not know engines, the analysis or how secrets are redacted: those come as functions.
 */
import type { Range, TextDocumentContentChangeEvent, TextEdit } from 'vscode-languageserver-textdocument';
import type { DocumentChange } from '../base/host.ts';
import { type CheckFailure, check, type SecretFinding } from './check.ts';
import { type LocateFailure, locate } from './locate.ts';
import { parseReply } from './parse.ts';
import { matchPath, normalPath, type PathMatch } from './paths.ts';
import type { ParseFailure, ProposedEdit, Reading } from './proposed.ts';
import { replaceRange } from './range.ts';
import { rebase } from './rebase.ts';
import { parseToolCalls, type ToolCall } from './toolCalls.ts';

/** A document as it was when the prompt was built; `text` is the document's own, not the redacted one. */
export interface EditableDocument {
  readonly uri: string;
  /** As the model was told it. */
  readonly path: string;
  readonly version: number | null;
  readonly text: string;
}

/** A document as it is now; `changes` lead from the text the model saw to this one, where they are known. */
export interface CurrentDocument {
  readonly version: number | null;
  readonly text: string;
  readonly changes?: readonly TextDocumentContentChangeEvent[];
}

export interface ProposeInput {
  readonly reply: string;
  /** Calls of the edit tools, where the model made any; then the text of the reply is talk. */
  readonly calls?: readonly ToolCall[];
  /** The prompt asked for whole files. */
  readonly wholeFiles?: boolean;
  /** False unless the stream ended with a finish reason of `stop`: a cut reply never becomes an edit. */
  readonly finished: boolean;
  /** The documents that may be edited. */
  readonly documents: readonly EditableDocument[];
  /** Set where the prompt asked for one code block that replaces this range. */
  readonly target?: { readonly uri: string; readonly range: Range };
  /** The URI for a file that does not exist yet; undefined if it may not be made. Without it no file is made. */
  readonly newFile?: (path: string) => string | undefined;
  /** Puts secrets back in the place of their placeholders; `why` is for the person. */
  readonly restore: (
    text: string,
  ) => { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };
  readonly findSecrets?: (text: string) => readonly SecretFinding[];
  /** What a document holds by now; without it documents count as unchanged. */
  readonly current?: (uri: string) => CurrentDocument | undefined;
  readonly preflight: (
    uri: string,
    edits: readonly TextEdit[],
    signal: AbortSignal,
  ) => Promise<{ readonly ok: boolean; readonly problems: readonly string[] }>;
  readonly signal: AbortSignal;
}

export type ProposeFailure =
  | ParseFailure
  | LocateFailure
  | CheckFailure
  | 'redaction'
  | 'wrong-file'
  | 'changed-meanwhile'
  | 'preflight'
  | 'aborted';

/**
 * `retry` is for the model, quotes the document and must be redacted before it is sent; it is '' where asking
 * again is of no use. `reason` is for the person, and so are `warnings`.
 */
export type Proposal =
  | { readonly ok: true; readonly change: readonly DocumentChange[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly code: ProposeFailure; readonly retry: string; readonly reason: string };

type Refusal = Extract<Proposal, { ok: false }>;

/** Edits of one document before they are checked. `document` undefined: a new file. */
interface Draft {
  readonly uri: string;
  readonly path: string;
  readonly document?: EditableDocument;
  readonly edits: readonly TextEdit[];
  readonly rewrite?: { readonly before: string; readonly after: string; readonly wholeFile?: boolean };
}

export async function proposeFromReply(input: ProposeInput): Promise<Proposal> {
  if (!input.finished) {
    return refusal('truncated', 'The reply was cut. Send the whole edit again, shorter.');
  }
  const drafts = draft(input);
  if (!Array.isArray(drafts)) return drafts;
  const change: DocumentChange[] = [];
  const warnings: string[] = [];
  for (const each of drafts) {
    const done = await verify(each, input);
    if ('code' in done) return done;
    change.push(done.change);
    warnings.push(...done.warnings);
  }
  return { ok: true, change, warnings };
}

function draft(input: ProposeInput): Draft[] | Refusal {
  const { documents, target } = input;
  const asked = input.wholeFiles === true ? 'whole' : 'blocks';
  const parsed =
    input.calls !== undefined && input.calls.length > 0
      ? parseToolCalls(input.calls)
      : parseReply(input.reply, {
          expect: target === undefined ? asked : 'range',
          paths: documents.map(document => document.path),
        });
  if (!parsed.ok) return refusal(parsed.code, parsed.retry);
  if (parsed.kind === 'blocks') return draftBlocks(parsed.edits, input);

  const document = documents.find(each => each.uri === target?.uri);
  if (document === undefined || target === undefined) {
    return refusal('wrong-file', 'Answer with search/replace blocks.');
  }
  const replacement = restored(parsed.replacement, input);
  if (replacement === undefined) return unrestored();
  const range = replaceRange(document.text, target.range, replacement);
  if (range.edits.length === 0)
    return refusal('no-change', 'The code is the same as before. Make the change.');
  return [{ uri: document.uri, path: document.path, document, edits: range.edits, rewrite: range }];
}

function draftBlocks(proposed: readonly ProposedEdit[], input: ProposeInput): Draft[] | Refusal {
  const byDocument = new Map<EditableDocument, ProposedEdit[]>();
  const drafts: Draft[] = [];
  for (const edit of proposed) {
    const [first, ...rest] = edit.readings.flatMap(each => restoredReading(each, input) ?? []);
    if (first === undefined) return unrestored();
    const readings = [first, ...rest] as const;
    const match: PathMatch<EditableDocument> =
      edit.creates === true ? madeOver(edit.path, input.documents) : matchPath(edit.path, input.documents);
    if (match.kind === 'one' && edit.creates === true && match.document.text.trim() !== '') {
      return refusal(
        'wrong-file',
        `${match.document.path} exists already and has text, so it cannot be made. Edit it instead.`,
      );
    }
    if (match.kind === 'one') {
      const list = byDocument.get(match.document) ?? [];
      const fragment = restoredFragment(edit, input);
      if (fragment === null) return unrestored();
      list.push({ ...edit, readings, ...(fragment === undefined ? {} : { fragment }) });
      byDocument.set(match.document, list);
      continue;
    }
    const made = match.kind === 'none' ? draftNewFile(edit.path, readings[0], drafts, input) : undefined;
    if (made === undefined) return wrongFile(edit.path, input.documents);
    if ('code' in made) return made;
    drafts.push(made);
  }
  for (const [document, edits] of byDocument) {
    const located = locate(document.text, edits, document.path);
    if (!located.ok) {
      // A block without effect is harmless beside others that have one.
      if (located.code === 'no-change' && (byDocument.size > 1 || drafts.length > 0)) continue;
      return refusal(located.code, located.retry);
    }
    const whole = edits.find(each => each.whole === true)?.readings[0].replace.join('\n');
    const rewrite =
      whole === undefined ? {} : { rewrite: { before: document.text, after: whole, wholeFile: true } };
    drafts.push({ uri: document.uri, path: document.path, document, edits: located.edits, ...rewrite });
  }
  return drafts.length > 0 ? drafts : refusal('no-change', 'The edit changes nothing. Send blocks that do.');
}

/** The file that a new one would replace: only one of exactly that path, since `a.ts` may be made beside `src/a.ts`. */
function madeOver(path: string, documents: readonly EditableDocument[]): PathMatch<EditableDocument> {
  const document = documents.find(each => normalPath(each.path) === normalPath(path));
  return document === undefined ? { kind: 'none' } : { kind: 'one', document };
}

function draftNewFile(
  path: string,
  reading: Reading,
  drafts: readonly Draft[],
  input: ProposeInput,
): Draft | Refusal | undefined {
  if (reading.search.some(line => line.trim() !== '')) return undefined;
  const uri = input.newFile?.(path);
  if (uri === undefined) return undefined;
  if (drafts.some(each => each.uri === uri)) {
    return refusal('overlap', `There are several blocks for the new file ${path}. Put all of it into one.`);
  }
  const lines = reading.replace;
  const text = lines.join('\n').trimEnd();
  if (text === '') return refusal('no-change', `The new file ${path} is empty. Write its text.`);
  const start = { line: 0, character: 0 };
  return { uri, path, edits: [{ range: { start, end: start }, newText: `${text}\n` }] };
}

/** Checks, rebases and pre-flights one document's edits. */
async function verify(
  each: Draft,
  input: ProposeInput,
): Promise<{ readonly change: DocumentChange; readonly warnings: readonly string[] } | Refusal> {
  const { document, path, uri } = each;
  const checked = check({
    path,
    before: document?.text ?? '',
    edits: each.edits,
    findSecrets: input.findSecrets,
    rewrite: each.rewrite,
  });
  if (!checked.ok) return checked;

  const now = document === undefined ? undefined : input.current?.(uri);
  const rebased =
    document === undefined || now === undefined
      ? { ok: true as const, edits: each.edits }
      : rebase(document.text, each.edits, now.text, now.changes);
  if (!rebased.ok) return { ok: false, code: 'changed-meanwhile', retry: '', reason: rebased.reason };

  const verdict = await input.preflight(uri, rebased.edits, input.signal);
  if (input.signal.aborted) return { ok: false, code: 'aborted', retry: '', reason: 'Cancelled.' };
  if (!verdict.ok) {
    const problems = verdict.problems.slice(0, 5).join('\n');
    return refusal('preflight', `The edit would break ${path}:\n${problems}\nSend a corrected edit.`);
  }
  const version = now === undefined ? (document?.version ?? null) : now.version;
  const change: DocumentChange =
    document === undefined
      ? { uri, version: null, edits: rebased.edits, create: true }
      : { uri, version, edits: rebased.edits };
  return { change, warnings: checked.warnings };
}

/** The block, or undefined if a placeholder in it cannot be put back. */
function restored(lines: readonly string[], input: ProposeInput): readonly string[] | undefined {
  if (lines.length === 0) return lines;
  const text = lines.join('\n');
  const back = input.restore(text);
  if (!back.ok) return undefined;
  return back.text === text ? lines : back.text.replace(/\r\n?/g, '\n').split('\n');
}

function restoredReading(reading: Reading, input: ProposeInput): Reading | undefined {
  const search = restored(reading.search, input);
  const replace = restored(reading.replace, input);
  return search === undefined || replace === undefined ? undefined : { search, replace };
}

/** Undefined where there is none, null if a placeholder cannot be put back. */
function restoredFragment({ fragment }: ProposedEdit, input: ProposeInput): ProposedEdit['fragment'] | null {
  if (fragment === undefined) return undefined;
  const old = input.restore(fragment.old);
  const fresh = input.restore(fragment.new);
  return old.ok && fresh.ok ? { old: old.text, new: fresh.text } : null;
}

function unrestored(): Refusal {
  return refusal(
    'redaction',
    'The edit changes a placeholder that stands for a secret value. Keep such placeholders exactly as they are.',
  );
}

function wrongFile(path: string, documents: readonly EditableDocument[]): Refusal {
  const names = documents.slice(0, 10).map(document => document.path);
  const which =
    path === '' ? 'A block does not say which file it is for.' : `"${path}" is not a file you were shown.`;
  return refusal('wrong-file', `${which} Write one of these paths above each block: ${names.join(', ')}`);
}

type Refused = ParseFailure | LocateFailure | 'wrong-file' | 'preflight' | 'redaction';

const REASONS: Readonly<Record<Refused, string>> = {
  empty: 'The model answered nothing.',
  'no-edit': 'The model answered without an edit.',
  truncated: "The model's answer was cut, so it was not used.",
  malformed: "The model's edit was malformed.",
  unsupported: 'The model wanted to do more than edit text.',
  ambiguous: "The model's edit fits several places.",
  'not-found': "The model's edit quotes lines that are not in the file.",
  overlap: "The model's edits overlap.",
  redaction: 'The edit would have written a placeholder in the place of a secret value.',
  'no-change': "The model's edit changes nothing.",
  'empty-search': "The model's edit does not say where it belongs.",
  'wrong-file': 'The model wanted to edit a file it was not given.',
  preflight: 'The edit would have broken the file.',
};

function refusal(code: Refused, retry: string): Refusal {
  return { ok: false, code, retry, reason: `${REASONS[code]} Nothing was changed.` };
}
