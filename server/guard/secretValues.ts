/**
 * Whether an assigned value reads like a secret or like a word, a reference, a placeholder or code. Pure judgement
 * of one string; it must not know how the value was found.
 */
import { decodedText, isSampleToken } from './encodedValues.ts';

/** Shannon entropy in bits per character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy;
}

/** References to a secret kept elsewhere, templates, expressions. */
const reference =
  /\$\{|\$\(|#\{|\{\{|\{\w*\}|<%|%[sdvr](?!\w)|%\(|^\$|^%\w+%$|^<|^@|^(?:env|var|ref|file|vault|op|ssm|secretsmanager|arn|urn|enc|sops|sha\d+|https?|ftp|data)[:[(]|process\.env|os\.environ|getenv|ENV\[|^![A-Za-z/]+$|^&\w|^\*\w|\(\)|\.\.\.|…/i;

/** Words that stand for a value in examples and tests. */
const stockWord =
  /^(?:pass(?:word|wd|code|phrase)?|pwd|pw|secret|token|key|apikey|api|access|auth|credential|client|private|public|user(?:name)?|login|admin|root|guest|test(?:ing|er)?|demo|dummy|fake|mock|stub|sample|example|placeholder|change|changeme|changeit|replace|insert|enter|your|my|me|the|this|here|some|any|foo|bar|baz|qux|abc|abcd?e?f?|xyz|value|string|default|none|null|nil|true|false|undefined|empty|todo|unknown|redacted|hidden|masked|removed|invalid|valid|wrong|correct|bad|good|new|old|super|very|long|short|strong|weak|not|is|an?|i|it|no|yes|ok|hello|world|postgres|mysql|redis|mongo|rabbit(?:mq)?|docker|local(?:host)?|dev|prod|staging|bearer|basic|oauth|jwt|csrf|xsrf|session|cookie|refresh|id|name|type|field|length|min|max|error|hash|salt|encrypted|unsafe|insecure|x+|\*+|y+|z+|a+|qwerty|letmein|p|u)$/i;

const vowel = /[aeiouyäöü]/i;

/** Splits at separators, case changes and digits: `oauth2TokenURL` → oauth, 2, Token, URL. */
function piecesOf(value: string): readonly string[] {
  return value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^A-Za-z\d]/g) ?? [];
}

function isWord(piece: string): boolean {
  if (stockWord.test(piece)) return true;
  if (piece.length < 3 || !vowel.test(piece)) return false;
  return !/[^aeiouyäöü]{5}|[aeiou]{4}|(.)\1\1/i.test(piece);
}

/** Made of words, with a short number here and there; what programs call things. */
function readsLikeWords(value: string): boolean {
  const pieces = piecesOf(value);
  const words = pieces.filter(piece => /[A-Za-z]/.test(piece));
  const numbers = pieces.filter(piece => /\d/.test(piece));
  const fragments = words.filter(piece => !isWord(piece));
  // `x509Certificate`, `es2022Module`: one short fragment beside a real word.
  const allowance = words.some(piece => piece.length > 4) ? 1 : 0;
  if (fragments.length > allowance || fragments.some(piece => piece.length > 2)) return false;
  const letters = words.reduce((sum, piece) => sum + piece.length, 0);
  // Random text falls into many tiny pieces; names fall into few long ones.
  if (words.length > 0 && letters / words.length < 2.6) return false;
  return numbers.every(piece => piece.length <= 4) && numbers.length <= (words.length > 2 ? 2 : 1);
}

function isPlaceholder(value: string): boolean {
  if (/^(.)\1*$/.test(value) || /x{4,}|\*{3,}|0{8,}|(?:0?1234567|abcdefg)/i.test(value)) return true;
  if (/your[-_ ]|[-_]here\b|change[-_]?me|placeholder|redacted|example|dummy|CODRIVER_SECRET_/i.test(value))
    return true;
  // `[secure]`, as programs print what they hide.
  if (/^\[[A-Za-z ]+\]$/.test(value)) return true;
  const words = piecesOf(value).filter(piece => /[A-Za-z]/.test(piece));
  const stock = words.filter(piece => stockWord.test(piece));
  return (
    stock.length > 0 && !/\d{5}/.test(value) && words.every(piece => isStockOrLetter(piece, words.length))
  );
}

/** `foo(b]c`: a letter or two beside a stock word say no more than the word. */
function isStockOrLetter(piece: string, among: number): boolean {
  return stockWord.test(piece) || (piece.length === 1 && among <= 3);
}

/** A path, a selector, a pattern, a type, a dotted name, a date or a number: code, not a secret. */
function readsLikeCode(value: string): boolean {
  return (
    /^[\d.,:/_ -]+$|^\d{1,3}(?:\.\d{1,3}){3}/.test(value) ||
    /^[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)+$/.test(value) ||
    /^(?:[.~]{0,2}\/)?(?:[A-Za-z_@.{}:-][\w@.{}:-]*\/)+[\w@.{}:-]*$/.test(value) ||
    /^[#.][A-Za-z][\w-]*$/.test(value) ||
    /\[[\w=^$*~|-]*\]|\([^)]*\)|\\[dwsb]|\.\*|\.\+/.test(value) ||
    /^#[\da-f]{3,8}$/i.test(value)
  );
}

/**
 * Where a value stands. `quoted`: a string literal given to a secret's name; `bare`: the same without quotes, where
 * code is more likely; `url`: a password in an address, where nothing else can stand; `token`: by itself, known by
 * its form.
 */
export type ValueKind = 'quoted' | 'bare' | 'url' | 'token';

/** Whether `value` is taken for a secret. `name` is the text before the value. */
export function looksSecret(value: string, kind: ValueKind, name: string): boolean {
  if (isSampleToken(value, isPlaceholder)) return false;
  if (kind === 'token') return true;
  if (reference.test(value)) return false;
  if (kind === 'url') return !isStockUrlPassword(value, name);
  if (/\s/.test(value) || /[^\u0021-\u007e]/.test(value)) return false;
  if (isPlaceholder(decodeLeniently(value))) return false;
  const decoded = decodedText(value);
  // `dXNlcjpwYXNz` is `user:pass` in other letters: it is as secret as what it says.
  if (decoded !== undefined)
    return looksSecret(decoded.slice(decoded.indexOf(':') + 1), 'quoted', 'password');
  if (isLongRandom(value)) return true;
  if (readsLikeCode(value)) return false;
  const isPassword = /pass|pwd|^pw/i.test(name);
  const hasLetter = /[A-Za-z]/.test(value);
  const hasDigit = /\d/.test(value);
  const hasSign = /[!@#$%^&*+=~?]/.test(value);
  if (!hasLetter) return isPassword && hasDigit && hasSign && value.length >= 8;
  if (!hasDigit && !hasSign) return isScrambled(value);
  if (readsLikeWords(value)) {
    // `Summer2024!`, `hunter2secret` are what people choose; only where a password is named, and only in quotes.
    const isChosen = kind === 'quoted' && isPassword && value.length >= 8 && hasDigit;
    return isChosen && (hasSign || /^[A-Za-z]+\d{1,4}(?:[A-Za-z]+\d{0,4})?$/.test(value));
  }
  const enough = kind === 'quoted' ? 2.5 : 3;
  // `s3cr3t`: digits in place of letters, which only people do.
  const isLeet = kind === 'quoted' && isPassword && /[a-z]\d+[a-z]+\d+[a-z]/i.test(value);
  if (isLeet && value.length >= 6) return true;
  return value.length >= (hasSign && hasDigit ? 6 : 8) && entropyOf(value) >= enough;
}

/** Long text of mixed kinds without structure, also when it holds the slashes of base64. */
function isLongRandom(value: string): boolean {
  if (value.length < 20 || !/^[\w+/=.~-]+$/.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/].filter(kind => kind.test(value)).length;
  if (/^[\da-f-]+$/i.test(value))
    return value.length >= 24 && entropyOf(value) >= 2.8 && /[a-f]/i.test(value) && /\d/.test(value);
  return classes === 3 && entropyOf(value) >= 3.7 && !readsLikeWords(value);
}

/** Letters alone, as no language writes them. */
function isScrambled(value: string): boolean {
  if (!/^[A-Za-z]{12,}$/.test(value)) return false;
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return changes >= value.length * 0.35 || (entropyOf(value) >= 3.2 && /[^aeiouyAEIOUY]{6}/.test(value));
}

function isStockUrlPassword(value: string, name: string): boolean {
  const user = /\/\/([^:@/]*):$/.exec(name)?.[1];
  if (user !== undefined && user !== '' && user === value) return true;
  const decoded = decodeLeniently(value);
  if (decoded.length < 4 || !/[A-Za-z\d]/.test(decoded)) return true;
  return isPlaceholder(decoded) || (/^[\d.]+$/.test(value) && value.length < 6);
}

function decodeLeniently(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
