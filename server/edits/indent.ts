/**
 * How the indentation that a model wrote maps to the one in the document, when it shifted a block as a whole or
 * swapped tabs and spaces. Pure; it must not know where the lines come from.
 */

/** Rewrites one line of the model into the document's indentation; undefined where that is not possible. */
export type Reindent = (line: string) => string | undefined;

export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/**
 * The one mapping that turns every line of `written` into the line of `actual` beside it; both hold the same
 * words. `unit` is the document's indentation step in spaces. Undefined if the shift is not uniform.
 */
export function uniformShift(
  written: readonly string[],
  actual: readonly string[],
  unit: number,
): Reindent | undefined {
  const pairs: [from: string, to: string][] = [];
  for (let i = 0; i < written.length; i++) {
    const line = written[i] ?? '';
    if (line.trim() !== '') pairs.push([indentOf(line), indentOf(actual[i] ?? '')]);
  }
  const first = pairs[0];
  if (first === undefined) return undefined;
  return added(pairs, first) ?? removed(pairs, first) ?? converted(pairs, first, written, unit);
}

type Pairs = readonly (readonly [from: string, to: string])[];

function added(pairs: Pairs, first: readonly [string, string]): Reindent | undefined {
  const prefix = first[1].slice(0, first[1].length - first[0].length);
  if (!pairs.every(([from, to]) => to === prefix + from)) return undefined;
  return line => (line.trim() === '' ? line : prefix + line);
}

function removed(pairs: Pairs, first: readonly [string, string]): Reindent | undefined {
  const prefix = first[0].slice(0, first[0].length - first[1].length);
  if (prefix === '' || !pairs.every(([from, to]) => from === prefix + to)) return undefined;
  return line => {
    if (line.trim() === '') return '';
    return line.startsWith(prefix) ? line.slice(prefix.length) : undefined;
  };
}

/** Spaces where the document has tabs, or tabs where it has spaces. */
function converted(
  pairs: Pairs,
  first: readonly [string, string],
  written: readonly string[],
  unit: number,
): Reindent | undefined {
  const all = (pattern: RegExp, side: 0 | 1): boolean => pairs.every(pair => pattern.test(pair[side]));
  if (all(/^ *$/, 0) && all(/^\t*$/, 1)) {
    for (const step of [smallestStep(written), 4, 2, 8]) {
      if (step === 0) continue;
      const shift = first[1].length - first[0].length / step;
      if (!Number.isInteger(shift)) continue;
      if (!pairs.every(([from, to]) => to.length === from.length / step + shift)) continue;
      return line => {
        const indent = indentOf(line);
        const tabs = Math.floor(indent.length / step) + shift;
        if (line.trim() === '' || indent.includes('\t') || tabs < 0)
          return line.trim() === '' ? '' : undefined;
        return '\t'.repeat(tabs) + ' '.repeat(indent.length % step) + line.slice(indent.length);
      };
    }
  }
  if (all(/^\t*$/, 0) && all(/^ *$/, 1)) {
    const shift = first[1].length - first[0].length * unit;
    if (!pairs.every(([from, to]) => to.length === from.length * unit + shift)) return undefined;
    return line => {
      const indent = indentOf(line);
      const tabs = /^\t*/.exec(indent)?.[0].length ?? 0;
      const spaces = tabs * unit + shift + (indent.length - tabs);
      if (line.trim() === '') return '';
      return spaces < 0 ? undefined : ' '.repeat(spaces) + line.slice(indent.length);
    };
  }
  return undefined;
}

/**
 * Lines of a whole text in the indentation that `document` uses: models write spaces where a file has tabs, and the
 * other way round. Lines come back as they are unless both sides are of one kind each.
 */
export function indentedAs(document: readonly string[], lines: readonly string[]): readonly string[] {
  const kinds = (of: readonly string[], kind: RegExp) => of.filter(line => kind.test(line)).length;
  const tabs = kinds(document, /^\t+\S/);
  const spaces = kinds(document, /^ {2,}[^\s*]/);
  const newTabs = kinds(lines, /^\t+\S/);
  const newSpaces = kinds(lines, /^ {2,}[^\s*]/);
  if (tabs > 0 && spaces === 0 && newTabs === 0 && newSpaces > 0) {
    const step = indentUnit(lines);
    return lines.map(line => {
      const width = /^ */.exec(line)?.[0].length ?? 0;
      return '\t'.repeat(Math.floor(width / step)) + ' '.repeat(width % step) + line.slice(width);
    });
  }
  if (tabs === 0 && spaces > 0 && newTabs > 0 && newSpaces === 0) {
    const step = ' '.repeat(indentUnit(document));
    return lines.map(line => line.replace(/^\t+/, indent => step.repeat(indent.length)));
  }
  return lines;
}

/** The smallest difference between two neighbouring indentations in spaces; 0 if all are equal. */
function smallestStep(lines: readonly string[]): number {
  let smallest = 0;
  let before: number | undefined;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const width = indentOf(line).length;
    const step = before === undefined ? 0 : Math.abs(width - before);
    if (step > 0 && (smallest === 0 || step < smallest)) smallest = step;
    before = width;
  }
  return smallest;
}

/** The commonest step between neighbouring lines of a text in spaces; 4 where it has none. */
export function indentUnit(lines: readonly string[]): number {
  const counts = new Map<number, number>();
  let before = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = indentOf(line);
    if (indent.includes('\t')) continue;
    const step = indent.length - before;
    if (step > 1 && step <= 8) counts.set(step, (counts.get(step) ?? 0) + 1);
    before = indent.length;
  }
  let best = 4;
  let most = 0;
  for (const [step, count] of counts) {
    if (count > most) {
      best = step;
      most = count;
    }
  }
  return best;
}
