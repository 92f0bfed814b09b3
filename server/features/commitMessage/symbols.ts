/**
 * Which names a diff adds, removes and changes, by the patterns of definitions and git's hunk headings. Pure; what a
 * line does not show is not known.
 */
import { languageOf } from '../../base/languages.ts';
import type { DiffHunk, FileDiff } from '../../git/parseDiff.ts';
import { patternsOf } from '../../index/definitionPatterns.ts';
import type { SymbolKind } from '../../index/symbolIndex.ts';

export interface ChangedSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Other files can reach it, as far as its line tells. */
  readonly exported: boolean;
  /** Lines of it that changed. */
  readonly weight: number;
}

export interface FileSymbols {
  readonly added: readonly ChangedSymbol[];
  readonly removed: readonly ChangedSymbol[];
  /** Changed inside, or in its head. */
  readonly changed: readonly ChangedSymbol[];
}

interface Found {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly exported: boolean;
  readonly indent: number;
}

const LONGEST = 400;
/** What looks like a definition, or is one that says nothing without its class. */
const NOT_NAMES = new Set(
  'if for while switch catch return function do else try with match when constructor __init__ init new super test it describe'.split(
    ' ',
  ),
);
/** What a line of a heading or a diff defines. */
type Finder = (line: string) => Found | undefined;

function finderFor(path: string): Finder {
  const language = languageOf('', path);
  const { definitions } = patternsOf(language.id, language.prose);
  const keywords = new Set(language.keywords);
  return line => {
    if (line.length > LONGEST) return undefined;
    for (const { kind, pattern, exported: how } of definitions) {
      const groups = pattern.exec(line)?.groups;
      const name = groups?.['name'];
      if (name === undefined || name.length < 2 || keywords.has(name) || NOT_NAMES.has(name)) continue;
      const exported =
        how === 'always' ||
        (how === 'marked' && groups?.['exported'] !== undefined) ||
        (how === 'capital' && /^\p{Lu}/u.test(name)) ||
        (how === 'top-level' && /^\S/.test(line) && !name.startsWith('_'));
      return { name, kind, exported, indent: /^\s*/.exec(line)?.[0].length ?? 0 };
    }
    return undefined;
  };
}

/** A private detail of a body is no news beside what holds it. */
function outermost(found: readonly Found[]): readonly Found[] {
  const least = Math.min(...found.map(({ indent }) => indent));
  return found.filter(({ indent }) => indent === least);
}

class Tally {
  readonly #by = new Map<string, Omit<ChangedSymbol, 'name'>>();

  add({ name, kind, exported }: Omit<Found, 'indent'>, weight: number): void {
    const known = this.#by.get(name);
    const before = known?.weight ?? 0;
    this.#by.set(name, {
      kind: known?.kind ?? kind,
      exported: exported || known?.exported === true,
      weight: before + weight,
    });
  }

  has(name: string): boolean {
    return this.#by.has(name);
  }

  list(except: (name: string) => boolean): readonly ChangedSymbol[] {
    return [...this.#by]
      .filter(([name]) => !except(name))
      .map(([name, rest]) => ({ name, ...rest }))
      .sort((a, b) => rank(b) - rank(a) || b.weight - a.weight);
  }
}

function rank({ kind }: ChangedSymbol): number {
  return kind === 'variable' || kind === 'constant' || kind === 'module' ? 0 : 1;
}

export function symbolsOf(file: FileDiff): FileSymbols {
  const find = finderFor(file.path);
  const [added, removed, changed] = [new Tally(), new Tally(), new Tally()];
  for (const hunk of file.hunks) {
    const plus = definedOn(hunk, '+', find);
    const minus = definedOn(hunk, '-', find);
    if (plus.length > 0) for (const each of outermost(plus)) added.add(each, linesOf(hunk, '+'));
    if (minus.length > 0) for (const each of outermost(minus)) removed.add(each, linesOf(hunk, '-'));
    for (const each of enclosing(hunk, find)) changed.add(each.found, each.lines);
  }
  const isBoth = (name: string) => added.has(name) && removed.has(name);
  for (const each of added.list(() => false)) if (removed.has(each.name)) changed.add(each, each.weight);
  return {
    added: added.list(isBoth),
    removed: removed.list(isBoth),
    changed: changed.list(name => !isBoth(name) && (added.has(name) || removed.has(name))),
  };
}

function definedOn(hunk: DiffHunk, mark: '+' | '-', find: Finder): readonly Found[] {
  return hunk.lines.flatMap(line => (line.startsWith(mark) ? (find(line.slice(1)) ?? []) : []));
}

function linesOf(hunk: DiffHunk, mark: '+' | '-'): number {
  return hunk.lines.filter(line => line.startsWith(mark)).length;
}

/** The definitions that stand above changed lines: in the hunk itself, else the one git found for its heading. */
function* enclosing(hunk: DiffHunk, find: Finder): Generator<{ found: Found; lines: number }> {
  let current = find(hunk.heading);
  for (const line of hunk.lines) {
    const text = line.slice(1);
    if (line.startsWith(' ')) {
      const here = find(text);
      const indent = /^\s*/.exec(text)?.[0].length ?? 0;
      if (here) current = here;
      // Back at the margin: what stood above has ended.
      else if (
        current &&
        text.trim() !== '' &&
        indent <= current.indent &&
        !/^[)\]}]|^end\b/.test(text.trim())
      )
        current = undefined;
    } else if (/^[+-]/.test(line) && text.trim() !== '' && current) {
      if (find(text) && (/^\s*/.exec(text)?.[0].length ?? 0) <= current.indent) continue;
      yield { found: current, lines: 1 };
    }
  }
}
