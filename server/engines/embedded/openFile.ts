/**
 * The open file as the engine needs it at one place: its tokens above and below, the line cut at the cursor, and
 * how it indents. Remembers lexed lines between requests. It must not know what is predicted.
 */
import type { Language } from '../../base/languages.ts';
import { idOf, joinLines, Layout, specialToken, tokenKind } from '../../base/tokens.ts';
import type { LexedLine, LineEnd } from '../../base/tokens.ts';
import type { Corpus } from './corpus.ts';
import { FileSource, FileTables } from './fileSource.ts';
import { indentOf } from './tidy.ts';

const memoLimit = 20_000;

/** The text around a cursor, in lines without terminators. */
export interface Surroundings {
  readonly language: Language;
  readonly above: readonly string[];
  /** The cursor's line up to the cursor, and from there on. */
  readonly left: string;
  readonly right: string;
  readonly below: readonly string[];
}

/** What the engine works with at one place. */
export interface Cut {
  readonly file: FileSource;
  /** Ids before the cursor, the line's newline included, without a word that is being typed. */
  readonly ids: readonly number[];
  /** How many of `ids` stand on the cursor's line. */
  readonly column: number;
  /** The part of a word that stands directly before the cursor; empty: none. */
  readonly typed: string;
  /** The first token right of the cursor on its line, or -1. */
  readonly rightId: number;
  /** What stands directly before the cursor: code or a comment. */
  readonly end: LineEnd;
  /** What one level of indentation is written as. */
  readonly unit: string;
  /** The lines above and below that are nothing but comment. */
  readonly prose: () => { readonly above: readonly string[]; readonly below: readonly string[] };
}

interface Remembered {
  readonly above: readonly string[];
  readonly below: readonly string[];
  readonly file: FileSource;
  readonly tail: readonly number[];
  readonly levels: readonly number[];
  readonly state: number;
  readonly unit: string;
  readonly prose: Cut['prose'];
}

/** Ids before the cursor that are kept: as far back as an open bracket is looked for. */
const tailLength = 400;

export class OpenFile {
  readonly #corpus: Corpus;
  readonly #memo = new Map<string, LexedLine>();
  #last: Remembered | undefined;
  #tables = new FileTables();

  constructor(corpus: Corpus) {
    this.#corpus = corpus;
  }

  /** Gives back what depends on the size of the vocabulary; the next cut makes it again. */
  rest(): void {
    this.#last = undefined;
    this.#tables = new FileTables();
  }

  cut(around: Surroundings): Cut {
    const { language, left, right } = around;
    const known = this.#read(around);
    const lexed = this.#corpus.lex(language, left, known.state, true);
    const layout = new Layout(known.levels);
    const ids = [...known.tail, layout.next(lexed.indent)];
    const line = Array.from(lexed.tokens, idOf);
    let typed = '';
    const last = line[line.length - 1];
    if (last !== undefined && this.#corpus.words.kindOf(last) === tokenKind.word) {
      const text = this.#corpus.words.textOf(last);
      if (left.endsWith(text)) {
        typed = text;
        line.pop();
      }
    }
    ids.push(...line);
    const after = right.trim() ? this.#corpus.lex(language, right.trim(), 0).tokens[0] : undefined;
    return {
      file: known.file,
      ids,
      column: line.length,
      typed,
      rightId: after === undefined ? -1 : idOf(after),
      end: lexed.end,
      unit: known.unit,
      prose: known.prose,
    };
  }

  #read(around: Surroundings): Remembered {
    const last = this.#last;
    if (last && sameLines(last.above, around.above) && sameLines(last.below, around.below)) return last;
    const layout = new Layout();
    const above = this.#lex(around.language, around.above, 0);
    const stream = joinLines(above.lines, layout);
    const after = this.#lex(around.language, around.below, 0);
    const below = joinLines(after.lines, new Layout());
    const tail = stream.slice(-tailLength).map(idOf);
    if (stream.length <= tailLength) tail.unshift(specialToken.file);
    const read: Remembered = {
      above: around.above,
      below: around.below,
      file: new FileSource(stream, below, this.#corpus.words.size, this.#tables),
      tail,
      levels: [...layout.levels],
      state: above.state,
      unit: indentUnit(around.above),
      prose: () => ({
        above: around.above.filter((text, i) => above.lines[i]?.blank && text.trim()),
        below: around.below.filter((text, i) => after.lines[i]?.blank && text.trim()),
      }),
    };
    this.#last = read;
    return read;
  }

  #lex(language: Language, lines: readonly string[], from: number): { lines: LexedLine[]; state: number } {
    if (this.#memo.size > memoLimit) this.#memo.clear();
    let state = from;
    const lexed = lines.map(text => {
      if (state !== 0) {
        const line = this.#corpus.lex(language, text, state);
        state = line.state;
        return line;
      }
      let line = this.#memo.get(text);
      if (!line) this.#memo.set(text, (line = this.#corpus.lex(language, text, 0)));
      state = line.state;
      return line;
    });
    return { lines: lexed, state };
  }
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}

/** What a level of indentation is in these lines: a tab, or the commonest small step. */
export function indentUnit(lines: readonly string[]): string {
  const steps = new Map<string, number>();
  let previous = '';
  for (const line of lines) {
    const width = indentOf(line);
    // Most lines stand where the one before does, and blank ones say nothing.
    if (width === line.length || (width === previous.length && line.startsWith(previous))) continue;
    const indent = line.slice(0, width);
    if (indent.length > previous.length && indent.startsWith(previous)) {
      const step = indent.slice(previous.length);
      if (step.length <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    previous = indent;
  }
  let best = '';
  let most = 0;
  for (const [step, count] of steps) {
    if (count > most) [best, most] = [step, count];
  }
  return best || '  ';
}
