/**
 * Starts a chat anew from a handoff: what was asked, which files it was about, what is still open, and, where there
 * is a model, what was decided, in its words. The old chat stays as it is; nothing is ever compacted in silence.
 */
import type { Progress } from '../../base/host.ts';
import { plainLine } from '../../guard/plain.ts';
import { chatPrompt } from '../../prompts/chat.ts';
import { handoffQuestion } from '../../prompts/handoff.ts';
import { type Action, ActionError, documentFor } from '../actions/action.ts';
import { chat as ask } from '../actions/askModel.ts';
import type { Services } from '../services.ts';
import { answerOf, answerText, type Chat, newChat, readChat } from './chat.ts';
import { mentionsOf } from './mentions.ts';
import { makeChat } from './open.ts';
import { findFile } from './resolve.ts';
import { latestChat } from './send.ts';

const MAX_TOKENS = 800;
const MAX_PROMPT_TOKENS = 12_000;
const MAX_QUESTIONS = 20;
const MAX_FILES = 20;

export const handOff: Action = {
  command: 'codriver.chatHandoff',
  kind: 'source.codriver',
  level: 1,
  document: 'chat',
  progress: 'Writing the handoff',
  withoutPlace: latestChat,

  offers({ document, range }) {
    const answered = readChat(document.getText()).turns.some(({ speaker }) => speaker === 'codriver');
    if (!answered) return [];
    return [{ title: 'Start fresh with a handoff', arguments: { uri: document.uri, range } }];
  },

  async apply({ uri }, services, progress) {
    const chat = readChat(documentFor(services, uri).getText());
    if (!chat.turns.some(({ speaker }) => speaker !== 'you')) {
      throw new ActionError('This chat has no answer yet, so there is nothing to hand over.');
    }
    const decided = await decisions(chat, services, progress);
    const files = await filesOf(chat, services);
    const asked = chat.turns.filter(({ speaker, text }) => speaker === 'you' && text !== '');
    const last = chat.turns.at(-1);
    const open = last?.speaker === 'you' && last.text !== '' ? [plainLine(last.text, 600)] : [];
    const before = chat.turns.find(({ speaker }) => speaker === 'handoff');
    const parts = [
      `From ${services.places.displayPath(uri)}.`,
      ...list('Files', files),
      ...list(
        'Asked so far',
        asked.slice(-MAX_QUESTIONS).map(({ text }) => plainLine(text, 200)),
      ),
      ...(decided === undefined ? [] : ['### Decided', decided]),
      ...list('Open', open),
      ...(before ? ['### Handed over before', before.text.replace(/^### /gm, '#### ')] : []),
    ];
    await makeChat(services, uri, newChat([], parts.join('\n\n')));
  },
};

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`### ${title}`, items.map(item => `- ${item}`).join('\n')];
}

/** The files that the chat named and that are there: a handoff must not send anybody to what is gone. */
async function filesOf(chat: Chat, services: Services): Promise<string[]> {
  const named = chat.turns
    .flatMap(turn => mentionsOf(chat, turn))
    .filter(({ kind, name }) => name !== '' && (kind === 'file' || kind === 'selection' || kind === 'spec'));
  const texts = [...new Map(named.map(mention => [mention.text, mention])).values()].slice(0, MAX_FILES);
  const found = await Promise.all(
    texts.map(async ({ name, text }) => (typeof (await findFile(name, services)) === 'string' ? [] : [text])),
  );
  return found.flat();
}

/** The model's summary of what was decided; undefined without a model, whose absence is no failure here. */
async function decisions(
  chat: Chat,
  { redactor, router }: Services,
  progress: Progress,
): Promise<string | undefined> {
  const { engine } = router.choose('chat', 'explicit');
  if (!engine) return undefined;
  const room = Math.floor(engine.capabilities.contextTokens / 2);
  const { messages } = chatPrompt({
    turns: chat.turns.flatMap(turn => {
      if (turn.text === '') return [];
      const role = turn.speaker === 'codriver' ? ('assistant' as const) : ('user' as const);
      return [{ role, text: redactor.redact(answerOf(turn)) }];
    }),
    question: handoffQuestion,
    attachments: [],
    budget: Math.min(room, MAX_PROMPT_TOKENS),
  });
  const { text } = await ask(engine, messages, MAX_TOKENS, progress);
  return answerText(text).replace(/^#{1,6} .*$/gm, line => `**${line.replace(/^#+ /, '')}**`);
}
