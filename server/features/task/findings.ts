/**
 * What a verification holds against a result, kept for the person: shown where the document tells of it, and accepted
 * by them with a reason, for exactly the files as they are then. It must not know how anything is verified.
 */
import { type EvidenceReport, lineOf } from '../../agent/evidence.ts';
import { harmlessText } from '../../agent/document/harmless.ts';
import { findSection } from '../../agent/document/task.ts';
import type { Finding } from '../../agent/integrity/types.ts';
import { contentLength } from '../../base/text.ts';
import { parseMarkdown } from '../../documents/markdown.ts';
import type { TreeDiff } from '../../sandbox/taskTree.ts';
import { hashOfDiff } from './difference.ts';

/** A finding that keeps a result from being verified. `of`: the files that it is about, as they were. */
export interface KeptFinding extends Finding {
  readonly of: string;
}

/** One that the person has accepted. */
export interface AcceptedFinding {
  readonly key: string;
  readonly reason: string;
}

/** More of them nobody accepts one by one. */
const MOST_KEPT = 100;

/** Stands for the files that a finding is about: another as soon as one of them changes. */
export function filesOf({ path }: Pick<Finding, 'path'>, { files }: Pick<TreeDiff, 'files'>): string {
  return hashOfDiff({ files: path === '' ? files : files.filter(each => each.path === path) });
}

export function keptFindings({ findings }: EvidenceReport, diff: TreeDiff): readonly KeptFinding[] {
  const blocking = findings.filter(({ blocks }) => blocks).slice(0, MOST_KEPT);
  return blocking.map(finding => ({ ...finding, of: filesOf(finding, diff) }));
}

export function keyOfFinding({ gone, kind, line, message, of, path }: KeptFinding): string {
  return JSON.stringify([kind, path, line ?? 0, gone === true, message, of]);
}

/** Why the person has accepted a finding about the files as they are now; undefined if they have not. */
export function reasonFor(
  finding: Finding,
  diff: TreeDiff,
  accepted: readonly AcceptedFinding[],
): string | undefined {
  const key = keyOfFinding({ ...finding, of: filesOf(finding, diff) });
  return accepted.find(each => each.key === key)?.reason;
}

/** The lines of Evidence that tell of findings, each with the first that it tells of. */
export function findingLines(
  text: string,
  findings: readonly KeptFinding[],
): ReadonlyMap<number, KeptFinding> {
  const document = parseMarkdown(text);
  const section = findSection(document, 'Evidence');
  const found = new Map<number, KeptFinding>();
  if (section === undefined) return found;
  const byLine = new Map(findings.map(finding => [harmlessText(`- ${lineOf(finding)}`), finding]));
  for (let at = section.first + 1; at < section.end; at++) {
    const raw = document.lines[at] ?? '';
    const finding = byLine.get(raw.slice(0, contentLength(raw)));
    if (finding !== undefined) found.set(at, finding);
  }
  return found;
}
