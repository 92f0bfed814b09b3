/** What other servers report at the cursor, in words. */
import type { Finding, Site, SourcePorts } from './source.ts';

const MAX_PROBLEMS = 4;
const MAX_MESSAGE = 200;
/** Lines above and below the cursor's. */
const AROUND = 2;

export function problems({ document, position }: Site, ports: SourcePorts): readonly Finding[] {
  const { line } = position;
  const first = Math.max(0, line - AROUND);
  const range = { start: { line: first, character: 0 }, end: { line: line + AROUND + 1, character: 0 } };
  const found = ports.problems?.overlapping(document.uri, range) ?? [];
  const words = found.slice(0, MAX_PROBLEMS).map(problem => {
    const message = problem.message
      .slice(0, 4 * MAX_MESSAGE)
      .replace(/\s+/g, ' ')
      .trim();
    return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} [cut]` : message;
  });
  if (words.length === 0) return [];
  return [{ document, first, end: first, note: words.join('\n'), score: 1 }];
}
