/**
 * Reports of tools that write lines for people: a pattern with named groups for each. Patterns are anchored and
 * have no nested repetition, since the output may be anything. It must not know how tools are called.
 */
import type { ColumnUnit, Output, Report, Severity } from './check.ts';
import { severityOf } from './jsonReports.ts';

/** Longer lines are never a report's. */
const LONGEST_LINE = 4_000;
/** Nobody reads more; a flood of them must not cost more either. */
const MOST_REPORTS = 2_000;

interface LineFormat {
  /** Groups: `path`, `line`, `column`, `endLine`, `endColumn`, `severity`, `code`, `message`. */
  readonly pattern: RegExp;
  readonly unit: ColumnUnit;
  /** Where the tool does not say one. */
  readonly severity?: Severity;
  /** The end column is that of the last character itself. */
  readonly inclusive?: boolean;
  readonly from?: 'stdout' | 'stderr' | 'both';
  /** Names that stand for standard input. */
  readonly stdin?: RegExp;
  /** Whether an indented line goes on with the message before it. */
  readonly continued?: boolean;
}

/** A reader of reports that are one line each. */
export function byLines(format: LineFormat): (output: Output) => readonly Report[] {
  return output => {
    const reports: Report[] = [];
    for (const line of linesOf(output, format.from ?? 'both')) {
      if (reports.length === MOST_REPORTS) break;
      const groups = line.length <= LONGEST_LINE ? format.pattern.exec(line)?.groups : undefined;
      const last = reports.at(-1);
      if (groups) reports.push(...reportOf(groups, format));
      else if (format.continued && last && /^\s+\S/.test(line) && last.message.length < LONGEST_LINE / 2)
        reports[reports.length - 1] = { ...last, message: `${last.message} ${line.trim()}` };
    }
    return reports;
  };
}

function linesOf({ stdout, stderr }: Output, from: 'stdout' | 'stderr' | 'both'): readonly string[] {
  const text = from === 'stdout' ? stdout : from === 'stderr' ? stderr : `${stdout}\n${stderr}`;
  return text.split(/\r?\n/);
}

function number(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= 1 && value < 1e9 ? value - 1 : undefined;
}

function reportOf(
  groups: Readonly<Record<string, string | undefined>>,
  format: LineFormat,
): readonly Report[] {
  const line = number(groups['line']);
  const message = (groups['message'] ?? '').trim();
  if (line === undefined || message === '') return [];
  const column = number(groups['column']);
  const endColumn = number(groups['endColumn']);
  const endLine = number(groups['endLine']) ?? line;
  const path = (groups['path'] ?? '').trim();
  const { code, severity } = groups;
  return [
    {
      path: format.stdin?.test(path) ? '' : path,
      start: column === undefined ? { line } : { line, column },
      ...(endColumn === undefined
        ? {}
        : { end: { line: endLine, column: endColumn + (format.inclusive ? 1 : 0) } }),
      unit: format.unit,
      severity: severity ? severityOf(severity) : (format.severity ?? 'error'),
      message,
      ...(code ? { code } : {}),
    },
  ];
}

/** A path in front of a colon; a drive's letter may come first. */
const PATH = String.raw`(?<path>(?:[A-Za-z]:[\\/])?[^:\n]+)`;

export const tscReports = byLines({
  pattern:
    /^(?<path>[^\n]+?)\((?<line>\d+),(?<column>\d+)\): (?<severity>error|warning|message) (?<code>TS\d+): (?<message>.*)$/,
  unit: 'utf16',
  continued: true,
  from: 'stdout',
});

export const mypyReports = byLines({
  pattern: new RegExp(
    `^${PATH}:(?<line>\\d+):(?:(?<column>\\d+):)?(?:(?<endLine>\\d+):(?<endColumn>\\d+):)? (?<severity>error|warning): (?<message>.*?)(?:  \\[(?<code>[\\w-]+)\\])?$`,
  ),
  unit: 'utf8',
  inclusive: true,
  from: 'stdout',
});

export const flake8Reports = byLines({
  pattern: new RegExp(`^${PATH}:(?<line>\\d+):(?<column>\\d+): (?<code>[A-Z]+\\d+) (?<message>.*)$`),
  unit: 'codepoint',
  severity: 'warning',
  stdin: /^(?:-|stdin)$/,
  from: 'stdout',
});

/** `go vet`, `go build`, `go test`, golangci-lint: path:line:column, with `vet: ` before what does not compile. */
export const goReports = byLines({
  pattern:
    /^(?:vet: )?(?<path>[^:\s#][^:\n]*\.go):(?<line>\d+):(?:(?<column>\d+):)? (?<message>.*?)(?: \((?<code>[a-z][\w-]*)\))?$/,
  unit: 'utf8',
  continued: true,
});

/** gcc: columns as a terminal shows them. */
export const gccReports = byLines({
  pattern: new RegExp(
    `^${PATH}:(?<line>\\d+):(?<column>\\d+): (?<severity>fatal error|error|warning): (?<message>.*?)(?: \\[(?<code>-W[\\w=+-]+)\\])?$`,
  ),
  unit: 'display',
  stdin: /^<stdin>$/,
  from: 'stderr',
});

export const clangReports = byLines({
  pattern: new RegExp(
    `^${PATH}:(?<line>\\d+):(?<column>\\d+): (?<severity>fatal error|error|warning): (?<message>.*?)(?: \\[(?<code>-W[\\w=+,-]+)\\])?$`,
  ),
  unit: 'utf8',
  stdin: /^<stdin>$/,
  from: 'stderr',
});

export const zigReports = byLines({
  pattern: new RegExp(`^${PATH}:(?<line>\\d+):(?<column>\\d+): (?<severity>error): (?<message>.*)$`),
  unit: 'utf8',
  stdin: /^<stdin>$/,
  from: 'stderr',
});

export const rubyReports = byLines({
  pattern: /^(?:\S+: )?(?<path>-|[^:\n]+\.rb):(?<line>\d+): (?:(?<severity>warning): )?(?<message>.*)$/,
  unit: 'utf8',
  stdin: /^-$/,
});

export const phpReports = byLines({
  pattern: /^(?:PHP )?(?:Parse|Fatal) error: +(?<message>.*) in (?<path>.+) on line (?<line>\d+)$/,
  unit: 'utf8',
  stdin: /^(?:-|Standard input code)$/,
});

export const luacReports = byLines({
  pattern: /^[^:\s]*luac[^:\s]*: (?<path>[^:\n]+):(?<line>\d+): (?<message>.*)$/,
  unit: 'utf8',
  stdin: /^stdin$/,
});

export const luacheckReports = byLines({
  pattern: new RegExp(
    `^\\s*${PATH}:(?<line>\\d+):(?<column>\\d+)-(?<endColumn>\\d+): \\((?<code>[EW]\\d+)\\) (?<message>.*)$`,
  ),
  unit: 'codepoint',
  severity: 'warning',
  inclusive: true,
  stdin: /^stdin$/,
});

export const mavenReports = byLines({
  pattern:
    /^\[(?<severity>ERROR|WARNING)\] (?<path>(?:[A-Za-z]:)?[^:[\n]+):\[(?<line>\d+),(?<column>\d+)\] (?:error: )?(?<message>.*)$/,
  unit: 'utf16',
});

export const dotnetReports = byLines({
  pattern:
    /^\s*(?<path>[^\n]+?)\((?<line>\d+),(?<column>\d+)\): (?<severity>error|warning) (?<code>[A-Z]+\d+): (?<message>.*?)(?: \[[^\]\n]*\])?$/,
  unit: 'utf16',
  from: 'stdout',
});

/** Any tool's `path:line:column: message`, for tests and builds of which nothing more is known. */
export const plainReports = byLines({
  pattern: new RegExp(
    `^${PATH}:(?<line>\\d+):(?:(?<column>\\d+):)? (?:(?<severity>fatal error|error|warning|note): )?(?<message>\\S.*)$`,
  ),
  unit: 'codepoint',
});

const JAVAC =
  /^(?<path>(?:[A-Za-z]:)?[^:\n]+\.java):(?<line>\d+): (?<severity>error|warning): (?:\[(?<code>[\w-]+)\] )?(?<message>.*)$/;

/** javac, also through Gradle: the column stands in a line of its own, as a caret under the quoted source. */
export function javacReports(output: Output): readonly Report[] {
  const lines = linesOf(output, 'both');
  return lines.flatMap((line, index) => {
    const groups = line.length <= LONGEST_LINE ? JAVAC.exec(line)?.groups : undefined;
    if (!groups) return [];
    const next = lines.slice(index + 1, index + 8);
    const caret = next.findIndex(each => /^\s*\^\s*$/.test(each));
    const other = next.findIndex(each => JAVAC.test(each));
    const column =
      caret > 0 && (other < 0 || caret < other) ? (next[caret] as string).indexOf('^') + 1 : undefined;
    return reportOf(
      { ...groups, column: column === undefined ? undefined : String(column) },
      { pattern: JAVAC, unit: 'utf16' },
    );
  });
}
