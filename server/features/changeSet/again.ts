/**
 * "Try again with the reasons": the action that made a change-set runs once more on the files as they are now, the
 * model is told what was rejected and why, and what it makes then takes the place of what was rejected.
 */
import { placeAll, placeHunk, meet } from '../../edits/changeSet/place.ts';
import {
  earlierReasons,
  rejectedOf,
  type Rejected,
  type Target,
  withAnotherTry,
} from '../../edits/changeSet/marks.ts';
import { readChangeSet } from '../../edits/changeSet/read.ts';
import { type ChangedFile, writeFiles } from '../../edits/changeSet/write.ts';
import type { ChatMessage } from '../../engines/engine.ts';
import { anotherTryPrompt } from '../../prompts/changeSet.ts';
import { type Action, ActionError, documentFor } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { rewrite } from './accept.ts';
import { latestChangeSet } from './acts.ts';
import { changeSetOf, uriOf } from './files.ts';
import { moved, readOrigin } from './origin.ts';

/** A change that is tried again. */
export interface Again {
  /** The change-set document. */
  readonly uri: string;
  readonly rejected: readonly Rejected[];
  /** Of all tries so far. */
  readonly reasons: readonly { readonly path: string; readonly reason: string }[];
}

const NOTHING = 'Nothing is rejected. Reject a hunk, and say why in the line above it.';

export const tryAgain: Action = {
  command: 'codriver.retryChanges',
  kind: 'quickfix',
  level: 2,
  document: 'changeSet',
  progress: 'Trying again',
  withoutPlace: latestChangeSet,

  offers({ document, range, noModel, modelName }) {
    const set = changeSetOf(document);
    const isRejected = set.files.some(file =>
      [file, ...file.hunks].some(each => each.rejected !== undefined),
    );
    if (!isRejected || !readOrigin(set.header.get('action'))) return [];
    return [
      {
        title: `Try again with the reasons, with ${modelName}`,
        arguments: { uri: document.uri, range },
        generated: true,
        relevance: 0.95,
        ...(noModel ? { disabled: noModel } : {}),
      },
    ];
  },

  async apply({ uri }, services, progress) {
    const { changeSets, documents, settings } = services;
    const text = documentFor(services, uri).getText();
    const origin = readOrigin(readChangeSet(text).header.get('action'));
    if (!origin)
      throw new ActionError(
        'This change-set does not say which action made it, so it cannot be tried again.',
      );
    const rejected = rejectedOf(text);
    if (rejected.length === 0) throw new ActionError(NOTHING);
    // The table has this row too: it is read when it is used.
    const { ACTIONS } = await import('../actions/table.ts');
    const action = ACTIONS.find(row => row.command === origin.command);
    if (!action || action.document !== undefined)
      throw new ActionError(`${origin.command} is no action that can be tried again.`);
    const { autonomy } = settings();
    if (action.level > autonomy)
      throw new ActionError(
        `${action.command} needs codriver.autonomy ${action.level} or higher; it is ${autonomy}.`,
      );
    const target = uriOf(services, uri, origin.path);
    const document = target === undefined ? undefined : documents.get(target);
    if (!document) throw new ActionError(`${origin.path} is not open. Open it, then try again.`);
    const base = changeSets.textOf(origin.base);
    const range = document.clampRange(
      base === undefined ? origin.range : moved(origin.range, base, document.getText()),
    );
    const reasons = [...earlierReasons(text), ...rejected.filter(({ reason }) => reason !== '')];
    const { command, choice, problems } = origin;
    const wanted = {
      uri: document.uri,
      range,
      command,
      ...(choice === undefined ? {} : { choice }),
      ...(problems === undefined ? {} : { problems }),
    };
    await action.apply(wanted, { ...services, again: { uri, rejected, reasons } }, progress);
  },
};

/** The question with what was rejected; unchanged where nothing is tried again. */
export function withReasons(
  { again, redactor }: Services,
  messages: readonly ChatMessage[],
  budget: number,
): readonly ChatMessage[] {
  if (!again) return messages;
  const reasons = again.reasons.map(({ path, reason }) => `- ${path}: ${reason}`);
  const rejected = again.rejected.map(({ path, hunk }) => `--- a/${path}\n+++ b/${path}\n${hunk}`);
  return anotherTryPrompt({
    messages,
    rejected: redactor.redact(rejected.join('\n')),
    reasons: redactor.redact(
      reasons.length > 0 ? reasons.join('\n') : 'None was given; make the change another way.',
    ),
    budget,
  });
}

/** Writes another try into the document that it is of. */
export async function replaceRejected(
  services: Services,
  { uri }: Again,
  files: readonly ChangedFile[],
): Promise<void> {
  const sections = writeFiles(files);
  if (!sections.ok) throw new ActionError(`The other try was not used: ${sections.why}.`);
  for (const { before } of files) if (before !== null) services.changeSets.remember(before);
  const fresh = readChangeSet(sections.text).files;
  const supersedes = ({ file, hunk }: Target): boolean => {
    const index = fresh.findIndex(({ path }) => path === file.path || path === file.from);
    const section = fresh[index];
    if (!section || !hunk || file.kind !== 'change') return section !== undefined;
    const now = files.find(({ path }) => path === section.path)?.before ?? '';
    const old = placeHunk(hunk, now, services.changeSets.textOf(file.base));
    if (!old.ok) return false;
    const { edits } = placeAll(section.hunks, now, now);
    return edits.some(edit => old.edits.some(other => meet(edit, other)));
  };
  await rewrite(services, uri, 'another try', text => withAnotherTry(text, sections.text, supersedes));
  await services.host.open(uri);
}
