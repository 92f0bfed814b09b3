/**
 * From argv to a `Command`. Pure, and on the way of every start of the server: it must stay cheap to import and
 * must not read anything. A server is never killed by a flag it does not know; a sub-command says what is wrong.
 */
import { parseArgs } from 'node:util';
import type { LogLevel } from '../base/ports.ts';
import { nearest } from '../config/nearest.ts';
import { editorNames, subCommands } from './command.ts';
import type { Command, EditorName, FilePlace, LogChoice, SubCommand, Transport } from './command.ts';

const logLevels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

const options = {
  stdio: { type: 'boolean' },
  socket: { type: 'string' },
  pipe: { type: 'string' },
  listen: { type: 'string' },
  clientProcessId: { type: 'string' },
  'log-file': { type: 'string' },
  'log-level': { type: 'string' },
  version: { type: 'boolean', short: 'v' },
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
  write: { type: 'boolean' },
  'yes-to-plan': { type: 'boolean' },
  apply: { type: 'string' },
} as const;
type OptionName = keyof typeof options;
/** A report is long and goes to a file; other commands answer on standard output. */
const runOptions = { ...options, json: { type: 'string' } } as const;

/** Options that mean something to a sub-command, besides `--help` and the log. */
const optionsOf: Readonly<Record<SubCommand, readonly OptionName[]>> = {
  doctor: ['json'],
  setup: ['write'],
  schema: [],
  trust: [],
  untrust: [],
  complete: ['json'],
  explain: ['json'],
  fix: ['json', 'write'],
  run: ['yes-to-plan', 'json', 'apply'],
  acp: [],
};
const everywhere: readonly OptionName[] = ['help', 'log-file', 'log-level'];
const serverOnly: readonly OptionName[] = ['stdio', 'socket', 'pipe', 'listen', 'clientProcessId'];

class UsageError extends Error {}

interface Arguments {
  readonly values: ReadonlyMap<OptionName, string | true>;
  readonly positionals: readonly string[];
  readonly unknown: readonly string[];
}

/** Understands `argv` without node and script. Never throws. */
export function parseCommandLine(argv: readonly string[]): Command {
  try {
    const parsed = readArguments(argv);
    const [first] = parsed.positionals;
    const sub = subCommands.find(name => name === first);
    if (sub !== undefined) return subCommand(sub, parsed);
    if (first === 'help') return { mode: 'help', ...topicOf(parsed.positionals[1]) };
    // Only a leading word is surely meant as a sub-command; later ones may belong to a flag we do not know.
    if (first !== undefined && argv[0] === first)
      throw new UsageError(unknownWord('command', first, subCommands));
    return server(parsed);
  } catch (error) {
    if (error instanceof UsageError) return { mode: 'usage-error', message: error.message };
    throw error;
  }
}

function readArguments(argv: readonly string[]): Arguments {
  const table = argv[0] === 'run' ? runOptions : options;
  const { tokens } = parseArgs({ args: [...argv], options: table, strict: false, tokens: true });
  const values = new Map<OptionName, string | true>();
  const positionals: string[] = [];
  const unknown: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = token.name as OptionName;
    if (!Object.hasOwn(table, name)) unknown.push(token.rawName);
    else if (table[name].type === 'string' && token.value === undefined) unknown.push(token.rawName);
    else values.set(name, table[name].type === 'string' ? (token.value ?? '') : true);
  }
  return { values, positionals, unknown };
}

function server({ values, positionals, unknown }: Arguments): Command {
  if (values.has('help')) return { mode: 'help' };
  if (values.has('version')) return { mode: 'version' };
  if (unknown.includes('--node-ipc')) {
    throw new UsageError(
      '--node-ipc is not supported. Start the server with --stdio, --socket=PORT or --pipe=PATH.',
    );
  }
  const warnings = unknown.map(name => `${unknownWord('option', name, optionFlags())} It is ignored.`);
  warnings.push(
    ...positionals.map(word => `The argument "${plain(word)}" means nothing here and is ignored.`),
  );
  for (const name of ['json', 'write', 'yes-to-plan', 'apply'] as const) {
    if (values.has(name)) warnings.push(`--${name} belongs to a command and is ignored by the server.`);
  }
  const log = logChoice(values, warnings);
  const transport = transportOf(values);
  const processId = values.get('clientProcessId');
  const id = wholeNumber(processId, 1, 2 ** 31);
  if (processId !== undefined && id === undefined) {
    warnings.push('--clientProcessId must be a process id; it is ignored.');
  }
  return { mode: 'lsp', transport, log, warnings, ...(id === undefined ? {} : { clientProcessId: id }) };
}

function transportOf(values: Arguments['values']): Transport {
  const given = (['stdio', 'socket', 'pipe', 'listen'] as const).filter(name => values.has(name));
  if (given.length > 1) {
    throw new UsageError(
      `${given.map(name => `--${name}`).join(' and ')} exclude each other. Give one of them.`,
    );
  }
  const kind = given[0] ?? 'stdio';
  const value = values.get(kind);
  switch (kind) {
    case 'socket': {
      const port = wholeNumber(value, 1, 65_535);
      if (port === undefined)
        throw new UsageError('--socket must be the port the editor listens on, from 1 to 65535.');
      return { kind: 'socket', port };
    }
    case 'pipe':
      if (value === undefined || value === true || value === '') {
        throw new UsageError('--pipe must be the path of the pipe or socket that the editor listens on.');
      }
      return { kind: 'pipe', path: value };
    case 'listen':
      return listenOn(String(value));
    case 'stdio':
      return { kind: 'stdio' };
  }
}

function listenOn(value: string): Transport {
  const colon = value.lastIndexOf(':');
  const host = colon < 0 ? '127.0.0.1' : value.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const port = wholeNumber(value.slice(colon + 1), 0, 65_535);
  if (port === undefined) {
    throw new UsageError('--listen must be PORT or HOST:PORT; port 0 takes any free port and prints it.');
  }
  if (!['127.0.0.1', 'localhost', '::1'].includes(host)) {
    throw new UsageError(
      '--listen takes loopback addresses only (127.0.0.1, localhost, ::1): whoever reaches the server can read your files. Use an SSH tunnel from elsewhere.',
    );
  }
  return { kind: 'listen', host, port };
}

function subCommand(mode: SubCommand, parsed: Arguments): Command {
  const { values, unknown } = parsed;
  const known = [...optionsOf[mode], ...everywhere];
  if (values.has('help')) return { mode: 'help', topic: mode };
  const [stranger] = unknown;
  if (stranger !== undefined) {
    const needsValue = known.some(name => `--${name}` === stranger);
    if (needsValue) throw new UsageError(`${stranger} needs a value.`);
    throw new UsageError(
      unknownWord(
        'option',
        stranger,
        known.map(name => `--${name}`),
      ),
    );
  }
  const misplaced = [...values.keys()].find(name => !known.includes(name));
  if (misplaced !== undefined) {
    const why = serverOnly.includes(misplaced) ? 'is for the server' : 'means nothing';
    throw new UsageError(`--${misplaced} ${why} and not for "${mode}".`);
  }
  const warnings: string[] = [];
  const log = logChoice(values, warnings);
  if (warnings[0] !== undefined) throw new UsageError(warnings[0]);
  const json = values.has('json');
  const write = values.has('write');
  const rest = parsed.positionals.slice(1);
  switch (mode) {
    case 'doctor':
      atMost(mode, rest, 0);
      return { mode, json, log };
    case 'schema':
      atMost(mode, rest, 0);
      return { mode };
    case 'setup':
      atMost(mode, rest, 1);
      return { mode, editor: editorOf(rest[0]), write };
    case 'trust':
    case 'untrust':
      atMost(mode, rest, 1);
      return { mode, path: rest[0] ?? '.' };
    case 'complete':
    case 'explain':
      atMost(mode, rest, 1);
      return { mode, place: placeOf(mode, rest[0]), json, log };
    case 'fix':
      atMost(mode, rest, 1);
      if (rest[0] === undefined || rest[0] === '') throw new UsageError('"fix" needs a FILE.');
      return { mode, file: rest[0], write, json, log };
    case 'run':
      atMost(mode, rest, 1);
      return { mode, ...runOf(rest[0], values), log };
    case 'acp':
      atMost(mode, rest, 0);
      return { mode, log };
  }
}

function runOf(file: string | undefined, values: Arguments['values']) {
  if (file === undefined || file === '') throw new UsageError('"run" needs a TASK.task.md.');
  if (!file.endsWith('.task.md'))
    throw new UsageError(`"${plain(file)}" is no task: its name must end in .task.md.`);
  const report = values.get('json');
  const apply = values.get('apply');
  if (apply !== undefined && !/^[0-9a-f]{12,64}$/.test(String(apply)))
    throw new UsageError('--apply must be the hash of a result, or at least its first 12 characters.');
  if (report === '') throw new UsageError('--json needs a FILE, or - for standard output.');
  return {
    file,
    yesToPlan: values.has('yes-to-plan'),
    ...(typeof report === 'string' ? { report } : {}),
    ...(typeof apply === 'string' ? { apply } : {}),
  };
}

function atMost(mode: SubCommand, rest: readonly string[], count: number): void {
  const extra = rest[count];
  if (extra !== undefined) throw new UsageError(`"${mode}" has no use for "${plain(extra)}".`);
}

function editorOf(word: string | undefined): EditorName {
  if (word === undefined) throw new UsageError(`"setup" needs an editor: ${editorNames.join(', ')}.`);
  const editor = editorNames.find(name => name === word.toLowerCase());
  if (editor !== undefined) return editor;
  const aliases: Readonly<Record<string, EditorName>> = {
    nvim: 'neovim',
    hx: 'helix',
    code: 'vscode',
    kak: 'kakoune',
  };
  const alias = Object.hasOwn(aliases, word) ? aliases[word] : undefined;
  if (alias !== undefined) return alias;
  const hint = word === 'emacs' ? ' Did you mean emacs-eglot or emacs-lsp-mode?' : '';
  throw new UsageError(
    `${hint === '' ? unknownWord('editor', word, editorNames) : `"emacs" has two LSP clients.${hint}`} Known: ${editorNames.join(', ')}.`,
  );
}

/** Read from the right, because a path may hold colons itself. */
function placeOf(mode: SubCommand, word: string | undefined): FilePlace {
  const match = /^(.+):(\d{1,9}):(\d{1,9})$/s.exec(word ?? '');
  const [, file = '', line = '', column = ''] = match ?? [];
  if (match === null || Number(line) < 1 || Number(column) < 1) {
    throw new UsageError(`"${mode}" needs FILE:LINE:COL, both counted from 1, for example src/app.ts:12:5.`);
  }
  return { file, line: Number(line), column: Number(column) };
}

function topicOf(word: string | undefined): { topic?: SubCommand } {
  const topic = subCommands.find(name => name === word);
  return topic === undefined ? {} : { topic };
}

function logChoice(values: Arguments['values'], warnings: string[]): LogChoice {
  const file = values.get('log-file');
  const wanted = values.get('log-level');
  const level = logLevels.find(name => name === wanted);
  if (wanted !== undefined && level === undefined) {
    warnings.push(`--log-level must be one of ${logLevels.join(', ')}; "${plain(String(wanted))}" is not.`);
  }
  return {
    ...(level === undefined ? {} : { level }),
    ...(typeof file === 'string' && file !== '' ? { file } : {}),
  };
}

function wholeNumber(value: string | true | undefined, min: number, max: number): number | undefined {
  if (typeof value !== 'string' || !/^\d{1,10}$/.test(value)) return undefined;
  const number = Number(value);
  return number >= min && number <= max ? number : undefined;
}

function optionFlags(): string[] {
  return Object.keys(options).map(name => `--${name}`);
}

function unknownWord(kind: string, word: string, known: readonly string[]): string {
  const guess = nearest(word, known);
  return `There is no ${kind} "${plain(word)}".${guess === undefined ? '' : ` Did you mean "${guess}"?`}`;
}

/** What came from outside, fit for a terminal. */
function plain(word: string): string {
  const clean = word.replace(/[\x00-\x1f\x7f-\x9f]/g, '?');
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}
