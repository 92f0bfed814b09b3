/**
 * Write, finish or rewrite the message of a commit: by the model, or from the diff alone without one. The message goes
 * above the comments; what is typed begins it, unless it is to be rewritten.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import type { MessageBuffer } from '../commitMessage/buffer.ts';
import type { Message } from '../commitMessage/compose.ts';
import { messageOf, type Situation, situationOf } from '../commitMessage/situation.ts';
import { modelMessage } from '../commitMessage/withModel.ts';
import type { Services } from '../services.ts';
import { type Action, ActionError, documentFor, type Offer, type Place } from './action.ts';
import { applyEdits } from './applyEdits.ts';

const FIXED = 'Git finds the commit that this one fixes up by this very subject.';

function offer({ document, range, noModel }: Place, title: string, disabled?: string): Offer {
  return {
    title: noModel === undefined ? title : `${title} (from the change alone)`,
    arguments: { uri: document.uri, range },
    generated: noModel === undefined,
    ...(disabled ? { disabled } : {}),
  };
}

export const writeCommitMessage: Action = {
  command: 'codriver.commitMessage',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.95,
  progress: 'Writing the commit message',

  offers(place) {
    const buffer = messageOf(place.document);
    if (!buffer) return [];
    if (buffer.state === 'fixed') return [offer(place, 'Write the commit message', FIXED)];
    if (buffer.state === 'fresh') return [offer(place, 'Write the commit message')];
    if (buffer.state !== 'written' || buffer.body !== '') return [];
    return [offer(place, 'Finish the commit message')];
  },

  apply: (target, services, progress) => write(services, documentFor(services, target.uri), false, progress),
};

export const rewriteCommitMessage: Action = {
  command: 'codriver.rewriteCommitMessage',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.95,
  progress: 'Rewriting the commit message',

  offers(place) {
    const buffer = messageOf(place.document);
    if (!buffer || buffer.state === 'fresh' || buffer.state === 'fixed') return [];
    return [offer(place, 'Rewrite the commit message')];
  },

  apply: (target, services, progress) => write(services, documentFor(services, target.uri), true, progress),
};

async function write(
  services: Services,
  document: Document,
  anew: boolean,
  progress: Progress,
): Promise<void> {
  const situation = await situationOf(services, document, true, progress.signal);
  if ('refused' in situation) throw new ActionError(situation.refused);
  const { buffer } = situation;
  if (buffer.state === 'fixed') throw new ActionError(FIXED);
  if (!anew && (buffer.body !== '' || buffer.state === 'merge' || buffer.state === 'combined'))
    throw new ActionError('There is a message already. Run "Rewrite the commit message" to replace it.');
  const typed = anew ? '' : buffer.subject;
  const message = await messageFor(services, situation, typed, progress);
  if (!message) {
    throw new ActionError(
      'No message made from the change alone begins with what is typed. Run "Rewrite the commit message" to replace it, or set up a model.',
    );
  }
  await applyEdits(services, document, () => {
    const now = messageOf(document);
    const kept = anew || (now && now.body === '' && message.subject.startsWith(now.subject));
    if (!now || !kept)
      throw new ActionError(
        'The message was typed into meanwhile, so nothing was changed. Run the action again.',
      );
    return Promise.resolve({ edits: [placed(document, now, message)], what: 'write the commit message' });
  });
  const { withheld } = situation;
  if (withheld.length > 0) {
    const names = withheld
      .slice(0, 3)
      .map(({ path }) => path)
      .join(', ');
    services.host.tell(
      'info',
      `Codriver: the contents of ${names}${withheld.length > 3 ? ` and ${withheld.length - 3} more` : ''} were left out, since they are excluded.`,
    );
  }
  if (situation.untrusted !== undefined)
    services.host.tell(
      'info',
      'Codriver: the message tells the names of the files alone. To read what is staged, trust the folder (codriver.trust) or commit with --verbose.',
    );
}

async function messageFor(
  services: Services,
  situation: Situation,
  typed: string,
  progress: Progress,
): Promise<Message | undefined> {
  const { engine } = services.router.choose('commitMessage', 'explicit');
  if (engine) return modelMessage(services, situation, typed, engine, progress);
  return situation.offline.compose({ ...situation, typed });
}

/** The message in place of its own lines; the comments stay where they are, below an empty line. */
function placed(document: Document, buffer: MessageBuffer, { subject, body }: Message): TextEdit {
  const end = document
    .getText({ start: { line: 0, character: 0 }, end: { line: 1, character: 0 } })
    .endsWith('\r\n')
    ? '\r\n'
    : '\n';
  const parts = [subject, body, buffer.trailers.join('\n')].filter(part => part !== '');
  const isLast = buffer.end >= document.lineCount;
  const text = `${parts.join('\n\n')}${isLast ? (buffer.system === 'box' ? '' : '\n') : '\n\n'}`;
  const last = document.lineCount - 1;
  return {
    range: {
      start: { line: 0, character: 0 },
      end: isLast
        ? { line: last, character: document.lineAt(last).length }
        : { line: buffer.end, character: 0 },
    },
    newText: end === '\n' ? text : text.replaceAll('\n', end),
  };
}
