/** An editor in memory for tests of changes: open documents, files on disk, and a host that applies like a real one. */
import { URI } from 'vscode-uri';
import { Document } from '../../../server/base/document.ts';
import type { ApplyOutcome, Change, Host } from '../../../server/base/host.ts';
import { RecordedChanges } from '../../../server/features/changes/changes.ts';
import { type ChangeStore, createChangeStore } from '../../../server/features/changes/store.ts';
import { WorkspacePlaces } from '../../../server/features/places.ts';
import { applyEdits } from '../../../server/edits/lines.ts';
import { createMemoryMachine, type MemoryMachine } from '../../support/memoryMachine.ts';

export class World {
  readonly machine: MemoryMachine;
  readonly documents = new Map<string, Document>();
  readonly places = new WorkspacePlaces();
  readonly applied: Change[] = [];
  /** The next applications end so instead. */
  answers: ApplyOutcome[] = [];
  /** Runs just before a change is applied: somebody types while it is on its way. */
  meanwhile: () => void = () => {};
  /** A client that tells of its edits later than it answers. */
  tellsLate = false;
  readonly untold: (() => void)[] = [];

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.machine = createMemoryMachine({ files });
    this.places.changeFolders(['file:///w'], []);
  }

  /** One server's life: a new one knows only what is stored. */
  session(name: string, store: ChangeStore = createChangeStore(this.machine)): RecordedChanges {
    const { files, clock, log } = this.machine;
    const host = { apply: (change: Change) => this.hostApply(change) } as unknown as Host;
    const documents = {
      get: (uri: string) => this.documents.get(uri),
      all: () => [...this.documents.values()],
      isDesynchronised: () => false,
    };
    return new RecordedChanges({
      host,
      documents,
      places: this.places,
      files,
      clock,
      log,
      store,
      session: name,
    });
  }

  uri(path: string): string {
    return URI.file(path).toString();
  }

  open(path: string, text: string): Document {
    const document = new Document(this.uri(path), 'plaintext', 1, text);
    this.documents.set(document.uri, document);
    return document;
  }

  /** The person makes the text another one, by the smallest change between the two. */
  type(path: string, text: string): void {
    const document = this.documents.get(this.uri(path));
    if (!document) return this.machine.plant(path, text);
    const old = document.getText();
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    let tail = 0;
    const most = Math.min(old.length, text.length) - start;
    while (tail < most && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
    const range = { start: document.positionAt(start), end: document.positionAt(old.length - tail) };
    document.update([{ range, text: text.slice(start, text.length - tail) }], document.version + 1);
    if (document.getText() !== text) document.update([{ text }], document.version + 1);
  }

  textOf(path: string): string | undefined {
    return this.documents.get(this.uri(path))?.getText() ?? this.machine.textOf(path);
  }

  /** Lets time pass until something has come to its end. */
  async passing<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const watched = work.finally(() => {
      ended = true;
    });
    while (!ended) await this.machine.advance(50);
    return watched;
  }

  async hostApply(change: Change): Promise<ApplyOutcome> {
    this.meanwhile();
    const scripted = this.answers.shift();
    if (scripted) return scripted;
    for (const { uri, version } of change.documents) {
      if (version !== null && this.documents.get(uri)?.version !== version)
        return { applied: false, why: 'stale', message: 'stale' };
    }
    for (const { uri, edits, delete: deleted } of change.documents) {
      const { fsPath } = URI.parse(uri);
      const document = this.documents.get(uri);
      if (deleted) {
        this.documents.delete(uri);
        this.machine.uproot(fsPath);
      } else if (document) {
        const tell = () => {
          // As clients send them: from the end to the start, so that no position moves.
          const sorted = edits.toSorted(
            (a, b) =>
              b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
          );
          const changes = sorted.map(({ range, newText }) => ({ range, text: newText }));
          document.update(changes, document.version + 1);
        };
        if (this.tellsLate) this.untold.push(tell);
        else tell();
      } else {
        this.machine.plant(fsPath, applyEdits(this.machine.textOf(fsPath) ?? '', edits));
      }
    }
    this.applied.push(change);
    return { applied: true };
  }
}
