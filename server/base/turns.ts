/**
 * Background work in turns: whatever works in the background of a thread takes one step between two looks at what
 * others have sent. It must not know what the work is.
 */

/**
 * Gives the thread away; each call resolves in a round of the event loop of its own, first come, first served. With
 * several at work a message waits for one step, not for a step of each.
 */
export function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => (last = last.then(() => new Promise<void>(resolve => setImmediate(resolve))));
}
