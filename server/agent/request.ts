/**
 * One question to the model and its whole answer as data. A cut, refused or broken answer is never half an answer: it
 * holds no calls. It must not know tasks or what tools do.
 */
import type { ChatMessage, Engine, EngineError, Usage } from '../engines/engine.ts';
import { CHARACTERS_PER_TOKEN } from '../prompts/budget.ts';
import { callsInText } from './textTools.ts';
import type { RawCall } from './tools/table.ts';
import type { Tool } from './tools/tool.ts';

export type Reply =
  | {
      readonly end: 'whole';
      readonly text: string;
      readonly calls: readonly RawCall[];
      readonly usage: Usage;
    }
  /** `why` is for the model, which is asked again. */
  | { readonly end: 'unusable'; readonly why: string; readonly usage: Usage }
  | { readonly end: 'error'; readonly error: EngineError; readonly usage: Usage }
  | { readonly end: 'aborted'; readonly usage: Usage };

/** More of one answer is not read. In UTF-16 units. */
const MOST_TEXT = 2 * 1024 * 1024;

export async function ask(
  engine: Engine,
  messages: readonly ChatMessage[],
  tools: readonly Tool[],
  maxTokens: number,
  signal: AbortSignal,
): Promise<Reply> {
  const byTools = engine.capabilities.tools && tools.length > 0;
  const specs = byTools ? { tools: tools.map(({ spec }) => spec) } : {};
  let text = '';
  let reported: Usage | undefined;
  const calls: RawCall[] = [];
  const asked = messages.reduce((sum, { content }) => sum + content.length, 0);
  const usage = (): Usage =>
    reported ?? {
      promptTokens: Math.ceil(asked / CHARACTERS_PER_TOKEN),
      completionTokens: Math.ceil(
        (text.length + calls.reduce((sum, call) => sum + call.arguments.length, 0)) / CHARACTERS_PER_TOKEN,
      ),
    };
  for await (const event of engine.chat({ messages, maxTokens, temperature: 0, ...specs }, signal)) {
    switch (event.type) {
      case 'text':
        if (text.length < MOST_TEXT) text += event.text;
        break;
      case 'tool-call':
        calls.push({ id: event.id, name: event.name, arguments: event.arguments });
        break;
      case 'usage':
        reported = event.usage;
        break;
      case 'error':
        return { end: 'error', error: event.error, usage: usage() };
      case 'aborted':
        return { end: 'aborted', usage: usage() };
      case 'done': {
        const { reason } = event;
        if (reason === 'length')
          return {
            end: 'unusable',
            why: 'The answer was cut at its limit. Do less at once.',
            usage: usage(),
          };
        if (reason !== 'stop' && reason !== 'tool-calls')
          return { end: 'unusable', why: 'The answer ended early. Send it again.', usage: usage() };
        if (calls.length > 0 || tools.length === 0) return { end: 'whole', text, calls, usage: usage() };
        // Models that take tools forget it at times; those that do not always write their calls.
        const written = callsInText(text);
        if (!written.ok) return { end: 'unusable', why: written.why, usage: usage() };
        return { end: 'whole', text, calls: written.calls, usage: usage() };
      }
    }
  }
  return { end: 'unusable', why: 'The answer did not end. Send it again.', usage: usage() };
}
