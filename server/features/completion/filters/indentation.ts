/** Writes the indentation of a suggestion as the document does: tabs or blanks, their width, and where it starts. */
import type { Filter } from './filter.ts';
import { columnsOf, indentOf, isClosingLine, type Site, siteOf } from './site.ts';

const freeForm = /^(?:markdown|plaintext|restructuredtext|asciidoc|latex|tex|.*commit|makefile|haskell|elm)$/;
const opens = /[{([:]\s*$|\b(?:then|do|begin|else)\s*$/;

export const indentation: Filter = (text, input) => {
  const site = siteOf(input);
  if (site.state !== 0 || freeForm.test(site.language.id)) return text;
  const lines = text.split('\n');
  const first = withoutDoubled(lines[0] as string, site);
  const more = lines.slice(1);
  if (more.length === 0) return first;
  return [first, ...shifted(converted(more, site), first, site)].join('\n');
};

/** The cursor stands at its column already; what the model indents once more goes. */
function withoutDoubled(line: string, { current, above, language }: Site): string {
  const lead = indentOf(line);
  if (lead === '' || line.trim() === '') return line;
  // One blank that some models put first; more of them align something.
  if (current.trim() !== '')
    return lead === ' ' && /\S $/.test(current) && !language.id.startsWith('go') ? line.trimStart() : line;
  if (current === '') return line;
  const columns = columnsOf(current);
  const deeper = opens.test(above) ? columnsOf(above) < columns : columnsOf(above) <= columns;
  return deeper ? line.trimStart() : line;
}

/** Tabs to blanks or blanks to tabs, and steps of another width to the document's. */
function converted(lines: readonly string[], { unit, current }: Site): readonly string[] {
  if (unit === undefined) return lines;
  const leads = lines.filter(line => line.trim() !== '').map(indentOf);
  if (unit === '\t') {
    if (!leads.some(lead => lead.includes(' '))) return lines;
    const step = stepOf(leads.filter(lead => !lead.includes('\t')));
    if (step < 2) return lines;
    return lines.map(line => {
      const lead = indentOf(line);
      if (lead.includes('\t')) return line;
      const tabs = Math.floor(lead.length / step);
      return '\t'.repeat(tabs) + ' '.repeat(lead.length - tabs * step) + line.slice(lead.length);
    });
  }
  if (leads.some(lead => lead.includes('\t')))
    return lines.map(line => indentOf(line).replaceAll('\t', unit) + line.slice(indentOf(line).length));
  return rescaled(lines, leads, unit.length, columnsOf(current));
}

/** The steps of blanks in use: the greatest common divisor of all indentations. */
function stepOf(leads: readonly string[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  return leads.reduce((step, lead) => divisor(step, lead.length), 0);
}

/** Steps of two in a document of four, or four in one of two: only where all steps after an opening line are so. */
function rescaled(
  lines: readonly string[],
  leads: readonly string[],
  width: number,
  base: number,
): readonly string[] {
  const relative = leads.map(lead => lead.length - base);
  if (relative.some(columns => columns < 0)) return lines;
  const steps: number[] = [];
  const filled = lines.filter(line => line.trim() !== '');
  for (let i = 1; i < filled.length; i++)
    if (opens.test(filled[i - 1] as string) && !isClosingLine(filled[i] as string))
      steps.push(indentOf(filled[i] as string).length - indentOf(filled[i - 1] as string).length);
  const [step] = steps;
  if (step === undefined || step <= 0 || step === width || steps.some(one => one !== step)) return lines;
  if (![2, 3, 4, 8].includes(step) || relative.some(columns => columns % step !== 0)) return lines;
  return lines.map(line => {
    if (line.trim() === '') return line;
    const columns = base + ((indentOf(line).length - base) / step) * width;
    return ' '.repeat(columns) + line.trimStart();
  });
}

/** A block written as if it stood at column 0 is moved to where the cursor's line stands. */
function shifted(lines: readonly string[], first: string, site: Site): readonly string[] {
  const { current, unit = '    ' } = site;
  const whole = current + first;
  const base = indentOf(whole);
  const next = lines.find(line => line.trim() !== '');
  if (base === '' || next === undefined || whole.trim() === '') return lines;
  const isBlock = opens.test(whole) && !isClosingLine(next);
  const wanted = columnsOf(whole) + columnsOf(unit);
  const has = columnsOf(next);
  if (!isBlock || has > columnsOf(whole)) return lines;
  // Relative to column 0 the first line of the block stands one level in, or not at all.
  const missing = has === 0 || has === columnsOf(unit) ? wanted - has : 0;
  const lead = has === columnsOf(unit) ? base : base + unit;
  if (missing <= 0) return lines;
  return lines.map(line =>
    line.trim() === '' ? line : (has === 0 && isClosingLine(line) ? base : lead) + line,
  );
}
