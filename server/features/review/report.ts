/** A review of a change as a Markdown document, and which lines a change has touched. Pure; it must not know git. */
import type { FileDiff } from '../../git/parseDiff.ts';
import { oneLine, originOf, type ReviewFinding, SEVERITIES } from './finding.ts';

export interface ChangedFile {
  readonly path: string;
  readonly findings: readonly ReviewFinding[];
  /** Why it was not looked at, or not by the model. */
  readonly note?: string;
}

const WORDS = { high: 'High', medium: 'Medium', low: 'Low' } as const;

/** `path:line` is written as every editor's "go to file" reads it. */
export function reviewText(what: string, files: readonly ChangedFile[], notes: readonly string[]): string {
  const all = files.flatMap(({ path, findings }) => findings.map(finding => ({ path, finding })));
  const parts = [`# Review of ${what}`];
  parts.push(
    all.length === 0
      ? 'Nothing to report.'
      : `${all.length === 1 ? 'One finding' : `${all.length} findings`} in ${files.length === 1 ? 'one file' : `${files.length} files`}, the worst first.`,
  );
  for (const severity of SEVERITIES) {
    const own = all.filter(({ finding }) => finding.severity === severity);
    if (own.length === 0) continue;
    parts.push(`## ${WORDS[severity]}`);
    for (const { path, finding } of own) {
      const line = finding.range.start.line + 1;
      const { message, category } = finding;
      parts.push(
        `- ${code(`${path}:${line}`)} **${category}**: ${oneLine(message)} *(${originOf(finding)})*`,
      );
    }
  }
  const left = files
    .filter(({ note }) => note !== undefined)
    .map(({ path, note }) => `- ${code(path)}: ${oneLine(note ?? '')}`);
  if (left.length > 0) parts.push('## Left out', left.join('\n'));
  if (notes.length > 0) parts.push('## Notes', notes.map(note => `- ${oneLine(note)}`).join('\n'));
  return parts.join('\n\n');
}

/** A path may hold a backtick or a line end, which would leave the code span. */
function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, '?')}\``;
}

/** Lines of the new file that a diff adds or changes, from 0; a removal counts for the line behind it. */
export function changedLines({ hunks }: Pick<FileDiff, 'hunks'>): ReadonlySet<number> {
  const touched = new Set<number>();
  for (const { newStart, lines } of hunks) {
    let line = newStart - 1;
    for (const each of lines) {
      if (each.startsWith('+')) touched.add(line++);
      else if (each.startsWith('-')) touched.add(line);
      else if (!each.startsWith('\\')) line++;
    }
  }
  return touched;
}
