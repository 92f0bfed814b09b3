import assert from 'node:assert/strict';
import type { RunResult } from '../../server/base/ports.ts';
import { bubblewrapArgv } from '../../server/sandbox/bubblewrap.ts';
import { type ConfinerPorts, findConfiner, KEPT_FROM } from '../../server/sandbox/confiners.ts';
import { layoutOf } from '../../server/sandbox/layout.ts';
import { secretPlacesOf } from '../../server/sandbox/secretPlaces.ts';
import { countsOf, namespacesArgv, SCRIPT } from '../../server/sandbox/namespaces.ts';
import { createRunner } from '../../server/sandbox/runner.ts';
import { seatbeltArgv } from '../../server/sandbox/seatbelt.ts';
import { createMemoryMachine, type MemoryMachine } from '../support/memoryMachine.ts';

const limits = { timeMs: 1000, outputBytes: 1000, processes: 50, memoryBytes: 1_000_000 };
const tools = ['bwrap', 'unshare', 'setpriv', 'prlimit', 'sh'];
const cache = '/home/me/.cache/codriver';

function machineWith(
  programs: readonly string[],
  platform: NodeJS.Platform,
  run: (argv: readonly string[], machine: MemoryMachine) => Partial<RunResult>,
): { machine: MemoryMachine; ports: ConfinerPorts } {
  const machine: MemoryMachine = createMemoryMachine({
    platform,
    home: '/home/me',
    files: {
      ...Object.fromEntries(programs.map(name => [`/usr/bin/${name}`, ''])),
      '/proc/sys/kernel/osrelease': '6.1.0-generic\n',
      '/home/me/.ssh/id_ed25519': 'k',
      '/home/me/.netrc': 'k',
      '/home/me/.config/my-secrets': 'k',
      '/work/tree/a': '',
      '/work/project/node_modules/x': '',
      '/tmp/x': '',
      '/run/x': '',
    },
    run: argv => run(argv, machine),
  });
  const ports = { ...machine, cacheFolder: cache, ownFolders: ['/home/me/.local/state/codriver'], isSecret };
  return { machine, ports };
}
const isSecret = (path: string) => path.endsWith('my-secrets');

/** What a trial does that is confined as it should be. */
function good(_argv: readonly string[], machine: MemoryMachine): Partial<RunResult> {
  machine.plant(`${cache}/confinement-trial/inside/made`, 'in\n');
  return { code: 0, stdout: 'inside\ndone\n' };
}

describe('finding a way to confine', () => {
  for (const [what, programs, platform, isolation] of [
    ['bubblewrap first', tools, 'linux', 'bubblewrap'],
    ['namespaces without it', tools.slice(1), 'linux', 'namespaces'],
    ['seatbelt on macOS', ['sandbox-exec'], 'darwin', 'seatbelt'],
  ] as const) {
    it(`takes ${what}`, async () => {
      const { ports } = machineWith(programs, platform, good);
      assert.equal((await findConfiner(ports))?.isolation, isolation);
    });
  }

  it('takes the next way where the first does not hold', async () => {
    const { ports } = machineWith(tools, 'linux', (argv, machine) =>
      argv[0] === '/usr/bin/bwrap' ? { code: 1, stderr: 'bwrap: no' } : good(argv, machine),
    );
    assert.equal((await findConfiner(ports))?.isolation, 'namespaces');
  });

  it('takes an old bubblewrap that cannot forbid namespaces, where it holds otherwise', async () => {
    const { machine, ports } = machineWith(tools, 'linux', (argv, machine) =>
      argv.includes('--disable-userns') ? { code: 1, stderr: 'bwrap: Unknown option' } : good(argv, machine),
    );
    assert.equal((await findConfiner(ports))?.isolation, 'bubblewrap');
    assert.equal(machine.ran.length, 2);
  });

  const unavailable: Readonly<Record<string, ReturnType<typeof machineWith>>> = {
    'nothing is installed': machineWith([], 'linux', good),
    'one of the tools is missing': machineWith(['unshare', 'sh', 'setpriv'], 'linux', good),
    'the kernel forbids it': machineWith(tools, 'linux', () => ({
      code: 1,
      stderr: 'unshare: Operation not permitted',
    })),
    'the tool runs the program without confining it': machineWith(tools, 'linux', (argv, machine) => {
      machine.plant(`${cache}/confinement-trial/outside/made`, 'out\n');
      return good(argv, machine);
    }),
    'it hides nothing': machineWith(tools, 'linux', (argv, machine) => ({
      ...good(argv, machine),
      stdout: 'inside\nseen\ndone\n',
    })),
    'it reaches our process': machineWith(tools, 'linux', (argv, machine) => ({
      ...good(argv, machine),
      stdout: 'inside\nreaches\ndone\n',
    })),
    'it leaves the network': machineWith(tools, 'linux', (argv, machine) => ({
      ...good(argv, machine),
      stdout: 'inside\nnetwork eth0:\ndone\n',
    })),
    'it lets nothing be written': machineWith(tools, 'linux', () => ({ code: 0, stdout: 'done\n' })),
    'the trial does not run at all': machineWith(tools, 'linux', () => ({ code: 0, stdout: '' })),
    'the trial takes too long': machineWith(tools, 'linux', (argv, machine) => ({
      ...good(argv, machine),
      code: null,
      timedOut: true,
    })),
    'the system is another one': machineWith(tools, 'win32', good),
  };
  for (const [what, { machine, ports }] of Object.entries(unavailable)) {
    it(`runs nothing that must be confined where ${what}`, async () => {
      const runner = createRunner({ ...machine, findConfiner: () => findConfiner(ports) });
      assert.equal(await runner.isolation(), 'none');
      const before = machine.ran.length;
      const ran = await runner.run(
        {
          argv: ['make'],
          cwd: '/work/tree',
          limits,
          confinement: { writable: ['/work/tree'], network: false },
        },
        new AbortController().signal,
      );
      assert.equal(ran.ending, 'not-confined');
      assert.equal(machine.ran.length, before);
    });
  }

  it('says of every way what it keeps from a program, and what not', () => {
    for (const { hides, leaves } of Object.values(KEPT_FROM))
      assert.ok(hides.length > 6 && leaves.length > 10);
  });
});

describe('the layout of what a confined program sees', () => {
  it('hides secrets, then shows what is deeper', async () => {
    const { machine, ports } = machineWith([], 'linux', good);
    const steps = await layoutOf(
      {
        writable: ['/work/tree'],
        hidden: ['/work/project'],
        bound: [{ from: '/work/project/node_modules', at: '/work/tree/node_modules' }],
        network: false,
      },
      { ...ports, home: machine.environment.home, variables: {} },
    );
    assert.deepEqual(steps, [
      { do: 'empty', at: '/run' },
      { do: 'empty', at: '/tmp' },
      { do: 'empty', at: '/work/project' },
      { do: 'write', at: '/work/tree' },
      { do: 'blank', at: '/home/me/.netrc' },
      { do: 'empty', at: '/home/me/.ssh' },
      { do: 'show', from: '/work/project/node_modules', at: '/work/tree/node_modules' },
      { do: 'blank', at: '/home/me/.config/my-secrets' },
    ]);
  });

  it('hides secrets also where the person has put them elsewhere, our own settings among them', () => {
    const places = secretPlacesOf('/home/me', {
      XDG_CONFIG_HOME: '/data/config',
      CARGO_HOME: '/data/cargo',
      DOCKER_CONFIG: '/data/docker',
      GRADLE_USER_HOME: 'relative',
      KUBECONFIG: '/data/one.yaml:/data/two.yaml',
      AWS_CONFIG_FILE: '/',
    });
    const elsewhere = places.filter(place => !place.startsWith('/home/me/'));
    for (const place of '/data/config/codriver /data/config/gh /data/cargo/credentials.toml /data/docker /data/one.yaml /data/two.yaml'.split(
      ' ',
    ))
      assert.ok(elsewhere.includes(place), place);
    assert.ok(elsewhere.every(place => place.startsWith('/data/')));
    assert.ok(places.includes('/home/me/.config/codriver'));
  });

  it('asks the variables', async () => {
    const { machine, ports } = machineWith([], 'linux', good);
    const steps = await layoutOf(
      { writable: ['/work/tree'], network: false },
      { ...ports, home: '/nobody', variables: { NETRC: '/home/me/.netrc' } },
    );
    assert.equal(machine.environment.home, '/home/me');
    assert.ok(steps.some(step => step.do === 'blank' && step.at === '/home/me/.netrc'));
  });
});

const steps = [
  { do: 'empty', at: '/home/me/.ssh' },
  { do: 'blank', at: '/home/me/.netrc' },
  { do: 'write', at: '/work/tree' },
  { do: 'show', from: '/p/deps', at: '/work/tree/deps' },
] as const;

describe('command lines that confine', () => {
  const laid = { cwd: '/work/tree', steps, limits };

  it('are these for bubblewrap', () => {
    const make = (network: boolean, prlimit: string | undefined) =>
      bubblewrapArgv(['make', 'a b'], {
        ...laid,
        network,
        tools: { bubblewrap: '/usr/bin/bwrap', prlimit },
        countsProcesses: true,
        noNamespaces: network,
      }).join(' ');
    const begin = '/usr/bin/bwrap --unshare-all';
    const rest =
      '--die-with-parent --new-session --cap-drop ALL --ro-bind / / --dev /dev --proc /proc --ro-bind /proc/sys /proc/sys ' +
      '--ro-bind-try /proc/sysrq-trigger /proc/sysrq-trigger --tmpfs /home/me/.ssh ' +
      '--ro-bind /dev/null /home/me/.netrc --bind /work/tree /work/tree --ro-bind /p/deps /work/tree/deps ' +
      '--chdir /work/tree --';
    assert.equal(make(false, undefined), `${begin} ${rest} make a b`);
    assert.equal(
      make(true, '/usr/bin/prlimit'),
      `${begin} --unshare-user --disable-userns --share-net ${rest} /usr/bin/prlimit --core=0 --fsize=4294967296 --data=1000000 --nproc=50 -- make a b`,
    );
  });

  it('are these for namespaces, with paths as arguments and never in the script', () => {
    const make = (network: boolean, release: string) =>
      namespacesArgv(['make', "it's; $(x)"], {
        ...laid,
        network,
        tools: { unshare: '/u', setpriv: '/s', prlimit: '/p', shell: '/sh' },
        counts: countsOf(release),
      });
    const old = make(false, '5.4.0');
    assert.equal(old.filter(word => word === SCRIPT).length, 1);
    assert.ok(!SCRIPT.includes('/work') && !SCRIPT.includes('make'));
    assert.ok(old.includes('--net'));
    assert.deepEqual(
      old.slice(old.indexOf('confine') + 1),
      [
        '/u',
        '/s',
        '/work/tree',
        '',
        'no',
        'empty',
        '/home/me/.ssh',
        'blank',
        '/home/me/.netrc',
        'write',
        '/work/tree',
        'show',
        '/p/deps',
        '/work/tree/deps',
        '--',
        '/sh',
        '-c',
        '"$@"; exit $?',
        'init',
        '/p',
        '--core=0',
        '--fsize=4294967296',
        '--data=1000000',
        '--',
        'make',
        "it's; $(x)",
      ].flat(),
    );
    const recent = make(true, '6.18.2');
    assert.ok(!recent.includes('--net'));
    assert.ok(recent.includes('--nproc=50'));
    assert.equal(recent[recent.indexOf('confine') + 4], '301');
  });

  for (const [release, ofUser, ofNamespace] of [
    ['5.4.0-generic', false, false],
    ['5.14.0', true, false],
    ['6.13.9', true, false],
    ['6.14', true, true],
    ['7.0', true, true],
    ['', false, false],
  ] as const) {
    it(`count on Linux ${release || 'of no known version'} only what it counts for one namespace`, () => {
      assert.deepEqual(countsOf(release), { processesOfUser: ofUser, processesOfNamespace: ofNamespace });
    });
  }

  it('are these for seatbelt, with paths as parameters and never in the profile', () => {
    const argv = seatbeltArgv(['make'], { steps, network: false, temporary: '/t") (allow default' });
    const profile = argv[argv.indexOf('-p') + 1] ?? '';
    assert.ok(!profile.includes('/t"') && !profile.includes('/work'));
    assert.deepEqual(argv.slice(-2), ['--', 'make']);
    assert.deepEqual(
      argv.filter((_, i) => argv[i - 1] === '-D'),
      [
        'P0=/t") (allow default',
        'P1=/home/me/.ssh',
        'P2=/home/me/.netrc',
        'P3=/work/tree',
        'P4=/p/deps',
        'P5=/work/tree/deps',
      ],
    );
    const lines = profile.split('\n');
    assert.deepEqual(lines.slice(0, 3), [
      '(version 1)',
      '(allow default)',
      '(deny file-write* (subpath "/"))',
    ]);
    assert.ok(lines.includes('(deny network*)'));
    assert.ok(lines.includes('(deny file-read* file-write* (subpath (param "P1")))'));
    assert.ok(
      lines.indexOf('(allow file-read* file-write* (subpath (param "P3")))') <
        lines.indexOf('(deny file-write* (subpath (param "P4")) (subpath (param "P5")))'),
    );
    const open = seatbeltArgv(['make'], { steps, network: true, temporary: '/t' });
    assert.ok(!open.join('\n').includes('(deny network*)'));
  });
});
