/**
 * What a change touched, function by function: the lines of code that are new or stand where something was taken away,
 * grouped by the definition around them. By lines and indentation, so that it holds without a grammar.
 */
import { diffLines } from '../../edits/diff.ts';
import { bare } from './code.ts';
import { type Family, familyOf, roleOf } from './files.ts';
import type { TextChange } from './types.ts';

/** One changed function, or the code outside of any. */
export interface Unit {
  readonly path: string;
  readonly name: string;
  /** The line of its head, from 1; 0 outside of functions. It runs where the function is made, not where it is called. */
  readonly head: number;
  /** Its changed lines, from 1, in order; at least one. */
  readonly lines: readonly number[];
  /** Pieces of the result (lines from 0, `end` excluded) that can be taken back alone, with what was there before. */
  readonly hunks: readonly {
    readonly start: number;
    readonly end: number;
    readonly old: readonly string[];
  }[];
}

const DEFINITION: Partial<Record<Family, RegExp>> = {
  script:
    /^\s*(?:export\s+)?(?:default\s+)?(?:(?:async\s+)?function\b\s*\*?\s*([\w$]*)|(?:(?:const|let|var)\s+)?([\w$.#[\]'"]+)\s*(?::[^=]*)?[=:]\s*(?:async\s*)?(?:function\b|\([^)]*\)(?:\s*:[^=]*)?\s*=>|[\w$]+\s*=>|\($)|(?:(?:static|async|public|private|protected|override|get|set)\s+)*(?:[#*]\s*)?(?!(?:if|for|while|switch|catch|return|with)\b)([\w$#]+)\s*(?:<[^>]*>)?\([^;]*\)?\s*(?::[^;{]*)?\{?\s*$)/,
  python: /^\s*(?:async\s+)?def\s+(\w+)/,
  go: /^func\s+(?:\([^)]*\)\s*)?(\w+)/,
  rust: /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const\s+|async\s+|unsafe\s+)*fn\s+(\w+)/,
  ruby: /^\s*def\s+([\w.?!=]+)/,
  php: /^\s*(?:(?:public|private|protected|static|final|abstract)\s+)*function\s+&?(\w+)/,
  elixir: /^\s*defp?\s+(\w+[?!]?)/,
  swift: /^\s*(?:\w+\s+)*func\s+(\w+)/,
};
const BRACED =
  /^\s*(?!(?:if|for|while|switch|catch|else|return|do|try|using|lock|synchronized)\b)(?:[\w<>[\],.?*&:~@]+\s+)+[*&]*([\w~]+)\s*\([^;]*$/;
/** Says nothing that can be run: ends of blocks, imports, lists of what is exported, types. */
const IDLE =
  /^\s*(?:[\])}{(;,]*|end|else:?|try:?|finally:?|pass|\.\.\.|(?:import|from|use|using|package|namespace|#include|require)\b.*|export\s+(?:type|\*|\{).*|(?:export\s+)?(?:declare|interface|type)\s.*|@\w[\w.]*|#!?\[.*\]|__all__\s*\+?=.*)\s*$/;

/** Longer lines are nobody's heads of functions. */
const LONGEST_LINE = 500;

/** The changed code of a change; tests, configuration and generated things are none. */
export function changedUnits(changes: readonly TextChange[]): readonly Unit[] {
  return changes.flatMap(change => (roleOf(change.path) === 'code' ? unitsIn(change) : []));
}

function unitsIn({ path, before = '', after }: TextChange): readonly Unit[] {
  if (after === undefined) return [];
  const family = familyOf(path);
  const lines = after.split('\n');
  const shadows = bare(after, family, true).split('\n');
  const tests = path.endsWith('.rs') ? shadows.findIndex(line => /#\[cfg\(test\)\]/.test(line)) : -1;
  const old = before.split('\n');
  const hunks = diffLines(before === '' ? [] : old, lines) ?? [
    { aStart: 0, aEnd: old.length, bStart: 0, bEnd: lines.length },
  ];
  const groups = new Map<
    string,
    { name: string; head: number; lines: number[]; hunks: Unit['hunks'][number][] }
  >();
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    // Where something was only taken away, what stands around it does something else now.
    const touched = bStart === bEnd ? [bStart - 1, bStart] : range(bStart, bEnd);
    const gone = old.slice(aStart, aEnd);
    if (
      bStart === bEnd &&
      !bare(gone.join('\n'), family, true)
        .split('\n')
        .some(line => !IDLE.test(line))
    )
      continue;
    const owners = new Set<string>();
    for (const at of touched) {
      const line = shadows[at];
      if (line === undefined || IDLE.test(line) || (tests >= 0 && at >= tests)) continue;
      const owner = ownerOf(shadows, at, family);
      const key = `${owner?.at ?? -1}`;
      const group = groups.get(key) ?? {
        name: owner?.name ?? 'outside of functions',
        head: (owner?.at ?? -1) + 1,
        lines: [],
        hunks: [],
      };
      group.lines.push(at + 1);
      groups.set(key, group);
      owners.add(key);
    }
    // A hunk that several have a part in cannot be taken back for one of them; nor can what is new altogether.
    const [key, ...others] = owners;
    const group = key === undefined ? undefined : groups.get(key);
    if (others.length === 0 && gone.length > 0) group?.hunks.push({ start: bStart, end: bEnd, old: gone });
  }
  return [...groups.values()].map(group => ({ path, ...group }));
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The innermost definition that a line stands in or begins. */
function ownerOf(
  lines: readonly string[],
  at: number,
  family: Family | undefined,
): { readonly at: number; readonly name: string } | undefined {
  const pattern = (family && DEFINITION[family]) ?? BRACED;
  let indent = Number.POSITIVE_INFINITY;
  for (let up = at; up >= 0; up--) {
    const line = lines[up] ?? '';
    if (line.trim() === '') continue;
    const own = /^\s*/.exec(line)?.[0].length ?? 0;
    if (own >= indent && up !== at) continue;
    const match = line.length > LONGEST_LINE ? null : pattern.exec(line);
    const name = match?.slice(1).find(each => each !== undefined && each !== '');
    if (match) return { at: up, name: name ?? 'a function without a name' };
    // A line that only ends something is not around what follows it.
    if (!/^\s*[)\]}]/.test(line) || up === at) indent = Math.min(indent, own);
    if (indent === 0 && up !== at) return undefined;
  }
  return undefined;
}

/** The result with the change of one unit taken back. */
export function takenBack(after: string, unit: Unit): string {
  const lines = after.split('\n');
  for (const { start, end, old } of [...unit.hunks].reverse()) lines.splice(start, end - start, ...old);
  return lines.join('\n');
}

/** Small faults by text alone, for code that no grammar is known of: at most one a line. */
export function textFaults(after: string, unit: Unit): readonly string[] {
  const lines = after.split('\n');
  const shadows = bare(after, familyOf(unit.path), true).split('\n');
  return unit.lines.flatMap(number => {
    const line = lines[number - 1] ?? '';
    if (line !== shadows[number - 1]) return [];
    for (const [pattern, other] of SWAPS) {
      if (!pattern.test(line)) continue;
      return [
        [...lines.slice(0, number - 1), line.replace(pattern, other), ...lines.slice(number)].join('\n'),
      ];
    }
    return [];
  });
}

const SWAPS: readonly (readonly [RegExp, string])[] = [
  [/===?(?!=)/, '!='],
  [/!==?/, '=='],
  [/(?<=\s)>=?(?=\s)/, '<'],
  [/(?<=\s)<=?(?=\s)/, '>'],
  [/(?<=\s)\+(?=\s)/, '-'],
  [/(?<=\s)-(?=\s)/, '+'],
  [/(?<=\s)&&(?=\s)|\band\b/, '||'],
  [/(?<=\s)\|\|(?=\s)|\bor\b/, '&&'],
  [/\btrue\b/, 'false'],
  [/\bfalse\b/, 'true'],
  [/(?<![\w.])(\d+)(?![\w.])/, '1$1'],
];
