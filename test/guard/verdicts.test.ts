import assert from 'node:assert/strict';
import { createReadGate, type DocumentVerdict, type ReadGate } from '../../server/guard/readGate.ts';
import { BELIEVED_MS, rememberVerdicts } from '../../server/guard/verdicts.ts';
import { createMemoryMachine, type MemoryMachine, type Planted } from '../support/memoryMachine.ts';

const uri = 'file:///w/src/a.ts';
const files: Readonly<Record<string, Planted>> = {
  '/w/.git/HEAD': 'ref: refs/heads/main',
  '/w/src/a.ts': 'a',
  '/w/keys/id_rsa': 'canary',
};

function given(): { machine: MemoryMachine; gate: ReadGate; looks: () => number } {
  const machine = createMemoryMachine({ files });
  let looks = 0;
  const counted = {
    ...machine.files,
    realPath: (path: string) => {
      looks++;
      return machine.files.realPath(path);
    },
  };
  const gate = createReadGate({ ...machine, files: counted, roots: ['/w'] });
  return { machine, gate, looks: () => looks };
}

describe('verdicts on open documents', () => {
  it('are looked up once for the keys of a moment', async () => {
    const { gate, looks } = given();
    assert.equal((await gate.checkDocument(uri)).allowed, true);
    const before = looks();
    for (let key = 0; key < 20; key++) assert.equal((await gate.checkDocument(uri)).allowed, true);
    assert.equal(looks(), before);
  });

  const exclusions: readonly (readonly [string, (machine: MemoryMachine, gate: ReadGate) => void])[] = [
    [
      'an ignore file that the editor saw change',
      (machine, gate) => {
        machine.plant('/w/.aiignore', 'src/\n');
        gate.changed('/w/.aiignore');
      },
    ],
    [
      'a link in its place',
      (machine, gate) => {
        machine.plant('/w/src/a.ts', { link: '/w/keys/id_rsa' });
        gate.changed('/w/src/a.ts');
      },
    ],
    [
      'a change of folders',
      (machine, gate) => {
        machine.plant('/w/.aiignore', 'src/\n');
        gate.setRoots(['/w']);
      },
    ],
  ];
  for (const [name, exclude] of exclusions) {
    it(`are forgotten at once with ${name}`, async () => {
      const { machine, gate } = given();
      assert.equal((await gate.checkDocument(uri)).allowed, true);
      exclude(machine, gate);
      assert.equal((await gate.checkDocument(uri)).allowed, false);
    });
  }

  it('are believed for a second when nobody tells of a change, however often they are asked for', async () => {
    const { machine, gate } = given();
    await gate.checkDocument(uri);
    machine.plant('/w/src/a.ts', { link: '/w/keys/id_rsa' });
    await machine.advance(BELIEVED_MS);
    assert.equal((await gate.checkDocument(uri)).allowed, false);
  });

  it('do not outlive a change that came while they were made', async () => {
    const answers: ((verdict: DocumentVerdict) => void)[] = [];
    const { clock } = createMemoryMachine({});
    const verdicts = rememberVerdicts(() => new Promise(resolve => answers.push(resolve)), clock);
    const early = verdicts.of(uri);
    verdicts.clear();
    answers[0]?.({ allowed: true, place: 'workspace' });
    assert.equal((await early).allowed, true);
    const later = verdicts.of(uri);
    answers[1]?.({ allowed: false, why: 'excluded' });
    assert.equal((await later).allowed, false);
  });

  it('are renewed while a person types, so that no key waits, and a no counts from then on', async () => {
    const machine = createMemoryMachine({});
    let verdict: DocumentVerdict = { allowed: true, place: 'workspace' };
    let asked = 0;
    const verdicts = rememberVerdicts(() => {
      asked++;
      return Promise.resolve(verdict);
    }, machine.clock);
    await verdicts.of(uri);
    await machine.advance(BELIEVED_MS / 2);
    await verdicts.of(uri);
    assert.equal(asked, 2);
    await machine.advance(BELIEVED_MS / 2 + 1);
    await verdicts.of(uri);
    // Renewed again, by the answer of half a second ago.
    assert.equal(asked, 3);
    await machine.advance(BELIEVED_MS / 2);
    verdict = { allowed: false, why: 'excluded' };
    assert.equal((await verdicts.of(uri)).allowed, true);
    await machine.advance(0);
    assert.equal((await verdicts.of(uri)).allowed, false);
  });

  it('a no is never believed', async () => {
    const { machine, gate } = given();
    machine.plant('/w/src/a.ts', { link: '/w/keys/id_rsa' });
    assert.equal((await gate.checkDocument(uri)).allowed, false);
    machine.plant('/w/src/a.ts', 'a');
    assert.equal((await gate.checkDocument(uri)).allowed, true);
  });
});
