/**
 * Large changes of real files, made without the engine that is tested: a name renamed throughout, a block copied
 * under another name, comments added, several of them together; in files with any line end, with or without a byte
 * order mark and a final line end. Always the same for the same seed.
 */

export interface RawFile {
  readonly path: string;
  readonly text: string;
}

/** Lines `start…end` of the old text become `lines`. */
export interface Op {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

export interface Change {
  readonly path: string;
  /** Both texts with the file's own line ends, mark and final end. */
  readonly before: string;
  readonly after: string;
  /** Without line ends and mark, in order, not touching. */
  readonly lines: readonly string[];
  readonly ops: readonly Op[];
}

export type Random = () => number;

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[below(random, values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

/** Of two words at least, so that it is no keyword; and no function that every program has. */
const NAME =
  /\b(?!parseInt|parseFloat|isFinite|isNaN|encodeURI|decodeURI|setTimeout|clearTimeout|setInterval|globalThis|queueMicro|structuredClone)[a-z][a-z0-9]+(?:[A-Z]\w*|_\w*[a-z0-9])\b/g;

const HASH = /\.(?:py|rb|sh|ya?ml|toml|pl|r|ex|exs|nix|cmake)$/i;

/** A line of the file's language that is a comment; prose where the language has none. */
export function commentLine(path: string, words: string): string {
  if (HASH.test(path)) return `# ${words}`;
  if (/\.(?:lua|sql|hs|elm|adb)$/i.test(path)) return `-- ${words}`;
  if (/\.(?:html?|xml|vue|svelte|md|markdown)$/i.test(path)) return `<!-- ${words} -->`;
  if (/\.css$/i.test(path)) return `/* ${words} */`;
  if (/\.(?:el|lisp|clj|scm)$/i.test(path)) return `;; ${words}`;
  return `// ${words}`;
}

/** A change of at least `least` lines, or undefined where the file is not suited. */
export function makeChange(file: RawFile, random: Random, least = 20): Change | undefined {
  const lines = file.text
    .replace(/^\uFEFF/, '')
    .replace(/\n$/, '')
    .split('\n');
  if (lines.length < 40 || lines.length > 1200 || file.text.includes('\r') || file.text.includes('\0')) {
    return undefined;
  }
  const after = lines.map((line): readonly string[] => [line]);
  for (let tries = 0; tries < 12 && countChanged(lines, after) < least; tries++) {
    const kind = below(random, 3);
    if (kind === 0) rename(lines, after, random);
    else if (kind === 1) comments(file.path, lines, after, random);
    else copyBlock(lines, after, random);
  }
  if (countChanged(lines, after) < least) return undefined;
  const end = random() < 0.25 ? '\r\n' : '\n';
  const mark = random() < 0.1 ? '\uFEFF' : '';
  const final = random() < 0.8 ? end : '';
  return {
    path: file.path,
    before: mark + lines.join(end) + final,
    after: mark + after.flat().join(end) + final,
    lines,
    ops: opsOf(lines, after),
  };
}

function countChanged(lines: readonly string[], after: readonly (readonly string[])[]): number {
  return after.reduce((sum, group, i) => sum + group.length - (group.at(-1) === lines[i] ? 1 : 0), 0);
}

function opsOf(lines: readonly string[], after: readonly (readonly string[])[]): readonly Op[] {
  const ops: Op[] = [];
  for (const [i, group] of after.entries()) {
    if (group.length === 1 && group[0] === lines[i]) continue;
    const kept = group.at(-1) === lines[i];
    const op = { start: i, end: kept ? i : i + 1, lines: kept ? group.slice(0, -1) : group };
    const last = ops.at(-1);
    if (last !== undefined && last.end === op.start) {
      ops[ops.length - 1] = { start: last.start, end: op.end, lines: [...last.lines, ...op.lines] };
    } else ops.push(op);
  }
  return ops;
}

/** Each group's last line is the old one or what became of it; lines before it are new. */
function rename(lines: readonly string[], after: (readonly string[])[], random: Random): void {
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const [word] of line.matchAll(NAME)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const names = [...counts].filter(([, count]) => count >= 4 && count <= 60).map(([word]) => word);
  if (names.length === 0) return;
  const name = pick(random, names);
  const pattern = new RegExp(`\\b${name}\\b`, 'g');
  for (const [i, group] of after.entries()) {
    after[i] = group.map(line => line.replace(pattern, `${name}Renamed`));
  }
}

function comments(
  path: string,
  lines: readonly string[],
  after: (readonly string[])[],
  random: Random,
): void {
  const at = topLevel(lines, random);
  if (at === undefined) return;
  const words = 'what this part is for and what it must not know of the others'.split(' ');
  const count = 5 + below(random, 30);
  const fresh = Array.from({ length: count }, (_, i) =>
    commentLine(path, `${i + 1}: ${Array.from({ length: 6 }, () => pick(random, words)).join(' ')}.`),
  );
  after[at] = [...fresh, ...(after[at] ?? [])];
}

function copyBlock(lines: readonly string[], after: (readonly string[])[], random: Random): void {
  const at = topLevel(lines, random);
  if (at === undefined) return;
  let end = at;
  while (end < lines.length && (lines[end] !== '' || /^\s/.test(lines[end + 1] ?? ''))) end++;
  const block = after.slice(at, end).map(group => group.at(-1) ?? '');
  const first = block[0] ?? '';
  // Only what declares one name and is closed by itself can stand twice.
  const declared =
    /^(?:export )?(?:async )?(?:function|def|class|func|fn|const(?=\s+\w+\s*[:=])|let(?=\s+\w+\s*[:=])) (\w+)/.exec(
      first,
    )?.[1];
  const open = (text: string, characters: RegExp) => text.match(characters)?.length ?? 0;
  const all = block.join('\n');
  if (declared === undefined || open(all, /[([{]/g) !== open(all, /[)\]}]/g)) return;
  const copy = block.map(line => line.replace(new RegExp(`\\b${declared}\\b`, 'g'), `${declared}Again`));
  after[at] = [...copy, '', ...(after[at] ?? [])];
}

/** A line without indentation behind an empty one, outside of anything that is obviously open. */
function topLevel(lines: readonly string[], random: Random): number | undefined {
  const found: number[] = [];
  let depth = 0;
  let quoted = false;
  for (const [i, line] of lines.entries()) {
    if (depth === 0 && !quoted && i > 0 && lines[i - 1] === '' && /^[A-Za-z]/.test(line)) found.push(i);
    if (/"""|'''|`/.test(line)) quoted = (line.match(/"""|'''|`/g)?.length ?? 0) % 2 === 1 ? !quoted : quoted;
    depth += (line.match(/[([{]|\/\*/g)?.length ?? 0) - (line.match(/[)\]}]|\*\//g)?.length ?? 0);
  }
  return found.length === 0 ? undefined : pick(random, found);
}
