/**
 * All repairs for a place or a file: reads what is wrong, asks each kind of repair, and lets only those through that
 * pass the pre-flight. It must not know how any of them is found.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Finding, Problem, Repair } from './analysis.ts';
import type { DelimiterSearch } from './delimiters/repair.ts';
import { type Complaint, readProblem } from './messages.ts';
import { isKnownGlobal } from './names/globals.ts';
import { isSlipOfMember, misspeltMember, misspeltName, missingImport } from './names/repair.ts';
import { preflightTree } from './preflight.ts';
import type { MemberUse, NameUse } from './scopes/model.ts';
import { removeImported, silenced, type UnusedImport, unusedImports } from './unused.ts';
import { type FileView, toEdits } from './view.ts';

/** From this confidence on a finding is shown unasked. */
export const SURE = 0.8;
const MAX_FINDINGS = 50;

/** Told to a long work: nobody waits for more of it. */
export type IsOver = () => boolean;

/** Whether repairs for a place may be brackets, quotes or colons, for which the whole file is searched. */
export function mayBeDelimiters(view: FileView, problems: readonly Problem[]): boolean {
  return view.tree.hasError || problems.some(problem => isSyntax(readProblem(problem)));
}

function isSyntax(complaint: Complaint | undefined): boolean {
  return !complaint || complaint.about === 'syntax';
}

/**
 * Repairs for everything wrong within a range: what other servers say there, and what is seen without them.
 * `delimiters` is what the search for those has found. When it `isOver`, what is not tried yet is left out.
 */
export function repairsIn(
  view: FileView,
  range: Range,
  problems: readonly Problem[],
  delimiters: readonly Repair[],
  isOver: IsOver,
): readonly Repair[] {
  const start = view.lines.offsetAt(range.start);
  const end = view.lines.offsetAt(range.end);
  const found: Repair[] = [];
  for (const problem of problems) {
    if (isOver()) return [];
    found.push(...forProblem(view, problem, delimiters));
  }
  found.push(...ownRepairs(view, start, end, delimiters, isOver));
  return passing(view, distinct(found), isOver);
}

function forProblem(view: FileView, problem: Problem, delimiters: readonly Repair[]): readonly Repair[] {
  const complaint = readProblem(problem);
  const start = view.lines.offsetAt(problem.range.start);
  const end = Math.max(start, view.lines.offsetAt(problem.range.end));
  if (!complaint || complaint.about === 'syntax') return delimiters;
  if (complaint.about === 'unused') return removals(view, start, end, complaint.name);
  const place = placeOf(view, complaint, start, end);
  if (!place) return [];
  if (complaint.about === 'unknown-member') return misspeltMember(view, place, complaint.suggestion);
  const use: NameUse = {
    role: 'read',
    guarded: false,
    ...(view.facts?.useAt(place.start) ?? place),
  };
  return byConfidence([...misspeltName(view, use, complaint.suggestion), ...importsOf(view, use)]);
}

function importsOf(view: FileView, use: NameUse): readonly Repair[] {
  return view.family ? missingImport(view, use) : [];
}

/** The name a diagnostic is about: the one it says within its range, else the one at its start. */
function placeOf(view: FileView, complaint: Complaint, start: number, end: number): MemberUse | undefined {
  const { text } = view;
  const word = /[\p{L}\p{N}_$]+/uy;
  const asMember = (from: number, name: string): MemberUse => ({
    name,
    start: from,
    end: from + name.length,
    call: text[from + name.length] === '(',
  });
  if (complaint.name) {
    const line = view.lines.contentEnd(view.lines.lineOf(end));
    const said = complaint.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}_$])${said}(?![\\p{L}\\p{N}_$])`, 'u');
    const match = pattern.exec(text.slice(start, Math.max(end, line)));
    if (match) return asMember(start + match.index, complaint.name);
    return undefined;
  }
  let from = start;
  while (from > 0 && /[\p{L}\p{N}_$]/u.test(text[from - 1] ?? '')) from--;
  word.lastIndex = from;
  const match = word.exec(text);
  return match ? asMember(from, match[0]) : undefined;
}

/** Unused imports that a range touches; a range over one name takes that name only. */
function removals(view: FileView, start: number, end: number, name?: string): readonly Repair[] {
  return unusedImports(view)
    .filter(({ name: row }) => row.statement.start <= end && start <= row.statement.end)
    .filter(
      ({ name: row }) =>
        !name || row.local === name || row.statement.module === name || row.statement.names.length === 1,
    )
    .map(row => removal(view, row));
}

function removal(view: FileView, { name, confidence }: UnusedImport): Repair {
  return {
    title: `Remove the unused import '${name.local}'`,
    kind: 'unused-import',
    edits: toEdits(view.lines, [removeImported(view, name.statement, [name])]),
    confidence,
    range: view.lines.range(name.start, name.end),
  };
}

/** What the analysis sees by itself within a range; less certain things are offered too, since someone asked. */
function ownRepairs(
  view: FileView,
  start: number,
  end: number,
  delimiters: readonly Repair[],
  isOver: IsOver,
): readonly Repair[] {
  const found: Repair[] = [];
  const { facts } = view;
  if (view.tree.hasError) {
    const firstLine = view.lines.lineOf(start);
    const lastLine = view.lines.lineOf(end);
    const near = view.trees.damage.problems.some(
      problem =>
        view.lines.lineOf(problem.start) <= lastLine + 1 && view.lines.lineOf(problem.end) >= firstLine - 1,
    );
    const touches = delimiters.some(
      ({ range }) => range.start.line <= lastLine + 1 && range.end.line >= firstLine - 1,
    );
    if (near || touches) found.push(...delimiters);
  }
  if (!facts) return found;
  for (const use of facts.unresolved) {
    if (isOver()) return [];
    if (use.end < start || use.start > end || isKnownGlobal(use.name, view.grammar)) continue;
    found.push(...byConfidence([...misspeltName(view, use), ...importsOf(view, use)]));
  }
  for (const use of facts.members)
    if (use.end >= start && use.start <= end && isSlipOfMember(view, use))
      found.push(...misspeltMember(view, use));
  found.push(...removals(view, start, end));
  return found;
}

/** Uses that are looked at in one step. */
const USES_A_STEP = 40;

/**
 * Everything the analysis is sure of in a file without syntax errors, some uses a step. False alarms are worse than
 * silence.
 */
export class FindingsSearch {
  /** What is searched; every step needs a view of the same text. */
  readonly text: string;
  readonly #uses: readonly NameUse[];
  readonly #members: readonly MemberUse[];
  /** How often each unresolved name is used, and those of which an unknown one is expected. */
  readonly #times = new Map<string, number>();
  readonly #guarded = new Set<string>();
  #next = 0;
  readonly #found: Finding[] = [];

  constructor(view: FileView) {
    const { facts } = view;
    this.text = view.text;
    this.#uses = facts?.unresolved ?? [];
    this.#members = facts?.members ?? [];
    for (const { name, guarded } of this.#uses) {
      this.#times.set(name, (this.#times.get(name) ?? 0) + 1);
      if (guarded) this.#guarded.add(name);
    }
  }

  /** Nothing is left to look at. */
  get isDone(): boolean {
    return this.#next >= this.#uses.length + this.#members.length;
  }

  /** Looks at the next uses. */
  step(view: FileView): void {
    const end = this.#next + USES_A_STEP;
    for (; this.#next < end && !this.isDone; this.#next++) {
      const use = this.#uses[this.#next];
      if (use) this.#lookAtName(view, use);
      else this.#lookAtMember(view, this.#members[this.#next - this.#uses.length] as MemberUse);
    }
  }

  /** All of it, once the search is done; nothing where there is so much that the file must be something else. */
  found(view: FileView, signal: AbortSignal): readonly Finding[] {
    if (this.#found.length >= MAX_FINDINGS) return [];
    const found = [...this.#found];
    for (const row of unusedImports(view)) {
      if (row.confidence < SURE) continue;
      add(found, `'${row.name.local}' is imported but not used.`, [removal(view, row)]);
    }
    return verified(view, found.slice(0, MAX_FINDINGS), signal);
  }

  #lookAtName(view: FileView, use: NameUse): void {
    const times = this.#times.get(use.name) ?? 0;
    if (this.#guarded.has(use.name) || !isSuspicious(view, use, times)) return;
    add(this.#found, `'${use.name}' is not defined.`, sureNames(view, use, times));
  }

  #lookAtMember(view: FileView, use: MemberUse): void {
    if (!isSlipOfMember(view, use) || silenced(view, use.start, use.end)) return;
    const [best] = misspeltMember(view, use);
    if (best) add(this.#found, `'${use.name}' occurs nowhere else; it looks like a slip.`, [best]);
  }
}

/** Adds the best repair as a finding if it is sure enough. */
function add(found: Finding[], message: string, repairs: readonly Repair[]): void {
  const [best] = repairs;
  if (best && best.confidence >= SURE)
    found.push({ range: best.range, message, code: best.kind, repairs: [best] });
}

/** Tries all repairs together first: one parse where nothing is wrong, one for each finding where something is. */
function verified(view: FileView, findings: readonly Finding[], signal: AbortSignal): readonly Finding[] {
  const edits = findings.flatMap(finding => finding.repairs[0]?.edits ?? []);
  if (preflightTree(view.trees, edits, view.path).ok) return findings;
  return findings.filter(
    ({ repairs }) => !signal.aborted && preflightTree(view.trees, repairs[0]?.edits ?? [], view.path).ok,
  );
}

/** What the analysis is sure of in a file with syntax errors, by the end of the search for its delimiters. */
export function brokenSyntax(
  view: FileView,
  search: DelimiterSearch,
  signal: AbortSignal,
): readonly Finding[] {
  const repairs = passing(view, search.repairs(view), () => signal.aborted);
  const [best] = repairs;
  if (!best || best.confidence < SURE) return [];
  const char = /'(.)'/.exec(best.title)?.[1] ?? '';
  const message = best.title.startsWith('Add')
    ? `A '${char}' seems to be missing here.`
    : `This '${char}' seems to be one too many.`;
  return [{ range: best.range, message, code: 'unbalanced-delimiter', repairs }];
}

/** Names that may come from somewhere unseen are left alone. */
function isSuspicious(view: FileView, use: NameUse, times: number): boolean {
  const { facts } = view;
  if (!facts || facts.open || use.guarded || isKnownGlobal(use.name, view.grammar)) return false;
  if (facts.mentioned.has(use.name) || use.name.startsWith('_') || use.name.startsWith('$')) return false;
  if (/^[A-Z][A-Z0-9_]*$/.test(use.name) && times > 2) return false;
  return !silenced(view, use.start, use.end) && !view.path.endsWith('.d.ts');
}

function sureNames(view: FileView, use: NameUse, times: number): readonly Repair[] {
  const imports = importsOf(view, use);
  const unknownElsewhere = view.index.frequency(use.name) <= times;
  const slips = unknownElsewhere && times <= 2 ? misspeltName(view, use) : [];
  return byConfidence([...slips, ...imports]);
}

function byConfidence(repairs: readonly Repair[]): readonly Repair[] {
  return [...repairs].sort((a, b) => b.confidence - a.confidence);
}

function distinct(repairs: readonly Repair[]): readonly Repair[] {
  const seen = new Set<string>();
  return repairs.filter(repair => {
    const key = JSON.stringify(repair.edits);
    return !seen.has(key) && seen.add(key);
  });
}

/** Repairs that survive the pre-flight: never offer what breaks the file. */
function passing(view: FileView, repairs: readonly Repair[], isOver: IsOver): readonly Repair[] {
  return repairs.filter(repair => !isOver() && preflightTree(view.trees, repair.edits, view.path).ok);
}
