/**
 * The texts that change-sets of this session were made against, by git's hash: with them hunks are moved exactly over
 * what is typed. Without them, after a restart, hunks are found by what they hold.
 */
import { LRUCache } from 'lru-cache';
import { blobHash } from '../../edits/changeSet/write.ts';

/** UTF-16 units of all texts together. */
const MOST_UNITS = 16 * 1024 * 1024;

export class ChangeSetMemory {
  readonly #texts = new LRUCache<string, string>({
    maxSize: MOST_UNITS,
    sizeCalculation: text => text.length + 1,
  });

  remember(text: string): void {
    this.#texts.set(blobHash(text), text);
  }

  textOf(hash: string | undefined): string | undefined {
    return hash === undefined ? undefined : this.#texts.get(hash);
  }
}
