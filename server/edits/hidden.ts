/**
 * Characters that hide in source code: bidirectional controls, zero-width and tag characters, controls. What
 * writing systems and emoji need of them in its place is not hidden. Pure; it must not know edits.
 */

/** Everything that may be suspicious; a cheap first test. */
const SUSPICIOUS =
  // oxlint-disable-next-line no-misleading-character-class
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{13430}-\u{1343f}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\ufe0f\u20e3\u{1f1e6}-\u{1f1ff}]/u;
const EMOJI_BASE = /\p{Emoji}/u;
/** Scripts whose spelling needs joiners. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{M}]/u;

/** One hidden character: its code point and its place in UTF-16 units. */
export interface HiddenCharacter {
  readonly codePoint: number;
  readonly index: number;
}

/** All hidden characters of a text, in order. */
export function hiddenCharacters(text: string): readonly HiddenCharacter[] {
  const found: HiddenCharacter[] = [];
  for (const match of text.matchAll(SUSPICIOUS)) {
    const codePoint = match[0].codePointAt(0) ?? 0;
    const index = match.index;
    if (!isInItsPlace(codePoint, text, index, index + match[0].length)) found.push({ codePoint, index });
  }
  return found;
}

/** Whether any character could be hidden somewhere; cheap, and without regard to its place. */
export function mayHide(text: string): boolean {
  return text.search(SUSPICIOUS) !== -1;
}

/** For messages: U+202E. */
export function nameOf(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The hidden characters that `after` has more of than `before`, each once. */
export function addedHidden(before: string, after: string): readonly number[] {
  const found = hiddenCharacters(after);
  if (found.length === 0) return [];
  const count = (list: readonly HiddenCharacter[]): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const each of list) counts.set(each.codePoint, (counts.get(each.codePoint) ?? 0) + 1);
    return counts;
  };
  const known = count(hiddenCharacters(before));
  return [...count(found)].filter(([code, times]) => times > (known.get(code) ?? 0)).map(([code]) => code);
}

function isInItsPlace(code: number, text: string, from: number, to: number): boolean {
  const before = previousCharacter(text, from);
  const after = text.slice(to, to + 2);
  if (code === 0xfeff) return from === 0;
  if (code === 0x200d) return (EMOJI.test(before) && EMOJI.test(after)) || JOINING.test(before);
  if (code === 0x200c) return JOINING.test(before);
  if (code === 0x200e || code === 0x200f || code === 0x061c)
    return RIGHT_TO_LEFT.test(lineAround(text, from));
  if (code === 0xfe0f || code === 0xfe0e) return EMOJI_BASE.test(before);
  if (code >= 0xfe00 && code <= 0xfe0f)
    return /[\p{Script=Han}\p{Sm}\p{So}\p{Script=Myanmar}\p{P}]/u.test(before);
  if (code >= 0x180b && code <= 0x180f) return /\p{Script=Mongolian}/u.test(before);
  if (code >= 0xe0100 && code <= 0xe01ef) return /\p{Script=Han}/u.test(before);
  if (code === 0x2800) return /[\u2801-\u28ff]/.test(before + after.slice(0, 1)) || before === '\u2800';
  if (code >= 0xe0020 && code <= 0xe007f) return isFlagTag(text, from);
  return (
    code === 0x00ad && /\p{L}/u.test(before) && /^\p{L}/u.test(after) && /[^\p{ASCII}]/u.test(before + after)
  );
}

/** Flags of regions are a black flag, a few tag letters and the cancel tag. */
function isFlagTag(text: string, from: number): boolean {
  return /\u{1f3f4}[\u{e0020}-\u{e007e}]*$/u.test(text.slice(Math.max(0, from - 16), from));
}

function previousCharacter(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && index >= 2;
  return text.slice(Math.max(0, index - (isPair ? 2 : 1)), index);
}

function lineAround(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  return text.slice(Math.max(start, index - 200), Math.min(end === -1 ? text.length : end, index + 200));
}
