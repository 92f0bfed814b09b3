/** Waiting on conditions with a time limit. It must not know any editor. */

/** How long a condition may take on a loaded machine with two cores, in milliseconds. */
const LIMIT = 20_000;
const INTERVAL = 25;

export interface WaitOptions {
  /** In milliseconds. */
  readonly limit?: number;
  /** What to print beside the message when the time is over. */
  readonly state?: () => Promise<string> | string;
}

/** Polls until `probe` gives something other than undefined or false; throws, saying `what`, after the limit. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions = {},
): Promise<T> {
  const end = Date.now() + (options.limit ?? LIMIT);
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) {
      const state = options.state === undefined ? '' : `\n${await options.state()}`;
      throw new Error(`waited ${options.limit ?? LIMIT} ms in vain: ${what}${state}`);
    }
    await new Promise(resolve => setTimeout(resolve, INTERVAL));
  }
}
