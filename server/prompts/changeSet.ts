/**
 * Another try at a change of which a person rejected parts: the first question, what was rejected, and why. Pure; it
 * must not know documents.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { CHARACTERS_PER_TOKEN, cut } from './budget.ts';

/** Most UTF-16 units of the rejected parts and of the reasons. */
const MAX_REJECTED = 8_000;
const MAX_REASONS = 6_000;
/** A shorter rest of the rejected parts tells nothing; the reasons speak for themselves. */
const MIN_REJECTED = 200;

export interface AnotherTry {
  /** The messages that ask for the change, of the code as it is now. */
  readonly messages: readonly ChatMessage[];
  /** The rejected parts as diffs, redacted. */
  readonly rejected: Redacted;
  /** One reason a line, redacted. */
  readonly reasons: Redacted;
  /** Tokens that all messages together may take; the first ones are never cut. */
  readonly budget: number;
}

export function anotherTryPrompt({
  messages,
  rejected,
  reasons,
  budget,
}: AnotherTry): readonly ChatMessage[] {
  const request = redacted`These changes of an earlier answer of yours were rejected by the programmer. The reasons:
${cut(reasons, MAX_REASONS)}

Make the change anew, as was asked above and so that the reasons are met. The code above is as it is now; what it holds of the change already was accepted and stays. Answer in the form that was asked for, nothing else.`;
  const used = messages.reduce((sum, message) => sum + message.content.length, request.length);
  const room = Math.min(MAX_REJECTED, budget * CHARACTERS_PER_TOKEN - used);
  if (room < MIN_REJECTED) return [...messages, { role: 'user', content: request }];
  return [
    ...messages,
    { role: 'assistant', content: cut(rejected, room) },
    { role: 'user', content: request },
  ];
}
