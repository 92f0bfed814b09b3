import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { parseCommandLine } from '../../server/cli/commandLine.ts';
import { editorNames, subCommands } from '../../server/cli/command.ts';
import type { Command } from '../../server/cli/command.ts';
import { assertSnapshot, createCli } from './context.ts';

const stdio = { mode: 'lsp', transport: { kind: 'stdio' }, log: {}, warnings: [] } as const;

describe('the command line', () => {
  const understood: readonly (readonly [string, Command])[] = [
    ['', stdio],
    ['--stdio', stdio],
    ['--socket=4567', { ...stdio, transport: { kind: 'socket', port: 4567 } }],
    ['--socket 4567', { ...stdio, transport: { kind: 'socket', port: 4567 } }],
    ['--pipe=/tmp/x.sock', { ...stdio, transport: { kind: 'pipe', path: '/tmp/x.sock' } }],
    ['--listen=0', { ...stdio, transport: { kind: 'listen', host: '127.0.0.1', port: 0 } }],
    ['--listen=localhost:99', { ...stdio, transport: { kind: 'listen', host: 'localhost', port: 99 } }],
    ['--listen=[::1]:99', { ...stdio, transport: { kind: 'listen', host: '::1', port: 99 } }],
    ['--stdio --clientProcessId=42', { ...stdio, clientProcessId: 42 }],
    ['--log-level=debug --log-file=/l', { ...stdio, log: { level: 'debug', file: '/l' } }],
    ['--version', { mode: 'version' }],
    ['-v', { mode: 'version' }],
    ['--help', { mode: 'help' }],
    ['--stdio -h', { mode: 'help' }],
    ['help', { mode: 'help' }],
    ['help doctor', { mode: 'help', topic: 'doctor' }],
    ['fix --help', { mode: 'help', topic: 'fix' }],
    ['doctor', { mode: 'doctor', json: false, log: {} }],
    ['--log-level warn doctor --json', { mode: 'doctor', json: true, log: { level: 'warn' } }],
    ['schema', { mode: 'schema' }],
    ['trust', { mode: 'trust', path: '.' }],
    ['untrust /a', { mode: 'untrust', path: '/a' }],
    ['setup helix', { mode: 'setup', editor: 'helix', write: false }],
    ['setup nvim --write', { mode: 'setup', editor: 'neovim', write: true }],
    [
      'complete src/a.ts:3:7',
      { mode: 'complete', place: { file: 'src/a.ts', line: 3, column: 7 }, json: false, log: {} },
    ],
    [
      'explain C:\\a:b.ts:3:7 --json',
      { mode: 'explain', place: { file: 'C:\\a:b.ts', line: 3, column: 7 }, json: true, log: {} },
    ],
    ['run a.task.md', { mode: 'run', file: 'a.task.md', yesToPlan: false, log: {} }],
    [
      `run a.task.md --yes-to-plan --json - --apply ${'a'.repeat(64)}`,
      { mode: 'run', file: 'a.task.md', yesToPlan: true, report: '-', apply: 'a'.repeat(64), log: {} },
    ],
    ['acp --log-level debug', { mode: 'acp', log: { level: 'debug' } }],
    ['fix a.ts --write', { mode: 'fix', file: 'a.ts', write: true, json: false, log: {} }],
  ];
  for (const [line, command] of understood) {
    it(`understands "${line}"`, () => {
      assert.deepEqual(parseCommandLine(line.split(' ').filter(Boolean)), command);
    });
  }

  const wrong: readonly (readonly [string, string])[] = [
    ['run', '"run" needs a TASK.task.md.'],
    ['run a.md', '"a.md" is no task: its name must end in .task.md.'],
    ['run a.task.md --json', '--json needs a value.'],
    ['run a.task.md --write', '--write means nothing and not for "run".'],
    [
      'run a.task.md --apply yes',
      '--apply must be the hash of a result, or at least its first 12 characters.',
    ],
    ['acp --json', '--json means nothing and not for "acp".'],
    ['docter', 'There is no command "docter". Did you mean "doctor"?'],
    ['doctor --jsn', 'There is no option "--jsn". Did you mean "--json"?'],
    ['doctor --stdio', '--stdio is for the server and not for "doctor".'],
    ['schema --write', '--write means nothing and not for "schema".'],
    ['doctor now', '"doctor" has no use for "now".'],
    ['doctor --log-level loud', '--log-level must be one of error, warn, info, debug; "loud" is not.'],
    ['setup', `"setup" needs an editor: ${editorNames.join(', ')}.`],
    [
      'setup emacs',
      `"emacs" has two LSP clients. Did you mean emacs-eglot or emacs-lsp-mode? Known: ${editorNames.join(', ')}.`,
    ],
    ['setup helixx', `There is no editor "helixx". Did you mean "helix"? Known: ${editorNames.join(', ')}.`],
    ['complete a.ts', '"complete" needs FILE:LINE:COL, both counted from 1, for example src/app.ts:12:5.'],
    ['explain a.ts:0:1', '"explain" needs FILE:LINE:COL, both counted from 1, for example src/app.ts:12:5.'],
    ['fix', '"fix" needs a FILE.'],
    ['--socket=70000', '--socket must be the port the editor listens on, from 1 to 65535.'],
    ['--socket=4 --stdio', '--stdio and --socket exclude each other. Give one of them.'],
    ['--pipe=', '--pipe must be the path of the pipe or socket that the editor listens on.'],
    [
      '--listen=0.0.0.0:80',
      '--listen takes loopback addresses only (127.0.0.1, localhost, ::1): whoever reaches the server can read your files. Use an SSH tunnel from elsewhere.',
    ],
    ['--listen=x', '--listen must be PORT or HOST:PORT; port 0 takes any free port and prints it.'],
    [
      '--node-ipc',
      '--node-ipc is not supported. Start the server with --stdio, --socket=PORT or --pipe=PATH.',
    ],
  ];
  for (const [line, message] of wrong) {
    it(`says what is wrong with "${line}"`, () => {
      assert.deepEqual(parseCommandLine(line.split(' ').filter(Boolean)), { mode: 'usage-error', message });
    });
  }

  const survived: readonly (readonly [string, readonly string[]])[] = [
    ['--stdio --nosuch', ['There is no option "--nosuch". It is ignored.']],
    ['--stdoi', ['There is no option "--stdoi". Did you mean "--stdio"? It is ignored.']],
    [
      '--tsserver-path /x',
      [
        'There is no option "--tsserver-path". It is ignored.',
        'The argument "/x" means nothing here and is ignored.',
      ],
    ],
    ['--stdio --log-level=loud', ['--log-level must be one of error, warn, info, debug; "loud" is not.']],
    ['--stdio --clientProcessId=me', ['--clientProcessId must be a process id; it is ignored.']],
    ['--json', ['--json belongs to a command and is ignored by the server.']],
  ];
  for (const [line, warnings] of survived) {
    it(`serves all the same with "${line}"`, () => {
      assert.deepEqual(parseCommandLine(line.split(' ').filter(Boolean)), { ...stdio, warnings });
    });
  }

  it('never throws, and serves whenever no word comes first', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...subCommands,
        '--stdio',
        '--socket',
        '--log-level',
        '-h',
        '--',
        '-',
        '-x',
        '--json=1',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), argv => {
        assert.ok(typeof parseCommandLine(argv).mode === 'string');
      }),
      { seed: 7, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^--[a-z-]{0,12}=?[a-z]{0,4}$/), flag => {
        fc.pre(!/^--(help|version|socket|pipe|listen|node-ipc)(=|$)/.test(flag));
        assert.equal(parseCommandLine(['--stdio', flag]).mode, 'lsp');
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

describe('help', () => {
  it('says what there is, on pages no wider than a terminal', async () => {
    const cli = createCli();
    const pages = [await cli.run('--help')];
    for (const topic of subCommands) pages.push(await cli.run(topic, '--help'));
    for (const { code, err, out } of pages) {
      assert.deepEqual([code, err], [0, '']);
      for (const line of out.split('\n')) assert.ok(line.length <= 110, line);
    }
    assertSnapshot('help.txt', pages.map(({ out }) => out).join('\n=====\n'));
  });

  it('is offered on stderr with exit code 2 after a mistake', async () => {
    const { code, out, err } = await createCli().run('docter');
    assert.deepEqual([code, out], [2, '']);
    assert.equal(
      err,
      'codriver: There is no command "docter". Did you mean "doctor"?\nTry: codriver --help\n',
    );
  });

  it('knows the version and the schema', async () => {
    const cli = createCli();
    assert.deepEqual(await cli.run('--version'), { code: 0, out: '1.2.3\n', err: '' });
    const { out } = await cli.run('schema');
    assert.equal((JSON.parse(out) as { title: string }).title, 'Codriver settings');
  });
});
