/**
 * The one gate that decides what is shown unasked. An engine that can tell how sure it is is believed; for others
 * cheap signs of a bad suggestion are counted. It must not know documents or protocol.
 */
import type { CompletionCheck } from '../../analysis/analysis.ts';

/** Below this a suggestion is not shown unasked. */
export const SHOWN_UNASKED = 0.3;
/**
 * Below this it is not in a menu either, which an editor may open by itself. A whole rest of a line is seldom
 * likelier than a few in a hundred, and still what the person looks for.
 */
export const SHOWN_IN_MENU = 0.03;
/** From here on an embedded suggestion may stand in for a model that is late. */
export const SURE = 0.7;

/** A single line that ends in a bracket it leaves open is believed no more than this. */
const LEFT_OPEN = 0.2;

/** How much is believed of what the embedded engine says of a text; `rest` is what stands right of it on its line. */
export function believed(confidence: number, text: string, rest: string): number {
  const isLeftOpen = !text.includes('\n') && /[([]\s*$/.test(text) && rest.trim() === '';
  return isLeftOpen ? Math.min(confidence, LEFT_OPEN) : confidence;
}

/** What an engine that cannot tell is believed before anything speaks against it. */
const UNKNOWN = 0.9;

interface Looked {
  readonly text: string;
  readonly lines: readonly string[];
  /** Lines above the cursor, the nearest last, trimmed, blank ones left out. */
  readonly above: readonly string[];
  readonly prose: boolean;
}

interface Sign {
  readonly what: string;
  /** What the confidence is multiplied by. */
  readonly factor: number;
  readonly shows: (looked: Looked) => boolean;
}

const SIGNS: readonly Sign[] = [
  { what: 'a single character', factor: 0.25, shows: ({ text }) => text.trim().length < 2 },
  {
    what: 'speech instead of code',
    factor: 0.2,
    shows: ({ text, prose }) =>
      !prose &&
      /^\s*(?:sure|certainly|of course|here(?:'s| is| are)|i'm |i am |i can|sorry|as an ai|to complete)\b/i.test(
        text,
      ),
  },
  {
    what: 'what stands above',
    factor: 0.4,
    shows: ({ lines, above }) => {
      const long = lines.map(line => line.trim()).filter(line => line.length >= 8);
      const near = above.slice(-5);
      return long.length > 0 && long.every(line => near.includes(line));
    },
  },
  { what: 'a very long line', factor: 0.6, shows: ({ lines }) => lines.some(line => line.length > 160) },
  { what: 'a long block', factor: 0.8, shows: ({ lines }) => lines.length > 8 },
];

/** Each name that nobody has written so far makes a suggestion this much less likely. */
const UNKNOWN_NAME = 0.6;
const CUT_TO_PARSE = 0.7;

export interface Estimate {
  readonly confidence: number;
  /** What spoke against it, for the log. */
  readonly against: readonly string[];
}

/** How likely a text is to be wanted, from its looks. `before` is the text before the cursor. */
export function estimate(text: string, before: string, prose: boolean): Estimate {
  const above = before
    .slice(-2_000)
    .split('\n')
    .slice(0, -1)
    .map(line => line.trim())
    .filter(Boolean);
  const looked = { text, lines: text.split('\n'), above, prose };
  const signs = SIGNS.filter(({ shows }) => shows(looked));
  return {
    confidence: signs.reduce((value, { factor }) => value * factor, UNKNOWN),
    against: signs.map(({ what }) => what),
  };
}

/** The same, after the suggestion was tried out. */
export function reconsidered(confidence: number, { parses, unknownNames }: CompletionCheck): number {
  return confidence * UNKNOWN_NAME ** unknownNames.length * (parses ? 1 : CUT_TO_PARSE);
}
