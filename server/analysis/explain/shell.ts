/**
 * Explains a shell pipeline: each program, its flags, and where its input and output go. Reads words in one pass and
 * runs nothing. It must not know the tree.
 */
import { code, list } from './markdown.ts';
import type { Place } from './place.ts';
import { programs } from './shellPrograms.ts';

const MAX_LENGTH = 2_000;
const MAX_ROWS = 8;

const token =
  /\\\r?\n|[ \t]+|#[^\n]*|(?:\d|&)?(?:>>|>\||>&|<<<|<<-?|<&|>|<)|\|\||&&|\|&|\||;|&|\n|[^\s|&;<>]/y;
const links: Readonly<Record<string, string>> = {
  '&&': 'if that worked, ',
  '||': 'if that failed, ',
  '|': 'from its output, ',
  '|&': 'from its output and errors, ',
  '&': 'at the same time, ',
};

interface Command {
  readonly link: string;
  readonly words: string[];
  /** Pairs of sign and target. */
  readonly redirections: (readonly [sign: string, target: string])[];
}

/** A command line in words; undefined unless every program of it is known. */
export function readShell(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const commands = commandsOf(text.trim());
  if (!commands || commands.length === 0 || commands.length > MAX_ROWS) return undefined;
  const rows = commands.map(describe);
  if (rows.includes(undefined)) return undefined;
  // A lone program without flags says itself.
  if (commands.length === 1 && !/[:(]/.test(rows[0]?.replace(/`[^`]*`: /, '') ?? '')) return undefined;
  return rows.map((row, at) => `${at + 1}. ${row}`).join('\n');
}

/** A string that a shell is given to run: `sh -c "…"`, `["sh", "-c", "…"]`, `system("…")`. */
export function shellString(place: Place): string | undefined {
  const given =
    /(?:^|[\s"'/])(?:ba|z|da)?sh["']?[\s,]{1,8}\[?["']?-[le]?c["']?[\s,]{1,8}$/.test(
      place.before.slice(-60),
    ) ||
    (place.argument === 0 && /(?:^|[.:])(?:execSync|system|popen|shell_exec|passthru)$/.test(place.callee));
  return given ? readShell(place.text) : undefined;
}

function commandsOf(text: string): readonly Command[] | undefined {
  const commands: Command[] = [{ link: '', words: [], redirections: [] }];
  let sign: string | undefined;
  for (let at = 0; at < text.length; ) {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found === undefined) return undefined;
    const last = commands.at(-1) as Command;
    if (/^(?:\\?\s|#)/.test(found) && found !== '\n') at += found.length;
    else if (/[<>]/.test(found)) {
      if (found.startsWith('<<') || sign) return undefined;
      sign = found;
      at += found.length;
    } else if (sign?.endsWith('&') && /[\d-]/.test(found)) {
      last.redirections.push([sign, found]);
      sign = undefined;
      at += found.length;
    } else if (/^(?:[|&;\n])/.test(found)) {
      if (sign) return undefined;
      at += found.length;
      if (last.words.length > 0)
        commands.push({ link: links[found] ?? 'then, ', words: [], redirections: [] });
    } else {
      const end = wordEnd(text, at);
      if (end < 0) return undefined;
      const word = text.slice(at, end);
      if (sign) last.redirections.push([sign, word]);
      else last.words.push(word);
      sign = undefined;
      at = end;
    }
  }
  if (commands.at(-1)?.words.length === 0) commands.pop();
  return sign ? undefined : commands;
}

/** Where a word ends, quotes and `$(…)` included; -1 where one of them never does. */
function wordEnd(text: string, start: number): number {
  let quote = '';
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\' && quote !== "'") at++;
    else if (quote) quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '(') {
      if (depth === 0 && text[at - 1] !== '$') return -1;
      depth++;
    } else if (char === ')' && --depth < 0) return -1;
    else if (depth === 0 && /[\s|&;<>]/.test(char)) return at;
  }
  return quote || depth > 0 ? -1 : text.length;
}

function describe({ link, words, redirections }: Command): string | undefined {
  const from = words.findIndex(word => !/^[A-Za-z_]\w*=/.test(word));
  if (from < 0) return undefined;
  let name = from;
  let wrapped = '';
  if (words[name] === 'sudo' && /^[a-z]/.test(words[name + 1] ?? '')) {
    wrapped = 'as root, ';
    name++;
  }
  const program = (words[name] as string).replace(/^.*\//, '');
  const known = Object.hasOwn(programs, program) ? programs[program] : undefined;
  if (!known) return undefined;
  const flags = flagWords(program, known[1] ?? '', words.slice(name + 1));
  const sent = redirections.map(redirection);
  const notes = [flags.length > 0 ? `: ${list(flags, 8)}` : '', sent.length > 0 ? ` (${list(sent)})` : ''];
  return `${code(words.join(' '))}: ${link}${wrapped}${known[0]}${notes.join('')}`;
}

function flagWords(program: string, table: string, words: readonly string[]): readonly string[] {
  const known = new Map<string, readonly [takes: boolean, words: string]>();
  for (const row of table.split('|')) {
    const [, flag, takes, said] = /^(-?\w+)(:?)=(.*)$/.exec(row) ?? [];
    if (flag && said) known.set(flag, [takes === ':', said]);
  }
  const found: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--' || (program === 'xargs' && /^[a-z]/.test(word))) break;
    const whole = known.get(word);
    if (whole) {
      const value = whole[0] ? (words[++at] ?? '') : '';
      found.push(whole[1].replace('$', () => code(value)));
      continue;
    }
    const cluster = program === 'tar' && at === 0 ? word.replace(/^-?/, '-') : word;
    if (!/^-[\w]/.test(cluster) || program === 'find') continue;
    for (let letter = 1; letter < cluster.length; letter++) {
      const flag = known.get(cluster[letter] as string);
      if (!flag) break;
      const rest = cluster.slice(letter + 1);
      const value = flag[0] ? rest || (words[++at] ?? '') : '';
      found.push(flag[1].replace('$', () => code(value)));
      if (flag[0]) break;
    }
  }
  return found;
}

function redirection([sign, target]: readonly [string, string]): string {
  const what = sign.startsWith('2')
    ? 'errors'
    : sign.startsWith('&') || sign === '>&'
      ? 'output and errors'
      : 'output';
  if (sign.endsWith('>&') && /^\d$/.test(target)) {
    const source = sign.startsWith('2') ? 'errors' : 'output';
    return `${source} to where ${target === '1' ? 'the output goes' : target === '2' ? 'errors go' : `channel ${target} goes`}`;
  }
  if (sign.includes('<')) return `input from ${code(target)}`;
  if (target === '/dev/null') return `${what} thrown away`;
  return `${what} ${sign.endsWith('>>') ? 'added to the end of' : 'to'} ${code(target)}`;
}
