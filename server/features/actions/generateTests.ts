/**
 * Generate tests: the model writes them in the project's framework and style, and only those are kept that build, pass
 * three times in a row and notice a fault. In a folder that is not trusted nothing runs, and they are only shown.
 */
import { join } from 'node:path';
import type { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import { check } from '../../edits/check.ts';
import { readFences } from '../../edits/fences.ts';
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import { findSecrets } from '../../guard/secrets.ts';
import { type TestsPrompt, generateTestsPrompt } from '../../prompts/generateTests.ts';
import { retryPrompt } from '../../prompts/retry.ts';
import { familyOf } from '../generateTests/families.ts';
import type { Project } from '../generateTests/project.ts';
import type { Verdict } from '../generateTests/validate.ts';
import type { Services } from '../services.ts';
import { type Action, type ActionArguments, ActionError, documentFor } from './action.ts';
import { chat, requireEngine } from './askModel.ts';
import { checkNewFile } from './newFile.ts';
import { promptFor } from './promptFor.ts';

const TESTED = new Set(['function', 'method', 'class']);
/** Tokens that an answer may have. */
const MAX_TESTS_TOKENS = 6_000;
/** What the runs of one request may take together, in ms, and how many there may be. */
const MOST_MS = 5 * 60_000;
const MOST_RUNS = 80;
/** What a model is told of failing tests, in UTF-16 units. */
const MAX_TOLD = 5_000;
const MAX_TEST_FILE_BYTES = 256 * 1024;

/** The name of the document that says what became of the tests. */
const REPORT = 'generated-tests.md';

/** A file of tests as it is now. */
interface TestFile {
  readonly uri: string;
  readonly path: string;
  readonly text: string | undefined;
  /** Null if it is not open. */
  readonly version: number | null;
}

export const generateTests: Action = {
  command: 'codriver.generateTests',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.58,
  progress: 'Generating tests',

  offers({ document, declaration, noModel }, { places }) {
    const path = places.pathOf(document.uri);
    if (!declaration || !TESTED.has(declaration.kind) || path === undefined || !familyOf(path)) return [];
    const what = declaration.name ? `'${declaration.name}'` : `this ${declaration.kind}`;
    return [
      {
        title: `Generate tests for ${what}`,
        arguments: { uri: document.uri, range: declaration.range },
        generated: true,
        ...(noModel ? { disabled: noModel } : {}),
      },
    ];
  },

  async apply(target, services, progress) {
    const document = documentFor(services, target.uri);
    const { files, places } = services;
    const path = places.pathOf(target.uri);
    const folder = places.folderOf(target.uri);
    if (path === undefined || folder === undefined || !path.startsWith(folder))
      throw new ActionError(
        'Tests are made for files in a workspace folder. Save this one into a folder first.',
      );
    const engine = requireEngine(services);
    const { survey } = await lazy();
    progress.report('looking how this project tests');
    const project = await survey(files, path, folder, progress.signal);
    if ('refused' in project) throw new ActionError(project.refused);
    await new Generation(services, document, target, project, engine, progress).run(folder);
  },
};

const lazy = () => import('../generateTests/generate.ts');

class Generation {
  readonly #services: Services;
  readonly #document: Document;
  readonly #target: ActionArguments;
  readonly #project: Project;
  readonly #engine: Engine;
  readonly #progress: Progress;
  #subject = 'the selection';

  constructor(
    services: Services,
    document: Document,
    target: ActionArguments,
    project: Project,
    engine: Engine,
    progress: Progress,
  ) {
    this.#services = services;
    this.#document = document;
    this.#target = target;
    this.#project = project;
    this.#engine = engine;
    this.#progress = progress;
  }

  async run(folder: string): Promise<void> {
    const { analysis, git, host, programs } = this.#services;
    const { signal } = this.#progress;
    const seen = { text: this.#document.getText(), range: this.#target.range };
    const declaration = await analysis
      .declarationAt(this.#target.uri, seen.range, signal)
      .catch(() => undefined);
    if (declaration?.name !== undefined) this.#subject = declaration.name;
    const file = await this.#testFile();
    const trusted = (await programs.trusted(folder)) || (await git.askTrust(folder));
    const messages = await this.#prompt(file);
    const code = await this.#ask(messages, file);
    const why = trusted
      ? await this.#mayNotRun()
      : 'running programs needs a folder that you trust (codriver.trust).';
    if (why !== undefined) {
      const { notRunText } = await lazy();
      await host.showText(REPORT, notRunText(code, this.#project, this.#subject, why));
      return;
    }
    const { verdict, text } = await this.#tryOut(code, messages, file, seen);
    if (verdict.text === undefined) {
      await host.showText(REPORT, text);
      throw new ActionError(
        'No generated test was good enough, so nothing was changed. The report says why.',
      );
    }
    await this.#give(verdict.text, file, text);
    const { summary } = await lazy();
    host.tell('info', `Codriver: ${summary(verdict, this.#project.home.path)}`);
    await host.showText(REPORT, text);
  }

  /** Where nothing confines programs, each request is asked about. */
  async #mayNotRun(): Promise<string | undefined> {
    const { host, programs } = this.#services;
    if ((await programs.runner.isolation()) !== 'none') return undefined;
    const run = 'Run them';
    const answer = await host.ask(
      'Codriver: nothing on this system confines programs. Run the generated tests all the same, with your own rights?',
      [run, 'Do not run them'],
    );
    return answer === run
      ? undefined
      : 'nothing on this system confines programs, and you did not say that they may run without.';
  }

  async #testFile(): Promise<TestFile> {
    const { documents, files, gate, places } = this.#services;
    const { home, root, sourcePath } = this.#project;
    // Where tests stand in the file that they test, it is that very document.
    const path = join(root, home.path);
    const uri = home.path === sourcePath ? this.#document.uri : places.uriOf(path);
    const open = documents.get(uri);
    if (open) return { uri, path, text: open.getText(), version: open.version };
    if (!home.exists) {
      await checkNewFile(this.#services, uri);
      return { uri, path, text: undefined, version: null };
    }
    const verdict = await gate().check(path);
    if (!verdict.allowed) throw new ActionError(`${home.path} is left alone because ${verdict.why}.`);
    const read = await files.readText(path, MAX_TEST_FILE_BYTES);
    if (!read.ok) throw new ActionError(`${home.path} cannot be read, so no tests can be added to it.`);
    return { uri, path, text: read.text, version: null };
  }

  async #prompt(file: TestFile): Promise<readonly ChatMessage[]> {
    const { files, gate, redactor } = this.#services;
    const { framework, home, root } = this.#project;
    const context = await promptFor(
      this.#services,
      this.#document,
      this.#target,
      this.#engine,
      this.#progress.signal,
    );
    let example: TestsPrompt['example'];
    if (home.example !== undefined && home.example !== home.path) {
      const path = join(root, home.example);
      const read = (await gate().check(path)).allowed
        ? await files.readText(path, MAX_TEST_FILE_BYTES)
        : undefined;
      if (read?.ok) example = { path: redactor.redact(home.example), text: redactor.redact(read.text) };
    }
    const isOwn = file.uri === this.#document.uri;
    return generateTestsPrompt({
      ...context,
      symbol: redactor.redact(this.#subject),
      framework: framework.id,
      testPath: redactor.redact(home.path),
      ...(file.text === undefined || isOwn ? {} : { existing: redactor.redact(file.text) }),
      ...(example ? { example } : {}),
    });
  }

  /** One answer's code, looked at like any text of a model before anything is done with it. */
  async #ask(messages: readonly ChatMessage[], file: TestFile): Promise<string> {
    const { text } = await chat(this.#engine, messages, MAX_TESTS_TOKENS, this.#progress);
    const { blocks, unclosed } = readFences(text.split(/\r\n|\r|\n/));
    const [block] = [...blocks].sort((a, b) => b.length - a.length);
    if (!block || unclosed)
      throw new ActionError(`${this.#engine.name} wrote no tests: there is no block of code in its answer.`);
    const restored = this.#services.redactor.restore(`${block.join('\n')}\n`);
    if (!restored.ok) throw new ActionError(`The tests were not used: ${restored.why}.`);
    const start = { line: 0, character: 0 };
    const checked = check({
      path: this.#project.home.path,
      before: '',
      edits: [{ range: { start, end: start }, newText: restored.text }],
      findSecrets,
    });
    if (!checked.ok) throw new ActionError(`The tests were not used: ${checked.reason}`);
    if (this.#document.uri === file.uri || file.text === undefined || file.text !== restored.text)
      return restored.text;
    throw new ActionError(`${this.#engine.name} sent the test file as it is, so nothing was changed.`);
  }

  async #tryOut(
    code: string,
    messages: readonly ChatMessage[],
    file: TestFile,
    seen: { readonly text: string; readonly range: ActionArguments['range'] },
  ): Promise<{ readonly verdict: Verdict; readonly text: string }> {
    const { analysis, clock, documents, files, places, programs } = this.#services;
    const { signal } = this.#progress;
    const { copyPackage, createRunTests, reportText, validate } = await lazy();
    this.#progress.report('copying the package');
    const unsaved = new Map<string, string>();
    for (const each of documents.all()) {
      const path = places.pathOf(each.uri);
      if (path !== undefined && !documents.isDesynchronised(each.uri)) unsaved.set(path, each.getText());
    }
    const copy = await copyPackage(files, programs.scratch, this.#project.root, unsaved, signal);
    if ('refused' in copy) throw new ActionError(`The tests were not run: ${copy.refused}.`);
    try {
      const confined = (await programs.runner.isolation()) !== 'none';
      const run = createRunTests({
        runner: programs.runner,
        files,
        project: this.#project,
        copy,
        confined,
        signal,
      });
      const judge = (candidate: string) =>
        validate(
          {
            analysis,
            clock,
            run,
            project: this.#project,
            source: { ...seen, languageId: this.#document.languageId },
            existing: file.text,
            budget: { until, runs: MOST_RUNS },
            report: message => this.#progress.report(message),
            signal,
          },
          candidate,
        );
      const until = clock.now() + MOST_MS;
      let verdict = await judge(code);
      if (lost(verdict) && clock.now() < until)
        verdict = better(verdict, await this.#again(code, messages, file, verdict, judge));
      const text = reportText(verdict, this.#project, this.#subject, { ...run.told(), runs: run.count() });
      return { verdict, text };
    } catch (error) {
      if (signal.aborted) throw new ActionError('Cancelled.');
      throw error;
    } finally {
      await copy.folder.dispose();
    }
  }

  /** Once more, with what the runs said; a second answer that cannot be used leaves the first. */
  async #again(
    code: string,
    messages: readonly ChatMessage[],
    file: TestFile,
    first: Verdict,
    judge: (code: string) => Promise<Verdict>,
  ): Promise<Verdict> {
    const { redactor } = this.#services;
    const { whyDropped } = await lazy();
    const said = first.tests.flatMap(({ name, dropped }) =>
      dropped ? [`- ${name}: ${whyDropped(dropped)}`] : [],
    );
    const error = `The tests were run, and some are not good enough:\n${said.join('\n')}\n\n${first.output.slice(0, MAX_TOLD)}`;
    const asked = retryPrompt({
      messages,
      reply: redactor.redact(`\`\`\`\n${code}\n\`\`\``),
      error: redactor.redact(error),
      budget: Math.floor(this.#engine.capabilities.contextTokens * 0.7),
    });
    try {
      return await judge(await this.#ask(asked, file));
    } catch (error) {
      if (error instanceof ActionError && !this.#progress.signal.aborted) return first;
      throw error;
    }
  }

  async #give(text: string, file: TestFile, report: string): Promise<void> {
    const { changes, host } = this.#services;
    if (file.text === undefined) await checkNewFile(this.#services, file.uri);
    const start = { line: 0, character: 0 };
    const edits =
      file.text === undefined
        ? [{ range: { start, end: start }, newText: text }]
        : [difference(file.text, text)];
    const { uri, version } = file;
    const create = file.text === undefined ? { create: true } : {};
    const outcome = await changes.apply({
      label: `Codriver: generate tests for ${this.#subject}`,
      documents: [{ uri, version, edits, ...create }],
    });
    if (outcome.applied) return;
    // Minutes of work are not thrown away because somebody typed.
    await host.showText(REPORT, `${report}\n\n## The test file\n\n${fenced(text)}\n`);
    throw new ActionError(`${outcome.message} The tests are shown instead.`);
  }
}

const LOST = new Set([
  'does not build',
  'fails',
  'flaky',
  'hangs',
  'fails beside the others',
  'notices nothing',
]);

function lost({ tests, text }: Verdict): boolean {
  return text === undefined || tests.some(({ dropped }) => dropped !== undefined && LOST.has(dropped));
}

function better(first: Verdict, second: Verdict): Verdict {
  const kept = ({ tests, text }: Verdict) =>
    text === undefined ? 0 : tests.filter(({ dropped }) => dropped === undefined).length;
  return kept(second) > kept(first) ? second : first;
}

/** The one stretch in which two texts differ, in whole lines. */
function difference(before: string, after: string) {
  const old = before.split('\n');
  const now = after.split('\n');
  let from = 0;
  while (from < old.length - 1 && from < now.length - 1 && old[from] === now[from]) from++;
  let tail = 0;
  while (
    tail < old.length - from - 1 &&
    tail < now.length - from - 1 &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail++;
  const last = old.length - 1 - tail;
  return {
    range: { start: { line: from, character: 0 }, end: { line: last, character: (old[last] ?? '').length } },
    newText: now.slice(from, now.length - tail).join('\n'),
  };
}

function fenced(text: string): string {
  const marks = '`'.repeat(Math.max(3, ...Array.from(text.matchAll(/`+/g), run => run[0].length + 1)));
  return `${marks}\n${text}\n${marks}`;
}
