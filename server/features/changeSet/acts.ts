/** What is decided about a change-set, as rows of the action table: accept, reject, think again, take back. */
import { markRejected, markUndecided, readAccepted, type Target } from '../../edits/changeSet/marks.ts';
import { type ChangeSet, isUndecided, placeIn } from '../../edits/changeSet/read.ts';
import {
  type Action,
  type ActionArguments,
  ActionError,
  documentFor,
  type Offer,
  type Place,
} from '../actions/action.ts';
import { documentKind } from '../documentKinds.ts';
import type { Services } from '../services.ts';
import { accept, allTargets, isWhole, rewrite } from './accept.ts';
import { changeSetOf } from './files.ts';

const OURS = { kind: 'quickfix', level: 1, document: 'changeSet' } as const;

/** The change-set that a command without arguments means: the one that was edited last. */
export function latestChangeSet({ documents }: Services): ActionArguments | undefined {
  const found = documents.all().find(({ uri }) => documentKind(uri) === 'changeSet');
  const start = { line: 0, character: 0 };
  return found && { uri: found.uri, range: { start, end: start } };
}

type Choice = (set: ChangeSet, line: number) => readonly Target[];

const isOpen = ({ file, hunk }: Target): boolean =>
  file.rejected === undefined && file.unsupported === undefined && (!hunk || isUndecided({ file, hunk }));
const openTargets = (set: ChangeSet): readonly Target[] => allTargets(set).filter(isOpen);

/** The hunk at a line; on lines of a file that are no hunk's, its only one. */
const targetAt = (set: ChangeSet, line: number): Target | undefined => {
  const found = placeIn(set, line);
  if (!found) return undefined;
  if (isWhole(found.file)) return { file: found.file, hunk: undefined };
  const hunk = found.hunk ?? (found.file.hunks.length === 1 ? found.file.hunks[0] : undefined);
  return hunk && { file: found.file, hunk };
};
const hunkAt: Choice = (set, line) =>
  [targetAt(set, line)].flatMap(each => (each && isOpen(each) ? [each] : []));
const fileAt: Choice = (set, line) => {
  const found = placeIn(set, line);
  return openTargets(set).filter(({ file }) => file.path === found?.file.path);
};
const all: Choice = set => openTargets(set);

function offer({ document, range }: Place, title: string, relevance: number): Offer {
  return { title, arguments: { uri: document.uri, range }, relevance };
}

function accepting(
  command: Action['command'],
  choose: Choice,
  least: number,
  title: (targets: readonly Target[]) => string,
  relevance: number,
): Action {
  return {
    ...OURS,
    command,
    progress: 'Accepting',
    ...(choose === all ? { withoutPlace: latestChangeSet } : {}),
    offers(place) {
      const targets = choose(changeSetOf(place.document), place.range.start.line);
      return targets.length < least ? [] : [offer(place, title(targets), relevance)];
    },
    apply: ({ uri, range }, services) => accept(services, uri, set => choose(set, range.start.line)),
  };
}

const what = ({ file, hunk }: Target): string =>
  hunk
    ? 'this hunk'
    : { create: 'the new file', delete: 'the deletion of', rename: 'the renaming to', change: '' }[
        file.kind
      ].concat(` ${file.path}`);

const acceptHunk = accepting(
  'codriver.acceptHunk',
  hunkAt,
  1,
  ([target]) => `Accept ${target ? what(target) : ''}`,
  0.9,
);
const acceptFile = accepting(
  'codriver.acceptFile',
  fileAt,
  2,
  targets => `Accept ${targets[0]?.file.path ?? ''} (${targets.length} hunks)`,
  0.8,
);
const acceptAll = accepting(
  'codriver.acceptAll',
  all,
  1,
  targets => `Accept all (${targets.length} in ${new Set(targets.map(({ file }) => file.path)).size} files)`,
  0.75,
);

function rejecting(
  command: Action['command'],
  choose: Choice,
  title: (targets: readonly Target[]) => string,
  relevance: number,
): Action {
  return {
    ...OURS,
    command,
    progress: 'Rejecting',
    ...(choose === all ? { withoutPlace: latestChangeSet } : {}),
    offers(place) {
      const targets = choose(changeSetOf(place.document), place.range.start.line);
      return targets.length === 0 ? [] : [offer(place, title(targets), relevance)];
    },
    apply: ({ uri, range }, services) =>
      rewrite(services, uri, 'reject', text => {
        const targets = choose(changeSetOf(documentFor(services, uri)), range.start.line);
        if (targets.length === 0)
          throw new ActionError('There is nothing here to reject: all of it is decided already.');
        return markRejected(text, targets);
      }),
  };
}

const rejectHunk = rejecting(
  'codriver.rejectHunk',
  hunkAt,
  ([target]) => `Reject ${target ? what(target) : ''}, with a reason to fill in above it`,
  0.85,
);
const rejectAll = rejecting('codriver.rejectAll', all, targets => `Reject all (${targets.length})`, 0.6);

const isRejected: Choice = (set, line) => {
  const found = placeIn(set, line);
  if (!found) return [];
  if (found.file.rejected !== undefined) return [{ file: found.file, hunk: undefined }];
  return found.hunk?.rejected === undefined ? [] : [found];
};

const reconsider: Action = {
  ...OURS,
  command: 'codriver.reconsiderHunk',
  progress: 'Considering it again',
  offers(place) {
    const found = isRejected(changeSetOf(place.document), place.range.start.line);
    return found.length === 0 ? [] : [offer(place, 'Reject it no more', 0.7)];
  },
  apply: ({ uri, range }, services) =>
    rewrite(services, uri, 'consider again', text =>
      markUndecided(text, isRejected(changeSetOf(documentFor(services, uri)), range.start.line)),
    ),
};

/** On the line that says what was accepted: its change is taken back, and can be redone. */
const takeBack: Action = {
  ...OURS,
  command: 'codriver.undoAccepted',
  progress: 'Undoing',
  offers(place) {
    const found = readAccepted(place.document.lineAt(place.range.start.line));
    return found?.change ? [offer(place, `Undo what was accepted in ${found.path}`, 0.7)] : [];
  },
  async apply({ uri, range }, { changes, documents, host }) {
    const found = readAccepted(documents.get(uri)?.lineAt(range.start.line) ?? '');
    if (!found?.change) throw new ActionError('This line tells of nothing that could be undone.');
    const { ok, message } = await changes.revert('undo', { id: found.change });
    if (!ok) throw new ActionError(message);
    host.tell('info', `Codriver: ${message}`);
  },
};

export const CHANGE_SET_ACTIONS: readonly Action[] = [
  acceptHunk,
  acceptFile,
  acceptAll,
  rejectHunk,
  rejectAll,
  reconsider,
  takeBack,
];
