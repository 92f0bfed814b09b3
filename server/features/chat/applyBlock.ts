/**
 * An answer's code block becomes an edit: at the place in code where the person was, in the file it names, or as a
 * new file. Each is checked like any model's edit (anchors, laziness, secrets, pre-flight) before the editor gets it.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { DocumentChange } from '../../base/host.ts';
import { type EditableDocument, proposeFromReply } from '../../edits/propose.ts';
import { findSecrets } from '../../guard/secrets.ts';
import { type Action, type ActionArguments, ActionError, documentFor } from '../actions/action.ts';
import { checkNewFile, newFileUri } from '../actions/newFile.ts';
import type { Services } from '../services.ts';
import { blockAt, type CodeBlock } from './blocks.ts';
import { readChat } from './chat.ts';
import { findFile, lastPlace } from './resolve.ts';

const NO_BLOCK = 'The cursor is in no finished code block. Put it into one.';

function blockOf(services: Services, { uri, range }: ActionArguments): CodeBlock {
  const block = blockAt(readChat(documentFor(services, uri).getText()), range.start.line);
  if (!block) throw new ActionError(NO_BLOCK);
  return block;
}

export const applyHere: Action = {
  command: 'codriver.chatApplyHere',
  kind: 'quickfix',
  level: 2,
  document: 'chat',
  progress: 'Applying the code',

  offers({ document, range }, services) {
    const place = lastPlace(services);
    if (!place || !blockAt(readChat(document.getText()), range.start.line)) return [];
    const { start } = place.range;
    const title = `Apply here: ${services.places.displayPath(place.uri)}, line ${start.line + 1}`;
    return [{ title, arguments: { uri: document.uri, range } }];
  },

  async apply(target, services, progress) {
    const { code } = blockOf(services, target);
    const place = lastPlace(services);
    if (!place)
      throw new ActionError(
        'No place in code is known. Put the cursor where the code belongs, ask for the actions there once, and come back.',
      );
    const document = documentFor(services, place.uri);
    const path = services.places.displayPath(place.uri);
    const { start, end } = document.clampRange(place.range);
    const isEmpty = start.line === end.line && start.character === end.character;
    const seen = { uri: place.uri, path, version: document.version, text: document.getText() };
    if (!isEmpty) return propose(services, seen, fence(code), progress.signal, { start, end });
    // Without a selection the code comes below the cursor's line, or in its place where it is blank.
    const line = document.lineAt(start.line);
    const whole = line.trim() === '' ? code : `${line}\n${code}`;
    await propose(services, seen, fence(whole), progress.signal, document.getLineRange(start.line));
  },
};

export const applyToFile: Action = {
  command: 'codriver.chatApplyToFile',
  kind: 'quickfix',
  level: 2,
  document: 'chat',
  progress: 'Applying the code',

  offers({ document, range }) {
    const block = blockAt(readChat(document.getText()), range.start.line);
    if (!block?.path) return [];
    return [{ title: `Apply to ${block.path}`, arguments: { uri: document.uri, range } }];
  },

  async apply(target, services, progress) {
    const { code, path } = blockOf(services, target);
    if (path === undefined)
      throw new ActionError('This block names no file. Write its path alone on the line above it.');
    const found = await findFile(path, services);
    if (typeof found === 'string') {
      if (!found.startsWith('there is no ')) throw new ActionError(`The code was not applied: ${found}.`);
      return makeFile(services, target.uri, path, code);
    }
    const { documents, places } = services;
    const open = documents.get(found.uri);
    // Only what the person sees is edited from a chat.
    if (!open) throw new ActionError(`${path} is not open. Open it, then apply the code again.`);
    documentFor(services, found.uri);
    const seen = {
      uri: found.uri,
      path: places.displayPath(found.uri),
      version: open.version,
      text: found.getText(),
    };
    const range = await declarationLike(services, seen, code, progress.signal);
    const isEdit = /^<{5,9} ?SEARCH/m.test(code);
    if (!isEdit && !range) {
      throw new ActionError(
        `Where in ${seen.path} this code belongs is not clear: no one declaration there has its first line. Put the cursor there, and use "Apply here".`,
      );
    }
    await propose(
      services,
      seen,
      isEdit ? `${seen.path}\n${code}` : fence(code),
      progress.signal,
      isEdit ? undefined : range,
    );
  },
};

export const newFile: Action = {
  command: 'codriver.chatNewFile',
  kind: 'quickfix',
  level: 2,
  document: 'chat',
  progress: 'Making the file',

  offers({ document, range }) {
    const block = blockAt(readChat(document.getText()), range.start.line);
    if (!block?.path) return [];
    return [{ title: `Copy into the new file ${block.path}`, arguments: { uri: document.uri, range } }];
  },

  async apply(target, services) {
    const { code, path } = blockOf(services, target);
    if (path === undefined)
      throw new ActionError('This block names no file. Write its path alone on the line above it.');
    await makeFile(services, target.uri, path, code);
  },
};

async function makeFile(services: Services, near: string, path: string, code: string): Promise<void> {
  const uri = newFileUri(services, near, path);
  if (uri === undefined)
    throw new ActionError(`${path} is no path below a folder of the workspace, so nothing was made.`);
  const restored = services.redactor.restore(`${code}\n`);
  if (!restored.ok) throw new ActionError(`The code was not applied: ${restored.why}.`);
  await checkNewFile(services, uri);
  const start = { line: 0, character: 0 };
  const edits = [{ range: { start, end: start }, newText: restored.text }];
  await give(services, [{ uri, version: null, edits, create: true }]);
}

/**
 * The lines of the one declaration that begins as the code does. Where there is none or several, nothing is guessed.
 */
async function declarationLike(
  { analysis, documents }: Services,
  { uri, text }: EditableDocument,
  code: string,
  signal: AbortSignal,
): Promise<Range | undefined> {
  const first = code.split('\n').find(line => line.trim() !== '') ?? '';
  const head = (line: string) =>
    line
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/[({:=].*$/, '')
      .trim();
  const wanted = head(first);
  if (wanted.length < 4 || !documents.get(uri)) return undefined;
  const lines = text.split(/\r\n|\r|\n/);
  const matches = lines.flatMap((line, i) => (head(line) === wanted ? [i] : []));
  const [line] = matches;
  if (line === undefined || matches.length > 1) return undefined;
  const at = { line, character: (lines[line] ?? '').length - (lines[line] ?? '').trimStart().length };
  const found = await analysis.declarationAt(uri, { start: at, end: at }, signal);
  if (!found || found.range.start.line !== line) return undefined;
  const { end } = found.range;
  return {
    start: { line, character: 0 },
    end: { line: end.line, character: (lines[end.line] ?? '').length },
  };
}

async function propose(
  services: Services,
  seen: EditableDocument,
  reply: string,
  signal: AbortSignal,
  range: Range | undefined,
): Promise<void> {
  const { analysis, documents, redactor } = services;
  const result = await proposeFromReply({
    reply,
    finished: true,
    documents: [seen],
    ...(range ? { target: { uri: seen.uri, range } } : {}),
    restore: text => redactor.restore(text),
    findSecrets,
    current: uri => {
      const now = documents.get(uri);
      return now && { version: now.version, text: now.getText() };
    },
    preflight: (uri, edits, each) =>
      documents.get(uri) ? analysis.preflight(uri, edits, each) : Promise.resolve({ ok: true, problems: [] }),
    signal,
  });
  if (!result.ok) throw new ActionError(`The code was not applied to ${seen.path}: ${result.reason}`);
  await give(services, result.change);
  for (const warning of result.warnings) services.host.tell('warning', `Codriver: ${warning}`);
}

async function give({ changes }: Services, documents: readonly DocumentChange[]): Promise<void> {
  const outcome = await changes.apply({ label: 'Codriver: apply code of a chat', documents });
  if (!outcome.applied) throw new ActionError(outcome.message);
}

function fence(code: string): string {
  const marks = '`'.repeat(Math.max(3, ...Array.from(code.matchAll(/`+/g), run => run[0].length + 1)));
  return `${marks}\n${code}\n${marks}\n`;
}
