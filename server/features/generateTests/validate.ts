/**
 * Finds out which tests are worth keeping, by running them: they build, pass three times in a row, and each of them
 * notices at least one small fault that is put into the code under test. It must not know models, editors or how
 * programs are confined; results are data, and a budget bounds everything.
 */
import type { Range, TextEdit } from 'vscode-languageserver-textdocument';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Mutant, Mutations } from '../../analysis/mutants/types.ts';
import type { Clock } from '../../base/ports.ts';
import { combine, onlyTests } from './combine.ts';
import type { Project } from './project.ts';
import { resultOf } from './reports.ts';
import type { Outcome, RunTests } from './run.ts';

/** Tests of one answer that are looked at, and faults that are tried. */
const MOST_TESTS = 20;
const MOST_MUTANTS = 16;
/** So many faults are tried even where every test has noticed one already, to say something about the code. */
const LEAST_MUTANTS = 6;
/** Passes in a row that are asked for. */
const PASSES = 3;
/** A fault that makes the tests take this many times as long has hung them. */
const HANG_FACTOR = 4;
const LEAST_HANG_MS = 10_000;

/** What may be spent; both are told in the report. */
export interface Budget {
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly runs: number;
}

export type WhyDropped =
  | 'does not build'
  | 'fails'
  | 'flaky'
  | 'skipped'
  | 'hangs'
  | 'notices nothing'
  | 'not tried'
  | 'name is taken'
  | 'fails beside the others';

export interface TestVerdict {
  readonly name: string;
  readonly dropped?: WhyDropped;
  /** Faults that it noticed. */
  readonly kills: number;
}

export interface MutantVerdict {
  readonly operator: Mutant['operator'];
  /** Counted from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** `useless`: the code did not run with it, so it says nothing. */
  readonly state: 'killed' | 'survived' | 'useless';
}

export interface Verdict {
  readonly tests: readonly TestVerdict[];
  readonly mutants: readonly MutantVerdict[];
  /** The test file with the kept tests in it; undefined when none is kept. */
  readonly text: string | undefined;
  /** What the runs printed about tests that were dropped; for the model and the report. */
  readonly output: string;
}

export interface ValidationParts {
  readonly analysis: Mutations;
  readonly clock: Clock;
  readonly run: RunTests;
  readonly project: Project;
  /** What is tested: the text of the source file, and the part of it. */
  readonly source: { readonly text: string; readonly range: Range; readonly languageId: string };
  /** The test file as it is; undefined where there is none. For Rust, the source itself. */
  readonly existing: string | undefined;
  readonly budget: Budget;
  readonly report: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Judges the tests of one answer. */
export async function validate(parts: ValidationParts, code: string): Promise<Verdict> {
  return new Validation(parts, code).judge();
}

class Validation {
  readonly #parts: ValidationParts;
  readonly #code: string;
  readonly #dropped = new Map<string, WhyDropped>();
  readonly #kills = new Map<string, number>();
  readonly #mutants: MutantVerdict[] = [];
  readonly #outputs: string[] = [];
  #tests: Awaited<ReturnType<Mutations['testCases']>> = [];
  #slowest = 0;

  constructor(parts: ValidationParts, code: string) {
    this.#parts = parts;
    this.#code = code.replace(/\r\n?/g, '\n');
  }

  async judge(): Promise<Verdict> {
    const { analysis, existing, signal } = this.#parts;
    this.#tests = await analysis.testCases(this.#asTestFile(this.#code), signal);
    if (this.#tests.length === 0) {
      this.#outputs.push('No test could be found in the answer: tests need a name that is written out.');
      return this.#verdict(undefined);
    }
    const taken = existing === undefined ? [] : await analysis.testCases(this.#asTestFile(existing), signal);
    const names = new Set(taken.map(({ name }) => name));
    for (const [i, { name }] of this.#tests.entries()) {
      if (names.has(name) || this.#lastName(name, names)) this.#dropped.set(name, 'name is taken');
      names.add(name);
      if (i >= MOST_TESTS) this.#dropped.set(name, 'not tried');
    }
    await this.#build();
    await this.#repeat();
    await this.#mutate();
    for (const name of this.#left())
      if ((this.#kills.get(name) ?? 0) === 0)
        this.#dropped.set(name, this.#isSpent() ? 'not tried' : 'notices nothing');
    return this.#verdict(await this.#whole());
  }

  /** Rust's module around a new test may be called otherwise than the one there is. */
  #lastName(name: string, names: ReadonlySet<string>): boolean {
    const last = name.split(' ').at(-1) ?? name;
    return this.#parts.project.family === 'rust' && [...names].some(each => each.split(' ').at(-1) === last);
  }

  #asTestFile(text: string) {
    const { project, source } = this.#parts;
    return { path: `/${project.home.path}`, languageId: source.languageId, text };
  }

  #left(): readonly string[] {
    return [...new Set(this.#tests.map(({ name }) => name))].filter(name => !this.#dropped.has(name));
  }

  #isSpent(): boolean {
    const { budget, clock, run } = this.#parts;
    return clock.now() >= budget.until || run.count() >= budget.runs;
  }

  /** The test file with these tests alone; the source as it is or with a fault. */
  #text(names: readonly string[], source = this.#parts.source.text): string {
    const { existing, project } = this.#parts;
    const code = onlyTests(this.#code, this.#tests, name => names.includes(name));
    return combine(project.family === 'rust' ? source : existing, code, project.family);
  }

  async #run(
    names: readonly string[],
    fault?: { readonly text: string; readonly timeMs: number },
  ): Promise<Outcome> {
    const { run, project, source, signal } = this.#parts;
    signal.throwIfAborted();
    const text = this.#text(names, fault?.text);
    const inline = project.home.path === project.sourcePath;
    const outcome = await run.run(
      {
        ...(inline ? {} : { [project.sourcePath]: fault?.text ?? source.text }),
        [project.home.path]: text,
      },
      fault?.timeMs,
    );
    if (!fault) this.#slowest = Math.max(this.#slowest, outcome.durationMs);
    return outcome;
  }

  #drop(name: string, why: WhyDropped, output = ''): void {
    this.#dropped.set(name, why);
    if (output.trim() !== '') this.#outputs.push(`${name}: ${why}\n${output}`);
  }

  /** The first run; where not every test has a result, each is run alone. */
  async #build(): Promise<void> {
    const names = this.#left();
    if (names.length === 0 || this.#isSpent()) return;
    this.#parts.report(`running ${names.length} ${names.length === 1 ? 'test' : 'tests'}`);
    const outcome = await this.#run(names);
    if (names.every(name => resultOf(outcome.report, name) !== undefined)) {
      this.#take(names, outcome, 'fails');
      return;
    }
    for (const name of names) {
      if (this.#isSpent()) break;
      const alone = names.length === 1 ? outcome : await this.#run([name]);
      if (resultOf(alone.report, name) !== undefined) this.#take([name], alone, 'fails');
      else this.#drop(name, alone.ending === 'time' ? 'hangs' : 'does not build', alone.output);
    }
  }

  #take(names: readonly string[], { report, output }: Outcome, why: WhyDropped): void {
    let told = false;
    for (const name of names) {
      const result = resultOf(report, name);
      if (result === 'passed') continue;
      this.#drop(name, result === 'skipped' ? 'skipped' : why, told ? '' : output);
      told = true;
    }
  }

  async #repeat(): Promise<void> {
    for (let pass = 2; pass <= PASSES; pass++) {
      const names = this.#left();
      if (names.length === 0 || this.#isSpent()) return;
      this.#parts.report(`running ${names.length === 1 ? 'it' : 'them'} again (${pass} of ${PASSES})`);
      this.#take(names, await this.#run(names), 'flaky');
    }
  }

  async #mutate(): Promise<void> {
    const { analysis, project, report, signal, source } = this.#parts;
    if (this.#left().length === 0 || this.#isSpent()) return;
    const asked = { path: `/${project.sourcePath}`, languageId: source.languageId, text: source.text };
    const mutants = await analysis.mutants(asked, [source.range], MOST_MUTANTS, signal);
    const document = TextDocument.create('file:///source', '', 0, source.text);
    const timeMs = Math.max(LEAST_HANG_MS, HANG_FACTOR * this.#slowest);
    // In the order in which they say most; the analysis gives them in the order of the text.
    for (const [i, mutant] of spread(mutants).entries()) {
      const names = this.#left();
      const waiting = names.filter(name => (this.#kills.get(name) ?? 0) === 0);
      if ((waiting.length === 0 && i >= LEAST_MUTANTS) || this.#isSpent()) return;
      report(`trying fault ${i + 1} of ${mutants.length}`);
      const edit: TextEdit = { range: mutant.range, newText: mutant.newText };
      const text = TextDocument.applyEdits(document, [edit]);
      const state = await this.#try(names, { text, timeMs });
      this.#mutants.push({
        operator: mutant.operator,
        line: mutant.range.start.line + 1,
        before: lineOf(source.text, mutant.range.start.line),
        after: lineOf(text, mutant.range.start.line + (mutant.newText.startsWith('\n') ? 1 : 0)),
        state,
      });
    }
  }

  async #try(
    names: readonly string[],
    fault: { readonly text: string; readonly timeMs: number },
  ): Promise<MutantVerdict['state']> {
    const outcome = await this.#run(names, fault);
    const failed = names.filter(name => resultOf(outcome.report, name) === 'failed');
    for (const name of failed) this.#kills.set(name, (this.#kills.get(name) ?? 0) + 1);
    const silent = names.filter(name => resultOf(outcome.report, name) === undefined);
    if (silent.length === 0 || outcome.ending !== 'time') {
      // Code that does not even load tells nothing of the tests.
      if (silent.length === names.length) return 'useless';
      return failed.length > 0 ? 'killed' : 'survived';
    }
    // Something hangs with this fault: which of them it is, each says alone.
    let killed = failed.length > 0;
    for (const name of silent) {
      if (this.#isSpent()) break;
      if ((this.#kills.get(name) ?? 0) > 0) continue;
      const alone = silent.length === 1 && names.length === 1 ? outcome : await this.#run([name], fault);
      const result = resultOf(alone.report, name);
      if (result === 'passed' || (result === undefined && alone.ending !== 'time')) continue;
      this.#kills.set(name, (this.#kills.get(name) ?? 0) + 1);
      killed = true;
    }
    return killed ? 'killed' : 'survived';
  }

  /** The file as it would be given, run once more: nothing else may be called verified. */
  async #whole(): Promise<string | undefined> {
    for (let tries = 0; tries < 2; tries++) {
      const names = this.#left();
      if (names.length === 0) return undefined;
      this.#parts.report('running what is kept once more');
      const outcome = await this.#run(names);
      const failed = names.filter(name => resultOf(outcome.report, name) !== 'passed');
      if (failed.length === 0) return this.#text(names);
      for (const name of failed) this.#drop(name, 'fails beside the others', outcome.output);
    }
    for (const name of this.#left()) this.#drop(name, 'fails beside the others');
    return undefined;
  }

  #verdict(text: string | undefined): Verdict {
    const names = [...new Set(this.#tests.map(({ name }) => name))];
    return {
      tests: names.map(name => {
        const dropped = this.#dropped.get(name) ?? (text === undefined ? 'not tried' : undefined);
        return { name, kills: this.#kills.get(name) ?? 0, ...(dropped ? { dropped } : {}) };
      }),
      mutants: this.#mutants,
      text,
      output: this.#outputs.join('\n\n'),
    };
  }
}

/** Neighbours are often noticed together, so they do not come one after the other. */
function spread<T>(items: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.round(Math.sqrt(items.length)));
  return Array.from({ length: step }, (_, from) => items.filter((_each, i) => i % step === from)).flat();
}

function lineOf(text: string, line: number): string {
  return (text.split(/\r\n|\r|\n/)[line] ?? '').trim();
}
