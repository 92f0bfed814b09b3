/**
 * The words of the question whether a check may be believed: what was changed, and what is wrong with the checks. Plain
 * data. It must not know how programs are run nor who asks.
 */

/** A file of the change by its texts; absent: there is none. What is no text is not among them. */
export interface TextChange {
  /** Relative, with `/`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What is wrong with a check. Each is told in words by the finding's message. */
export type FindingKind =
  /** Tests are skipped, or others are by an `only`. */
  | 'skip'
  /** Assertions are gone. */
  | 'assertion'
  /** An assertion asks for less than before. */
  | 'loosened'
  /** An assertion that cannot fail. */
  | 'trivial'
  | 'tests-removed'
  | 'snapshot'
  /** A limit in numbers asks for less: timeouts, tolerances, thresholds, retries. */
  | 'limit'
  /** A rule of a checker is switched off, in the code or in its configuration. */
  | 'suppression'
  /** A failure no longer fails: exit codes and errors that are swallowed. */
  | 'swallowed'
  /** The unit under test is replaced by a stand-in. */
  | 'mock'
  /** CI, scripts or configuration no longer run a check, or run it on less. */
  | 'check-removed'
  /** Fewer tests ran than on the base. */
  | 'reach'
  /** Passes with faults in the changed code. */
  | 'blind'
  /** The changed code is not run. */
  | 'not-executed'
  /** The tests of a fix pass without the fix. */
  | 'not-red-first'
  /** A check writes to the files that it checks. */
  | 'writes'
  /** Failed, and passed on the same tree. */
  | 'flaky';

/** Something wrong with a check, at a place in the result; the data of a diagnostic. */
export interface Finding {
  readonly kind: FindingKind;
  /** Relative, with `/`; '' where no file is meant. */
  readonly path: string;
  /** From 1: a line of the result, or of the base where `gone`. Absent: the file as a whole. */
  readonly line?: number;
  /** The line is one of the base. */
  readonly gone?: true;
  /** A sentence for the person; names from files stand in it between code marks and hold none. */
  readonly message: string;
  /** Nothing is called verified with it. Others are only told. */
  readonly blocks: boolean;
}

/** A stranger's words in one of our sentences: a code span of one line that nothing in it can leave. */
export function span(text: string, most = 80): string {
  const line = text
    .replace(/[`|<>\p{C}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return `\`${line.length > most ? `${line.slice(0, most - 1)}…` : line || ' '}\``;
}
