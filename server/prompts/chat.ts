/**
 * The prompt of a chat: earlier turns as they stand in the document, newest first to be kept, then the mentioned
 * text as data, then the question. Pure; what did not fit is counted, never summed up in silence.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { CHARACTERS_PER_TOKEN, cut } from './budget.ts';
import { assemble, CAPS, printable, type Section } from './shared.ts';

export interface ChatAttachment {
  readonly title: Redacted;
  readonly path?: Redacted;
  readonly text: Redacted;
}

export interface ChatTurn {
  readonly role: 'user' | 'assistant';
  readonly text: Redacted;
}

export interface ChatPrompt {
  /** State that an earlier chat handed over. */
  readonly handoff?: Redacted;
  /** Earlier turns, oldest first. */
  readonly turns: readonly ChatTurn[];
  readonly question: Redacted;
  /** Most important first. */
  readonly attachments: readonly ChatAttachment[];
  /** Tokens of all messages together. */
  readonly budget: number;
}

export interface ChatMessages {
  readonly messages: readonly ChatMessage[];
  /** Earlier turns that did not fit. */
  readonly turnsLeftOut: number;
  /** Of `attachments`, in their order: whether it is in the messages. */
  readonly shown: readonly boolean[];
}

const SYSTEM = redacted`You are a programmer's colleague in a chat that is kept as a Markdown document beside their code. Start with the answer, then the reason. Be brief. Use no first or second level headings, images, links or HTML. Put code into fenced blocks; where a block belongs to a file, write the file's path alone in backticks on the line above it. To change a file, show the whole of each function that changes. If the material does not tell, say so; do not guess.`;

/** Shares of the budget for the question and the earlier turns; the rest is for what is mentioned. */
const QUESTION_SHARE = 0.4;
const TURNS_SHARE = 0.35;
const MAX_TURN = 8_000;

export function chatPrompt(prompt: ChatPrompt): ChatMessages {
  const room = prompt.budget * CHARACTERS_PER_TOKEN;
  const question = cut(prompt.question, Math.floor(room * QUESTION_SHARE));
  const { messages, leftOut } = history(prompt.turns, Math.floor(room * TURNS_SHARE));
  const spent = messages.reduce((sum, { content }) => sum + content.length, 0);
  const sections = sectionsOf(prompt);
  const rest = Math.floor((room - spent) / CHARACTERS_PER_TOKEN);
  const note = leftOut > 0 ? redacted`[cut: ${leftOut} earlier turns of this chat left out]\n\n` : redacted``;
  const [system, user] = assemble(SYSTEM, sections, redacted`${note}${question}`, rest);
  if (!system || !user) throw new TypeError('a prompt has a system and a user message');
  const offset = sections.length - prompt.attachments.length;
  const shown = prompt.attachments.map((_, i) => {
    const { title, path } = sections[i + offset] as Section;
    const named =
      path === undefined ? `is="${title.text}"` : `is="${title.text}" path="${printable(path).text}"`;
    return user.content.text.includes(named);
  });
  return { messages: [system, ...messages, user], turnsLeftOut: leftOut, shown };
}

function sectionsOf({ handoff, attachments }: ChatPrompt): readonly Section[] {
  const sections: Section[] = attachments.map((each, i) => ({
    ...each,
    cap: CAPS.file,
    importance: 3 - i / 100,
  }));
  if (handoff !== undefined)
    sections.unshift({ title: redacted`handoff`, text: handoff, cap: CAPS.selection, importance: 4 });
  return sections;
}

/** The newest turns that fit, as messages whose roles alternate and begin with the person's. */
function history(
  turns: readonly ChatTurn[],
  room: number,
): { readonly messages: readonly ChatMessage[]; readonly leftOut: number } {
  let left = room;
  let from = turns.length;
  const texts: Redacted[] = [];
  while (from > 0) {
    const text = cut((turns[from - 1] as ChatTurn).text, MAX_TURN);
    if (text.length > left) break;
    left -= text.length;
    texts.unshift(text);
    from--;
  }
  while (turns[from]?.role === 'assistant') {
    texts.shift();
    from++;
  }
  const messages: ChatMessage[] = [];
  for (const [i, content] of texts.entries()) {
    const { role } = turns[from + i] as ChatTurn;
    const last = messages.at(-1);
    if (last?.role === role)
      messages[messages.length - 1] = { role, content: redacted`${last.content}\n\n${content}` };
    else messages.push({ role, content });
  }
  // The question comes next, so what stands last must be an answer.
  if (messages.at(-1)?.role === 'user') messages.push({ role: 'assistant', content: redacted`[no answer]` });
  return { messages, leftOut: from };
}
