/**
 * The prompt for tests of a piece of code, in the project's framework and style; answered with one block of code.
 * Pure; it must not know features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, CAPS, type CodePrompt, codeSections, printable, type Section } from './shared.ts';

const SYSTEM = redacted`You write unit tests. Test what the code promises: ordinary values, the edges, and its errors. Every test asserts results that would be different if the code had a fault; a test that cannot fail is worthless. Tests are small, deterministic and independent of one another: no network, no real time, no files except temporary ones, no randomness. Give every test a name of its own, written out as a plain string or identifier. Use only what the project and the test framework offer.

Answer with exactly one fenced code block. Write every line; never abbreviate code with "..." or comments.`;

/** By the id of the framework, what it expects of a test file. */
const STYLES: Readonly<Record<string, Redacted>> = {
  node: redacted`Use Node's own test runner: import test functions from 'node:test' and assertions from 'node:assert/strict'.`,
  mocha: redacted`Use Mocha's describe and it, with the assertion library that the project's tests use (node:assert/strict if none).`,
  jest: redacted`Use Jest's test or it, and expect.`,
  vitest: redacted`Use Vitest: import test functions and expect from 'vitest', unless the project's tests have them as globals.`,
  pytest: redacted`Use pytest: functions named test_… with plain assert statements.`,
  unittest: redacted`Use Python's unittest: a class derived from unittest.TestCase with methods named test_….`,
  go: redacted`Use Go's testing package: functions func TestName(t *testing.T), in the package of the code.`,
  cargo: redacted`Write functions with #[test] only, without a module around them; they are put into the file's own module of tests, which has "use super::*".`,
  maven: redacted`Use JUnit in the version that the project uses: a class with methods marked @Test.`,
  gradle: redacted`Use JUnit in the version that the project uses: a class with methods marked @Test.`,
};

export interface TestsPrompt extends CodePrompt {
  readonly framework: string;
  /** Where the tests go. */
  readonly testPath: Redacted;
  /** The test file as it is, if it exists. */
  readonly existing?: Redacted;
  /** A test file of the project to write alike. */
  readonly example?: { readonly path: Redacted; readonly text: Redacted };
}

export function generateTestsPrompt(prompt: TestsPrompt): readonly ChatMessage[] {
  const sections: Section[] = [];
  if (prompt.example)
    sections.push({
      title: redacted`a test file of this project, for its style`,
      path: prompt.example.path,
      text: prompt.example.text,
      cap: CAPS.context,
      importance: 2.5,
    });
  sections.push(...codeSections(prompt));
  if (prompt.existing !== undefined)
    sections.push({
      title: redacted`the test file as it is`,
      path: prompt.testPath,
      text: prompt.existing,
      cap: CAPS.selection,
      importance: 3.5,
    });
  const subject = prompt.symbol === undefined ? redacted`the selection` : redacted`\`${prompt.symbol}\``;
  const where =
    prompt.existing === undefined
      ? redacted`They become the new file "${printable(prompt.testPath)}": write it whole, with its imports.`
      : redacted`They are added to "${printable(prompt.testPath)}": write the imports that they need and the new tests only, under names that the file does not have.`;
  const style = STYLES[prompt.framework] ?? redacted``;
  const question = redacted`Write tests for ${subject} of the ${prompt.language} file "${printable(prompt.path)}". ${style} ${where}`;
  return assemble(SYSTEM, sections, question, prompt.budget);
}
