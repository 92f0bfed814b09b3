/** Work that comes in steps, done in one go. */
import { packTokens, type TokenRow } from '../../server/base/tokenRow.ts';

export function finished<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

export const packed = (tokens: Uint32Array): TokenRow => finished(packTokens(tokens));
