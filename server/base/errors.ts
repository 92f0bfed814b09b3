/** Failures as text for the log, and why work was taken back. */

/** Message and stack of anything that can be thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Why a request's signal was aborted: a newer request for the same place took over, and may go on with its work. */
export class Superseded extends Error {}
