/**
 * A change written as a model would write it: as search/replace blocks, a unified diff, a patch, a whole file, or
 * calls of tools; sloppy as models are, as far as the engine promises to understand it. It shares no code with what
 * reads it.
 */
import { below, type Change, type Op, pick, type Random } from './editChanges.ts';

export type Form = 'blocks' | 'diff' | 'patch' | 'whole' | 'tools';
export const FORMS: readonly Form[] = ['blocks', 'diff', 'patch', 'whole', 'tools'];

/** Old and new lines of one place; `start…end` in the old text. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly ops: readonly Op[];
  readonly search: readonly string[];
  readonly replace: readonly string[];
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface Written {
  readonly form: Form;
  readonly reply: string;
  readonly calls: readonly Call[];
}

/** The changed places with so many lines around each that they stand in the file once. */
export function hunksOf({ lines, ops }: Change, context: number): readonly Hunk[] {
  const trimmed = lines.map(line => line.trim());
  let spans = ops.map(op => ({
    start: Math.max(0, op.start - context),
    end: Math.min(lines.length, op.end + context),
  }));
  for (;;) {
    const joined: { start: number; end: number }[] = [];
    for (const span of spans) {
      const last = joined.at(-1);
      if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else joined.push({ ...span });
    }
    spans = joined;
    const unclear = spans.find(span => !standsOnce(trimmed, span.start, span.end));
    if (unclear === undefined) break;
    unclear.start = Math.max(0, unclear.start - 1);
    unclear.end = Math.min(lines.length, unclear.end + 1);
  }
  return spans.map(({ start, end }) => {
    const inside = ops.filter(op => op.start >= start && op.end <= end);
    const replace: string[] = [];
    let at = start;
    for (const op of inside) {
      replace.push(...lines.slice(at, op.start), ...op.lines);
      at = op.end;
    }
    replace.push(...lines.slice(at, end));
    return { start, end, ops: inside, search: lines.slice(start, end), replace };
  });
}

function standsOnce(lines: readonly string[], start: number, end: number): boolean {
  if (lines.slice(start, end).every(line => line === '')) return false;
  for (let other = 0; other + end - start <= lines.length; other++) {
    if (other === start) continue;
    let i = 0;
    while (i < end - start && lines[other + i] === lines[start + i]) i++;
    if (i === end - start) return false;
  }
  return true;
}

export function block(path: string, search: readonly string[], replace: readonly string[]): string {
  return [path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE', ''].join('\n');
}

/** The lines of a hunk with their prefixes. */
export function prefixed(hunk: Hunk, lines: readonly string[], context = ' '): readonly string[] {
  const result: string[] = [];
  let at = hunk.start;
  const same = (to: number) => result.push(...lines.slice(at, to).map(line => context + line));
  for (const op of hunk.ops) {
    same(op.start);
    result.push(
      ...lines.slice(op.start, op.end).map(line => `-${line}`),
      ...op.lines.map(line => `+${line}`),
    );
    at = op.end;
  }
  same(hunk.end);
  return result;
}

export function fenced(text: string, info = ''): string {
  const mark = text.includes('```') ? (text.includes('````') ? '`````' : '````') : '```';
  return `${mark}${info}\n${text}\n${mark}\n`;
}

export function newText(change: Change): string {
  return change.after
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .replace(/\n$/, '');
}

export function call(id: string, name: string, given: Readonly<Record<string, unknown>>): Call {
  return { id, name, arguments: JSON.stringify(given) };
}

/** `random` decides on the sloppiness; without it the form is exact. */
export function write(change: Change, form: Form, random: Random = () => 0.99): Written {
  const { path, lines } = change;
  const chatter = random() < 0.3 ? 'Here is the change you asked for:\n\n' : '';
  const closing = random() < 0.3 ? '\nThis keeps the behaviour as it was.\n' : '';
  const text = (reply: string): Written => {
    const whole = chatter + reply + closing;
    return { form, reply: random() < 0.1 ? whole.replaceAll('\n', '\r\n') : whole, calls: [] };
  };
  if (form === 'whole') return text(`${path}\n${fenced(newText(change), random() < 0.5 ? 'text' : '')}`);
  if (form === 'tools') {
    const calls = hunksOf(change, 1).map((hunk, i) =>
      call(`call_${i}`, 'edit_file', { path, old: hunk.search.join('\n'), new: hunk.replace.join('\n') }),
    );
    return { form, reply: chatter, calls };
  }
  if (form === 'blocks') {
    const blocks = hunksOf(change, below(random, 3)).map(({ search, replace }) =>
      block(path, random() < 0.2 ? search.map(line => `${line}  `) : search, replace),
    );
    return text(blocks.join('\n'));
  }
  const drops = random() < 0.2;
  const hunks = hunksOf(change, 3).map(hunk => {
    // Without its leading blank an empty line or a "-" would say something else.
    const clear = lines.slice(hunk.start, hunk.end).every(line => !/^[-+@\\*]/.test(line));
    const body = prefixed(hunk, lines, drops && clear ? '' : ' ');
    const wrong = below(random, 50);
    const header =
      form === 'patch'
        ? '@@'
        : pick(random, [
            `@@ -${hunk.start + wrong},${7 + wrong} +${hunk.start + 2 * wrong},${9 + wrong} @@`,
            '@@ ... @@',
            '@@',
          ]);
    return [header, ...body].join('\n');
  });
  if (form === 'patch')
    return text(`*** Begin Patch\n*** Update File: ${path}\n${hunks.join('\n')}\n*** End Patch\n`);
  return text(fenced(`--- a/${path}\n+++ b/${path}\n${hunks.join('\n')}`, 'diff'));
}
