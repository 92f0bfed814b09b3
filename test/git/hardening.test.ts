/**
 * Programs that a repository can make git run: planted one by one, shown to run with plain git, and shown not to run
 * through the wrapper, which still reads what is staged.
 */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from '../../server/git/git.ts';
import { Sandbox } from './support/repository.ts';

interface Vector {
  readonly name: string;
  readonly plant: (sandbox: Sandbox) => void;
  /** What a person runs; plain git runs the planted program then, unless said otherwise. */
  readonly plain: readonly string[];
  /** False: this git does not run it without a terminal or another command; planted all the same. */
  readonly plainGitRuns: boolean;
  /** Variables of the editor's environment, for plain git and for the wrapper. */
  readonly variables?: (sandbox: Sandbox) => Record<string, string>;
  /** The wrapper refuses the status with this. */
  readonly statusRefused?: RegExp;
}

const config =
  (...pairs: (readonly [string, string])[]) =>
  (sandbox: Sandbox) => {
    for (const [key, value] of pairs)
      sandbox.git(
        'config',
        key,
        value.replaceAll('CANARY', sandbox.canary).replaceAll('FAILING', sandbox.failing),
      );
  };
const attributes = (text: string) => (sandbox: Sandbox) => void sandbox.write('.gitattributes', text);
const both =
  (...steps: readonly ((sandbox: Sandbox) => void)[]) =>
  (sandbox: Sandbox) => {
    for (const step of steps) step(sandbox);
  };
/** The index knows another size and time, so that git has to read the file. */
const touched = (sandbox: Sandbox) => void sandbox.write('a.txt', 'one\ntwo\nthree, staged\nand more\n');
const inFile = (name: string, text: string) => (sandbox: Sandbox) =>
  writeFileSync(join(sandbox.root, name), text.replaceAll('CANARY', sandbox.canary));
const filter = /filter/;

/** A commit that says it is signed. */
function signed(sandbox: Sandbox): void {
  const tree = sandbox.git('rev-parse', 'HEAD^{tree}').trim();
  const parent = sandbox.git('rev-parse', 'HEAD').trim();
  const who = 'T <t@example.com> 1700000000 +0000';
  const signature = ['-----BEGIN PGP SIGNATURE-----', '', 'aaaa', '-----END PGP SIGNATURE-----'].join('\n ');
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\ngpgsig ${signature}\n\nsigned\n`;
  const file = sandbox.write('.git/signed', text);
  sandbox.git('reset', '-q', '--soft', sandbox.git('hash-object', '-t', 'commit', '-w', file).trim());
}

/** A conflict that was merged, whose merge git can be asked to do again. */
function merged(sandbox: Sandbox): void {
  sandbox.git('stash', '-q');
  sandbox.git('checkout', '-q', '-b', 'side', 'HEAD^');
  sandbox.write('b.txt', 'side\n');
  sandbox.git('commit', '-qam', 'side');
  sandbox.git('checkout', '-q', 'main');
  sandbox.plain(['merge', '-q', 'side']);
  sandbox.write('b.txt', 'both\n');
  sandbox.git('commit', '-qam', 'merge');
  sandbox.git('stash', 'pop', '-q', '--index');
}

/** A partial clone that lacks the file of the commit before. */
function promised(url: string, ...extra: (readonly [string, string])[]) {
  return (sandbox: Sandbox) => {
    const blob = sandbox.git('rev-parse', 'HEAD^:b.txt').trim();
    renameSync(
      join(sandbox.root, '.git/objects', blob.slice(0, 2), blob.slice(2)),
      join(sandbox.folder, 'lost'),
    );
    config(
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', url],
      ...extra,
    )(sandbox);
  };
}

function submodule(sandbox: Sandbox): void {
  const inner = join(sandbox.root, 'inner');
  mkdirSync(inner);
  const git = (...args: string[]) => assert.equal(sandbox.plain(args, inner).status, 0, args.join(' '));
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'inner');
  git('config', 'core.fsmonitor', sandbox.canary);
  writeFileSync(join(inner, 'new.txt'), 'x');
  sandbox.write('.gitmodules', '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n\tignore = none\n');
  sandbox.git('add', 'inner', '.gitmodules');
}

const VECTORS: readonly Vector[] = [
  {
    name: 'core.fsmonitor',
    plant: config(['core.fsmonitor', 'CANARY']),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'core.fsmonitor through include.path',
    plant: both(inFile('.git/more', '[core]\n\tfsmonitor = CANARY\n'), config(['include.path', 'more'])),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'core.fsmonitor through includeIf on the branch',
    plant: both(
      inFile('.git/more', '[core]\n\tfsmonitor = CANARY\n'),
      config(['includeIf.onbranch:**.path', 'more']),
    ),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'core.fsmonitor in the configuration of the working tree',
    plant: both(
      config(['extensions.worktreeConfig', 'true']),
      inFile('.git/config.worktree', '[core]\n\tfsmonitor = CANARY\n'),
    ),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'core.fsmonitor of a submodule',
    plant: submodule,
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'hook post-index-change',
    plant: both(sandbox => {
      sandbox.write('.git/hooks/post-index-change', `#!/bin/sh\n${sandbox.canary} </dev/null\n`, 0o755);
      sandbox.write('b.txt', 'b\nmore\n');
    }),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'core.hooksPath into the tree',
    plant: both(config(['core.hooksPath', 'hooks']), sandbox => {
      sandbox.write('hooks/post-index-change', `#!/bin/sh\n${sandbox.canary} </dev/null\n`, 0o755);
      sandbox.write('b.txt', 'b\nmore\n');
    }),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'filter.clean',
    plant: both(config(['filter.x.clean', 'CANARY']), attributes('*.txt filter=x\n'), touched),
    plain: ['diff'],
    plainGitRuns: true,
    statusRefused: filter,
  },
  {
    name: 'filter.process',
    plant: both(config(['filter.x.process', 'CANARY']), attributes('*.txt filter=x\n'), touched),
    plain: ['diff'],
    plainGitRuns: true,
    statusRefused: filter,
  },
  {
    name: 'filter.smudge',
    plant: both(config(['filter.x.smudge', 'CANARY']), attributes('*.txt filter=x\n')),
    plain: ['cat-file', '--filters', 'HEAD:a.txt'],
    plainGitRuns: true,
    statusRefused: filter,
  },
  {
    name: 'a required filter with a name that holds =',
    plant: both(
      inFile('.git/more', '[filter "a=b"]\n\tclean = CANARY\n\trequired = true\n'),
      config(['include.path', 'more']),
      attributes('*.txt filter=a=b\n'),
      touched,
    ),
    plain: ['diff'],
    plainGitRuns: true,
    statusRefused: filter,
  },
  {
    name: 'filter by info/attributes',
    plant: both(
      config(['filter.x.clean', 'CANARY']),
      inFile('.git/info/attributes', '*.txt filter=x\n'),
      touched,
    ),
    plain: ['diff'],
    plainGitRuns: true,
    statusRefused: filter,
  },
  {
    name: 'filter by core.attributesFile',
    plant: both(
      config(['filter.x.clean', 'CANARY'], ['core.attributesFile', '.git/other']),
      inFile('.git/other', '*.txt filter=x\n'),
      touched,
    ),
    plain: ['diff'],
    plainGitRuns: true,
  },
  {
    name: 'diff.external',
    plant: config(['diff.external', 'CANARY']),
    plain: ['diff', '--cached'],
    plainGitRuns: true,
  },
  {
    name: 'GIT_EXTERNAL_DIFF',
    plant: () => {},
    variables: sandbox => ({ GIT_EXTERNAL_DIFF: sandbox.canary }),
    plain: ['diff', '--cached'],
    plainGitRuns: true,
  },
  {
    name: 'GIT_CONFIG_PARAMETERS',
    plant: () => {},
    variables: sandbox => ({ GIT_CONFIG_PARAMETERS: `'diff.external'='${sandbox.canary}'` }),
    plain: ['diff', '--cached'],
    plainGitRuns: true,
  },
  {
    name: 'diff driver command',
    plant: both(config(['diff.x.command', 'CANARY']), attributes('*.txt diff=x\n')),
    plain: ['diff', '--cached'],
    plainGitRuns: true,
  },
  {
    name: 'textconv of a diff',
    plant: both(config(['diff.x.textconv', 'CANARY']), attributes('*.txt diff=x\n')),
    plain: ['diff', '--cached'],
    plainGitRuns: true,
  },
  {
    name: 'textconv of a log and its cache',
    plant: both(
      config(['diff.x.textconv', 'CANARY'], ['diff.x.cachetextconv', 'true']),
      attributes('*.txt diff=x\n'),
    ),
    plain: ['log', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'textconv of a shown file',
    plant: both(config(['diff.x.textconv', 'CANARY']), attributes('*.txt diff=x\n')),
    plain: ['show', '--textconv', 'HEAD:a.txt'],
    plainGitRuns: true,
  },
  {
    name: 'gpg.program by log.showSignature',
    plant: both(signed, config(['log.showSignature', 'true'], ['gpg.program', 'CANARY'])),
    plain: ['log'],
    plainGitRuns: true,
  },
  {
    name: 'gpg.openpgp.program by log.showSignature',
    plant: both(signed, config(['log.showSignature', 'true'], ['gpg.openpgp.program', 'CANARY'])),
    plain: ['show', 'HEAD'],
    plainGitRuns: true,
  },
  {
    name: 'merge driver by log.diffMerges',
    plant: both(
      merged,
      attributes('*.txt merge=x\n'),
      config(['merge.x.driver', 'CANARY'], ['log.diffMerges', 'remerge']),
    ),
    plain: ['log', '-m', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'upload-pack of a partial clone',
    plant: promised('/nowhere', ['remote.origin.uploadpack', 'FAILING']),
    plain: ['log', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'core.sshCommand of a partial clone',
    plant: promised('ssh://localhost/x', ['core.sshCommand', 'FAILING']),
    plain: ['log', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'core.gitProxy of a partial clone',
    plant: promised('git://localhost/x', ['core.gitProxy', 'FAILING']),
    plain: ['log', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'ext:: of a partial clone',
    plant: promised('ext::FAILING %S', ['protocol.ext.allow', 'always']),
    plain: ['log', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'remote helper of a partial clone',
    plant: both(promised('x', ['remote.origin.vcs', 'canary']), sandbox => {
      sandbox.write('bin/git-remote-canary', `#!/bin/sh\n${sandbox.failing}\n`, 0o755);
    }),
    variables: sandbox => ({ PATH: `${join(sandbox.root, 'bin')}:${process.env['PATH'] ?? ''}` }),
    plain: ['log', '-p'],
    plainGitRuns: true,
  },
  {
    name: 'a git of its own in the repository, found by a relative PATH',
    plant: sandbox => void sandbox.write('git', `#!/bin/sh\n${sandbox.canary} </dev/null\n`, 0o755),
    variables: () => ({ PATH: `.:${process.env['PATH'] ?? ''}` }),
    plain: ['status'],
    plainGitRuns: true,
  },
  {
    name: 'GIT_EXEC_PATH',
    plant: sandbox => {
      sandbox.write('exec/git-planted', `#!/bin/sh\n${sandbox.canary} </dev/null\n`, 0o755);
    },
    variables: sandbox => ({ GIT_EXEC_PATH: join(sandbox.root, 'exec') }),
    plain: ['planted'],
    plainGitRuns: true,
  },
  { name: 'alias', plant: config(['alias.st', '!CANARY']), plain: ['st'], plainGitRuns: true },
  {
    name: 'aliases of built-in commands',
    plant: config(['alias.diff', '!CANARY'], ['alias.log', '!CANARY'], ['alias.status', '!CANARY']),
    plain: ['status'],
    plainGitRuns: false,
  },
  {
    name: 'core.pager and pager.<command>',
    plant: config(['core.pager', 'CANARY'], ['pager.log', 'CANARY'], ['pager.diff', 'CANARY']),
    plain: ['log'],
    plainGitRuns: false,
  },
  {
    name: 'editors',
    plant: config(['core.editor', 'CANARY'], ['sequence.editor', 'CANARY']),
    plain: ['commit', '--amend'],
    plainGitRuns: true,
  },
  {
    name: 'credential.helper and core.askPass',
    plant: config(['credential.helper', 'CANARY'], ['core.askPass', 'CANARY']),
    plain: ['credential', 'fill'],
    plainGitRuns: true,
  },
  {
    name: 'core.alternateRefsCommand',
    plant: config(['core.alternateRefsCommand', 'CANARY']),
    plain: ['log'],
    plainGitRuns: false,
  },
];

async function readEverything({ root }: Sandbox, repository: Repository): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  await repository.stagedDiff({}, signal);
  await repository.stagedDiff({ amend: true }, signal);
  await repository.stagedDiff({ index: join(root, '.git', 'index') }, signal);
  await repository.diff('HEAD', signal);
  await repository.diff('HEAD^..HEAD', signal);
  await repository.log(20, [], signal);
  await repository.log(20, ['a.txt'], signal);
  await repository.show('HEAD', 'a.txt', signal);
  await repository.show('', 'a.txt', signal);
  const listing = await repository.listing(signal);
  assert.ok(listing.ok && listing.value.tracked.some(({ path }) => path === 'a.txt'));
}

describe('git, hardened', function () {
  this.timeout(30_000);
  const template = new Sandbox();
  before(function () {
    if (process.platform === 'win32') this.skip();
    template.git('init', '-q');
    template.write('a.txt', 'one\ntwo\n');
    template.write('b.txt', 'a\n');
    template.git('add', '.');
    template.git('commit', '-qm', 'first');
    template.write('b.txt', 'b\n');
    template.git('commit', '-qam', 'second');
    template.write('a.txt', 'one\ntwo\nthree, staged\n');
    template.git('add', 'a.txt');
  });
  after(() => template.dispose());

  it('has enough vectors', () => assert.ok(VECTORS.filter(vector => vector.plainGitRuns).length >= 25));

  for (const { name, plant, plain, plainGitRuns, variables, statusRefused } of VECTORS) {
    it(`runs no program: ${name}`, async () => {
      const sandbox = template.copy();
      try {
        plant(sandbox);
        sandbox.ran();
        const extra = variables?.(sandbox) ?? {};
        const wrapper = sandbox.wrapper(() => true, extra);
        const opened = await wrapper.repositoryOf(join(sandbox.root, 'a.txt'), AbortSignal.timeout(20_000));
        assert.ok(opened.ok, opened.ok ? '' : opened.message);
        await readEverything(sandbox, opened.value);
        const staged = await opened.value.stagedDiff({}, AbortSignal.timeout(20_000));
        const status = await opened.value.status(AbortSignal.timeout(20_000));
        assert.equal(sandbox.ran(), false, 'the planted program ran');
        assert.ok(staged.ok, staged.ok ? '' : staged.message);
        const file = staged.value.find(({ path }) => path === 'a.txt');
        assert.deepEqual(file?.hunks[0]?.lines, [' one', ' two', '+three, staged']);
        if (statusRefused) assert.match(status.ok ? '' : status.message, statusRefused);
        else assert.ok(status.ok, status.ok ? '' : status.message);
        sandbox.plain(plain, sandbox.root, extra);
        assert.equal(sandbox.ran(), plainGitRuns, 'plain git');
      } finally {
        sandbox.dispose();
      }
    });
  }
});
