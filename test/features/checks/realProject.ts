/** A project on disk for the checkers and formatters that are really on this machine. */
import assert from 'node:assert/strict';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Document } from '../../../server/base/document.ts';
import { createNodeMachine } from '../../../server/base/node.ts';
import { ProjectChecks } from '../../../server/features/checks/checks.ts';
import { WorkspacePlaces } from '../../../server/features/places.ts';
import { progress } from './world.ts';
import { applyEdits } from '../../../server/edits/lines.ts';

const modules = join(import.meta.dirname, '..', '..', '..', 'node_modules');

export interface Case {
  readonly tool: string;
  /** A program of ours, or one on PATH; without it the case is skipped. */
  readonly needs: string;
  readonly files: Readonly<Record<string, string>>;
  readonly file: string;
  /** What is marked, with the line in front. */
  readonly marked: readonly string[];
}

export function program(name: string): string | undefined {
  const own = join(modules, '.bin', name);
  const places = [own, ...(process.env['PATH'] ?? '').split(delimiter).map(folder => join(folder, name))];
  return places.find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'codriver-checks-')));
  readonly documents = new Map<string, Document>();
  readonly checks: ProjectChecks;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
    symlinkSync(modules, join(this.folder, 'node_modules'));
    const places = new WorkspacePlaces();
    places.changeFolders([pathToFileURL(this.folder).href], []);
    this.checks = new ProjectChecks({
      machine: createNodeMachine({ level: 'error', file: join(this.folder, 'log') }),
      documents: {
        get: uri => this.documents.get(uri),
        all: () => [...this.documents.values()],
        isDesynchronised: () => false,
      },
      places,
      analysis: { preflight: () => Promise.resolve({ ok: true, problems: [], syntaxChecked: true }) },
      trusted: () => Promise.resolve(true),
      changed: () => {},
    });
  }

  open(name: string, text: string): Document {
    const document = new Document(pathToFileURL(join(this.folder, name)).href, 'x', 1, text);
    this.documents.set(document.uri, document);
    return document;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One test a case; what is not installed is skipped. */
export function testCheckers(cases: readonly Case[]): void {
  for (const { tool, needs, files, file, marked } of cases) {
    it(`${tool} marks its place`, async function () {
      if (!program(needs)) return this.skip();
      const project = new Project(files);
      try {
        const document = project.open(file, files[file] ?? '');
        const results = await project.checks.run(document.uri, 'file', progress);
        const mine = results.find(each => each.tool === tool);
        assert.ok(mine && mine.why === undefined, JSON.stringify(results));
        const shown = project.checks
          .problems(document.uri)
          .filter(({ source }) => source === tool)
          .map(({ range }) => `${range.start.line}:${document.getText(range)}`);
        for (const each of marked)
          assert.ok(shown.includes(each), `${each} is not in ${JSON.stringify(shown)}`);
      } finally {
        project.dispose();
      }
    });
  }
}

/** One test a formatter: what is formatted of an edit that makes the file another text. */
export function testFormatters(
  formatters: readonly (readonly [
    tool: string,
    files: Readonly<Record<string, string>>,
    file: string,
    edited: string,
    expected: string,
  ])[],
): void {
  for (const [tool, files, file, edited, expected] of formatters) {
    it(`${tool} formats what was edited`, async function () {
      if (!program(tool)) return this.skip();
      const project = new Project(files);
      try {
        const document = project.open(file, files[file] ?? '');
        const range = { start: { line: 0, character: 0 }, end: document.positionAt(document.length) };
        const change = { uri: document.uri, version: 1, edits: [{ range, newText: edited }] };
        const [formatted] = await project.checks.format([change], progress.signal);
        assert.equal(applyEdits(document.getText(), formatted?.edits ?? []), expected);
      } finally {
        project.dispose();
      }
    });
  }
}
