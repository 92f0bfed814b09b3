/**
 * Reports of tools that write JSON. Everything is taken as it may come: a field of another type is a field that is
 * not there, and what is no JSON is no report. It must not know how tools are called.
 */
import type { Output, Report, Severity } from './check.ts';

type Shape = Readonly<Record<string, unknown>>;

/** Text of tools may be long; nobody reads more than this of one message. */
const LONGEST_MESSAGE = 2_000;

function shape(value: unknown): Shape {
  return typeof value === 'object' && value !== null ? (value as Shape) : {};
}

function list(value: unknown): readonly Shape[] {
  return Array.isArray(value) ? value.map(shape) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_MESSAGE) : '';
}

/** A count from `base` on as one from zero; undefined for what is no sane number. */
function count(value: unknown, base = 1): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= base && value < 1e9
    ? value - base
    : undefined;
}

function place(line: unknown, column: unknown, base = 1): { line: number; column?: number } | undefined {
  const at = count(line, base);
  const character = count(column, base);
  if (at === undefined) return undefined;
  return character === undefined ? { line: at } : { line: at, column: character };
}

interface Raw extends Pick<Report, 'path' | 'unit' | 'severity' | 'message'> {
  readonly start: Report['start'] | undefined;
  readonly end?: Report['start'] | undefined;
  readonly code?: unknown;
  readonly url?: unknown;
}

function report({ start, end, code, url, ...rest }: Raw): readonly Report[] {
  if (!start || rest.message === '') return [];
  const named = typeof code === 'number' ? String(code) : text(code);
  const link = text(url);
  return [
    {
      ...rest,
      start,
      ...(end ? { end } : {}),
      ...(named ? { code: named } : {}),
      ...(/^https?:\/\//.test(link) ? { url: link } : {}),
    },
  ];
}

/** The JSON value in a text that may have other lines around it; undefined where there is none. */
function json(output: string): unknown {
  for (const candidate of [output, between(output, '[', ']'), between(output, '{', '}')]) {
    try {
      if (candidate.trim() !== '') return JSON.parse(candidate);
    } catch {
      // The next reading.
    }
  }
  return undefined;
}

function between(output: string, open: string, close: string): string {
  return output.slice(Math.max(0, output.indexOf(open)), output.lastIndexOf(close) + 1);
}

export function eslintReports({ stdout }: Output): readonly Report[] {
  return list(json(stdout)).flatMap(({ filePath, messages }) =>
    list(messages).flatMap(each =>
      report({
        path: text(filePath),
        unit: 'utf16',
        start: place(each['line'], each['column']) ?? (each['fatal'] === true ? { line: 0 } : undefined),
        end: place(each['endLine'], each['endColumn']),
        severity: each['severity'] === 2 ? 'error' : 'warning',
        message: text(each['message']),
        code: each['ruleId'],
      }),
    ),
  );
}

const BY_WORD: Readonly<Record<string, Severity>> = {
  error: 'error',
  fatal: 'error',
  failure: 'error',
  'fatal error': 'error',
  warning: 'warning',
  warn: 'warning',
  convention: 'warning',
  refactor: 'warning',
};

/** A severity by the word that a tool uses for it. */
export function severityOf(word: unknown): Severity {
  return BY_WORD[text(word).toLowerCase()] ?? 'information';
}

/** The reviewdog format, which Biome writes. */
export function rdjsonReports({ stdout }: Output): readonly Report[] {
  return list(shape(json(stdout))['diagnostics']).flatMap(each => {
    const { path, range } = shape(each['location']);
    const { start, end } = shape(range);
    const { value, url } = shape(each['code']);
    return report({
      path: text(path),
      unit: 'codepoint',
      start: place(shape(start)['line'], shape(start)['column']),
      end: place(shape(end)['line'], shape(end)['column']),
      severity: severityOf(each['severity']),
      message: text(each['message']),
      code: value,
      url,
    });
  });
}

export function oxlintReports({ stdout }: Output): readonly Report[] {
  return list(shape(json(stdout))['diagnostics']).flatMap(each => {
    const span = shape(list(each['labels'])[0]?.['span']);
    const start = place(span['line'], span['column']) ?? { line: 0 };
    const length = count(span['length'], 0);
    const end =
      length === undefined || start.column === undefined
        ? undefined
        : { line: start.line, column: start.column + length };
    return report({
      path: text(each['filename']),
      unit: 'utf8',
      start,
      end,
      severity: severityOf(each['severity']),
      message: [text(each['message']), text(each['help'])].filter(Boolean).join(' '),
      code: each['code'],
      url: each['url'],
    });
  });
}

export function ruffReports({ stdout }: Output): readonly Report[] {
  return list(json(stdout)).flatMap(each => {
    const [start, end] = [shape(each['location']), shape(each['end_location'])];
    const code = text(each['code']);
    return report({
      path: text(each['filename']),
      unit: 'codepoint',
      start: place(start['row'], start['column']),
      end: place(end['row'], end['column']),
      // Ruff has no severities; what Python itself would trip over is an error.
      severity: code === '' || /^(?:E9|F6|F7|F82|invalid-syntax)/.test(code) ? 'error' : 'warning',
      message: text(each['message']),
      code: each['code'],
      url: each['url'],
    });
  });
}

export function pyrightReports({ stdout }: Output): readonly Report[] {
  return list(shape(json(stdout))['generalDiagnostics']).flatMap(each => {
    const { start, end } = shape(each['range']);
    return report({
      path: text(each['file']),
      unit: 'utf16',
      start: place(shape(start)['line'], shape(start)['character'], 0) ?? { line: 0 },
      end: place(shape(end)['line'], shape(end)['character'], 0),
      severity: severityOf(each['severity']),
      message: text(each['message']),
      code: each['rule'],
    });
  });
}

/** One JSON value a line, from cargo and from clippy through it. */
export function cargoReports({ stdout }: Output): readonly Report[] {
  return stdout.split('\n').flatMap(line => {
    if (!line.startsWith('{')) return [];
    const { reason, message } = shape(json(line));
    if (reason !== 'compiler-message') return [];
    const said = shape(message);
    const primary = list(said['spans']).find(span => span['is_primary'] === true);
    if (!primary) return [];
    const notes = list(said['children']).filter(({ level }) => level === 'help' || level === 'note');
    const label = text(primary['label']);
    return report({
      path: text(primary['file_name']),
      unit: 'codepoint',
      start: place(primary['line_start'], primary['column_start']),
      end: place(primary['line_end'], primary['column_end']),
      severity: severityOf(said['level']),
      message: [text(said['message']), label, ...notes.map(note => text(note['message']))]
        .filter(Boolean)
        .join('\n')
        .slice(0, LONGEST_MESSAGE),
      code: shape(said['code'])['code'],
    });
  });
}

/** `staticcheck -f json`: one value a line. */
export function staticcheckReports({ stdout }: Output): readonly Report[] {
  return stdout.split('\n').flatMap(line => {
    if (!line.startsWith('{')) return [];
    const each = shape(json(line));
    const [location, end] = [shape(each['location']), shape(each['end'])];
    return report({
      path: text(location['file']),
      unit: 'utf8',
      start: place(location['line'], location['column']),
      end: place(end['line'], end['column']),
      severity: severityOf(each['severity']),
      message: text(each['message']),
      code: each['code'],
    });
  });
}

export function shellcheckReports({ stdout }: Output): readonly Report[] {
  const value = json(stdout);
  return list(Array.isArray(value) ? value : shape(value)['comments']).flatMap(each => {
    const code = typeof each['code'] === 'number' ? `SC${each['code']}` : '';
    return report({
      path: each['file'] === '-' ? '' : text(each['file']),
      unit: 'codepoint',
      start: place(each['line'], each['column']),
      end: place(each['endLine'], each['endColumn']),
      severity: severityOf(each['level']),
      message: text(each['message']),
      code,
      url: code && `https://www.shellcheck.net/wiki/${code}`,
    });
  });
}

export function rubocopReports({ stdout }: Output): readonly Report[] {
  return list(shape(json(stdout))['files']).flatMap(({ path, offenses }) =>
    list(offenses).flatMap(each => {
      const location = shape(each['location']);
      const last = place(location['last_line'], location['last_column']);
      return report({
        path: text(path),
        unit: 'codepoint',
        start: place(
          location['start_line'] ?? location['line'],
          location['start_column'] ?? location['column'],
        ),
        // The last column is that of the last character itself.
        end: last?.column === undefined ? undefined : { line: last.line, column: last.column + 1 },
        severity: severityOf(each['severity']),
        message: text(each['message']),
        code: each['cop_name'],
      });
    }),
  );
}

export function phpstanReports({ stdout }: Output): readonly Report[] {
  return Object.entries(shape(shape(json(stdout))['files'])).flatMap(([path, file]) =>
    list(shape(file)['messages']).flatMap(each =>
      report({
        path,
        unit: 'utf8',
        start: place(each['line'], undefined) ?? { line: 0 },
        severity: 'error',
        message: text(each['message']),
        code: each['identifier'],
      }),
    ),
  );
}
