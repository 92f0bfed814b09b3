/**
 * The gate's word on open documents, kept for a moment: a person who types asks at each key, and links are looked up
 * on the disk. Only a yes is kept, so that a no is never believed longer than it holds. It must not know rules.
 */
import type { Clock } from '../base/ports.ts';
import type { DocumentVerdict } from './readGate.ts';

/** How long a yes is believed without a look at the disk; in the second part of that time it is renewed. In ms. */
export const BELIEVED_MS = 1_000;
const RENEWED_AFTER_MS = 300;
/** Documents remembered at most; beyond it everything is forgotten. */
const MOST = 500;

interface Known {
  readonly verdict: DocumentVerdict;
  /** When the question was asked that it answers. */
  readonly at: number;
  renewing: boolean;
}

export interface Verdicts {
  of(uri: string): Promise<DocumentVerdict>;
  /** What was decided so far counts no more, nor what is being decided. */
  clear(): void;
}

/** `decide` is asked where nothing is known, and in the background for what is asked again and again. */
export function rememberVerdicts(
  decide: (uri: string) => Promise<DocumentVerdict>,
  clock: Pick<Clock, 'now'>,
): Verdicts {
  let known = new Map<string, Known>();

  async function ask(uri: string): Promise<DocumentVerdict> {
    const at = clock.now();
    const asked = known;
    const verdict = await decide(uri);
    // Something changed while it was decided: this answer may be from before.
    if (asked !== known) return verdict;
    if (known.size >= MOST) known.clear();
    if (verdict.allowed) known.set(uri, { verdict, at, renewing: false });
    else known.delete(uri);
    return verdict;
  }

  return {
    async of(uri) {
      const before = known.get(uri);
      const age = before ? clock.now() - before.at : Infinity;
      // A clock that was set back says nothing about the age.
      if (!before || age < 0 || age >= BELIEVED_MS) return ask(uri);
      if (age >= RENEWED_AFTER_MS && !before.renewing) {
        before.renewing = true;
        ask(uri).catch(() => known.delete(uri));
      }
      return before.verdict;
    },
    clear() {
      known = new Map();
    },
  };
}
