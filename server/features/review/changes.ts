/**
 * A review of what is staged, or of a branch: static patterns and a model's words about the lines that changed, shown
 * in open documents and as a Markdown document. Git is read only where the person trusts the folder.
 */
import { dirname, join } from 'node:path';
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import { languageOf } from '../../base/languages.ts';
import type { Engine } from '../../engines/engine.ts';
import type { GitResult, Repository } from '../../git/git.ts';
import type { FileDiff } from '../../git/parseDiff.ts';
import { ActionError } from '../actions/action.ts';
import type { Services } from '../services.ts';
import type { ReviewFinding } from './finding.ts';
import type * as offlineModule from './offline.ts';
import { staticFindings } from './run.ts';
import { askForReview } from './withModel.ts';

export type Which = 'staged' | 'branch' | 'either';

/** Files that are looked at, and requests to the model. */
const MOST_FILES = 100;
const MOST_REQUESTS = 20;
/** Where a branch began, the likeliest first. */
const BASES = ['@{upstream}', 'origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];
/** Lines around a change that a finding may quote. */
const AROUND = 3;
const PIECE = 14_000;

interface Change {
  readonly what: string;
  /** Revision of the new side; empty: the index. */
  readonly revision: string;
  readonly files: readonly FileDiff[];
}

export async function reviewChange(
  services: Services,
  uri: string,
  which: Which,
  progress: Progress,
): Promise<void> {
  const { signal } = progress;
  const repository = await repositoryFor(services, uri, signal);
  const change = await readChange(repository, which, signal);
  const offline = await import('./offline.ts');
  const choice = services.router.choose('review', 'explicit');
  const reviewed: offlineModule.ChangedFile[] = [];
  const notes: string[] = [];
  if (!choice.engine) notes.push(`Only static checks were made. ${choice.why}`);
  const files = change.files.filter(({ status }) => status !== 'deleted');
  if (files.length > MOST_FILES)
    notes.push(`Only the first ${MOST_FILES} of ${files.length} files were looked at.`);
  let requests = 0;
  let dropped = 0;
  for (const [i, file] of files.slice(0, MOST_FILES).entries()) {
    progress.report(`${i + 1} of ${Math.min(files.length, MOST_FILES)}: ${file.path}`);
    const asks = requests < MOST_REQUESTS ? choice.engine : undefined;
    const one = await reviewFile(services, repository, change, file, asks, offline, progress);
    requests += one.requests;
    dropped += one.dropped;
    reviewed.push(
      choice.engine && !asks ? { ...one.file, note: 'only static checks: the change is large' } : one.file,
    );
  }
  if (dropped > 0) notes.push(`${dropped} of the model's findings stood for no place and were left out.`);
  signal.throwIfAborted();
  await services.host.showText('review.md', offline.reviewText(change.what, reviewed, notes));
}

async function repositoryFor(services: Services, uri: string, signal: AbortSignal): Promise<Repository> {
  const { git, places } = services;
  const path = places.pathOf(uri) ?? places.folderOf(uri);
  if (path === undefined) throw new ActionError('This document is no file, so there is no change to review.');
  const located = await git.locate(places.pathOf(uri) === undefined ? path : dirname(path));
  if (!located)
    throw new ActionError('This file belongs to no git working tree, so there is no change to review.');
  let opened = await git.repositoryOf(located.root, signal);
  if (!opened.ok && opened.why === 'untrusted' && (await git.askTrust(located.root)))
    opened = await git.repositoryOf(located.root, signal);
  if (!opened.ok) throw new ActionError(opened.message);
  return opened.value;
}

async function readChange(repository: Repository, which: Which, signal: AbortSignal): Promise<Change> {
  if (which !== 'branch') {
    const staged = valueOf(await repository.stagedDiff({}, signal));
    if (staged.length > 0) return { what: 'what is staged', revision: '', files: staged };
    if (which === 'staged') throw new ActionError('Nothing is staged, so there is nothing to review.');
  }
  for (const base of BASES) {
    const diff = await repository.diff(`${base}...HEAD`, signal);
    if (!diff.ok && diff.why !== 'failed') throw new ActionError(diff.message);
    if (!diff.ok || diff.value.length === 0) continue;
    return { what: `this branch since ${base}`, revision: 'HEAD', files: diff.value };
  }
  throw new ActionError(
    `${which === 'either' ? 'Nothing is staged, and this' : 'This'} branch holds nothing that ${BASES.slice(1).join(', ')} do not, so there is nothing to review.`,
  );
}

function valueOf<T>(result: GitResult<T>): T {
  if (!result.ok) throw new ActionError(result.message);
  return result.value;
}

interface FileReview {
  readonly file: offlineModule.ChangedFile;
  readonly requests: number;
  readonly dropped: number;
}

async function reviewFile(
  services: Services,
  repository: Repository,
  { revision }: Change,
  file: FileDiff,
  engine: Engine | undefined,
  { changedLines, windowsOf }: typeof offlineModule,
  progress: Progress,
): Promise<FileReview> {
  const { path } = file;
  const left = (note: string): FileReview => ({
    file: { path, findings: [], note },
    requests: 0,
    dropped: 0,
  });
  if (file.binary) return left('binary');
  if (file.submodule) return left('a submodule');
  const touched = changedLines(file);
  if (touched.size === 0)
    return left(file.incomplete ? 'the change is too large to be read whole' : 'no line changed');
  const absolute = join(repository.root, path);
  const verdict = await services.gateFor(repository.root).check(absolute);
  if (!verdict.allowed) return left(verdict.why);
  const shown = await repository.show(revision, path, progress.signal);
  if (!shown.ok) return left(shown.message);
  const uri = services.places.uriOf(absolute);
  const document = new Document(uri, languageOf('', path).id, 0, shown.value);
  const isNear = ({ range }: ReviewFinding) => near(touched, range);
  const found = (await staticFindings(services, document, shown.value, progress.signal)).filter(isNear);
  const model: ReviewFinding[] = [];
  let dropped = 0;
  let requests = 0;
  if (engine) {
    const lines = [...touched].toSorted((a, b) => a - b);
    const span = {
      start: { line: Math.max(0, (lines[0] ?? 0) - AROUND), character: 0 },
      end: { line: (lines.at(-1) ?? 0) + AROUND, character: 0 },
    };
    for (const range of windowsOf(document, span, PIECE).slice(0, 3)) {
      if (!near(touched, range)) continue;
      requests++;
      const diff = diffText(file, range);
      const subject = { document, range, about: 'change', diff, known: found } as const;
      const answer = await askForReview(
        services,
        engine,
        subject,
        progress,
        services.gateFor(repository.root),
      );
      model.push(...answer.findings.filter(isNear));
      dropped += answer.dropped;
    }
  }
  const findings = await services.reviews.choose([...found, ...model]);
  // An open document shows them too, where the code is still there.
  if (services.documents.get(uri)) services.reviews.show(uri, findings);
  return { file: { path, findings }, requests, dropped };
}

function near(touched: ReadonlySet<number>, { start, end }: Range): boolean {
  for (let line = start.line - AROUND; line <= end.line + AROUND; line++) if (touched.has(line)) return true;
  return false;
}

/** The hunks that touch a range of the new file, without the line numbers that no answer may use. */
function diffText({ hunks }: FileDiff, { start, end }: Range): string {
  return hunks
    .filter(({ newStart, lines }) => {
      const last = newStart - 1 + lines.filter(line => !line.startsWith('-')).length;
      return newStart - 1 <= end.line && last >= start.line;
    })
    .map(({ heading, lines }) => [`@@ ${heading}`, ...lines].join('\n'))
    .join('\n');
}
