/**
 * Repairs for names: misspelt ones and ones that were never imported. It must not know trees or documents beyond the
 * view it is given.
 */
import { distance } from '../../base/distance.ts';
import type { Repair } from '../analysis.ts';
import { addJavaScriptImport } from '../imports/javascript.ts';
import { addPythonImport } from '../imports/python.ts';
import { type ImportSource, importSources } from '../imports/sources.ts';
import type { MemberUse, NameUse } from '../scopes/model.ts';
import { type FileView, toEdits } from '../view.ts';
import { memberCandidates, nameCandidates, standardMembers } from './candidates.ts';
import { slip } from './slip.ts';

const MAX_OFFERED = 3;

/** Changing a name to each of its likeliest meanings. */
export function misspeltName(view: FileView, use: NameUse, suggestion?: string): readonly Repair[] {
  // A name that other files use is more likely meant than misspelt.
  const own = view.facts?.timesUsed(use.name) ?? 0;
  const doubt = view.index.frequency(use.name) > own ? 0.22 : 0;
  const candidates = nameCandidates(view, use.name, use.start, use.role).map(row => ({
    name: row.name,
    confidence: row.confidence - doubt,
  }));
  return changes(view, use, withSuggestion(candidates, suggestion));
}

/** Changing a member's name to each of its likeliest meanings. */
export function misspeltMember(view: FileView, use: MemberUse, suggestion?: string): readonly Repair[] {
  return changes(view, use, withSuggestion(memberCandidates(view, use.name), suggestion));
}

interface Choice {
  readonly name: string;
  readonly confidence: number;
}

function withSuggestion(candidates: readonly Choice[], suggestion: string | undefined): readonly Choice[] {
  if (!suggestion) return candidates;
  const others = candidates.filter(({ name }) => name !== suggestion);
  return [
    { name: suggestion, confidence: 0.95 },
    ...others.map(row => ({ ...row, confidence: row.confidence - 0.2 })),
  ];
}

function changes(
  view: FileView,
  place: { readonly name: string; readonly start: number; readonly end: number },
  choices: readonly Choice[],
): readonly Repair[] {
  const { lines } = view;
  return choices.slice(0, MAX_OFFERED).map(({ name, confidence }) => ({
    title: `Change '${place.name}' to '${name}'`,
    kind: 'misspelt-name',
    edits: toEdits(lines, [{ start: place.start, end: place.end, text: name }]),
    confidence: Math.max(0, confidence),
    range: lines.range(place.start, place.end),
  }));
}

/** Importing a name from each of its likeliest homes. */
export function missingImport(view: FileView, use: NameUse): readonly Repair[] {
  const hasMembers = /^\s*\??\./.test(view.text.slice(use.end, use.end + 40));
  const chain = /^(?:\.[\p{L}\p{N}_$]+)*/u.exec(view.text.slice(use.end, use.end + 120))?.[0] ?? '';
  const sources = importSources(view, {
    name: use.name,
    role: use.role,
    hasMembers,
    chain: use.name + chain,
  });
  return sources.slice(0, MAX_OFFERED).flatMap(source => {
    const edit = view.family === 'python' ? addPythonImport(view, source) : addJavaScriptImport(view, source);
    if (!edit) return [];
    return [
      {
        title: importTitle(source),
        kind: 'missing-import' as const,
        edits: toEdits(view.lines, [edit]),
        confidence: source.confidence,
        range: view.lines.range(use.start, use.end),
      },
    ];
  });
}

function importTitle(source: ImportSource): string {
  if (source.kind === 'module') return `Import '${source.module}'`;
  return `Import '${source.name}' from '${source.imported ?? source.module}'`;
}

/**
 * A member that is almost certainly a slip: seen nowhere else, one swapped or doubled letter inside the word away
 * from a member that is used often.
 */
export function isSlipOfMember(view: FileView, use: MemberUse): boolean {
  const { name } = use;
  const { facts, index } = view;
  if (!facts || name.length < 5 || facts.declaredMembers.has(name) || index.frequency(name) > 1) return false;
  if (facts.members.filter(other => other.name === name).length > 1) return false;
  const best = memberCandidates(view, name)[0];
  if (!best || distance(name, best.name, 1) !== 1) return false;
  const kind = slip(name, best.name);
  if (kind !== 'swap' && kind !== 'double') return false;
  if (kind === 'double' && name.at(-1) === name.at(-2)) return false;
  return standardMembers(view).includes(best.name) || index.frequency(best.name) >= 8;
}
