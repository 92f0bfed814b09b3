/** A one-character change at 100,000 lines: our document against the library's. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Document } from '../../../server/base/document.ts';
import { median, ms, type Row } from '../measure.ts';

const LINES = 100_000;
const CHANGES = 60;

export function documentChange(): Row[] {
  const text = Array.from(
    { length: LINES },
    (_, i) => `  const value${i} = compute(${i}, other${i % 97});`,
  ).join('\n');
  const ours = new Document('file:///a.ts', 'typescript', 1, text);
  const theirs = TextDocument.create('file:///a.ts', 'typescript', 1, text);
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let i = 0; i < CHANGES; i++) {
    const start = { line: (i * 1663) % LINES, character: 8 };
    const change = { range: { start, end: start }, text: 'x' };
    let began = performance.now();
    ours.update([change], i + 2);
    ours.offsetAt(start);
    times.ours.push(performance.now() - began);
    began = performance.now();
    TextDocument.update(theirs, [change], i + 2);
    theirs.offsetAt(start);
    times.theirs.push(performance.now() - began);
  }
  const ratio = median(times.theirs) / median(times.ours);
  return [
    {
      name: 'one-character change at 100,000 lines',
      ours: `${median(times.ours).toFixed(4)} ms`,
      baseline: `${ms(median(times.theirs))} (vscode-languageserver-textdocument)`,
      value: ratio,
      target: '≥ 20 ×',
      met: ratio >= 20,
      detail: { n: CHANGES },
    },
  ];
}
