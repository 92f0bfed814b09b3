import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import {
  createContainment,
  isInside,
  pathOfUri,
  relativeInside,
  spellingFault,
} from '../../server/guard/containment.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';
import { goodRelativePaths, hostileRelativePaths } from '../fixtures/guard/paths.ts';

/** A workspace with a sibling of the same beginning, and links of every kind that lead out. */
function machineWithTraps() {
  return createMemoryMachine({
    files: {
      '/w/repo/src/a.ts': 'a',
      '/w/repo/kept': { link: 'src' },
      '/w/repo/out': { link: '/w/outside' },
      '/w/repo/up': { link: '..' },
      '/w/repo/file-out': { link: '/w/outside/secret.txt' },
      '/w/repo/dangling': { link: '/w/outside/new.txt' },
      '/w/repo/chain': { link: 'out' },
      '/w/repo/loop': { link: 'loop' },
      '/w/outside/secret.txt': 's',
      '/w/repo-evil/x.ts': 'x',
      '/alias': { link: '/w/repo' },
    },
  });
}

describe('containment', () => {
  it('has 130 hostile paths to try', () => assert.ok(hostileRelativePaths.length >= 130));

  it('lets no hostile path out of the folder', async () => {
    const machine = machineWithTraps();
    const containment = createContainment(machine.files, 'linux', ['/w/repo']);
    for (const path of hostileRelativePaths) {
      const located = await containment.resolve('/w/repo', path);
      assert.equal(located.ok, false, JSON.stringify(path));
      // As an absolute path, joined without thought, it is refused too or really lies inside.
      const joined = await containment.locate(`/w/repo/${path}`);
      if (joined.ok) assert.ok(joined.realPath.startsWith('/w/repo'), JSON.stringify(path));
      if (joined.ok) assert.ok(!joined.realPath.startsWith('/w/repo-evil'), JSON.stringify(path));
    }
  });

  it('gives the same verdict under the rules of three platforms', async () => {
    const rules = { linux: posix, darwin: posix, win32 };
    // A backslash is a separator on Windows and forbidden elsewhere; these two stay inside all the same.
    const staysInside = new Set(['src\\a.ts', 'src/..\\']);
    const hostile = hostileRelativePaths.filter(
      path => spellingFault(path, 'linux', 'portable') !== undefined && !staysInside.has(path),
    );
    assert.ok(hostile.length >= 60, `${hostile.length}`);
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const root = platform === 'win32' ? 'C:\\w\\repo' : '/w/repo';
      const realPath = async (path: string): Promise<string> => rules[platform].normalize(path);
      const containment = createContainment({ realPath }, platform, [root]);
      for (const path of hostile) {
        assert.equal(
          (await containment.resolve(root, path)).ok,
          false,
          `${platform} ${JSON.stringify(path)}`,
        );
      }
      for (const path of goodRelativePaths.filter(path => !path.startsWith('up/'))) {
        assert.equal((await containment.resolve(root, path)).ok, true, `${platform} ${JSON.stringify(path)}`);
      }
    }
  });

  it('lets every good path through', async () => {
    const containment = createContainment(machineWithTraps().files, 'linux', ['/w/repo']);
    for (const path of goodRelativePaths) {
      const located = await containment.resolve('/w/repo', path);
      assert.ok(located.ok, `${path}: ${located.ok ? '' : located.why}`);
    }
  });

  it('says where a path really lies, also through links inside and a link to the folder', async () => {
    const containment = createContainment(machineWithTraps().files, 'linux', ['/alias']);
    const located = await containment.locate('/alias/kept/a.ts');
    assert.deepEqual(located, {
      ok: true,
      realPath: '/w/repo/src/a.ts',
      root: '/w/repo',
      relative: 'src/a.ts',
    });
    assert.equal((await containment.locate('/w/repo-evil/x.ts')).ok, false);
  });

  it('prefers the innermost of nested folders and notices folders that come later', async () => {
    const machine = machineWithTraps();
    const containment = createContainment(machine.files, 'linux', ['/w/repo', '/w/repo/src', '/later']);
    const located = await containment.locate('/w/repo/src/a.ts');
    assert.ok(located.ok && located.root === '/w/repo/src');
    machine.plant('/elsewhere/b.ts', 'b');
    machine.plant('/later', { link: '/elsewhere' });
    assert.ok((await containment.locate('/later/b.ts')).ok);
    containment.setRoots([]);
    const gone = await containment.locate('/w/repo/src/a.ts');
    assert.ok(!gone.ok && gone.outside);
  });

  it('compares by component', () => {
    assert.equal(isInside('/a/b', '/a/b/c', 'linux'), true);
    assert.equal(isInside('/a/b', '/a/bc', 'linux'), false);
    assert.equal(isInside('/a/b', '/a/b/../c', 'linux'), false);
    assert.equal(isInside('/', '/a', 'linux'), true);
    assert.equal(isInside('/a/B', '/a/b/c', 'linux'), false);
    assert.equal(isInside('/a/B', '/a/b/c', 'darwin'), true);
    assert.equal(isInside('/a/caf\u00e9', '/a/cafe\u0301/x', 'darwin'), true);
    assert.equal(isInside('C:\\repo', 'c:\\Repo\\src\\a.ts', 'win32'), true);
    assert.equal(isInside('C:\\repo', 'C:\\repo-evil\\a.ts', 'win32'), false);
    assert.equal(relativeInside('C:\\repo', 'C:\\repo\\src\\a.ts', 'win32'), 'src/a.ts');
  });

  it('never says inside for what path rules put outside (property)', () => {
    const part = fc.constantFrom('..', '.', 'a', 'b', 'repo', 'repo-evil', '...', ' ', 'src');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), parts => {
        const walked: string[] = [];
        for (const step of ['w', 'repo', ...parts]) {
          if (step === '..') walked.pop();
          else if (step !== '.') walked.push(step);
        }
        const truth = walked[0] === 'w' && walked[1] === 'repo';
        return isInside('/w/repo', `/w/repo/${parts.join('/')}`, 'linux') === truth;
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  const uris: readonly (readonly [string, NodeJS.Platform, string | undefined])[] = [
    ['file:///w/a.ts', 'linux', '/w/a.ts'],
    ['file:/w/a.ts', 'linux', '/w/a.ts'],
    ['FILE:///w/a.ts', 'linux', '/w/a.ts'],
    ['file://localhost/w/a.ts', 'linux', '/w/a.ts'],
    ['file:///w/a%20b.ts', 'linux', '/w/a b.ts'],
    ['file:///w/gr%C3%BC%C3%9Fe.ts', 'linux', '/w/grüße.ts'],
    ['file:///w/%2565.ts', 'linux', '/w/%65.ts'],
    ['file:///c%3A/w/a.ts', 'win32', 'c:\\w\\a.ts'],
    ['file:///C:/w/a.ts', 'win32', 'C:\\w\\a.ts'],
    ['file:///w/aux.c', 'linux', '/w/aux.c'],
    ['file:///w/..%2fetc', 'linux', undefined],
    ['file:///w/..%2Fetc', 'linux', undefined],
    ['file:///w/..%5cetc', 'win32', undefined],
    ['file:///w/a%00.ts', 'linux', undefined],
    ['file:///w/a%.ts', 'linux', undefined],
    ['file:///w/a%ff.ts', 'linux', undefined],
    ['file://host/w/a.ts', 'linux', undefined],
    ['file:////server/share', 'win32', undefined],
    ['file://server/share/a.ts', 'win32', undefined],
    ['file:///w/a.ts', 'win32', undefined],
    ['file:///c:/w/con', 'win32', undefined],
    ['file:///c:/w/a.ts:stream', 'win32', undefined],
    ['file:a.ts', 'linux', undefined],
    ['untitled:Untitled-1', 'linux', undefined],
    ['http://x/y', 'linux', undefined],
    ['', 'linux', undefined],
  ];
  for (const [uri, platform, path] of uris) {
    it(`reads ${JSON.stringify(uri)} on ${platform} as ${path ?? 'refused'}`, () => {
      const verdict = pathOfUri(uri, platform);
      assert.equal(verdict.ok ? verdict.path : undefined, path);
    });
  }
});
