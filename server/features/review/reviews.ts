/**
 * The findings that stand in open documents: moved with edits around them, gone when their own lines are edited,
 * never back once dismissed. It must not know who finds them or how they are drawn.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Settings } from '../../config/settings.ts';
import type { Dismissals } from '../../store/dismissals.ts';
import { byWorth, contentKey, type ReviewFinding } from './finding.ts';
import { moveThrough, type TextChange } from './moved.ts';

export interface ReviewPorts {
  readonly settings: () => Settings;
  readonly documents: { get(uri: string): Document | undefined };
  readonly displayPath: (uri: string) => string;
  readonly dismissals: Dismissals;
}

/** What features may do with findings. */
export interface ShownReviews {
  /** Those that overlap the range's lines, the worst first. */
  at(uri: string, range: Range): readonly ReviewFinding[];
  /** What is worth showing of what was found: sure enough, not dismissed, at most so many per file, worst first. */
  choose(findings: readonly ReviewFinding[]): Promise<readonly ReviewFinding[]>;
  /** Replaces what stands in a document within the range (absent: all of it); those that no longer fit are left out. */
  show(uri: string, findings: readonly ReviewFinding[], range?: Range): void;
  dismiss(finding: ReviewFinding, reason: string): Promise<void>;
}

export class Reviews implements ShownReviews {
  readonly #ports: ReviewPorts;
  readonly #shown = new Map<string, readonly ReviewFinding[]>();
  /** Told of documents in which other findings stand now, but not of those that an edit moved. */
  changed: (uris: readonly string[]) => void = () => {};

  constructor(ports: ReviewPorts) {
    this.#ports = ports;
  }

  shown(uri: string): readonly ReviewFinding[] {
    return this.#shown.get(uri) ?? [];
  }

  at(uri: string, { start, end }: Range): readonly ReviewFinding[] {
    return this.shown(uri)
      .filter(({ range }) => range.start.line <= end.line && range.end.line >= start.line)
      .toSorted(byWorth);
  }

  async choose(findings: readonly ReviewFinding[]): Promise<readonly ReviewFinding[]> {
    const { review } = this.#ports.settings();
    const sure = findings.filter(({ confidence }) => confidence * 100 >= review.threshold).toSorted(byWorth);
    const counts = new Map<string, number>();
    const seen = new Set<string>();
    const chosen: ReviewFinding[] = [];
    for (const finding of sure) {
      const count = counts.get(finding.uri) ?? 0;
      const place = `${finding.uri} ${finding.range.start.line} ${finding.category}`;
      if (count >= review.maxPerFile || seen.has(place)) continue;
      if (await this.#ports.dismissals.has(this.#keyOf(finding))) continue;
      seen.add(place);
      counts.set(finding.uri, count + 1);
      chosen.push(finding);
    }
    return chosen;
  }

  show(uri: string, findings: readonly ReviewFinding[], range?: Range): void {
    const document = this.#ports.documents.get(uri);
    if (!document) return;
    const elsewhere = range
      ? this.shown(uri).filter(
          each => each.range.end.line < range.start.line || each.range.start.line > range.end.line,
        )
      : [];
    const fitting = findings.flatMap(finding => {
      const settled = settle(finding, document);
      return settled ? [settled] : [];
    });
    this.#set(uri, [...elsewhere, ...fitting]);
    this.changed([uri]);
  }

  async dismiss(finding: ReviewFinding, reason: string): Promise<void> {
    const key = this.#keyOf(finding);
    await this.#ports.dismissals.add(key, reason);
    this.#set(
      finding.uri,
      this.shown(finding.uri).filter(each => this.#keyOf(each) !== key),
    );
    this.changed([finding.uri]);
  }

  /** What an edit does to the places, in the order in which the changes came. */
  documentChanged(uri: string, changes: readonly TextChange[]): void {
    const shown = this.#shown.get(uri);
    if (!shown) return;
    const document = this.#ports.documents.get(uri);
    const moved = shown.flatMap(finding => {
      let range: Range | undefined = finding.range;
      for (const change of changes) {
        // The whole text is new: then its code must be found in it again.
        if (!change.range) return (document && settle(finding, document)) ?? [];
        range = range && moveThrough(range, change);
      }
      return range ? [range === finding.range ? finding : { ...finding, range }] : [];
    });
    this.#set(uri, moved);
  }

  documentClosed(uri: string): void {
    this.#shown.delete(uri);
  }

  #keyOf(finding: ReviewFinding): string {
    return contentKey(finding, this.#ports.displayPath(finding.uri));
  }

  #set(uri: string, findings: readonly ReviewFinding[]): void {
    if (findings.length > 0) this.#shown.set(uri, findings);
    else this.#shown.delete(uri);
  }
}

/** The finding where its code stands now: where it was, else at the only place that holds it. */
function settle(finding: ReviewFinding, document: Document): ReviewFinding | undefined {
  if (document.getText(finding.range) === finding.code) return finding;
  const text = document.getText();
  const at = text.indexOf(finding.code);
  if (at < 0 || finding.code === '' || text.indexOf(finding.code, at + 1) >= 0) return undefined;
  const range = { start: document.positionAt(at), end: document.positionAt(at + finding.code.length) };
  return { ...finding, range };
}
