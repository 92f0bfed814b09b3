/**
 * An edit by the model: context → prompt → whole answer → located edits → checks → apply. An edit that does not fit
 * goes back with the reason, as often as the settings allow; a cut answer never gets this far.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { DocumentChange, Progress } from '../../base/host.ts';
import { applyEdits } from '../../edits/lines.ts';
import { type Proposal, proposeFromReply } from '../../edits/propose.ts';
import type { ChatMessage } from '../../engines/engine.ts';
import { findSecrets } from '../../guard/secrets.ts';
import type { CodePrompt } from '../../prompts/shared.ts';
import { withReasons } from '../changeSet/again.ts';
import { giveChange } from '../changeSet/give.ts';
import type { Services } from '../services.ts';
import { type ActionArguments, ActionError, documentFor } from './action.ts';
import { requireEngine } from './askModel.ts';
import {
  askForEdit,
  chooseForm,
  type EditQuestion,
  type EditReply,
  question,
  questionAgain,
  sameReply,
} from './editReply.ts';
import { checkNewFile, newFileUri } from './newFile.ts';
import { promptFor } from './promptFor.ts';

/** How often an edit is moved to where the person's typing has put its lines. */
const MAX_TRIES = 5;

export interface ModelEdit {
  /** Ends the undo label: "Codriver: fix". */
  readonly label: string;
  readonly prompt: (context: CodePrompt) => readonly ChatMessage[];
  /** The prompt asks for one code block that replaces the target's range, instead of search/replace blocks. */
  readonly replacesRange?: boolean;
  /** Goes away with the edit, also when the model forgets it. Lines of the document as it is when the work starts. */
  readonly removes?: Range;
  /**
   * What is wrong with an edit that fits, from the document before it and after it; in words for the model and for the
   * person. `refused`: then it is not made. Otherwise it is made where the model does not mend it, and that is said.
   */
  readonly judge?: (before: string, after: string) => Verdict | undefined;
}

export interface Verdict {
  readonly refused: boolean;
  readonly words: string;
}

/** `shown`: as a change-set, in which the person decides; nothing is changed yet. */
export async function editWithModel(
  services: Services,
  target: ActionArguments,
  progress: Progress,
  edit: ModelEdit,
): Promise<'applied' | 'shown'> {
  const engine = requireEngine(services);
  const document = documentFor(services, target.uri);
  const seen = { version: document.version, text: document.getText() };
  const { signal } = progress;
  const chosen = await chooseForm(services, document, target, engine, edit.replacesRange === true, signal);
  // Asked for a whole declaration, a model must be shown that very text as the selection.
  const about = chosen.range === undefined ? target : { ...target, range: chosen.range };
  const context = await promptFor(services, document, about, engine, signal);
  const messages = withReasons(services, edit.prompt(context), context.budget);
  let asked: EditQuestion =
    edit.replacesRange === true ? { messages, form: 'range' } : question(messages, chosen.form);
  const propose = (reply: EditReply) =>
    proposal(services, document, seen, about.range, reply, asked, progress);
  let reply = await askForEdit(engine, asked, progress);
  progress.report('checking the edit');
  let result = await propose(reply);
  let objections = await objectionsTo(services, document, edit, result, signal);
  /** The best so far: sound, though a checker of the project has something against it. */
  let sound:
    | { readonly reply: EditReply; readonly asked: EditQuestion; readonly objections: readonly string[] }
    | undefined;
  const first = asked;
  for (let repairs = services.settings().edits.repairs; repairs > 0; repairs--) {
    if (result.ok ? objections.length === 0 : result.retry === '') break;
    if (result.ok) sound = { reply, asked, objections };
    const words = result.ok ? inWords(objections, verdictOn(document, edit, result.change)) : result.retry;
    asked = questionAgain(services, first, reply, words, context.budget);
    const next = await askForEdit(engine, asked, progress);
    const stubborn = sameReply(next, reply);
    reply = next;
    result = await propose(reply);
    objections = await objectionsTo(services, document, edit, result, signal);
    if (stubborn) break;
  }
  if (sound && (!result.ok || objections.length > sound.objections.length)) {
    ({ reply, asked, objections } = sound);
    result = await propose(reply);
  }
  for (let tries = 1; ; tries++) {
    if (!result.ok) throw new ActionError(misfit(engine.name, result));
    const verdict = verdictOn(document, edit, result.change);
    if (verdict?.refused)
      throw new ActionError(`${engine.name} wrote an edit that was not made: ${verdict.words}`);
    const bare = edit.removes
      ? result.change.map(each => without(each, document, seen, edit.removes))
      : result.change;
    const change = await services.checks.format(bare, signal);
    for (const { uri, create } of change) if (create) await checkNewFile(services, uri);
    const { label } = edit;
    const outcome = await giveChange(services, { label, by: engine.name, target, change });
    if (outcome.applied) {
      tellObjections(services, objections);
      for (const warning of result.warnings) services.host.tell('warning', `Codriver: ${warning}`);
      return outcome.shown ? 'shown' : 'applied';
    }
    if (outcome.why !== 'stale' || tries === MAX_TRIES) throw new ActionError(outcome.message);
    // Typed into after the check: the same edit once more, on the text as it is now.
    documentFor(services, target.uri);
    result = await propose(reply);
  }
}

/** What the action and the project's quick checkers say of a sound edit; the latter only what they do not say of the code as it is. */
async function objectionsTo(
  { checks }: Services,
  document: Document,
  edit: ModelEdit,
  result: Proposal,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!result.ok) return [];
  const verdict = verdictOn(document, edit, result.change);
  const found = await checks.objections(result.change, signal);
  return verdict ? [verdict.words, ...found] : found;
}

function verdictOn(
  document: Document,
  { judge }: ModelEdit,
  change: readonly DocumentChange[],
): Verdict | undefined {
  const own = change.find(({ uri }) => uri === document.uri);
  if (!judge || !own || (own.version !== null && own.version !== document.version)) return undefined;
  const before = document.getText();
  return judge(before, applyEdits(before, own.edits));
}

function tellObjections({ host }: Services, objections: readonly string[]): void {
  if (objections.length > 0)
    host.tell('warning', `Codriver: this edit was made, with objections: ${objections.join('; ')}`);
}

/** For the model: what the action has against the edit, then the checkers. */
function inWords(objections: readonly string[], verdict: Verdict | undefined): string {
  const found = verdict ? objections.slice(1) : objections;
  const checkers = `The project's checkers report errors in the code as your edit would leave it:\n${found.join('\n')}`;
  const parts = [verdict?.words, found.length > 0 ? checkers : undefined];
  return [...parts, 'Send a corrected edit, against the code as it was before your edit.']
    .filter(part => part !== undefined)
    .join('\n');
}

function misfit(name: string, { code, reason }: Extract<Proposal, { ok: false }>): string {
  const ours = code === 'changed-meanwhile' || code === 'aborted';
  return ours ? reason : `${name} wrote an edit that does not fit: ${reason}`;
}

/**
 * The change with the lines of a comment taken away, unless it touches them itself or the document has changed: then
 * what it does to them is somebody's will.
 */
function without(
  change: DocumentChange,
  document: Document,
  seen: { readonly version: number; readonly text: string },
  range: Range | undefined,
): DocumentChange {
  if (!range || change.uri !== document.uri || change.version !== seen.version) return change;
  if (document.version !== seen.version) return change;
  const removal = { range: wholeLines(document, range), newText: '' };
  const apart = (a: Range, b: Range) => document.offsetAt(a.end) <= document.offsetAt(b.start);
  const touched = change.edits.some(
    edit => !apart(edit.range, removal.range) && !apart(removal.range, edit.range),
  );
  return touched ? change : { ...change, edits: [...change.edits, removal] };
}

/** The lines of a comment with their ends; where code stands before it, only the comment and the blanks before it. */
function wholeLines(document: Document, { start, end }: Range): Range {
  const code = document.lineAt(start.line).slice(0, start.character).trimEnd();
  const last = document.lineAt(end.line).length;
  if (code !== '' || end.character < last || end.line + 1 >= document.lineCount)
    return { start: { line: start.line, character: code.length }, end };
  return { start: { line: start.line, character: 0 }, end: { line: end.line + 1, character: 0 } };
}

function proposal(
  services: Services,
  document: Document,
  seen: { readonly version: number; readonly text: string },
  range: Range,
  reply: EditReply,
  { form }: EditQuestion,
  progress: Progress,
): Promise<Proposal> {
  const { documents, places, redactor, analysis } = services;
  const { uri } = document;
  return proposeFromReply({
    reply: reply.text,
    calls: reply.calls,
    wholeFiles: form === 'whole',
    finished: true,
    documents: [{ uri, path: places.displayPath(uri), version: seen.version, text: seen.text }],
    ...(form === 'range' ? { target: { uri, range } } : {}),
    newFile: path => newFileUri(services, uri, path),
    restore: text => redactor.restore(text),
    findSecrets,
    current: changed => {
      const now = documents.get(changed);
      return now && { version: now.version, text: now.getText() };
    },
    preflight: (where, edits, signal) =>
      // A file that does not exist yet has nothing to be compared with.
      documents.get(where)
        ? analysis.preflight(where, edits, signal)
        : Promise.resolve({ ok: true, problems: [] }),
    signal: progress.signal,
  });
}
