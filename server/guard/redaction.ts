/**
 * Secret values out of text that may leave, and back into text that returns. Placeholders look like identifiers,
 * so that code around them still parses, and are the same for the same value all session long. This is where
 * `Redacted` text is made; it must not know prompts or engines.
 */
import { declareRedacted, type Redacted } from './redacted.ts';
import { findSecrets, findSecretsInSlices, mergeSpans, type SecretSpan } from './secrets.ts';

export type Restored =
  | { readonly ok: true; readonly text: string }
  /** `why` is for the person: an edit from this text must not be made. */
  | { readonly ok: false; readonly why: string };

export interface Redactor {
  /** The text with every secret value replaced. */
  redact(text: string): Redacted;
  /**
   * The text cut at the offsets (ascending, UTF-16), redacted as a whole first, so that no cut can halve a secret
   * and let both halves through. A secret across a cut belongs to the part it starts in. One part more than cuts.
   */
  redactParts(text: string, cuts: readonly number[]): readonly Redacted[];
  /** Placeholders back to the values. Refused if one is unknown, altered or cut off. */
  restore(text: string): Restored;
  /** For learning and indexing: the same text with secret values blanked, every offset and line kept. */
  scrub(text: string): string;
  /** The same in steps, for a long text that nobody waits for. */
  scrubInSlices(text: string): Generator<undefined, string>;
  /** What would be redacted, for warnings about generated text. */
  find(text: string): readonly SecretSpan[];
}

const placeholderName = 'CODRIVER_SECRET_';
/** Anything that could be meant as a placeholder, in any spelling. */
const placeholderLike = /codriver[\s_-]{0,2}secret\w*/gi;
/** The beginning of a placeholder at the very end, as a cut answer leaves it. */
const cutPlaceholder = /CODRIVER_(?:S(?:E(?:C(?:R(?:E(?:T)?)?)?)?)?)?$/;

/** A redactor for one session. Values live in memory only, for as long as the redactor. */
export function createRedactor(): Redactor {
  const placeholders = new Map<string, string>();
  const values = new Map<string, string>();

  function placeholderOf(value: string): string {
    let placeholder = placeholders.get(value);
    if (placeholder === undefined) {
      placeholder = `${placeholderName}${values.size + 1}`;
      placeholders.set(value, placeholder);
      values.set(placeholder, value);
    }
    return placeholder;
  }

  /** Text that already looks like a placeholder is replaced like a secret, or it would come back as another's value. */
  function spansOf(text: string): readonly SecretSpan[] {
    const secrets = findSecrets(text);
    if (text.search(placeholderLike) < 0) return secrets;
    const literal = Array.from(text.matchAll(placeholderLike), match => ({
      start: match.index,
      end: match.index + match[0].length,
      what: 'text like a placeholder',
    }));
    return mergeSpans([...secrets, ...literal]);
  }

  return {
    redact(text) {
      let result = '';
      let kept = 0;
      for (const { start, end } of spansOf(text)) {
        result += text.slice(kept, start) + placeholderOf(text.slice(start, end));
        kept = end;
      }
      return declareRedacted(kept === 0 ? text : result + text.slice(kept));
    },
    redactParts(text, cuts) {
      const spans = spansOf(text);
      const parts: Redacted[] = [];
      let next = 0;
      let from = 0;
      for (const cut of [...cuts, text.length]) {
        let result = '';
        let kept = from;
        for (let span = spans[next]; span !== undefined && span.start < cut; span = spans[++next]) {
          result += text.slice(kept, span.start) + placeholderOf(text.slice(span.start, span.end));
          kept = span.end;
        }
        parts.push(declareRedacted(result + text.slice(kept, Math.max(kept, cut))));
        from = Math.max(kept, cut);
      }
      return parts;
    },
    restore(text) {
      let unknown: string | undefined;
      const restored = text.replace(placeholderLike, found => {
        const value = values.get(found);
        if (value === undefined) unknown ??= found;
        return value ?? found;
      });
      if (unknown !== undefined) {
        return {
          ok: false,
          why: `the answer uses "${unknown.slice(0, 60)}", which stands for no value of yours`,
        };
      }
      if (cutPlaceholder.test(text))
        return { ok: false, why: 'the answer ends in the middle of a placeholder' };
      return { ok: true, text: restored };
    },
    scrub: text => blanked(text, findSecrets(text)),
    *scrubInSlices(text) {
      return blanked(text, yield* findSecretsInSlices(text));
    },
    find: findSecrets,
  };
}

function blanked(text: string, spans: readonly SecretSpan[]): string {
  let result = '';
  let kept = 0;
  for (const { start, end } of spans) {
    result += text.slice(kept, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ');
    kept = end;
  }
  return kept === 0 ? text : result + text.slice(kept);
}
