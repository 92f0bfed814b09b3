/** Failures as text for the log. */

/** Message and stack of anything that can be thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
