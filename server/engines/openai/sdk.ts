/**
 * The one place where the `openai` package is loaded, lazily, so that the bundler can split it off and start-up
 * does not pay for it. It must not know settings.
 */
import type { OpenAI } from 'openai';

export type OpenAIClass = typeof OpenAI;

/** Loads the package. Node keeps the module, so asking again costs nothing. */
export async function loadSDK(): Promise<OpenAIClass> {
  return (await import('openai')).OpenAI;
}
