/**
 * Codriver's own diagnostics: quiet hints for what the analysis can repair, never where another server reports
 * already. Also remembers what other servers reported, as far as this client tells. It must not know repairs.
 */
import { type Connection, type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { Range } from 'vscode-languageserver-textdocument';
import type { Finding, Problem } from '../analysis/analysis.ts';
import { isCell } from '../base/cells.ts';
import type { Timer } from '../base/ports.ts';
import { documentKind } from '../features/documentKinds.ts';
import { ownDocument } from '../features/ownDocuments.ts';
import type { OtherDiagnostics, Services } from '../features/services.ts';
import { plain } from '../guard/sanitise.ts';
import type { ClientFeatures } from './clientFeatures.ts';
import type { CheckProblem } from '../features/checks/types.ts';
import { foreignProblems, SOURCE, sourceOf } from './convert.ts';
import type { Documents } from './documents.ts';

/** Quiet time after the last change before a document is looked through, in ms. */
const SETTLE_MS = 350;
/** More hints than this are noise. */
const MAX_FINDINGS = 50;
/** And more than these of checkers are not read. */
const MAX_CHECKED = 300;

export interface DiagnosticsOptions {
  readonly connection: Connection;
  readonly client: () => ClientFeatures;
  readonly documents: Documents;
  readonly services: () => Services;
  /** What else is hinted at in a document. */
  readonly hints: (uri: string) => readonly Diagnostic[];
  readonly failed: (what: string, error: unknown) => void;
}

/** A problem with the line it stood on when the client told of it. */
interface Seen {
  readonly problem: Problem;
  readonly line: string;
}

export class Diagnostics implements OtherDiagnostics {
  readonly #options: DiagnosticsOptions;
  /** What a client forwards is always the whole set; what came with a menu is a part, and ages. */
  readonly #forwarded = new Map<string, readonly Problem[]>();
  readonly #seen = new Map<string, readonly Seen[]>();
  readonly #timers = new Map<string, Timer>();
  readonly #runs = new Map<string, AbortController>();
  readonly #ended = new AbortController();
  #indexAwaited = false;
  readonly #published = new Map<string, string>();

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  overlapping(uri: string, range: Range): readonly Problem[] {
    return this.#others(uri).filter(problem => overlap(problem.range, range));
  }

  documentChanged(uri: string): void {
    const run = this.#runs.get(uri);
    // Once is enough: this comes with every key, and each time makes an error with its stack.
    if (run?.signal.aborted === false) run.abort();
    if (this.#options.client().diagnostics !== 'push') return;
    this.#timers.get(uri)?.cancel();
    const timer = this.#options.services().clock.after(SETTLE_MS, () => {
      this.#timers.delete(uri);
      this.#publish(uri)
        .then(() => this.#publishChangeSets(uri))
        .catch((error: unknown) => this.#options.failed('diagnostics', error));
    });
    this.#timers.set(uri, timer);
  }

  /** What the hunks of open change-sets are worth depends on other documents. */
  async #publishChangeSets(changed: string): Promise<void> {
    const isOne = (uri: string) => documentKind(uri) === 'changeSet' && uri !== changed;
    for (const { uri } of this.#options.documents.all())
      if (isOne(uri) && !this.#timers.has(uri)) await this.#publish(uri);
  }

  /** Other hints of these documents are new or gone; what the analysis finds is not asked for earlier than usual. */
  hintsChanged(uris: readonly string[]): void {
    const { client, connection, documents } = this.#options;
    if (client().diagnostics === 'pull') {
      if (client().diagnosticRefresh) connection.sendRequest('workspace/diagnostic/refresh').catch(() => {});
      return;
    }
    for (const uri of uris) if (documents.get(uri) && !this.#timers.has(uri)) this.documentChanged(uri);
  }

  documentClosed(uri: string): void {
    this.#timers.get(uri)?.cancel();
    this.#timers.delete(uri);
    this.#runs.get(uri)?.abort();
    this.#runs.delete(uri);
    this.#forwarded.delete(uri);
    this.#seen.delete(uri);
    if (this.#published.delete(uri)) this.#send(uri, undefined, []);
  }

  /** What the project's checkers said of these documents is new or gone. */
  checked(uris: readonly string[]): void {
    const { client, documents, services } = this.#options;
    this.hintsChanged(uris);
    if (client().diagnostics !== 'push') return;
    for (const uri of uris) {
      if (documents.get(uri)) continue;
      const diagnostics = services().settings().checks.publish
        ? services().checks.problems(uri).slice(0, MAX_CHECKED).map(checkedDiagnostic)
        : [];
      this.#send(uri, undefined, diagnostics);
    }
  }

  /** The settings changed, and with them perhaps what the index holds. */
  reconfigured(): void {
    this.#indexAwaited = false;
    this.refreshAll();
  }

  /** The session is over. */
  end(): void {
    this.#ended.abort();
    for (const timer of this.#timers.values()) timer.cancel();
    for (const run of this.#runs.values()) run.abort();
    this.#timers.clear();
    this.#runs.clear();
  }

  /** The whole set of other servers' diagnostics of a document, as the thin Neovim client forwards it. */
  othersForwarded(uri: string, diagnostics: readonly Diagnostic[]): void {
    if (!this.#options.documents.get(uri)) return;
    this.#forwarded.set(uri, foreignProblems(diagnostics));
    this.documentChanged(uri);
  }

  /** Diagnostics that came with a code action request: all of them in Helix, in other clients ours alone. */
  othersSeen(uri: string, range: Range, diagnostics: readonly Diagnostic[]): void {
    const known = this.#seen.get(uri) ?? [];
    const elsewhere = known.filter(({ problem }) => !overlap(problem.range, range));
    const here = foreignProblems(diagnostics).map(problem => ({ problem, line: this.#lineOf(uri, problem) }));
    const next = [...elsewhere, ...here];
    this.#seen.set(uri, next);
    if (JSON.stringify(next) !== JSON.stringify(known)) this.documentChanged(uri);
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
    if (autonomy < 1 || !documents.get(uri)) return [];
    const ours = await ownDocument(this.#options.services(), uri);
    if (ours) {
      const wrong = await ours.language.problems(ours.document, this.#options.services(), signal);
      return wrong.map(({ range, message, hint }) => ({
        range,
        message: plain(message),
        severity: hint ? DiagnosticSeverity.Hint : DiagnosticSeverity.Warning,
        source: SOURCE,
      }));
    }
    // A cell is a part of a program: what it does not define another one does.
    const others = this.#others(uri);
    const apart = (range: Range) => !others.some(other => overlap(other.range, range));
    const checked = this.#checked(uri).filter(({ range }) => apart(range));
    if (!diagnostics.enabled || isCell(uri))
      return [...checked.map(checkedDiagnostic), ...this.#options.hints(uri)];
    const findings = await analysis.findings(uri, signal);
    this.#againWhenIndexed();
    const own = findings
      .filter(({ range }) => apart(range) && !checked.some(other => overlap(other.range, range)))
      .slice(0, MAX_FINDINGS)
      .map(toDiagnostic);
    return [...checked.map(checkedDiagnostic), ...own, ...this.#options.hints(uri)];
  }

  #checked(uri: string): readonly CheckProblem[] {
    const { checks, settings } = this.#options.services();
    return settings().checks.publish ? checks.problems(uri).slice(0, MAX_CHECKED) : [];
  }

  /** Findings from half an index are made again when the walk over the workspace is done. */
  #againWhenIndexed(): void {
    if (this.#indexAwaited) return;
    this.#indexAwaited = true;
    this.#options
      .services()
      .indexed(this.#ended.signal)
      .then(() => this.refreshAll())
      .catch(() => (this.#indexAwaited = false));
  }

  /** Other servers' problems; what came with a menu counts only as long as its line is what it was. */
  #others(uri: string): readonly Problem[] {
    const seen = (this.#seen.get(uri) ?? []).filter(
      ({ problem, line }) => line === this.#lineOf(uri, problem),
    );
    return [...(this.#forwarded.get(uri) ?? []), ...seen.map(({ problem }) => problem)];
  }

  #lineOf(uri: string, { range }: Problem): string {
    return this.#options.documents.get(uri)?.lineAt(range.start.line) ?? '';
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

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

function checkedDiagnostic({ range, message, severity, source, code, url }: CheckProblem): Diagnostic {
  return {
    range,
    // An address is shown and never opened by itself, whatever the client does with links.
    message: plain(url === undefined ? message : `${message}\n${url}`),
    severity: SEVERITIES[severity],
    source: sourceOf(source),
    ...(code === undefined ? {} : { code }),
  };
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
