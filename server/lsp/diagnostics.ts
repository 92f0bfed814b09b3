/**
 * Codriver's own diagnostics: quiet hints for what the analysis can repair, never where another server reports
 * already. Also remembers what other servers reported, as far as this client tells. It must not know repairs.
 */
import { type Connection, type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { Range } from 'vscode-languageserver-textdocument';
import type { Finding, Problem } from '../analysis/analysis.ts';
import type { Timer } from '../base/ports.ts';
import type { OtherDiagnostics, Services } from '../features/services.ts';
import { plain } from '../guard/sanitise.ts';
import type { ClientFeatures } from './clientFeatures.ts';
import { foreignProblems, SOURCE } from './convert.ts';
import type { Documents } from './documents.ts';

/** Quiet time after the last change before a document is looked through, in ms. */
const SETTLE_MS = 350;
/** More hints than this are noise. */
const MAX_FINDINGS = 50;

export interface DiagnosticsOptions {
  readonly connection: Connection;
  readonly client: () => ClientFeatures;
  readonly documents: Documents;
  readonly services: () => Services;
  readonly failed: (what: string, error: unknown) => void;
}

export class Diagnostics implements OtherDiagnostics {
  readonly #options: DiagnosticsOptions;
  readonly #others = new Map<string, readonly Problem[]>();
  readonly #timers = new Map<string, Timer>();
  readonly #runs = new Map<string, AbortController>();
  readonly #published = new Map<string, string>();

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  overlapping(uri: string, range: Range): readonly Problem[] {
    return (this.#others.get(uri) ?? []).filter(problem => overlap(problem.range, range));
  }

  documentChanged(uri: string): void {
    this.#runs.get(uri)?.abort();
    if (this.#options.client().diagnostics !== 'push') return;
    this.#timers.get(uri)?.cancel();
    const timer = this.#options.services().clock.after(SETTLE_MS, () => {
      this.#timers.delete(uri);
      this.#publish(uri).catch((error: unknown) => this.#options.failed('diagnostics', error));
    });
    this.#timers.set(uri, timer);
  }

  documentClosed(uri: string): void {
    this.#timers.get(uri)?.cancel();
    this.#timers.delete(uri);
    this.#runs.get(uri)?.abort();
    this.#runs.delete(uri);
    this.#others.delete(uri);
    if (this.#published.delete(uri)) this.#send(uri, undefined, []);
  }

  /** The whole set of other servers' diagnostics of a document, as the thin Neovim client forwards it. */
  othersForwarded(uri: string, diagnostics: readonly Diagnostic[]): void {
    this.#others.set(uri, foreignProblems(diagnostics));
    this.documentChanged(uri);
  }

  /** Diagnostics that came with a code action request: all of them in Helix, in other clients ours alone. */
  othersSeen(uri: string, range: Range, diagnostics: readonly Diagnostic[]): void {
    const seen = foreignProblems(diagnostics);
    if (seen.length === 0) return;
    const elsewhere = (this.#others.get(uri) ?? []).filter(problem => !overlap(problem.range, range));
    const known = JSON.stringify(this.#others.get(uri) ?? []);
    const next = [...elsewhere, ...seen];
    this.#others.set(uri, next);
    if (JSON.stringify(next) !== known) this.documentChanged(uri);
  }

  /** After the settings or the index changed. */
  refreshAll(): void {
    for (const { uri } of this.#options.documents.all()) this.documentChanged(uri);
    const { client, connection } = this.#options;
    if (client().diagnostics === 'pull' && client().diagnosticRefresh) {
      connection.sendRequest('workspace/diagnostic/refresh').catch(() => {});
    }
  }

  /** What is to be shown for a document now. */
  async compute(uri: string, signal: AbortSignal): Promise<Diagnostic[]> {
    const { analysis, documents, settings } = this.#options.services();
    const { autonomy, diagnostics } = settings();
    if (!diagnostics.enabled || autonomy < 1 || !documents.get(uri)) return [];
    const findings = await analysis.findings(uri, signal);
    const others = this.#others.get(uri) ?? [];
    return findings
      .filter(({ range }) => !others.some(other => overlap(other.range, range)))
      .slice(0, MAX_FINDINGS)
      .map(toDiagnostic);
  }

  async #publish(uri: string): Promise<void> {
    const { services } = this.#options;
    const controller = new AbortController();
    this.#runs.set(uri, controller);
    const version = services().documents.get(uri)?.version;
    let diagnostics: Diagnostic[];
    try {
      diagnostics = await this.compute(uri, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) return;
      throw error;
    }
    if (controller.signal.aborted || services().documents.get(uri)?.version !== version) return;
    const content = JSON.stringify(diagnostics);
    // A clean document is not mentioned: many clients draw something for every publication.
    if (content === (this.#published.get(uri) ?? '[]')) return;
    if (diagnostics.length > 0) this.#published.set(uri, content);
    else this.#published.delete(uri);
    this.#send(uri, version, diagnostics);
  }

  #send(uri: string, version: number | undefined, diagnostics: Diagnostic[]): void {
    this.#options.connection
      .sendNotification('textDocument/publishDiagnostics', {
        uri,
        ...(version === undefined ? {} : { version }),
        diagnostics,
      })
      .catch(() => {});
  }
}

function toDiagnostic({ range, message, code }: Finding): Diagnostic {
  return {
    range,
    message: plain(message),
    severity: DiagnosticSeverity.Hint,
    source: SOURCE,
    code,
    ...(code === 'unused-import' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}

function overlap(a: Range, b: Range): boolean {
  const before = (p: Range['start'], q: Range['start']) =>
    p.line < q.line || (p.line === q.line && p.character < q.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}
