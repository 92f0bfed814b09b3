/** Diagnostics both ways: ours for clients that pull, and those of other servers that a client forwards. */
import type { Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport } from 'vscode-languageserver';
import { readRange } from '../actionArguments.ts';
import type { Session } from '../session.ts';

export async function documentDiagnostic(
  session: Session,
  { textDocument }: DocumentDiagnosticParams,
  signal: AbortSignal,
): Promise<DocumentDiagnosticReport> {
  return { kind: 'full', items: await session.diagnostics.compute(textDocument.uri, signal) };
}

/** `codriver/otherDiagnostics` {uri, diagnostics}: the client's own notification, sent only when it opted in. */
export function otherDiagnostics(session: Session, params: { uri?: unknown; diagnostics?: unknown }): void {
  const { uri, diagnostics } = params ?? {};
  if (typeof uri !== 'string' || !Array.isArray(diagnostics) || !session.client.otherDiagnostics) return;
  const sound = diagnostics.filter(
    (diagnostic: Partial<Diagnostic> | null) =>
      diagnostic !== null && readRange(diagnostic?.range) !== undefined,
  ) as Diagnostic[];
  session.diagnostics.othersForwarded(uri, sound.slice(0, 1_000));
}
