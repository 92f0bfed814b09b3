/** Reads the case files of test/fixtures/completion (see the README there). It must not know the filters. */
import { readdirSync, readFileSync } from 'node:fs';

export interface FilterCase {
  readonly languageId: string;
  readonly title: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly wrote: string;
  readonly left: string;
  /** Good text, of which everything must stay. */
  readonly good: boolean;
  readonly maxLines: number;
}

const folder = new URL('../fixtures/completion/', import.meta.url);

/** All cases of all languages, in the order of the files. */
export function filterCases(): readonly FilterCase[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.txt'))
    .toSorted()
    .flatMap(name => casesIn(readFileSync(new URL(name, folder), 'utf8'), name.slice(0, -'.txt'.length)));
}

function casesIn(file: string, languageId: string): FilterCase[] {
  return file
    .split(/^=== /m)
    .slice(1)
    .map(block => {
      const [head, rest] = splitAt(block, '\n');
      const [document, afterDocument] = splitAt(rest, /^--- wrote\n/m);
      const [wrote, end] = splitAt(afterDocument, /^--- (?=left|kept)/m);
      const [prefix = '', suffix = ''] = document.split('$0');
      const maxLines = Number(/ @(\d+)$/.exec(head)?.[1] ?? 10);
      const written = textOf(wrote);
      const good = end.startsWith('kept');
      const left = good ? written : textOf(end.slice(end.indexOf('\n') + 1));
      return { languageId, title: head, prefix, suffix, wrote: written, left, good, maxLines };
    });
}

function splitAt(text: string, at: string | RegExp): [string, string] {
  const found = typeof at === 'string' ? text.indexOf(at) : text.search(at);
  if (found < 0) throw new Error(`a case lacks ${String(at)}: ${text.slice(0, 60)}`);
  const length = typeof at === 'string' ? at.length : (at.exec(text.slice(found))?.[0].length ?? 0);
  return [text.slice(0, found), text.slice(found + length)];
}

function textOf(part: string): string {
  return part
    .replace(/\n$/, '')
    .replaceAll('‹nothing›', '')
    .replace(/‹U\+([0-9A-F]+)›/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
