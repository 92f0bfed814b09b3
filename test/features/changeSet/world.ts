/** A change-set in an editor in memory: what a person does with it, and what becomes of the files. */
import { URI } from 'vscode-uri';
import { defaultSettings } from '../../../server/config/settings.ts';
import type { Change, Host } from '../../../server/base/host.ts';
import type { Position, Range } from 'vscode-languageserver-textdocument';
import { CHANGE_SET_ACTIONS } from '../../../server/features/changeSet/acts.ts';
import { ActionError, type Place } from '../../../server/features/actions/action.ts';
import { changeSetLanguage } from '../../../server/features/changeSet/language.ts';
import { ChangeSetMemory } from '../../../server/features/changeSet/memory.ts';
import { showChangeSet } from '../../../server/features/changeSet/show.ts';
import type { RecordedChanges } from '../../../server/features/changes/changes.ts';
import type { Services } from '../../../server/features/services.ts';
import type { ChangedFile } from '../../../server/edits/changeSet/write.ts';
import { createReadGate } from '../../../server/guard/readGate.ts';
import { World } from '../changes/world.ts';

export class ChangeSetWorld extends World {
  readonly said: string[] = [];
  changes: RecordedChanges;
  #memory = new ChangeSetMemory();
  #sessions = 0;
  /** The document, once it is shown. */
  set = '';

  constructor(files: Readonly<Record<string, string>> = {}) {
    super(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/w/${path}`, text])));
    this.changes = this.session('s0');
  }

  get services(): Services {
    const { files, clock, log, environment } = this.machine;
    const host: Partial<Host> = {
      apply: (change: Change) => this.hostApply(change),
      open: () => Promise.resolve(true),
      tell: (_, message) => void this.said.push(message),
    };
    const gate = createReadGate({ files, clock, environment, roots: ['/w'] });
    return {
      host,
      files,
      clock,
      log,
      gate: () => gate,
      settings: () => defaultSettings,
      places: this.places,
      changes: this.changes,
      changeSets: this.#memory,
      documents: {
        get: (uri: string) => this.documents.get(uri),
        all: () => [...this.documents.values()],
        isDesynchronised: () => false,
      },
    } as unknown as Services;
  }

  /** Shows a change and opens its document. */
  async show(files: readonly ChangedFile[]): Promise<void> {
    const shown = await showChangeSet(this.services, {
      title: 'test it',
      origin: 'a model',
      base: 'now',
      files,
      near: 'file:///w/x',
    });
    if (!shown.ok) throw new Error(shown.why);
    this.use(URI.parse(shown.uri).fsPath);
  }

  use(path: string): void {
    this.set = URI.file(path).toString();
    if (!this.documents.get(this.set)) this.open(path, this.machine.textOf(path) ?? '');
  }

  get setText(): string {
    return this.documents.get(this.set)?.getText() ?? '';
  }

  /** Titles of what is offered at a line, by command. */
  offers(line: number): ReadonlyMap<string, string> {
    const document = this.documents.get(this.set);
    const range = at({ line, character: 0 });
    const place = { document, range } as unknown as Place;
    return new Map(
      CHANGE_SET_ACTIONS.flatMap(action =>
        action.offers(place, this.services).map(({ title }) => [action.command.slice(9), title]),
      ),
    );
  }

  /** Runs a command at a line of the document; what it says to the person is kept. */
  async act(command: string, line: number): Promise<boolean> {
    const action = CHANGE_SET_ACTIONS.find(each => each.command === `codriver.${command}`);
    if (!action) throw new Error(`no action ${command}`);
    const progress = { signal: new AbortController().signal, report: () => {}, done: () => {} };
    const target = { uri: this.set, range: at({ line, character: 0 }) };
    const work = action.apply(target, this.services, progress);
    const failure: unknown = await this.passing(
      work.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    if (failure === undefined) return true;
    if (!(failure instanceof ActionError)) throw failure;
    this.said.push(failure.message);
    return false;
  }

  async problems(): Promise<readonly string[]> {
    const document = this.documents.get(this.set);
    const found = document
      ? await changeSetLanguage.problems(document, this.services, new AbortController().signal)
      : [];
    return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
  }

  /** Another server's life: nothing is known but what is stored and what stands in documents. */
  async restart(): Promise<void> {
    await this.changes.settled();
    this.changes = this.session(`s${++this.#sessions}`);
    this.#memory = new ChangeSetMemory();
  }
}

function at(position: Position): Range {
  return { start: position, end: position };
}
