/** BM25 over windows of lines, as a stand-in for the worker's index: the textbook formula, nothing tuned. */
import type { CodeSearch, CodeSnippet } from '../../../server/index/codeSearch.ts';

const LINES = 30;
const K1 = 1.2;
const B = 0.75;

interface Chunk {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  readonly length: number;
}

function words(text: string): string[] {
  return (text.match(/[\p{L}_$][\p{L}\p{N}_$]+/gu) ?? []).flatMap(word => [
    word,
    ...word.split(/_+|(?<=[a-z])(?=[A-Z])/).filter(part => part.length > 2 && part !== word),
  ]);
}

export function lexicalSearch(
  files: ReadonlyMap<string, string>,
  pathOf: (uri: string) => string,
): CodeSearch {
  const chunks: Chunk[] = [];
  const postings = new Map<string, Map<number, number>>();
  let total = 0;
  for (const [path, text] of files) {
    const lines = text.split(/\r?\n/);
    for (let start = 0; start < lines.length; start += LINES) {
      const part = lines.slice(start, start + LINES);
      const found = words(part.join('\n'));
      const id = chunks.length;
      const endLine = start + part.length - 1;
      chunks.push({ path, startLine: start, endLine, text: part.join('\n'), length: found.length });
      total += found.length;
      for (const word of found) {
        const places = postings.get(word) ?? new Map<number, number>();
        places.set(id, (places.get(id) ?? 0) + 1);
        postings.set(word, places);
      }
    }
  }
  const average = total / Math.max(1, chunks.length);
  return {
    async search({ text, uri, limit }) {
      const own = pathOf(uri);
      const scores = new Map<number, number>();
      for (const word of new Set(words(text))) {
        const places = postings.get(word);
        if (!places) continue;
        const idf = Math.log(1 + (chunks.length - places.size + 0.5) / (places.size + 0.5));
        for (const [id, count] of places) {
          const { path, length } = chunks[id] as Chunk;
          if (path === own) continue;
          const weight = (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / average));
          scores.set(id, (scores.get(id) ?? 0) + idf * weight);
        }
      }
      return [...scores]
        .sort((a, b) => b[1] - a[1])
        .slice(0, limit)
        .map(([id, score]): CodeSnippet => ({ ...(chunks[id] as Chunk), score }));
    },
  };
}
