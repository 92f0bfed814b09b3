/** What a review found, wherever it comes from. It must not know how it is shown. */
import { createHash } from 'node:crypto';
import type { Range } from 'vscode-languageserver-textdocument';
import type { Problem, ReviewCategory, ReviewSeverity } from '../../analysis/analysis.ts';

export interface ReviewFinding {
  readonly uri: string;
  readonly range: Range;
  /** One or two sentences, on one line; from a model it is not trusted. */
  readonly message: string;
  readonly category: ReviewCategory;
  readonly severity: ReviewSeverity;
  /** 0…1. */
  readonly confidence: number;
  /** Name of the pattern that was found without a model. */
  readonly rule?: string;
  /** The model that says so. */
  readonly model?: string;
  /** The code it is about, exactly. */
  readonly code: string;
}

export const SEVERITIES: readonly ReviewSeverity[] = ['high', 'medium', 'low'];

/** The worst and surest first, then in the order of the text. */
export function byWorth(a: ReviewFinding, b: ReviewFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.confidence - a.confidence ||
    a.range.start.line - b.range.start.line
  );
}

/**
 * What a finding is remembered by when it is dismissed: what kind, in which file, about which code. A model words the
 * same doubt differently each time, and layout says nothing, so neither counts. `path` relative to the workspace.
 */
export function contentKey(finding: ReviewFinding, path: string): string {
  const hash = createHash('sha256');
  const code = finding.code.replace(/\s+/g, ' ').trim();
  for (const part of [finding.rule ?? '', finding.category, path, code]) hash.update(part).update('\0');
  return hash.digest('base64url');
}

/** As a diagnostic that an action may be about. */
export function toProblem({ range, message, category }: ReviewFinding): Problem {
  return { range, message, source: 'review', code: category };
}

/** Text of others may not begin a line of its own. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Where it comes from, for the person. */
export function originOf({ rule, model, confidence }: ReviewFinding): string {
  const source = rule === undefined ? oneLine(model ?? 'a model') : `static check ${rule}`;
  return `${source}, confidence ${Math.round(confidence * 100)} %`;
}
