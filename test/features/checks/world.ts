/** A trusted folder in memory with scripted programs: what is run is written down, what they say is given. */
import type { DocumentChange, Progress } from '../../../server/base/host.ts';
import { Document } from '../../../server/base/document.ts';
import { ProjectChecks } from '../../../server/features/checks/checks.ts';
import { WorkspacePlaces } from '../../../server/features/places.ts';
import type { Command, Ran, Runner } from '../../../server/sandbox/command.ts';
import { createMemoryMachine, type MemoryMachine, type Planted } from '../../support/memoryMachine.ts';

/** What a program does: the beginning of its answer, or work that ends with one. */
export type Script = (command: Command, signal: AbortSignal) => Partial<Ran> | Promise<Partial<Ran>>;

export const FOLDER = '/w';

export class CheckWorld {
  readonly machine: MemoryMachine;
  readonly documents = new Map<string, Document>();
  readonly ran: Command[] = [];
  readonly changed: string[][] = [];
  readonly checks: ProjectChecks;
  trusted = true;
  /** What the pre-flight says of a formatted edit. */
  sound = true;

  constructor(files: Readonly<Record<string, Planted>>, script: Script) {
    const planted = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [`${FOLDER}/${name}`, text]),
    );
    const programs = ['python3', 'shellcheck', 'gofmt', 'cc', 'gcc'].map(
      name => [`/usr/bin/${name}`, ''] as const,
    );
    this.machine = createMemoryMachine({
      files: { ...Object.fromEntries(programs), ...planted },
      variables: { PATH: '/usr/bin:relative:/w/bin' },
    });
    const runner: Runner = {
      isolation: () => Promise.resolve('none'),
      run: async (command, signal) => {
        this.ran.push(command);
        const said = signal.aborted ? { ending: 'aborted' as const } : await script(command, signal);
        return {
          code: 0,
          ending: 'exit',
          stdout: '',
          stderr: '',
          truncated: false,
          durationMs: 1,
          isolation: 'none',
          ...said,
        };
      },
    };
    const places = new WorkspacePlaces();
    places.changeFolders([`file://${FOLDER}`], []);
    this.checks = new ProjectChecks({
      machine: this.machine,
      documents: {
        get: uri => this.documents.get(uri),
        all: () => [...this.documents.values()],
        isDesynchronised: () => false,
      },
      places,
      analysis: { preflight: async () => ({ ok: this.sound, problems: [], syntaxChecked: true }) },
      trusted: () => Promise.resolve(this.trusted),
      changed: uris => this.changed.push([...uris]),
      runner,
    });
  }

  uri(name: string): string {
    return `file://${FOLDER}/${name}`;
  }

  open(name: string, text = this.machine.textOf(`${FOLDER}/${name}`) ?? ''): Document {
    const document = new Document(this.uri(name), 'x', 1, text);
    this.documents.set(document.uri, document);
    return document;
  }

  /** The change that makes the open document another text, as one edit. */
  change(name: string, text: string): DocumentChange {
    const document = this.documents.get(this.uri(name)) as Document;
    const end = document.positionAt(document.length);
    return {
      uri: document.uri,
      version: document.version,
      edits: [{ range: { start: { line: 0, character: 0 }, end }, newText: text }],
    };
  }

  /** `path:line:column message` of everything that is known of some files. */
  said(...names: readonly string[]): readonly string[] {
    return names.flatMap(name =>
      this.checks
        .problems(this.uri(name))
        .map(
          ({ range, message, source }) =>
            `${name}:${range.start.line}:${range.start.character} ${source} ${message}`,
        ),
    );
  }
}

export const progress: Progress = { signal: new AbortController().signal, report: () => {}, done: () => {} };
