/**
 * An edit by the model: context → prompt → whole answer → located edits → checks → apply, with one re-ask in the
 * model's own words when the edit does not fit. A cut answer never gets this far.
 */
import type { Document } from '../../base/document.ts';
import type { DocumentChange, Progress } from '../../base/host.ts';
import { type Proposal, proposeFromReply } from '../../edits/propose.ts';
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import { findSecrets } from '../../guard/secrets.ts';
import { retryPrompt } from '../../prompts/retry.ts';
import type { CodePrompt } from '../../prompts/shared.ts';
import type { Services } from '../services.ts';
import { type ActionArguments, ActionError, documentFor } from './action.ts';
import { chat, requireEngine } from './askModel.ts';
import { promptFor } from './promptFor.ts';

/** Tokens an edit may have. */
const MAX_EDIT_TOKENS = 4_000;

export interface ModelEdit {
  /** Ends the undo label: "Codriver: fix". */
  readonly label: string;
  readonly prompt: (context: CodePrompt) => readonly ChatMessage[];
  /** The prompt asks for one code block that replaces the target's range, instead of search/replace blocks. */
  readonly replacesRange?: boolean;
}

export async function editWithModel(
  services: Services,
  target: ActionArguments,
  progress: Progress,
  edit: ModelEdit,
): Promise<void> {
  const engine = requireEngine(services);
  const document = documentFor(services, target.uri);
  const seen = { version: document.version, text: document.getText() };
  const context = await promptFor(services, document, target, engine, progress.signal);
  const messages = edit.prompt(context);
  const propose = (reply: string) => proposal(services, document, seen, target, reply, edit, progress);
  const { text } = await chat(engine, messages, MAX_EDIT_TOKENS, progress);
  progress.report('checking the edit');
  let result = await propose(text);
  if (!result.ok && result.retry !== '') {
    const again = await askAgain(services, engine, messages, text, result.retry, context.budget, progress);
    result = await propose(again);
  }
  if (!result.ok) throw new ActionError(`${engine.name} wrote an edit that does not fit: ${result.reason}`);
  await apply(services, result.change, `Codriver: ${edit.label}`);
  for (const warning of result.warnings) services.host.tell('warning', `Codriver: ${warning}`);
}

async function askAgain(
  { redactor }: Services,
  engine: Engine,
  messages: readonly ChatMessage[],
  reply: string,
  error: string,
  budget: number,
  progress: Progress,
): Promise<string> {
  const retry = retryPrompt({
    messages,
    reply: redactor.redact(reply),
    error: redactor.redact(error),
    budget,
  });
  return (await chat(engine, retry, MAX_EDIT_TOKENS, progress)).text;
}

function proposal(
  services: Services,
  document: Document,
  seen: { readonly version: number; readonly text: string },
  target: ActionArguments,
  reply: string,
  edit: ModelEdit,
  progress: Progress,
): Promise<Proposal> {
  const { documents, places, redactor, analysis } = services;
  const { uri } = document;
  return proposeFromReply({
    reply,
    finished: true,
    documents: [{ uri, path: places.displayPath(uri), version: seen.version, text: seen.text }],
    ...(edit.replacesRange ? { target: { uri, range: target.range } } : {}),
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

/** New files only inside the workspace folder of the document, and never where the gate would not let us read. */
function newFileUri({ places }: Services, uri: string, path: string): string | undefined {
  const folder = places.folderOf(uri);
  if (folder === undefined || /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\0/.test(path)) return undefined;
  return places.uriOf(`${folder}/${path.replaceAll('\\', '/')}`);
}

async function apply(services: Services, change: readonly DocumentChange[], label: string): Promise<void> {
  for (const { uri, create } of change) if (create) await checkNewFile(services, uri);
  const outcome = await services.host.apply({ label, documents: change });
  if (!outcome.applied) throw new ActionError(outcome.message);
}

/** A new file must be allowed, must not exist, and must not lie behind a link that leads out of the workspace. */
async function checkNewFile({ files, gate, places }: Services, uri: string): Promise<void> {
  const path = places.pathOf(uri);
  const verdict = path === undefined ? undefined : await gate().check(path);
  if (!path || !verdict?.allowed) {
    const why = verdict && !verdict.allowed ? verdict.why : 'it is not a file of this workspace';
    throw new ActionError(`The model wanted to make a file that Codriver may not make: ${why}.`);
  }
  if (await files.stat(path)) {
    throw new ActionError(
      `The model wanted to make ${places.displayPath(uri)}, which exists; nothing was changed.`,
    );
  }
}
