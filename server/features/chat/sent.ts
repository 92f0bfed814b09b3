/** Show what a chat sent last, or would send now, to the letter: redacted, cut, in the messages of the request. */
import { type Action, documentFor } from '../actions/action.ts';
import { requireEngine } from '../actions/askModel.ts';
import { readChat } from './chat.ts';
import { compose } from './compose.ts';
import { latestChat } from './send.ts';

export const showSent: Action = {
  command: 'codriver.chatSent',
  kind: 'source.codriver',
  level: 1,
  document: 'chat',
  progress: 'Looking at what is sent',
  withoutPlace: latestChat,

  offers({ document, range }, { chats }) {
    const title = chats.sent.has(document.uri) ? 'Show what was sent' : 'Show what would be sent';
    return [{ title, arguments: { uri: document.uri, range } }];
  },

  async apply({ uri }, services, progress) {
    const known = services.chats.sent.get(uri);
    if (known !== undefined) return services.host.showText('sent.md', `# What was sent\n\n${known}`);
    const chat = readChat(documentFor(services, uri).getText());
    const { whole } = await compose(chat, services, requireEngine(services, 'chat'), progress.signal);
    await services.host.showText('sent.md', `# What would be sent\n\n${whole}`);
  },
};
