/**
 * The one re-ask after an edit was refused: the first messages, the refused reply, and why. Pure; it must not know
 * who refused.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { CHARACTERS_PER_TOKEN, cut } from './budget.ts';

/** Most UTF-16 units of the refused reply and of the words about it. */
const MAX_REPLY = 8_000;
const MAX_ERROR = 6_000;

export interface RetryPrompt {
  /** The messages of the first attempt. */
  readonly messages: readonly ChatMessage[];
  /** What the model answered, redacted again. */
  readonly reply: Redacted;
  /** `retry` of the refused proposal, redacted. */
  readonly error: Redacted;
  /** Tokens that all messages together may take; the first attempt's are never cut. */
  readonly budget: number;
}

export function retryPrompt(prompt: RetryPrompt): readonly ChatMessage[] {
  const error = cut(prompt.error, MAX_ERROR);
  const request = redacted`Your answer could not be used, nothing was changed. The reason:
${error}

Send the complete corrected answer in the same form, nothing else.`;
  const used = prompt.messages.reduce((sum, message) => sum + message.content.length, request.length);
  const room = Math.min(MAX_REPLY, prompt.budget * CHARACTERS_PER_TOKEN - used);
  // An unhelpfully short rest of the reply is left out; the reason speaks for itself.
  if (room < 200) return [...prompt.messages, { role: 'user', content: request }];
  return [
    ...prompt.messages,
    { role: 'assistant', content: cut(prompt.reply, room) },
    { role: 'user', content: request },
  ];
}
