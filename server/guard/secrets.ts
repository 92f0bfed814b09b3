/**
 * Finds secrets in a text: where they start and end and of what class they are. One scan over the
 * text; an expression is tried only where its fixed prefix or anchor stands. It must not know what is done about them.
 */
import { type SecretRule, secretRules } from './secretRules.ts';
import { entropyOf, looksSecret } from './secretValues.ts';

export interface SecretSpan {
  /** UTF-16 offsets, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Class, for messages. */
  readonly what: string;
}

/** A prefix or an anchor, and the rules that it may begin. */
interface Entry {
  /** As UTF-16 codes. */
  readonly codes: readonly number[];
  readonly rules: SecretRule[];
}

/** Entries by their first two characters, over ASCII × ASCII. */
class Lookup {
  readonly #numbers = new Uint8Array(128 * 128);
  readonly #buckets: Entry[][] = [[]];

  /** `anyCase`: the text is in lower case and stands for any case. */
  add(text: string, rule: SecretRule, anyCase: boolean): void {
    const codes = Array.from(text, character => character.charCodeAt(0));
    const [first = 0, second = 0] = codes;
    let number = this.#numbers[first * 128 + second] ?? 0;
    if (number === 0) {
      number = this.#buckets.length;
      this.#buckets.push([]);
      for (const one of anyCase ? casesOf(first) : [first]) {
        for (const two of anyCase ? casesOf(second) : [second]) this.#numbers[one * 128 + two] = number;
      }
    }
    const bucket = this.#buckets[number] ?? [];
    const same = bucket.find(
      entry => entry.codes.length === codes.length && codes.every((code, i) => code === entry.codes[i]),
    );
    if (same) same.rules.push(rule);
    else bucket.push({ codes, rules: [rule] });
  }

  at(pair: number): readonly Entry[] | undefined {
    const number = this.#numbers[pair] ?? 0;
    return number === 0 ? undefined : this.#buckets[number];
  }
}

function casesOf(code: number): readonly number[] {
  return code >= 97 && code <= 122 ? [code, code - 32] : [code];
}

const prefixes = new Lookup();
const anchors = new Lookup();
for (const rule of secretRules) {
  for (const prefix of rule.prefixes ?? []) prefixes.add(prefix, rule, false);
  for (const anchor of rule.anchors ?? []) anchors.add(anchor, rule, true);
}
/** 1 for the pairs of characters at which something may begin: most of a text is passed by this alone. */
const beginnings = new Uint8Array(128 * 128);
for (let pair = 0; pair < beginnings.length; pair++) {
  if (prefixes.at(pair) ?? anchors.at(pair)) beginnings[pair] = 1;
}

/** Characters that are looked at in one step. */
const SLICE = 16_384;

/** All secrets of the text, in order and without overlap. Linear in the text. */
export function findSecrets(text: string): readonly SecretSpan[] {
  const work = findSecretsInSlices(text);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, for a long text that nobody waits for. */
export function* findSecretsInSlices(text: string): Generator<undefined, readonly SecretSpan[]> {
  const spans: SecretSpan[] = [];
  let next = SLICE;
  for (let i = nextBeginning(text, 0); i >= 0; i = nextBeginning(text, i + 1)) {
    if (i >= next) {
      next = i + SLICE;
      yield;
    }
    const pair = text.charCodeAt(i) * 128 + text.charCodeAt(i + 1);
    const marked = prefixes.at(pair);
    if (marked !== undefined && startsValue(text, i)) tryEntries(text, i, marked, false, spans);
    const anchored = anchors.at(pair);
    if (anchored !== undefined) tryEntries(text, i, anchored, true, spans);
  }
  return mergeSpans(spans);
}

/** The next place where a prefix or an anchor may stand, or -1. */
function nextBeginning(text: string, from: number): number {
  const last = text.length - 1;
  let code = text.charCodeAt(from);
  for (let i = from; i < last; i++) {
    const next = text.charCodeAt(i + 1);
    if ((code | next) < 128 && beginnings[(code << 7) | next] === 1) return i;
    code = next;
  }
  return -1;
}

function tryEntries(
  text: string,
  at: number,
  entries: readonly Entry[],
  anyCase: boolean,
  spans: SecretSpan[],
): void {
  for (const { codes, rules } of entries) {
    if (!standsAt(text, at, codes, anyCase)) continue;
    for (const rule of rules) tryRule(text, at, rule, spans);
  }
}

function tryRule(text: string, at: number, rule: SecretRule, spans: SecretSpan[]): void {
  rule.pattern.lastIndex = at;
  const match = rule.pattern.exec(text);
  if (match === null) return;
  const [start, end] = match.indices?.groups?.['secret'] ?? [at, at + match[0].length];
  if (isAccepted(rule, text.slice(start, end), text.slice(Math.min(at, start), start))) {
    spans.push({ start, end: toWordEnd(text, end), what: rule.what });
  }
}

function standsAt(text: string, at: number, codes: readonly number[], anyCase: boolean): boolean {
  for (let i = 2; i < codes.length; i++) {
    const code = text.charCodeAt(at + i);
    if ((anyCase ? lowerCode(code) : code) !== codes[i]) return false;
  }
  return true;
}

function lowerCode(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** A marked value starts a word, or follows an escape (`\n`, `%3D`) that only looks like part of it. */
function startsValue(text: string, at: number): boolean {
  if (!isWordCode(text.charCodeAt(at - 1))) return true;
  return /(?:\\[nrtbf0]|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}|%[0-9a-f]{2})$/i.test(
    text.slice(Math.max(0, at - 6), at),
  );
}

function isWordCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  );
}

function isAccepted(rule: SecretRule, value: string, name: string): boolean {
  if (
    rule.entropy !== undefined &&
    entropyOf(value.length > 400 ? value.slice(0, 400) : value) < rule.entropy
  )
    return false;
  return rule.judged === undefined || looksSecret(value, rule.judged, name);
}

/** A find that ends inside a word takes the rest of the word with it, or its placeholder would run into it. */
function toWordEnd(text: string, end: number): number {
  let at = end;
  while (at < text.length && isWordCode(text.charCodeAt(at)) && isWordCode(text.charCodeAt(at - 1))) at++;
  return at;
}

/** Sorted, and overlapping spans become one. */
export function mergeSpans(spans: readonly SecretSpan[]): readonly SecretSpan[] {
  const result: SecretSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last === undefined || span.start >= last.end) result.push(span);
    else if (span.end > last.end) result[result.length - 1] = { ...last, end: span.end };
  }
  return result;
}
