/** A person at a keyboard: keys with the time to wait before each. Pure and the same for the same seed. */
import { sequence } from './random.ts';

export type Key =
  | { readonly waitMs: number; readonly text: string }
  | { readonly waitMs: number; readonly press: 'Enter' | 'Backspace' | 'Escape' };

/** 52 to 80 words a minute are a key every 230 to 150 ms. */
const FASTEST_MS = 90;
const USUAL_MS = 190;
/** Before a new line or a new thought a person looks at what is there. */
const THINKS = 0.12;
const THINKING_MS = 900;
const SLIPS = 0.04;

/** The keys that write `text`, with some slips that are noticed and taken back. */
export function typed(text: string, seed: number): Key[] {
  const next = sequence(seed);
  const pace = (): number => Math.round(FASTEST_MS + (USUAL_MS - FASTEST_MS) * (next() + next()));
  const keys: Key[] = [];
  for (const character of text) {
    if (character === '\n') {
      keys.push({ waitMs: pace() + Math.round(next() * THINKING_MS), press: 'Enter' });
      continue;
    }
    const thinks = character === ' ' && next() < THINKS;
    const waitMs = pace() + (thinks ? Math.round(THINKING_MS * (0.5 + next())) : 0);
    if (/\w/.test(character) && next() < SLIPS) {
      const wrong = 1 + Math.floor(next() * 2);
      keys.push(
        { waitMs, text: 'e' },
        ...Array.from({ length: wrong - 1 }, () => ({ waitMs: pace(), text: 'r' })),
      );
      keys.push({ waitMs: pace() + 250, press: 'Backspace' });
      for (let i = 1; i < wrong; i++) keys.push({ waitMs: pace(), press: 'Backspace' });
      keys.push({ waitMs: pace(), text: character });
    } else keys.push({ waitMs, text: character });
  }
  return keys;
}
