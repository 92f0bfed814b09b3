/**
 * What a chat's question sends: turns, mentions and budget put together, and in words what that was. Redacted piece
 * by piece before anything is cut. It must not know how the answer gets into the document.
 *
 * The chat itself is what the person wrote in order to send it, so no ignore file keeps it back; all that it mentions
 * passes the gate.
 */
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import type { ChatAttachment } from '../../prompts/chat.ts';
import { chatPrompt } from '../../prompts/chat.ts';
import { ActionError } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { answerOf, type Chat, type Turn } from './chat.ts';
import { type Mention, mentionsOf } from './mentions.ts';
import { resolveMention } from './resolve.ts';

/** Share of an engine's room that the question may take; the rest is for the answer. */
const PROMPT_SHARE = 0.7;
const MAX_PROMPT_TOKENS = 24_000;
const MAX_MENTIONS = 20;

export interface Composed {
  readonly messages: readonly ChatMessage[];
  /** One line for the document. */
  readonly sent: string;
  /** All of it, for the person to read. */
  readonly whole: string;
}

/** The person's last turn, which is what is sent. */
function questionOf({ turns }: Chat): Turn {
  const last = turns.at(-1);
  if (!last || last.speaker !== 'you' || last.text === '') {
    throw new ActionError('There is no question to send. Write it below a "## You" at the end of the chat.');
  }
  return last;
}

export async function compose(
  chat: Chat,
  services: Services,
  engine: Engine,
  signal: AbortSignal,
): Promise<Composed> {
  const { redactor } = services;
  const question = questionOf(chat);
  if (chat.model !== undefined && !engine.name.includes(chat.model)) {
    throw new ActionError(
      `This chat is for ${chat.model} (its "model:" line), but ${engine.name} is configured. Change openai.model, or remove the line.`,
    );
  }
  const earlier = chat.turns.slice(0, chat.turns.indexOf(question));
  const attachments: ChatAttachment[] = [];
  const names: string[] = [];
  const missing: string[] = [];
  for (const mention of mentionsIn(chat, question)) {
    const found = await resolveMention(mention, services, signal);
    if (found.ok) {
      attachments.push(found);
      names.push(mention.text);
    } else missing.push(`${mention.text} (${found.why})`);
  }
  const handoff = earlier.findLast(({ speaker }) => speaker === 'handoff');
  const room = Math.floor(engine.capabilities.contextTokens * PROMPT_SHARE);
  const { messages, turnsLeftOut, shown } = chatPrompt({
    ...(handoff ? { handoff: redactor.redact(handoff.text) } : {}),
    turns: earlier.flatMap(turn => {
      if (turn.speaker === 'handoff' || turn.text === '') return [];
      const you = turn.speaker === 'you';
      const text = redactor.redact(you ? turn.text : answerOf(turn));
      return [{ role: you ? ('user' as const) : ('assistant' as const), text }];
    }),
    question: redactor.redact(question.text),
    attachments,
    budget: Math.min(room, chat.budget ?? MAX_PROMPT_TOKENS),
  });
  const size = messages.reduce((sum, { content }) => sum + content.length, 0);
  const included = names.filter((_, i) => shown[i]);
  const cut = [...names.filter((_, i) => !shown[i]).map(name => `${name} (no room)`), ...missing];
  const parts = [
    `about ${Math.ceil(size / 4)} tokens to ${engine.name}`,
    ...(included.length > 0 ? [`with ${included.join(', ')}`] : []),
    ...(cut.length > 0 ? [`without ${cut.join(', ')}`] : []),
    ...(turnsLeftOut > 0 ? [`${turnsLeftOut} earlier turns left out`] : []),
  ];
  const whole = messages.map(({ role, content }) => `${role}:\n\n${fenced(content.text)}`);
  return { messages, sent: parts.join('; ').replace(/\s+/g, ' '), whole: whole.join('\n\n') };
}

/** Those of the question first, then those of earlier turns, newest first, as what they name is now. */
function mentionsIn(chat: Chat, question: Turn): readonly Mention[] {
  const turns = [...chat.turns].reverse().filter(({ first }) => first <= question.first);
  const seen = new Set<string>();
  return turns
    .flatMap(turn => mentionsOf(chat, turn))
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .slice(0, MAX_MENTIONS);
}

function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), run => run[0].length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}text\n${text}\n${marks}`;
}
