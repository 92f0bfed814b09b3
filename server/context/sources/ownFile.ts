/** What the window does not show of its own file: imports, the text further down, and what the rest defines. */
import { importLines } from '../imports.ts';
import { outline } from '../signatures.ts';
import type { Finding, Site } from './source.ts';

/** Lines shown below the window: more than behind the cursor itself, since this part stands still while one types. */
const BELOW = 60;

/** The import statements above the window. */
export function imports({ document, shown }: Site): readonly Finding[] {
  const only = importLines(document, shown.first);
  const [first] = only;
  return first === undefined ? [] : [{ document, first, end: (only.at(-1) ?? first) + 1, only, score: 1 }];
}

/** The lines that follow the window. */
export function below({ document, shown }: Site): readonly Finding[] {
  const end = Math.min(document.lineCount, shown.end + BELOW);
  return shown.end >= end ? [] : [{ document, first: shown.end, end, score: 1 }];
}

/** Heads of the definitions above and further below: the symbols in scope. */
export function inScope({ document, shown }: Site): readonly Finding[] {
  const parts = [outline(document, 0, shown.first), outline(document, shown.end + BELOW, document.lineCount)];
  return parts.flatMap((only, i) => {
    const [first] = only;
    return first === undefined
      ? []
      : [{ document, first, end: (only.at(-1) ?? first) + 1, only, score: i === 0 ? 1 : 0.8 }];
  });
}
