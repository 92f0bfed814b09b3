/**
 * What a name that nobody declares may have meant: the names in scope, the language's own, the workspace's, ranked by
 * the slip of the finger that would explain it. It must not know edits.
 */
import { distance } from '../../base/distance.ts';
import { javascriptMembers, pythonMembers } from '../data/members.ts';
import type { Binding, UseRole } from '../scopes/model.ts';
import type { FileView } from '../view.ts';
import { type Slip, slip } from './slip.ts';
import { commonGlobals } from './globals.ts';

export interface NameCandidate {
  readonly name: string;
  /** 0…1: how likely this is what was meant. */
  readonly confidence: number;
  readonly source: 'scope' | 'global' | 'member' | 'workspace';
}

/** How telling each slip is; swapped and doubled letters are hardly ever meant. */
const weights: Readonly<Record<Slip, number>> = {
  case: 0.93,
  swap: 0.97,
  double: 0.95,
  drop: 0.92,
  add: 0.92,
  replace: 0.9,
  other: 0.8,
};

const sourceWeights = { scope: 1, global: 0.95, member: 0.93, workspace: 0.78 } as const;

/** Names that may stand at an offset in this role, likeliest first. */
export function nameCandidates(
  view: FileView,
  written: string,
  offset: number,
  role: UseRole,
): readonly NameCandidate[] {
  const pool = new Map<string, NameCandidate['source']>();
  const { facts } = view;
  for (const binding of facts?.visibleAt(offset) ?? [])
    if (fits(binding, role)) pool.set(binding.name, 'scope');
  for (const name of commonGlobals(view.grammar)) if (!pool.has(name)) pool.set(name, 'global');
  for (const name of view.index.similar(written, reach(written), 12))
    if (!pool.has(name) && !view.language.keywords.includes(name)) pool.set(name, 'workspace');
  return rank(written, pool, name => facts?.timesUsed(name) ?? 0);
}

/** Names of members that `x.written` may have meant, likeliest first. */
export function memberCandidates(view: FileView, written: string): readonly NameCandidate[] {
  const pool = new Map<string, NameCandidate['source']>();
  const counts = new Map<string, number>();
  for (const name of view.facts?.declaredMembers ?? []) pool.set(name, 'member');
  for (const { name } of view.facts?.members ?? []) {
    pool.set(name, 'member');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  pool.delete(written);
  for (const name of standardMembers(view)) if (!pool.has(name)) pool.set(name, 'global');
  for (const name of view.index.similar(written, reach(written), 12))
    if (!pool.has(name)) pool.set(name, 'workspace');
  return rank(written, pool, name => counts.get(name) ?? 0);
}

const members = new Map<string, readonly string[]>();

/** Members of the standard types of the view's language. */
export function standardMembers(view: FileView): readonly string[] {
  if (!view.family) return [];
  let known = members.get(view.family);
  if (!known) {
    known = (view.family === 'python' ? pythonMembers : javascriptMembers).split(/\s+/).filter(Boolean);
    members.set(view.family, known);
  }
  return known;
}

/** How many slips are believed in a word of this length. */
function reach(written: string): number {
  if (written.length < 3) return 0;
  return written.length < 7 ? 1 : 2;
}

function rank(
  written: string,
  pool: ReadonlyMap<string, NameCandidate['source']>,
  count: (name: string) => number,
): readonly NameCandidate[] {
  const limit = reach(written);
  const found: { candidate: NameCandidate; order: number }[] = [];
  for (const [name, source] of pool) {
    if (name === written) continue;
    const sameLetters = name.toLowerCase() === written.toLowerCase();
    const away = sameLetters ? 1 : distance(written, name, limit);
    if (away > limit && !sameLetters) continue;
    let confidence = weights[slip(written, name)] * sourceWeights[source];
    if (away > 1 && written.length < 9) confidence -= 0.1;
    if (Math.min(written.length, name.length) < 4) confidence -= 0.12;
    if (written[0] !== name[0] && away > 1) confidence -= 0.1;
    // A short name one letter off is as likely another short name.
    const order = confidence + Math.min(0.02, count(name) * 0.004);
    found.push({ candidate: { name, source, confidence }, order });
  }
  found.sort((a, b) => b.order - a.order || a.candidate.name.length - b.candidate.name.length);
  const first = found[0];
  const second = found[1];
  // Two equally good readings: neither is certain.
  if (first && second && first.order - second.order < 0.03 && second.candidate.source !== 'workspace')
    return found.map(({ candidate }) => ({ ...candidate, confidence: candidate.confidence - 0.15 }));
  return found.map(({ candidate }) => candidate);
}

function fits(binding: Pick<Binding, 'kind'>, role: UseRole): boolean {
  if (binding.kind === 'implicit') return false;
  if (role === 'type') return !['variable', 'constant', 'parameter', 'function'].includes(binding.kind);
  if (role === 'construct' || role === 'element') return binding.kind !== 'type';
  return binding.kind !== 'type' && binding.kind !== 'type-parameter';
}
