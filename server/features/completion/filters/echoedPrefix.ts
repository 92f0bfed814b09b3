/** Takes away what stands before the cursor already: the line, the lines above it, or the file up to it. */
import type { Filter } from './filter.ts';
import { siteOf } from './site.ts';

/** A shorter piece may be repeated by right. In characters. */
const MIN_LINE = 3;
const MIN_ABOVE = 12;
/** Lines before the cursor that are found anywhere in the text when they are this telling. */
const MIN_ANYWHERE = 30;
const MAX_LINES = 40;

export const echoedPrefix: Filter = (text, input) => {
  const { current, linesAbove } = siteOf(input);
  const started = current.trimStart();
  const lines = [...linesAbove, current].map(line => line.trimEnd());
  // The longest run of lines that ends at the cursor first.
  const unindented = text.replace(/^\s+/, '');
  for (let count = Math.min(MAX_LINES, lines.length); count >= 2; count--) {
    const run = linesAbove.slice(-(count - 1)).join('\n') + '\n' + current;
    const bare = run.trimStart();
    if (bare.trim().length < MIN_ABOVE) continue;
    if (text.startsWith(run)) return text.slice(run.length);
    if (unindented.startsWith(bare)) return unindented.slice(bare.length);
  }
  const end = `${linesAbove.slice(-2).join('\n')}\n${current}`.trimStart();
  if (end.length >= MIN_ANYWHERE && /\p{L}{3}/u.test(end)) {
    const at = text.lastIndexOf(end);
    if (at >= 0) return text.slice(at + end.length);
  }
  if (
    started.trim().length >= MIN_LINE &&
    !/^[^\p{L}\p{N}]+$/u.test(started) &&
    unindented.startsWith(started)
  )
    return unindented.slice(started.length);
  const trimmed = started.trimEnd();
  if (trimmed.length >= 6 && /\s/.test(trimmed) && unindented.startsWith(trimmed))
    return started.length > trimmed.length
      ? unindented.slice(trimmed.length).trimStart()
      : unindented.slice(trimmed.length);
  return text;
};
