/** How a model's window is shared out: prompt, tools, answer, one result. Pure; it must not know prompts. */
import type { Engine } from '../engines/engine.ts';
import { CHARACTERS_PER_TOKEN } from '../prompts/budget.ts';
import type { Tool } from './tools/tool.ts';

export interface Shares {
  /** Tokens of all messages, tools as text included. */
  readonly prompt: number;
  readonly answer: number;
  /** UTF-16 units of one result. */
  readonly result: number;
}

/** Characters divided by four count code too low; what is left over is for that. */
const PROMPT_SHARE = 0.7;
const ANSWER_SHARE = 0.2;
const MOST_ANSWER = 8_192;
/** More is not better: what is far from the question is read less well. */
const MOST_WINDOW = 64_000;
const RESULT_SHARE = 0.16;
const LEAST_RESULT = 1_200;

/** `wanted`: what the task's document says. */
export function sharesOf(engine: Engine, tools: readonly Tool[], wanted: number | undefined): Shares {
  const window = Math.min(engine.capabilities.contextTokens, wanted ?? MOST_WINDOW);
  // Sent beside the messages they take room all the same.
  const specs = engine.capabilities.tools
    ? Math.ceil(JSON.stringify(tools.map(({ spec }) => spec)).length / CHARACTERS_PER_TOKEN)
    : 0;
  const prompt = Math.max(1_500, Math.floor(window * PROMPT_SHARE) - specs);
  return {
    prompt,
    answer: Math.min(MOST_ANSWER, Math.floor(window * ANSWER_SHARE)),
    result: Math.max(LEAST_RESULT, Math.floor(prompt * CHARACTERS_PER_TOKEN * RESULT_SHARE)),
  };
}
