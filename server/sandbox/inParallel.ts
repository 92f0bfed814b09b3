/** A loop over many files, several at once. It must not know what is done with them. */

/** Files read or written at once: enough to keep a disk busy. */
const AT_ONCE = 16;

/** Does `work` for every item, in no order; rejects with the first failure, after which no other item is begun. */
export async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failed = false;
  async function worker(): Promise<void> {
    for (let next = waiting.next(); !next.done && !failed; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const settled = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failure = settled.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
}
