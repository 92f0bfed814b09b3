/** Open a chat about the place one is at: a new `*.chat.md` in the workspace, made by the editor itself. */
import { dirname, join } from 'node:path';
import { type Action, type ActionArguments, ActionError } from '../actions/action.ts';
import { freePath } from '../freePath.ts';
import type { Services } from '../services.ts';
import { CHAT_ENDING, newChat } from './chat.ts';
import { lastPlace } from './resolve.ts';
import { writeMention } from './mentions.ts';

/** Where chats lie below a workspace folder. There the same server serves them, in every editor. */
const FOLDER = '.codriver/chats';

export const openChat: Action = {
  command: 'codriver.chat',
  kind: 'source.codriver',
  level: 1,
  progress: 'Opening a chat',

  withoutPlace(services) {
    return lastPlace(services) ?? { uri: '', range: { start: ORIGIN, end: ORIGIN } };
  },

  offers({ document, range }) {
    return [{ title: 'Chat about this', arguments: { uri: document.uri, range } }];
  },

  async apply(target, services) {
    await makeChat(services, target.uri, newChat(aboutOf(services, target)));
  },
};

const ORIGIN = { line: 0, character: 0 };

function aboutOf({ documents, places }: Services, { uri, range }: ActionArguments): string[] {
  const document = documents.get(uri);
  if (!document || places.pathOf(uri) === undefined) return [];
  const path = places.displayPath(uri);
  const { start, end } = document.clampRange(range);
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  const isEmpty = start.line === end.line && start.character === end.character;
  const file = writeMention('file', path);
  return isEmpty ? [file] : [writeMention('selection', path, `#L${start.line + 1}-L${last}`), file];
}

/** Makes a chat document with this text and shows it. `near`: a document, for sessions without a workspace folder. */
export async function makeChat(services: Services, near: string, text: string): Promise<string> {
  const { host, places } = services;
  const path = places.pathOf(near);
  const folder = places.folderOf(near);
  const parent = folder === undefined ? path && dirname(path) : join(folder, FOLDER);
  if (parent === undefined) {
    throw new ActionError(
      'There is no folder for a chat. Open a folder, or save any file under a name that ends in .chat.md and write in it.',
    );
  }
  const uri = places.uriOf(await freeChatPath(services, parent, near));
  const edits = [{ range: { start: ORIGIN, end: ORIGIN }, newText: text }];
  const change = { uri, version: null, edits, create: true };
  const outcome = await host.apply({ label: 'Codriver: new chat', documents: [change] });
  if (!outcome.applied) throw new ActionError(outcome.message);
  if (!(await host.open(uri)))
    host.tell('info', `Codriver: the chat is ${places.displayPath(uri)}. Open it to write in it.`);
  return uri;
}

async function freeChatPath(services: Services, parent: string, near: string): Promise<string> {
  const about = services.places.displayPath(near).replace(/^.*\//, '').replace(/\..*$/, '');
  const path = await freePath(services, parent, about, CHAT_ENDING);
  if (path !== undefined) return path;
  throw new ActionError('There are 100 chats of this day and name already. Delete some of them.');
}
