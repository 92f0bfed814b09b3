/**
 * What a commit message is about: the change from the buffer, from git where the person trusts the folder, or from
 * the list in the comments; and how messages look here. It must not know who writes the message.
 */
import { dirname, join } from 'node:path';
import type { Document } from '../../base/document.ts';
import type { Located, Repository } from '../../git/git.ts';
import type { FileDiff } from '../../git/parseDiff.ts';
import type { Services } from '../services.ts';
import type * as offlineModule from './offline.ts';
import { type ListedFile, type MessageBuffer, messageSystem, readMessage } from './buffer.ts';
import type { PastCommit, Style } from './style.ts';

type Offline = typeof offlineModule;

export interface Situation {
  readonly buffer: MessageBuffer;
  readonly offline: Offline;
  /** Files whose contents may be looked at are whole; of the others there is only the name. */
  readonly files: readonly FileDiff[];
  /** What was left out of `files`' contents, and why. */
  readonly withheld: readonly { readonly path: string; readonly why: string }[];
  readonly style: Style;
  readonly branch?: string;
  /** Where the change was read. */
  readonly source: 'buffer' | 'git' | 'list';
  /** Git would tell more, if the person trusted this folder. */
  readonly untrusted?: string;
}

/** Commits that the style is read from. */
const HISTORY = 200;
const HISTORY_OF_FILES = 30;

/** The message buffer of a document; undefined if it is none. */
export function messageOf(document: Document): MessageBuffer | undefined {
  const system = messageSystem(document.uri, document.languageId);
  return system && readMessage(document.getText(), system);
}

/** `refused`: a sentence for the person. `mayAsk`: the person asked for it and can be asked for trust. */
export async function situationOf(
  services: Services,
  document: Document,
  mayAsk: boolean,
  signal: AbortSignal,
): Promise<Situation | { readonly refused: string }> {
  const buffer = messageOf(document);
  if (!buffer) return { refused: 'This is no commit message.' };
  const offline = await import('./offline.ts');
  const { git } = services;
  const located = await git.locate(placeOf(services, document.uri));
  let opened = located && (await git.repositoryOf(located.root, signal));
  let read = await readChange(
    services,
    buffer,
    located,
    opened?.ok ? opened.value : undefined,
    offline,
    signal,
  );
  const lacks = opened?.ok === false && opened.why === 'untrusted' && read?.source !== 'buffer';
  if (lacks && mayAsk && located && (await git.askTrust(located.root))) {
    opened = await git.repositoryOf(located.root, signal);
    read = await readChange(services, buffer, located, opened.ok ? opened.value : undefined, offline, signal);
  }
  const repository = opened?.ok ? opened.value : undefined;
  if (!read || read.files.length === 0) {
    const why = opened?.ok === false ? opened.message : 'Nothing is staged that a message could tell.';
    return { refused: why };
  }
  const commits = await history(services, located, repository, read.files, signal);
  const branch = buffer.branch ?? (located && (await branchOf(services, located)));
  return {
    buffer,
    offline,
    ...(await permitted(services, located, read.files)),
    style: offline.styleOf(commits),
    ...(branch ? { branch } : {}),
    source: read.source,
    ...(lacks && !repository && located ? { untrusted: located.root } : {}),
  };
}

/** Where to look for the repository: the message's own file, what an input box names, else the first folder. */
function placeOf({ places }: Services, uri: string): string {
  const named = /[?&]rootUri=([^&#]+)/.exec(safely(() => decodeURIComponent(uri)) ?? '')?.[1];
  const path = places.pathOf(uri) ?? (named === undefined ? undefined : places.pathOf(named));
  const inFolder = path !== undefined && /[\\/]\.git[\\/]|[\\/]\.git$/.test(path);
  if (path !== undefined && (inFolder || named !== undefined)) return path;
  // Other systems, and a git folder of another name, keep the message elsewhere.
  return places.folders[0] ?? (path === undefined ? '' : dirname(path));
}

function safely<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

async function readChange(
  services: Services,
  buffer: MessageBuffer,
  located: Located | undefined,
  repository: Repository | undefined,
  offline: Offline,
  signal: AbortSignal,
): Promise<{ files: readonly FileDiff[]; source: Situation['source'] } | undefined> {
  if (buffer.diff !== undefined) {
    const files = offline.parseDiff(buffer.diff);
    if (files.length > 0) return { files, source: 'buffer' };
  }
  const isGit = buffer.system === 'git' || buffer.system === 'box';
  if (isGit && located && repository) {
    const files = await stagedFiles(services, buffer, located, repository, signal);
    if (files && files.length > 0) return { files, source: 'git' };
  }
  return buffer.files.length > 0 ? { files: buffer.files.map(nameOnly), source: 'list' } : undefined;
}

/**
 * What this very commit will hold. `commit -a` and `commit FILE` keep it in an index of their own, and an amended
 * commit starts from the parent: the list in the comments tells which of them it is.
 */
async function stagedFiles(
  { git }: Services,
  { files, system }: MessageBuffer,
  located: Located,
  repository: Repository,
  signal: AbortSignal,
): Promise<readonly FileDiff[] | undefined> {
  const wanted = files
    .map(({ path }) => path)
    .sort()
    .join('\n');
  const indexes = system === 'box' ? [] : await git.pendingIndexes(located);
  const candidates = [{}, ...indexes.map(index => ({ index }))];
  const all = [...candidates, ...candidates.map(each => ({ ...each, amend: true }))];
  if (wanted !== '') {
    for (const options of all) {
      const paths = await repository.stagedPaths(options, signal);
      if (!paths.ok || [...paths.value].sort().join('\n') !== wanted) continue;
      const staged = await repository.stagedDiff(options, signal);
      return staged.ok ? staged.value : undefined;
    }
    // The person's settings hide the list's form, or quote its names: what is staged is the best guess.
  }
  const staged = await repository.stagedDiff({}, signal);
  return staged.ok ? staged.value : undefined;
}

function nameOnly({ status, path, oldPath }: ListedFile): FileDiff {
  const counts = { added: 0, removed: 0, hunks: [], binary: false, modeOnly: false, submodule: false };
  return { status, path, ...(oldPath ? { oldPath } : {}), ...counts, incomplete: true };
}

async function history(
  { git }: Services,
  located: Located | undefined,
  repository: Repository | undefined,
  files: readonly FileDiff[],
  signal: AbortSignal,
): Promise<readonly PastCommit[]> {
  if (!repository) {
    const subjects = located ? await git.reflogSubjects(located) : [];
    return subjects.map(subject => ({ subject, body: '', author: '', paths: [] }));
  }
  const paths = files.filter(({ status }) => status !== 'added').map(({ path, oldPath }) => oldPath ?? path);
  const [all, near] = await Promise.all([
    repository.log(HISTORY, [], signal),
    repository.log(HISTORY_OF_FILES, paths.slice(0, 20), signal),
  ]);
  const known = all.ok ? all.value : [];
  const hashes = new Set(known.map(({ hash }) => hash));
  const older = near.ok && paths.length > 0 ? near.value.filter(({ hash }) => !hashes.has(hash)) : [];
  return [...known, ...older];
}

async function branchOf({ files }: Services, { gitDirectory }: Located): Promise<string | undefined> {
  const head = await files.readText(join(gitDirectory, 'HEAD'), 4096);
  return head.ok ? /^ref: refs\/heads\/(\S+)/.exec(head.text)?.[1] : undefined;
}

/** The contents of files that the read gate lets nobody see are left out; their names stay. */
async function permitted(
  services: Services,
  located: Located | undefined,
  files: readonly FileDiff[],
): Promise<Pick<Situation, 'files' | 'withheld'>> {
  const root = located?.root ?? services.places.folders[0];
  if (root === undefined) return { files, withheld: [] };
  const gate = services.gateFor(root);
  const withheld: { path: string; why: string }[] = [];
  const kept = await Promise.all(
    files.map(async (file): Promise<FileDiff> => {
      const names = [file.path, ...(file.oldPath ? [file.oldPath] : [])];
      const verdicts = await Promise.all(names.map(name => gate.check(join(root, name))));
      const refused = verdicts.find(verdict => !verdict.allowed);
      if (!refused || refused.allowed) return file;
      withheld.push({ path: file.path, why: refused.why });
      return { ...file, hunks: [], incomplete: true };
    }),
  );
  return { files: kept, withheld };
}
