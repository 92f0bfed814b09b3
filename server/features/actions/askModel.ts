/** One question to the model about a place, answered with text for a person. Explicit: the person asked for it. */
import type { Progress } from '../../base/host.ts';
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import type { CodePrompt } from '../../prompts/shared.ts';
import type { Services } from '../services.ts';
import { type ActionArguments, ActionError, documentFor } from './action.ts';
import { promptFor } from './promptFor.ts';

/** Tokens an explanation or answer may have. */
const MAX_ANSWER_TOKENS = 1_500;

export interface Answer {
  readonly text: string;
  /** The engine that wrote it. */
  readonly name: string;
}

export async function askModel(
  services: Services,
  target: ActionArguments,
  progress: Progress,
  prompt: (context: CodePrompt) => readonly ChatMessage[],
): Promise<Answer> {
  const engine = requireEngine(services);
  const document = documentFor(services, target.uri);
  const context = await promptFor(services, document, target, engine, progress.signal);
  const { text } = await chat(engine, prompt(context), MAX_ANSWER_TOKENS, progress);
  return { text, name: engine.name };
}

export function requireEngine(services: Services, feature: 'action' | 'chat' = 'action'): Engine {
  const choice = services.router.choose(feature, 'explicit');
  if (!choice.engine) throw new ActionError(choice.why);
  return choice.engine;
}

/** Reads a chat answer to its end; whatever is not a whole answer is an `ActionError` with words for the person. */
export async function chat(
  engine: Engine,
  messages: readonly ChatMessage[],
  maxTokens: number,
  progress: Progress,
): Promise<{ readonly text: string }> {
  let text = '';
  progress.report(`asking ${engine.name}`);
  for await (const event of engine.chat({ messages, maxTokens }, progress.signal)) {
    if (event.type === 'text') {
      text += event.text;
    } else if (event.type === 'error') {
      throw new ActionError(event.error.message);
    } else if (event.type === 'aborted') {
      throw new ActionError('Cancelled.');
    } else if (event.type === 'done') {
      if (event.reason === 'length') {
        throw new ActionError(
          `${engine.name} ran out of room before it was done, so its answer was not used.`,
        );
      }
      if (event.reason === 'refusal' || event.reason === 'content-filter') {
        throw new ActionError(`${engine.name} refused to answer.`);
      }
      if (text.trim() === '') throw new ActionError(`${engine.name} gave an empty answer.`);
      return { text };
    }
  }
  throw new ActionError(`${engine.name} ended without an answer.`);
}
