/**
 * Small helpers around AbortSignal that leave no listener behind. It must not know engines.
 */

/** Waits for `promise` or for the signal, whichever comes first. */
export async function orAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let onAbort = (): void => undefined;
  const abort = new Promise<void>(resolve => {
    onAbort = resolve;
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, abort]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A controller that follows `signal` until it is released. */
export function following(signal: AbortSignal): {
  readonly controller: AbortController;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort();
  if (signal.aborted) controller.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    controller,
    release: () => signal.removeEventListener('abort', onAbort),
  };
}
