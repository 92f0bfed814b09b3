import assert from 'node:assert/strict';
import { createReadGate, forUnasked, type ReadGate } from '../../server/guard/readGate.ts';
import { harmlessPaths, neverSentPaths } from '../fixtures/guard/secretPaths.ts';
import { createMemoryMachine, type MemoryMachine, type Planted } from '../support/memoryMachine.ts';

interface Given {
  readonly files?: Readonly<Record<string, Planted>>;
  readonly roots?: readonly string[];
  readonly neverSend?: readonly string[];
  readonly platform?: NodeJS.Platform;
  readonly caseInsensitive?: boolean;
}

function given(options: Given): { machine: MemoryMachine; gate: ReadGate } {
  const machine = createMemoryMachine(options);
  const gate = createReadGate({
    ...machine,
    roots: options.roots ?? ['/w'],
    ...(options.neverSend ? { neverSend: options.neverSend } : {}),
  });
  return { machine, gate };
}

async function why(gate: ReadGate, path: string): Promise<string> {
  const verdict = await gate.check(path);
  return verdict.allowed ? 'allowed' : verdict.why;
}

const git = { '/w/.git/HEAD': 'ref: refs/heads/main' };

describe('read gate: what is never sent', () => {
  it('has at least 70 paths', () => assert.ok(neverSentPaths.length >= 70));

  it('refuses each, as file and as open document', async () => {
    const { gate } = given({
      files: Object.fromEntries(neverSentPaths.map(path => [`/w/${path}`, 'canary'])),
    });
    for (const path of neverSentPaths) {
      assert.match(await why(gate, `/w/${path}`), /never sent/, path);
      const uri = `file:///w/${path.split('/').map(encodeURIComponent).join('/')}`;
      assert.equal((await gate.checkDocument(uri)).allowed, false, uri);
      assert.equal((await gate.checkDocument(`git:/w/${path}?ref=HEAD`)).allowed, false, `git:${path}`);
    }
  });

  it('refuses each behind aliases: link, upper case, dots and spaces at the end, decomposed letters', async () => {
    const files: Record<string, Planted> = Object.fromEntries(
      neverSentPaths.map(path => [`/w/${path}`, 'canary']),
    );
    neverSentPaths.forEach((path, i) => {
      files[`/w/links/notes-${i}.txt`] = { link: `/w/${path}` };
      files[`/w/chain/a-${i}.txt`] = { link: `/w/links/notes-${i}.txt` };
    });
    const { gate } = given({ files });
    for (const [i, path] of neverSentPaths.entries()) {
      for (const alias of [
        `/w/links/notes-${i}.txt`,
        `/w/chain/a-${i}.txt`,
        `/w/${path.toUpperCase()}`,
        `/w/${path}.`,
        `/w/${path} `,
        `/w/${path}::$DATA`,
        `/w/./x/../${path}`,
        `/w/${path.replace(/[ek]/, found => `${found}\u200d`)}`,
        `/w/${path.replaceAll('s', '\uff53')}`,
      ]) {
        assert.notEqual(await why(gate, alias), 'allowed', alias);
      }
    }
  });

  it('passes harmless names', async () => {
    const { gate } = given({ files: Object.fromEntries(harmlessPaths.map(path => [`/w/${path}`, 'x'])) });
    for (const path of harmlessPaths) assert.equal(await why(gate, `/w/${path}`), 'allowed', path);
  });

  it('refuses a workspace inside a folder of keys', async () => {
    const { gate } = given({ files: { '/home/dev/.ssh/notes.txt': 'x' }, roots: ['/home/dev/.ssh'] });
    assert.match(await why(gate, '/home/dev/.ssh/notes.txt'), /folder of keys/);
  });

  it('takes patterns of the user on top, and they cannot open what is closed', async () => {
    const files = { '/w/customers/a.csv': 'x', '/w/src/a.ts': 'x', '/w/.env': 'x' };
    const { gate } = given({ files, neverSend: ['customers/', '*.CSV', '!.env'] });
    assert.match(await why(gate, '/w/customers/a.csv'), /privacy.neverSend/);
    assert.match(await why(gate, '/w/.env'), /never sent/);
    assert.equal(await why(gate, '/w/src/a.ts'), 'allowed');
  });
});

describe('read gate: ignore files', () => {
  const scenarios: readonly (readonly [
    string,
    Record<string, Planted>,
    readonly string[],
    readonly string[],
  ])[] = [
    [
      '.gitignore at the top',
      { '.gitignore': '*.log\nbuild/\n' },
      ['a.log', 'x/b.log', 'build/o.js'],
      ['a.ts', 'x/builder.ts'],
    ],
    [
      '.gitignore in a folder',
      { 'x/.gitignore': 'gen.ts\n/only-here\n' },
      ['x/gen.ts', 'x/y/gen.ts', 'x/only-here'],
      ['gen.ts', 'x/y/only-here'],
    ],
    [
      'a deeper rule takes back',
      { '.gitignore': '*.log\n', 'x/.gitignore': '!keep.log\n' },
      ['keep.log', 'x/a.log'],
      ['x/keep.log'],
    ],
    [
      'nothing comes back out of an ignored folder',
      { '.gitignore': 'out/\n', 'out/.gitignore': '!keep.ts\n' },
      ['out/keep.ts'],
      ['keep.ts'],
    ],
    ['all but', { '.gitignore': '/*\n!/src\n' }, ['a.ts', 'lib/a.ts'], ['src/a.ts', 'src/b/c.ts']],
    [
      'anchored and globbed',
      { '.gitignore': '/dist\n**/tmp/**\nfoo/*.bar\n' },
      ['dist/a', 'a/tmp/b/c', 'foo/x.bar'],
      ['a/dist/a', 'foo/y/x.bar'],
    ],
    ['.git/info/exclude', { '.git/info/exclude': 'mine/\n' }, ['mine/a.ts'], ['a.ts']],
    [
      'the user’s git ignore file',
      { '../home/dev/.config/git/ignore': '*.local.ts\n' },
      ['a.local.ts'],
      ['a.ts'],
    ],
    ['.aiignore', { '.aiignore': 'legal/\n' }, ['legal/contract.md'], ['a.md']],
    ['.codriverignore below', { 'x/.codriverignore': '*\n' }, ['x/a.ts', 'x/y/b.ts'], ['a.ts']],
    ['.cursorignore', { '.cursorignore': 'vendor\n' }, ['vendor/a.js'], ['a.js']],
    ['.aiexclude', { '.aiexclude': '*.sql\n' }, ['db/a.sql'], ['a.ts']],
    [
      'git cannot take back what AI files exclude',
      { '.aiignore': '*.md\n', 'x/.gitignore': '!a.md\n' },
      ['x/a.md'],
      ['x/a.ts'],
    ],
    [
      'AI files cannot take back what git excludes',
      { '.gitignore': '*.md\n', '.aiignore': '!a.md\n' },
      ['a.md'],
      ['a.ts'],
    ],
    [
      'a BOM, CR LF and comments',
      { '.gitignore': '\ufeff# c\r\nout/\r\n\r\n*.tmp\r\n' },
      ['out/x', 'a.tmp'],
      ['a.ts'],
    ],
    [
      'another encoding in a comment',
      { '.gitignore': Uint8Array.from([0x23, 0xfc, 0x0a, 0x2a, 0x2e, 0x78, 0x0a]) },
      ['a.x'],
      ['a.ts'],
    ],
    [
      'decomposed letters',
      { '.gitignore': 'caf\u00e9/\n' },
      ['cafe\u0301/a.ts', 'caf\u00e9/b.ts'],
      ['cafe/a.ts'],
    ],
    [
      'a link to another list',
      { '.gitignore': 'gen/\n', '.aiignore': { link: '.private' }, '.private': 'legal/\n' },
      ['legal/a', 'gen/a'],
      ['a.ts'],
    ],
    ['a list that cannot be read', { '.aiignore': { kind: 'denied' } }, ['a.ts', 'x/b.ts'], []],
    ['a list that is too large', { 'x/.aiignore': '#'.repeat(1024 * 1024 + 1) }, ['x/b.ts'], ['a.ts']],
  ];
  for (const [name, ignoreFiles, ignored, kept] of scenarios) {
    it(name, async () => {
      const files: Record<string, Planted> = { ...git };
      for (const path of [...ignored, ...kept]) files[`/w/${path}`] = 'x';
      for (const [path, content] of Object.entries(ignoreFiles)) files[`/w/${path}`] = content;
      const { gate } = given({ files });
      for (const path of ignored) {
        assert.match(await why(gate, `/w/${path}`), /leaves it out|cannot be read/, path);
        assert.equal((await gate.checkDocument(`file:///w/${path}`)).allowed, false, path);
      }
      for (const path of kept) assert.equal(await why(gate, `/w/${path}`), 'allowed', path);
    });
  }

  it('reads from the top of the repository when only a part of it is open', async () => {
    const files = { ...git, '/w/.gitignore': 'gen/\n', '/w/pkg/gen/a.ts': 'x', '/w/pkg/a.ts': 'x' };
    const { gate } = given({ files, roots: ['/w/pkg'] });
    assert.match(await why(gate, '/w/pkg/gen/a.ts'), /\/w\/.gitignore leaves it out/);
    assert.equal(await why(gate, '/w/pkg/a.ts'), 'allowed');
  });

  it('does not let a dotfiles repository around a project close the project', async () => {
    const files = { '/home/dev/.git/HEAD': 'x', '/home/dev/.gitignore': '*\n', '/home/dev/p/a.ts': 'x' };
    const { gate } = given({ files, roots: ['/home/dev/p'] });
    assert.equal(await why(gate, '/home/dev/p/a.ts'), 'allowed');
  });

  it('finds the exclude file of a linked worktree', async () => {
    const files = {
      '/main/.git/info/exclude': 'mine.ts\n',
      '/main/.git/worktrees/t/commondir': '../..\n',
      '/w/.git': 'gitdir: /main/.git/worktrees/t\n',
      '/w/mine.ts': 'x',
    };
    assert.match(await why(given({ files }).gate, '/w/mine.ts'), /exclude leaves it out/);
  });

  it('judges a link by its own name and by its target', async () => {
    const files: Record<string, Planted> = {
      ...git,
      '/w/.gitignore': 'private/\n*.alias\n',
      '/w/private/a.ts': 'x',
      '/w/open/a.ts': 'x',
      '/w/shown.ts': { link: 'private/a.ts' },
      '/w/hidden.alias': { link: 'open/a.ts' },
      '/w/door': { link: 'private' },
    };
    const { gate } = given({ files });
    for (const path of ['shown.ts', 'hidden.alias', 'door/a.ts'])
      assert.notEqual(await why(gate, `/w/${path}`), 'allowed', path);
    assert.equal(await why(gate, '/w/open/a.ts'), 'allowed');
  });

  it('cannot be passed by case where names differ by case alone', async () => {
    const files = { ...git, '/w/.gitignore': 'Private/\n', '/w/Private/a.ts': 'x' };
    const { gate } = given({ files, platform: 'darwin', caseInsensitive: true });
    for (const path of ['/w/Private/a.ts', '/w/private/A.TS', '/W/PRIVATE/a.ts']) {
      assert.notEqual(await why(gate, path), 'allowed', path);
    }
    const onLinux = given({ files: { ...files, '/w/private/b.ts': 'x' } });
    assert.equal(await why(onLinux.gate, '/w/private/b.ts'), 'allowed', 'another folder there');
  });

  it('notices new, changed and removed lists: at once when told, else within seconds', async () => {
    const { gate, machine } = given({ files: { ...git, '/w/x/a.ts': 'x', '/w/b.ts': 'x' } });
    assert.equal(await why(gate, '/w/x/a.ts'), 'allowed');
    machine.plant('/w/x/.aiignore', 'a.ts\n');
    assert.equal(gate.changed('/w/x/.aiignore'), true);
    assert.notEqual(await why(gate, '/w/x/a.ts'), 'allowed');
    assert.equal(gate.changed('/w/x/a.ts'), false);
    await machine.advance(10);
    machine.plant('/w/x/.aiignore', 'nothing-else\n');
    await machine.advance(5000);
    assert.equal(await why(gate, '/w/x/a.ts'), 'allowed');
    machine.plant('/w/.codriverignore', '*\n');
    await machine.advance(5000);
    assert.notEqual(await why(gate, '/w/x/a.ts'), 'allowed');
    machine.uproot('/w/.codriverignore');
    await machine.advance(5000);
    assert.equal(await why(gate, '/w/x/a.ts'), 'allowed');
  });
});

describe('read gate: documents and the crawler', () => {
  const files: Record<string, Planted> = {
    ...git,
    '/w/.gitignore': 'gen/\n',
    '/w/a.ts': 'x',
    '/w/gen/b.ts': 'x',
    '/w/.env': 'x',
    '/w/pipe': { kind: 'other' },
    '/w/link.ts': { link: 'a.ts' },
    '/w/src/c.ts': 'x',
    '/w/.ssh/config': 'x',
    '/other/d.ts': 'x',
    '/other/.env': 'x',
    '/w/to-other.ts': { link: '/other/d.ts' },
  };

  it('tells documents of the workspace, of elsewhere and of nowhere apart', async () => {
    const { gate } = given({ files });
    assert.deepEqual(await gate.checkDocument('file:///w/a.ts'), { allowed: true, place: 'workspace' });
    assert.deepEqual(await gate.checkDocument('untitled:Untitled-1'), { allowed: true, place: 'untitled' });
    const outside = await gate.checkDocument('file:///other/d.ts');
    assert.ok(outside.allowed && outside.place === 'outside' && /only for what you ask/.test(outside.note));
    assert.equal((await gate.checkDocument('file:///w/to-other.ts')).allowed, true);
    assert.deepEqual(await gate.checkDocument('file:///w/.git/COMMIT_EDITMSG'), {
      allowed: true,
      place: 'workspace',
    });
    for (const uri of [
      'file:///other/.env',
      'file:///w/gen/b.ts',
      'file:///w/.git/config',
      'untitled:/w/.env',
      'no scheme',
      'vscode-notebook-cell:/w/gen/b.ts#c1',
      'file:///w/a%00',
      'file://host/w/a.ts',
      'x:%',
    ]) {
      assert.equal((await gate.checkDocument(uri)).allowed, false, uri);
    }
  });

  it('never lets a file outside every folder be read from disk', async () => {
    const { gate } = given({ files });
    for (const path of ['/other/d.ts', '/w/to-other.ts', '/w/../other/d.ts', 'relative.ts', '']) {
      assert.notEqual(await why(gate, path), 'allowed', path);
    }
    assert.notEqual(await why(given({ files, roots: [] }).gate, '/w/a.ts'), 'allowed');
  });

  it('gives the crawler exactly what check would allow', async () => {
    const { gate, machine } = given({ files });
    const walk = async (directory: string): Promise<string[]> => {
      const found: string[] = [];
      for (const entry of await gate.allowedEntries(directory, await machine.files.list(directory))) {
        const path = `${directory}/${entry.name}`;
        if (entry.kind === 'file') found.push(path);
        else if ((await gate.checkDirectory(path)).allowed) found.push(...(await walk(path)));
      }
      return found.sort();
    };
    assert.deepEqual(await walk('/w'), ['/w/.gitignore', '/w/a.ts', '/w/src/c.ts']);
    for (const path of await walk('/w')) assert.equal(await why(gate, path), 'allowed');
    assert.deepEqual(await gate.allowedEntries('/other', await machine.files.list('/other')), []);
    assert.equal((await gate.checkDirectory('/w/gen')).allowed, false);
    assert.equal((await gate.checkDirectory('/w/.ssh')).allowed, false);
  });

  it('looks at the disk once per directory while it is fresh', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`/w/src/f${i}.ts`, 'x']));
    const { gate, machine } = given({ files: { ...files, ...many } });
    await gate.check('/w/src/f0.ts');
    const before = machine.reads.length;
    for (const path of Object.keys(many)) await gate.check(path);
    assert.equal(machine.reads.length, before);
  });
});

describe('the gate for what is sent unasked', () => {
  it('takes files of the workspace and untitled ones, and none from outside', async () => {
    const machine = createMemoryMachine({ files: { '/w/a.ts': 'a', '/other/d.ts': 'd' } });
    const { files, clock, environment } = machine;
    const gate = createReadGate({ roots: ['/w'], files, clock, environment });
    const unasked = forUnasked(gate);
    for (const [uri, asked, itself] of [
      ['file:///w/a.ts', true, true],
      ['untitled:Untitled-1', true, true],
      ['file:///other/d.ts', true, false],
      ['file:///w/.env', false, false],
    ] as const) {
      assert.equal((await gate.checkDocument(uri)).allowed, asked, uri);
      assert.equal((await unasked.checkDocument(uri)).allowed, itself, uri);
    }
  });
});
