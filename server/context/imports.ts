/** The lines of a file that bring names in, by their first words. No grammar; it must not know what they mean. */
import type { Document } from '../base/document.ts';

/** Imports stand at the top; this many lines are looked at. */
const SCANNED = 300;
/** Longest statement in lines. */
const LONGEST = 40;

const STARTS =
  /^\s*(?:import\b|from\s+\S+\s+import\b|export\s+.*\bfrom\b|(?:pub(?:\([^)]*\))?\s+)?use\s+[\w:{]|extern\s+crate\b|#\s*include\b|#import\b|@import\b|using\s+[\w.=:\s]+;|package\s+[\w.]+|require(?:_relative|_once)?\b|(?:const|let|var|local)\s+[\w{},\s]+=\s*(?:await\s+)?(?:require|import)\b|namespace\s+[\w\\.]+;|open\s+[A-Z]|\(require\b|include\s+["<])/;

/** Import statements before line `until`, as one text of whole lines; '' if there are none. */
export function importsBefore(document: Document, until: number): string {
  return importLines(document, until)
    .map(line => document.lineAt(line))
    .join('\n');
}

/** The lines of import statements before line `until`, ascending. */
export function importLines(document: Document, until: number): number[] {
  const kept: number[] = [];
  const limit = Math.min(until, document.lineCount, SCANNED);
  for (let i = 0; i < limit; i++) {
    const line = document.lineAt(i);
    if (line.length > 400 || !STARTS.test(line)) continue;
    let open = balance(line);
    kept.push(i);
    for (let more = 0; open > 0 && more < LONGEST && i + 1 < limit; more++) {
      const next = document.lineAt(++i);
      kept.push(i);
      open += balance(next);
    }
  }
  return kept;
}

function balance(line: string): number {
  let open = 0;
  for (const character of line) {
    if (character === '{' || character === '(') open++;
    else if (character === '}' || character === ')') open--;
  }
  return open;
}
