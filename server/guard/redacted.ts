/**
 * `Redacted`: text that passed the read gate and the secret scanner, the only text an engine accepts. The class
 * is made here and nowhere else; pieces are joined by the `redacted` template, whose literal parts are source
 * code and whose values must be `Redacted` already. It must not know engines or prompts.
 */

const mint = Symbol('mint');

export class Redacted {
  readonly #text: string;

  /** Only `guard/` can construct: the key is not exported to other rooms (see test/tidy.test.ts). */
  constructor(key: typeof mint, text: string) {
    if (key !== mint) throw new TypeError('Redacted text is made by guard/ only');
    this.#text = text;
  }

  /** The text as it may leave the process. */
  get text(): string {
    return this.#text;
  }

  get length(): number {
    return this.#text.length;
  }

  /** A part of redacted text is redacted. Offsets in UTF-16 units, as String.slice. */
  slice(start: number, end?: number): Redacted {
    return new Redacted(mint, this.#text.slice(start, end));
  }

  toString(): string {
    return '[redacted text]';
  }
}

/** For guard/redaction.ts alone: declares `text` to be free of secrets. */
export function declareRedacted(text: string): Redacted {
  return new Redacted(mint, text);
}

/** Joins redacted pieces with literal text from the source code: redacted`Explain this:\n${snippet}`. */
export function redacted(
  literals: TemplateStringsArray,
  ...values: readonly (Redacted | number)[]
): Redacted {
  let text = literals[0] ?? '';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    text += (value instanceof Redacted ? value.text : String(value)) + (literals[i + 1] ?? '');
  }
  return new Redacted(mint, text);
}

/** Joins pieces with a literal separator from the source code. */
export function joinRedacted(pieces: readonly Redacted[], separator: '\n' | '\n\n' | ''): Redacted {
  return new Redacted(mint, pieces.map(piece => piece.text).join(separator));
}
