/** Send a chat's question: the answer streams into the document while the person goes on typing elsewhere. */
import type { Progress } from '../../base/host.ts';
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import { plainLine } from '../../guard/plain.ts';
import { type Action, type ActionArguments, ActionError, documentFor } from '../actions/action.ts';
import { requireEngine } from '../actions/askModel.ts';
import type { Services } from '../services.ts';
import { answerText, isChat, readChat } from './chat.ts';
import { compose } from './compose.ts';
import { AnswerWriter } from './writer.ts';

/** Time between two edits of the document, in ms: quick enough to read along, slow enough for every editor. */
const WRITE_MS = 250;
const MAX_ANSWER_TOKENS = 4_000;
/** Share of an engine's room that an answer may take. */
const ANSWER_SHARE = 0.3;
/** A person who types without a pause for so many tries is not interrupted. */
const MAX_TRIES = 200;

/** The chat that a command without arguments means: the one that was edited last. */
export function latestChat({ documents }: Services): ActionArguments | undefined {
  const chat = documents.all().find(({ uri }) => isChat(uri));
  const start = { line: 0, character: 0 };
  return chat && { uri: chat.uri, range: { start, end: start } };
}

export const sendChat: Action = {
  command: 'codriver.chatSend',
  kind: 'quickfix',
  level: 1,
  document: 'chat',
  progress: 'Answering',
  withoutPlace: latestChat,

  offers({ document, range, noModel, modelName }) {
    const last = readChat(document.getText()).turns.at(-1);
    const disabled = noModel ?? (last?.speaker === 'you' && last.text !== '' ? undefined : NOTHING);
    return [
      {
        title: `Send to ${modelName}`,
        arguments: { uri: document.uri, range },
        generated: true,
        ...(disabled ? { disabled } : {}),
      },
    ];
  },

  async apply({ uri }, services, progress) {
    if (!isChat(uri))
      throw new ActionError('This is no chat. Open one with codriver.chat; its name ends in .chat.md.');
    const { running } = services.chats;
    if (running.has(uri)) {
      throw new ActionError('This chat is still being answered. Wait, or stop it with codriver.chatStop.');
    }
    const stop = new AbortController();
    running.set(uri, stop);
    try {
      await send(uri, services, progress, AbortSignal.any([stop.signal, progress.signal]));
    } finally {
      running.delete(uri);
    }
  },
};

const NOTHING = 'There is no question: write it below the last "## You".';

export const stopChat: Action = {
  command: 'codriver.chatStop',
  kind: 'quickfix',
  level: 1,
  document: 'chat',
  progress: 'Stopping',
  withoutPlace: latestChat,

  offers({ document, range }, services) {
    if (!services.chats.running.has(document.uri)) return [];
    return [{ title: 'Stop the answer', arguments: { uri: document.uri, range } }];
  },

  async apply({ uri }, services) {
    services.chats.running.get(uri)?.abort();
  },
};

async function send(uri: string, services: Services, progress: Progress, signal: AbortSignal): Promise<void> {
  const engine = requireEngine(services, 'chat');
  const chat = readChat(documentFor(services, uri).getText());
  const { messages, sent, whole } = await compose(chat, services, engine, signal);
  services.chats.sent.set(uri, whole);
  const head = `> sent: ${plainLine(sent, 600).replaceAll('<', '&lt;')}`;
  const writer = new AnswerWriter(services, uri);
  const pause = () => new Promise<void>(resolve => void services.clock.after(WRITE_MS, resolve));
  const insist = async (write: () => Promise<boolean>) => {
    for (let tries = 0; !(await write()); tries++) {
      if (tries === MAX_TRIES)
        throw new ActionError('The chat changed all the time, so the answer was not written. Send again.');
      await pause();
    }
  };
  const page = (body: string) => `${head}\n\n${body}`;
  await insist(() => writer.begin(page(WAITING)));

  const ended = new AbortController();
  const answer = new Answer(engine, messages, AbortSignal.any([signal, ended.signal]));
  progress.report(`asking ${engine.name}`);
  try {
    while (!answer.outcome) {
      await Promise.race([answer.done, pause()]);
      const body = answerText(answer.text);
      if (!answer.outcome && body !== '') await writer.put(page(body));
    }
    const body = [answerText(answer.text), answer.outcome.mark].filter(part => part !== '').join('\n\n');
    await insist(() => writer.put(page(body)));
  } finally {
    ended.abort();
    await answer.done;
  }
  if (answer.outcome.failure) throw new ActionError(answer.outcome.failure);
}

const WAITING = '*waiting for the answer …*';

/** What is written behind an answer that is not whole, and what is said about it. */
interface Outcome {
  readonly mark: string;
  readonly failure?: string;
}

/** One answer as it comes in. */
class Answer {
  text = '';
  outcome: Outcome | undefined;
  readonly done: Promise<void>;

  constructor(engine: Engine, messages: readonly ChatMessage[], signal: AbortSignal) {
    this.done = this.#read(engine, messages, signal);
  }

  async #read(engine: Engine, messages: readonly ChatMessage[], signal: AbortSignal): Promise<void> {
    const room = Math.floor(engine.capabilities.contextTokens * ANSWER_SHARE);
    const maxTokens = Math.min(MAX_ANSWER_TOKENS, room);
    for await (const event of engine.chat({ messages, maxTokens }, signal)) {
      if (event.type === 'text') this.text += event.text;
      else if (event.type === 'aborted')
        this.outcome = { mark: mark('stopped', 'you stopped this answer; it is not complete') };
      else if (event.type === 'error') {
        const { message } = event.error;
        this.outcome = { mark: mark('failed', message), failure: message };
      } else if (event.type === 'done') this.outcome = ending(engine.name, event.reason, this.text);
    }
    this.outcome ??= ending(engine.name, 'stop', '');
  }
}

function ending(name: string, reason: string, text: string): Outcome {
  if (reason === 'length')
    return { mark: mark('cut', 'the model ran out of room; the answer is not complete') };
  if (reason === 'refusal' || reason === 'content-filter') {
    return { mark: mark('refused', `${name} refused to go on`) };
  }
  return { mark: text.trim() === '' ? mark('failed', `${name} gave an empty answer`) : '' };
}

function mark(what: string, why: string): string {
  return `**[${what}]** ${plainLine(why, 500).replaceAll('<', '&lt;')}`;
}
