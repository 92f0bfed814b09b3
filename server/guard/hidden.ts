/**
 * Characters that a reader cannot see but a compiler or a model can: bidirectional controls, tags, zero-width
 * characters, stray control characters. Legitimate uses (emoji sequences, joiners in scripts that need them, a
 * byte order mark, right-to-left marks in right-to-left text) are not reported. It must not know edits or prompts.
 */

export interface HiddenCharacter {
  /** UTF-16 offset. */
  readonly offset: number;
  readonly codePoint: number;
  /** For a person, for example `right-to-left override (U+202E)`. */
  readonly name: string;
}

/** Code point ranges, inclusive, with the name of what they are. */
const hiddenRanges: readonly (readonly [number, number, string])[] = [
  [0x00, 0x08, 'control character'],
  [0x0b, 0x0b, 'control character'],
  [0x0e, 0x1f, 'control character'],
  [0x7f, 0x84, 'control character'],
  [0x86, 0x9f, 'control character'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'combining grapheme joiner'],
  [0x61c, 0x61c, 'Arabic letter mark'],
  [0x115f, 0x1160, 'Hangul filler'],
  [0x17b4, 0x17b5, 'invisible Khmer vowel'],
  [0x180b, 0x180f, 'Mongolian format character'],
  [0x200b, 0x200b, 'zero width space'],
  [0x200c, 0x200c, 'zero width non-joiner'],
  [0x200d, 0x200d, 'zero width joiner'],
  [0x200e, 0x200e, 'left-to-right mark'],
  [0x200f, 0x200f, 'right-to-left mark'],
  [0x2028, 0x2029, 'Unicode line separator'],
  [0x202a, 0x202a, 'left-to-right embedding'],
  [0x202b, 0x202b, 'right-to-left embedding'],
  [0x202c, 0x202c, 'pop directional formatting'],
  [0x202d, 0x202d, 'left-to-right override'],
  [0x202e, 0x202e, 'right-to-left override'],
  [0x2060, 0x2065, 'invisible operator'],
  [0x2066, 0x2066, 'left-to-right isolate'],
  [0x2067, 0x2067, 'right-to-left isolate'],
  [0x2068, 0x2068, 'first strong isolate'],
  [0x2069, 0x2069, 'pop directional isolate'],
  [0x206a, 0x206f, 'deprecated format character'],
  [0x2800, 0x2800, 'blank Braille pattern'],
  [0x3164, 0x3164, 'Hangul filler'],
  [0xfe00, 0xfe0f, 'variation selector'],
  [0xfeff, 0xfeff, 'zero width no-break space'],
  [0xffa0, 0xffa0, 'Hangul filler'],
  [0xfff0, 0xfffb, 'interlinear annotation character'],
  [0x13430, 0x1343f, 'Egyptian format control'],
  [0x1bca0, 0x1bca3, 'shorthand format control'],
  [0x1d173, 0x1d17a, 'musical format control'],
  [0xe0000, 0xe007f, 'tag character'],
  [0xe0080, 0xe00ff, 'unassigned invisible character'],
  [0xe0100, 0xe01ef, 'variation selector'],
  [0xe01f0, 0xe0fff, 'unassigned invisible character'],
];

const anyHidden = new RegExp(
  `[${hiddenRanges.map(([low, high]) => `\\u{${low.toString(16)}}-\\u{${high.toString(16)}}`).join('')}]`,
  'gu',
);

const pictograph = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{1f1e6}-\u{1f1ff}]$/u;
/** Scripts whose spelling needs joiners. */
const joiningScript =
  /^[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u;
const combining = /^\p{M}$/u;
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Mandaic}\p{Script=Samaritan}]/u;
const letter = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;
const ideograph = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff5e]$/u;
const hangulJamo = /^[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u3130-\u318f]$/u;
const thaiLike = /^[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]$/u;

/** Every hidden character without a legitimate reason at its place, in order. Linear in the text. */
export function hiddenCharacters(text: string): readonly HiddenCharacter[] {
  anyHidden.lastIndex = 0;
  const found: HiddenCharacter[] = [];
  for (let match = anyHidden.exec(text); match !== null; match = anyHidden.exec(text)) {
    const codePoint = match[0].codePointAt(0) ?? 0;
    if (isLegitimate(text, match.index, codePoint)) continue;
    const hex = codePoint.toString(16).toUpperCase().padStart(4, '0');
    found.push({ offset: match.index, codePoint, name: `${nameOf(codePoint)} (U+${hex})` });
  }
  return found;
}

/** Whether any character could be hidden at some place; cheap, and without regard to where it stands. */
export function mayHide(text: string): boolean {
  return text.search(anyHidden) !== -1;
}

/** Those of `after` that `before` does not hold as often: what an edit brings in. */
export function addedHiddenCharacters(before: string, after: string): readonly HiddenCharacter[] {
  const known = new Map<number, number>();
  for (const { codePoint } of hiddenCharacters(before)) known.set(codePoint, (known.get(codePoint) ?? 0) + 1);
  return hiddenCharacters(after).filter(({ codePoint }) => {
    const left = known.get(codePoint) ?? 0;
    known.set(codePoint, left - 1);
    return left <= 0;
  });
}

/** For prompts and for showing: each hidden character written out, `‹U+202E›`, so that it can do nothing. */
export function markHidden(text: string): string {
  return replaceHidden(text, codePoint => `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`);
}

/** For messages and tooltips: each hidden character taken out. */
export function stripHidden(text: string): string {
  return replaceHidden(text, () => '');
}

function replaceHidden(text: string, replacement: (codePoint: number) => string): string {
  let result = '';
  let kept = 0;
  for (const { offset, codePoint } of hiddenCharacters(text)) {
    result += text.slice(kept, offset) + replacement(codePoint);
    kept = offset + (codePoint > 0xffff ? 2 : 1);
  }
  return kept === 0 ? text : result + text.slice(kept);
}

function nameOf(codePoint: number): string {
  return hiddenRanges.find(([low, high]) => codePoint >= low && codePoint <= high)?.[2] ?? 'hidden character';
}

function isLegitimate(text: string, offset: number, codePoint: number): boolean {
  const before = previousCharacter(text, offset);
  const after = nextCharacter(text, offset + (codePoint > 0xffff ? 2 : 1));
  switch (codePoint) {
    case 0xfeff:
      return offset === 0;
    case 0xad:
      // Hyphenation of prose; in a line of pure ASCII it could be an identifier that only looks like another.
      return (
        /^\p{Ll}$/u.test(before) &&
        /^\p{Ll}$/u.test(after) &&
        /(?!\u00ad)[^\p{ASCII}]/u.test(lineAround(text, offset))
      );
    case 0x34f:
      return combining.test(before) || combining.test(after);
    case 0x61c:
    case 0x200e:
    case 0x200f:
      return rightToLeft.test(lineAround(text, offset).replace(/[\u061c\u200e\u200f]/g, ''));
    case 0x200b:
      return thaiLike.test(before) && thaiLike.test(after);
    case 0x200c:
      return joiningScript.test(before) && !/^\s?$/.test(after);
    case 0x200d:
      return (
        joiningScript.test(before) ||
        (pictograph.test(emojiBefore(text, offset)) &&
          (pictograph.test(after) || /^[♀♂⚕⚖✈➡↔↕]$/u.test(after)))
      );
    case 0xfe0e:
    case 0xfe0f:
      return /^[\p{Emoji}\p{S}\p{Po}]$/u.test(before);
    case 0x115f:
    case 0x1160:
      return hangulJamo.test(before) || hangulJamo.test(after);
    case 0x2800:
      return /^[\u2800-\u28ff]$/.test(before) || /^[\u2800-\u28ff]$/.test(after);
    case 0x17b4:
    case 0x17b5:
      return /^\p{Script=Khmer}$/u.test(before);
    default:
      break;
  }
  if (codePoint >= 0x180b && codePoint <= 0x180f) return /^\p{Script=Mongolian}$/u.test(before);
  if (codePoint >= 0xfe00 && codePoint <= 0xfe0d) return ideograph.test(before) || /^\p{Sm}$/u.test(before);
  if (codePoint >= 0xe0100 && codePoint <= 0xe01ef) return /^\p{Script=Han}$/u.test(before);
  if (codePoint >= 0xe0020 && codePoint <= 0xe007f) return inFlagSequence(text, offset);
  if (codePoint >= 0x13430 && codePoint <= 0x1343f) return letter.test(before) && before.length === 2;
  return false;
}

function previousCharacter(text: string, offset: number): string {
  const low = text.charCodeAt(offset - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && offset >= 2;
  return text.slice(Math.max(0, offset - (isPair ? 2 : 1)), offset);
}

function nextCharacter(text: string, offset: number): string {
  const codePoint = text.codePointAt(offset);
  return codePoint === undefined ? '' : String.fromCodePoint(codePoint);
}

/** The pictograph before a joiner, over variation selectors and skin tones. */
function emojiBefore(text: string, offset: number): string {
  let at = offset;
  let character = previousCharacter(text, at);
  for (let steps = 0; steps < 2 && /^(?:\ufe0f|[\u{1f3fb}-\u{1f3ff}])$/u.test(character); steps++) {
    at -= character.length;
    character = previousCharacter(text, at);
  }
  return character;
}

/** Flags of regions: a black flag, three to six tag letters or digits, the cancel tag. */
function inFlagSequence(text: string, offset: number): boolean {
  const around = text.slice(Math.max(0, offset - 16), offset + 16);
  const at = Math.min(16, offset);
  for (const match of around.matchAll(/\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu)) {
    if (match.index < at && at < match.index + match[0].length) return true;
  }
  return false;
}

function lineAround(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset) + 1, offset - 500);
  const end = text.indexOf('\n', offset);
  return text.slice(start, Math.min(end < 0 ? text.length : end, offset + 500));
}
