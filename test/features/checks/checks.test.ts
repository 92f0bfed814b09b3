/** Checkers at work: what is run and what is not, where problems end up, what hostile output does. */
import assert from 'node:assert/strict';
import { CheckWorld, FOLDER, progress, type Script } from './world.ts';

const TSC = {
  'tsconfig.json': '{}',
  'node_modules/.bin/tsc': '',
  'src/a.ts': 'let é: number = "x";\nlet b;\n',
  'src/b.ts': 'b();\n',
};
const error = (path: string, line = 1, column = 5) => `${path}(${line},${column}): error TS1: Bad.\n`;
const says =
  (stdout: string, code = stdout ? 2 : 0): Script =>
  () => ({ stdout, code });

describe('checks at work', () => {
  it('run the program of the project in its folder, and keep what it says of every file', async () => {
    const world = new CheckWorld(TSC, says(error('src/a.ts') + error('src/b.ts', 1, 1)));
    const results = await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    assert.deepEqual(results, [{ tool: 'tsc', errors: 2, others: 0 }]);
    const [command] = world.ran;
    assert.deepEqual(command?.argv, [
      `${FOLDER}/node_modules/.bin/tsc`,
      '--noEmit',
      '--pretty',
      'false',
      '--project',
      `${FOLDER}/tsconfig.json`,
    ]);
    assert.equal(command?.cwd, FOLDER);
    assert.ok((command?.limits.timeMs ?? 0) > 0 && (command?.limits.outputBytes ?? 0) > 0);
    assert.deepEqual(world.said('src/a.ts', 'src/b.ts'), ['src/a.ts:0:4 tsc Bad.', 'src/b.ts:0:0 tsc Bad.']);
    assert.deepEqual(world.changed, [[world.uri('src/a.ts'), world.uri('src/b.ts')]]);
  });

  it('run nothing, and look for no program, in a folder that nobody trusts', async () => {
    const world = new CheckWorld(
      { ...TSC, 'ruff.toml': '', 'node_modules/.bin/prettier': '', '.prettierrc': '' },
      says(error('src/a.ts')),
    );
    world.trusted = false;
    world.open('src/a.ts');
    assert.deepEqual(await world.checks.run(world.uri('src/a.ts'), 'file', progress), []);
    assert.deepEqual(await world.checks.objections([world.change('src/a.ts', 'x')], progress.signal), []);
    await world.checks.format([world.change('src/a.ts', 'x')], progress.signal);
    await world.checks.saved(world.uri('src/a.ts'));
    world.checks.toolsFor(world.uri('src/a.ts'));
    await world.machine.advance(10);
    assert.deepEqual(world.checks.toolsFor(world.uri('src/a.ts')), []);
    assert.equal(await world.checks.untrusted(world.uri('src/a.ts')), FOLDER);
    assert.deepEqual(world.ran, []);
  });

  it('are nobody for a document that is no file of a folder', async () => {
    const world = new CheckWorld(TSC, says(''));
    for (const uri of ['untitled:1', 'file:///elsewhere/a.ts', 'file:///w'])
      assert.deepEqual(await world.checks.run(uri, 'file', progress), []);
    assert.deepEqual(world.ran, []);
  });

  it('replace what the same checker said before, and leave what others said', async () => {
    let said = error('src/a.ts') + error('src/b.ts');
    const world = new CheckWorld(TSC, () => ({ stdout: said, code: 2 }));
    await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    said = error('src/b.ts', 1, 2);
    await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    assert.deepEqual(world.said('src/a.ts', 'src/b.ts'), ['src/b.ts:0:1 tsc Bad.']);
    assert.deepEqual(world.changed.at(-1)?.toSorted(), [world.uri('src/a.ts'), world.uri('src/b.ts')]);
  });

  it('move with the text, and are gone with their line', async () => {
    const world = new CheckWorld(TSC, says(error('src/a.ts')));
    const document = world.open('src/a.ts');
    await world.checks.run(document.uri, 'file', progress);
    const start = { line: 0, character: 0 };
    document.update([{ range: { start, end: start }, text: '\n' }], 2);
    assert.deepEqual(world.said('src/a.ts'), ['src/a.ts:1:4 tsc Bad.']);
    assert.equal(
      world.checks.overlapping(document.uri, {
        start: { line: 1, character: 4 },
        end: { line: 1, character: 4 },
      }).length,
      1,
    );
    document.update(
      [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } }, text: 'var' }],
      3,
    );
    assert.deepEqual(world.said('src/a.ts'), []);
  });

  it('keep what is said to a text that was edited while they ran', async () => {
    const world = new CheckWorld(TSC, () => {
      const start = { line: 0, character: 0 };
      world.documents
        .get(world.uri('src/a.ts'))
        ?.update([{ range: { start, end: start }, text: '// new\n' }], 2);
      return { stdout: error('src/a.ts'), code: 2 };
    });
    world.open('src/a.ts');
    await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    assert.deepEqual(world.said('src/a.ts'), ['src/a.ts:1:4 tsc Bad.']);
  });

  it('end an older run when a newer one is asked for', async () => {
    const ended: boolean[] = [];
    let first: () => void = () => {};
    const begun = new Promise<void>(resolve => (first = resolve));
    const world = new CheckWorld(TSC, async (_, signal) => {
      if (world.ran.length > 1) return { stdout: error('src/b.ts'), code: 2 };
      first();
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
      ended.push(true);
      return { ending: 'aborted', code: null };
    });
    const older = world.checks.run(world.uri('src/a.ts'), 'file', progress);
    await begun;
    await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    assert.deepEqual(ended, [true]);
    assert.equal((await older)[0]?.why, 'Cancelled.');
    assert.deepEqual(world.said('src/b.ts'), ['src/b.ts:0:0 tsc Bad.'.replace('0:0', '0:4')]);
  });

  it('say why they could not be run or read', async () => {
    const why = async (script: Script, files: Readonly<Record<string, string>> = TSC) => {
      const world = new CheckWorld(files, script);
      return (await world.checks.run(world.uri('src/a.ts'), 'file', progress))[0]?.why;
    };
    assert.match((await why(() => ({ ending: 'time', code: null }))) ?? '', /tsc took too long/);
    assert.match(
      (await why(() => ({ ending: 'cannot-start', code: null, stderr: 'EACCES' }))) ?? '',
      /cannot be started: EACCES/,
    );
    assert.match(
      (await why(() => ({ code: 1, stderr: 'error TS5057: \u001b[31mno\u001b[0m project\n' }))) ?? '',
      /^tsc failed: error TS5057: no project$/,
    );
    assert.match(
      (await why(says(''), { 'tsconfig.json': '{}', 'src/a.ts': '' })) ?? '',
      /tsc is not installed.*tsconfig.json asks for it/,
    );
    assert.equal(await why(says('')), undefined);
  });

  it('drop what is said of files outside of the folder, of packages, and of files that are not there', async () => {
    const paths = [
      '../out.ts',
      '/etc/passwd',
      'src/link.ts',
      'node_modules/p/i.ts',
      'gone.ts',
      'src',
      '\0',
      `${FOLDER}x/a.ts`,
      'src/a.ts',
    ];
    const world = new CheckWorld(
      {
        ...TSC,
        '../out.ts': 'x',
        'src/link.ts': { link: '/etc/passwd' },
        '../etc/passwd': 'x',
        'node_modules/p/i.ts': 'x',
        '../wx/a.ts': 'x',
      },
      says(paths.map(path => error(path)).join('')),
    );
    await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    assert.deepEqual(world.changed, [[world.uri('src/a.ts')]]);
  });

  it('survive output without end and without sense', async () => {
    const flood = error('src/a.ts').repeat(200_000);
    for (const [stdout, most] of [
      [flood, 2_000],
      ['\u001b]0;'.repeat(50_000), 0],
      ['{'.repeat(100_000), 0],
      ['\0'.repeat(100_000), 0],
    ] as const) {
      const world = new CheckWorld(TSC, () => ({ stdout, code: null, ending: 'output', truncated: true }));
      await world.checks.run(world.uri('src/a.ts'), 'file', progress);
      assert.equal(world.said('src/a.ts').length, most);
    }
  });

  it('read what a tool prints in colours', async () => {
    const world = new CheckWorld(TSC, says(`\u001b[96msrc/a.ts\u001b[0m${error('').trim()}\u001b[0m\n`));
    await world.checks.run(world.uri('src/a.ts'), 'file', progress);
    assert.equal(world.said('src/a.ts').length, 1);
  });

  it('never take a program that the project put where PATH is searched', async () => {
    const world = new CheckWorld({ 'a.sh': 'x\n', 'bin/shellcheck': '' }, says('{"comments":[]}'));
    world.machine.uproot('/usr/bin/shellcheck');
    assert.deepEqual(await world.checks.run(world.uri('a.sh'), 'file', progress), []);
    assert.deepEqual(world.ran, []);
  });

  it('look at what was saved, but for those that may take minutes', async () => {
    const files = { 'pom.xml': '', mvnw: '', 'A.java': '', 'a.sh': 'x\n' };
    const world = new CheckWorld(files, ({ argv }) => ({
      stdout: argv[0]?.endsWith('mvnw')
        ? ''
        : '{"comments":[{"line":1,"column":1,"level":"error","message":"No.","code":1}]}',
      code: 0,
    }));
    await world.checks.saved(world.uri('A.java'));
    assert.deepEqual(world.ran, []);
    await world.checks.run(world.uri('A.java'), 'file', progress);
    assert.equal(world.ran.length, 1);
    await world.checks.saved(world.uri('a.sh'));
    assert.deepEqual(world.said('a.sh'), ['a.sh:0:0 shellcheck No.']);
  });

  it('are named once they were looked for', async () => {
    const world = new CheckWorld(TSC, says(''));
    world.checks.toolsFor(world.uri('src/a.ts'));
    await world.machine.advance(1);
    // What is loaded late is there already, so that what follows takes a bounded number of turns.
    await import('../../../server/features/checks/late.ts');
    for (let i = 0; i < 50 && world.checks.toolsFor(world.uri('src/a.ts')).length === 0; i++)
      await new Promise(setImmediate);
    assert.deepEqual(world.checks.toolsFor(world.uri('src/a.ts')), ['tsc']);
    assert.deepEqual(world.ran, []);
  });
});

describe('checks of edits', () => {
  const FLAKE = { '.flake8': '', 'a.py': 'x = 1\ny = foo\n' };
  const undefinedNames: Script = ({ stdin = '' }) => ({
    code: 1,
    stdout: JSON.stringify(
      stdin.split('\n').flatMap((line, row) =>
        /foo|bar/.test(line)
          ? [
              {
                code: 'F821',
                filename: '/w/a.py',
                location: { row: row + 1, column: 1 },
                message: `Undefined name ${/foo|bar/.exec(line)?.[0]}`,
              },
            ]
          : [],
      ),
    ),
  });

  it('say what is new, by the unsaved text, and not what was wrong before', async () => {
    const world = new CheckWorld(
      { 'ruff.toml': '', '.venv/bin/ruff': '', 'a.py': FLAKE['a.py'] },
      undefinedNames,
    );
    world.open('a.py', 'x = 1\ny = foo\nunsaved = 1\n');
    const words = await world.checks.objections(
      [world.change('a.py', 'x = bar\ny = foo\nunsaved = 1\n')],
      progress.signal,
    );
    assert.deepEqual(words, ['a.py:1: Undefined name bar (ruff F821)']);
    assert.match(world.ran[0]?.stdin ?? '', /unsaved/);
    assert.deepEqual(world.ran[0]?.argv.slice(-2), ['/w/a.py', '-']);
    assert.deepEqual(
      await world.checks.objections([world.change('a.py', 'x = 2\ny = foo\n')], progress.signal),
      [],
    );
    assert.deepEqual(
      await world.checks.objections([{ ...world.change('a.py', 'x = bar\n'), version: 7 }], progress.signal),
      [],
    );
  });

  it('look at a private copy where a tool reads no standard input, and take it away', async () => {
    const world = new CheckWorld(
      { 'biome.json': '', 'node_modules/.bin/biome': '', 'src/a.ts': 'a\n' },
      ({ argv }) => {
        const copy = argv.at(-1) ?? '';
        const bad = world.machine.textOf(copy)?.includes('debugger');
        const diagnostics = bad
          ? [
              {
                code: { value: 'noDebugger' },
                location: { path: copy, range: { start: { line: 1, column: 1 } } },
                message: 'No.',
                severity: 'ERROR',
              },
            ]
          : [];
        return { stdout: JSON.stringify({ diagnostics }), code: bad ? 1 : 0 };
      },
    );
    world.open('src/a.ts');
    assert.deepEqual(
      await world.checks.objections([world.change('src/a.ts', 'debugger;\n')], progress.signal),
      ['src/a.ts:1: No. (biome noDebugger)'],
    );
    const copies = world.ran.map(({ argv }) => argv.at(-1) ?? '');
    assert.ok(
      copies.every(path => path.endsWith('/a.ts') && !path.startsWith(FOLDER)),
      copies.join(),
    );
    for (const path of copies) assert.equal(world.machine.textOf(path), undefined);
  });

  it('do not keep an edit waiting', async () => {
    const world = new CheckWorld(
      {
        'ruff.toml': '',
        '.venv/bin/ruff': '',
        '.prettierrc': '',
        'node_modules/.bin/prettier': '',
        'a.py': 'x\n',
        'a.ts': 'x\n',
      },
      (_, signal) => {
        return new Promise(resolve =>
          signal.addEventListener('abort', () => resolve({ ending: 'aborted', code: null })),
        );
      },
    );
    world.open('a.py');
    world.open('a.ts');
    const objections = world.checks.objections([world.change('a.py', 'y\n')], progress.signal);
    const change = [world.change('a.ts', 'y   \n')];
    const formatted = world.checks.format(change, progress.signal);
    while (world.ran.length < 2) await new Promise(setImmediate);
    await world.machine.advance(10_000);
    assert.deepEqual(await objections, []);
    assert.deepEqual(await formatted, change);
    assert.ok(world.machine.logged.some(({ message }) => /longer than 2000 ms/.test(message)));
  });
});

describe('formatting of edits', () => {
  const PRETTIER = {
    '.prettierrc': '',
    'node_modules/.bin/prettier': '',
    'a.ts': 'let a  =  1;\n\nlet b = 2;\n',
  };
  const squeeze: Script = ({ stdin = '' }) => ({ stdout: stdin.replace(/ +/g, ' ') });
  const after = 'let a  =  1;\n\nlet b   =   3;\n';

  async function formatted(world: CheckWorld, text: string): Promise<string> {
    const { applyEdits } = await import('../../../server/edits/lines.ts');
    const document = world.documents.get(world.uri('a.ts'));
    const [change] = await world.checks.format([world.change('a.ts', text)], progress.signal);
    return applyEdits(document?.getText() ?? '', change?.edits ?? []);
  }

  it('formats what was edited with the formatter of the project', async () => {
    const world = new CheckWorld(PRETTIER, squeeze);
    world.open('a.ts');
    assert.equal(await formatted(world, after), 'let a  =  1;\n\nlet b = 3;\n');
    assert.deepEqual(world.ran[0]?.argv.slice(1), ['--stdin-filepath', '/w/a.ts']);
  });

  it('leaves the edit as it is where the formatter fails, gives nothing, or breaks it', async () => {
    for (const script of [
      () => ({ code: 2, stderr: 'SyntaxError' }),
      () => ({ stdout: '' }),
      () => ({ stdout: 'x', truncated: true }),
    ]) {
      const world = new CheckWorld(PRETTIER, script);
      world.open('a.ts');
      assert.equal(await formatted(world, after), after);
    }
    const world = new CheckWorld(PRETTIER, squeeze);
    world.sound = false;
    world.open('a.ts');
    assert.equal(await formatted(world, after), after);
  });

  it('formats no text that would not come back from a program as it is', async () => {
    const world = new CheckWorld(PRETTIER, squeeze);
    world.open('a.ts');
    assert.equal(await formatted(world, `${after}"\u0007"`), `${after}"\u0007"`);
    assert.deepEqual(world.ran, []);
  });

  it('tidies by the style of the file where nobody trusts the folder', async () => {
    const world = new CheckWorld({ ...PRETTIER, 'a.ts': 'if (a) {\n\tb();\n}\nc();\nd();\n' }, squeeze);
    world.trusted = false;
    world.open('a.ts');
    assert.equal(
      await formatted(world, 'if (a) {\n\tb();\n}\nif (c) {  \n  c();\n}\nd();\n'),
      'if (a) {\n\tb();\n}\nif (c) {\n\tc();\n}\nd();\n',
    );
    assert.deepEqual(world.ran, []);
  });
});
