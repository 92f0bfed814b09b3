/** Small conversions between what features say and what the protocol carries. Positions are UTF-16 on both sides. */
import type { Diagnostic } from 'vscode-languageserver';
import type { Problem } from '../analysis/analysis.ts';
import type { Document } from '../base/document.ts';

/** The source of Codriver's own diagnostics. */
export const SOURCE = 'codriver';

/** Text with the line ends that the document uses; models and engines write `\n`. */
export function asWritten(text: string, document: Document | undefined): string {
  if (!text.includes('\n') || !document) return text;
  const firstLine = document.getText({ start: { line: 0, character: 0 }, end: { line: 1, character: 0 } });
  const end = /\r\n|\r|\n/.exec(firstLine)?.[0] ?? '\n';
  return end === '\n' ? text : text.replaceAll('\n', end);
}

/** A diagnostic of the client, which may lack anything but its range, as a problem. */
function toProblem({ range, message, source, code }: Diagnostic): Problem {
  const text: unknown = message;
  return {
    range,
    // LSP 3.18 allows MarkupContent here.
    message: typeof text === 'string' ? text : ((text as { value?: string } | null)?.value ?? ''),
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  };
}

/** The source of a diagnostic of ours that passes on what a checker said. */
export function sourceOf(tool: string): string {
  return `${SOURCE} (${tool})`;
}

function isOurs(source: unknown): boolean {
  return typeof source === 'string' && (source === SOURCE || source.startsWith(`${SOURCE} (`));
}

/** Other servers' diagnostics of a list; ours have our source. */
export function foreignProblems(diagnostics: readonly Diagnostic[] | null | undefined): Problem[] {
  return (diagnostics ?? []).filter(({ source }) => !isOurs(source)).map(toProblem);
}
