/** A conflict of an undo or redo as a Markdown document: each place, and both texts. Pure. */
import type { Places } from '../services.ts';
import type { Direction } from './changes.ts';
import type { FileConflict } from './prepare.ts';

/** Of a longer text the first lines tell which place is meant. */
const MOST_LINES = 60;

export function conflictsText(
  direction: Direction,
  conflicts: readonly FileConflict[],
  places: Pick<Places, 'displayPath'>,
): string {
  const again = direction === 'undo' ? 'undo' : 'redo';
  const head = [
    `# Nothing was ${direction === 'undo' ? 'undone' : 'redone'}`,
    `You have changed the same lines since. Change them as you want them to be; to ${again} all the same, put back what Codriver had left there and ${again} again.`,
  ];
  const parts = conflicts.flatMap(({ uri, why, places: found }) => [
    `## ${places.displayPath(uri)}`,
    ...(found.length === 0 ? [`${why}.`] : []),
    ...found.flatMap(({ line, left, now, wanted }) => [
      `### Line ${line + 1}`,
      'There now:',
      fenced(now),
      'Codriver had left:',
      fenced(left),
      `The ${again} would put there:`,
      fenced(wanted),
    ]),
  ]);
  return [...head, ...parts].join('\n\n');
}

/** A code block that its own text cannot end. */
export function fenced(text: string, language = '', most = MOST_LINES): string {
  const lines = text.replace(/\r?\n$/, '').split('\n');
  const shown =
    lines.length > most ? [...lines.slice(0, most), `… ${lines.length - most} more lines`] : lines;
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${shown.join('\n')}\n${fence}`;
}
