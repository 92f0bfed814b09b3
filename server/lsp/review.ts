/** Findings of a review in the protocol's words. It must not know how they are found. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { originOf, type ReviewFinding } from '../features/review/finding.ts';
import { plain } from '../guard/sanitise.ts';
import { SOURCE } from './convert.ts';

/** An error is what does not run; what a review finds is at most a warning. */
const SEVERITIES = {
  high: DiagnosticSeverity.Warning,
  medium: DiagnosticSeverity.Information,
  low: DiagnosticSeverity.Hint,
} as const;

export function toReviewDiagnostic(finding: ReviewFinding): Diagnostic {
  return {
    range: finding.range,
    message: plain(`${finding.message} (${originOf(finding)})`),
    severity: SEVERITIES[finding.severity],
    source: SOURCE,
    code: finding.category,
  };
}
