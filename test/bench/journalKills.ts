/**
 * Real SIGKILLs at the journal: a child changes, makes and deletes random files and is killed after a random time;
 * then the next start recovers. `npx tsx test/bench/journalKills.ts [KILLS]` prints how many sets were whole.
 */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeDisk } from '../../server/base/node/disk.ts';
import { createNodeMachine } from '../../server/base/node.ts';
import { createJournal, type DiskChange } from '../../server/store/journal.ts';

const { clock } = createNodeMachine({ level: 'error' });
const open = (folder: string) =>
  createJournal({ disk: nodeDisk, clock, log: { write: () => {} }, directory: join(folder, 'state') });

/** Every file of generation `n` says so; those whose number is odd come and go. */
function texts(n: number, count: number): Map<string, string> {
  const names = Array.from({ length: count }, (_, i) => i).filter(i => i % 4 !== 3 || n % 2 === 0);
  return new Map(names.map(i => [`f${i}`, `${n}\r\n${'x'.repeat((i * 977) % 20_000)}`]));
}

function found(folder: string): Map<string, string> {
  const project = join(folder, 'project');
  return new Map(
    readdirSync(project)
      .sort()
      .map(name => [name, readFileSync(join(project, name), 'utf8')]),
  );
}

/** The child: one generation after the other until it is killed. */
async function change(folder: string, count: number, first: number): Promise<void> {
  for (let n = first; ; n++) {
    const [old, next] = [texts(n, count), texts(n + 1, count)];
    const changes: DiskChange[] = [...new Set([...old.keys(), ...next.keys()])].map(name => ({
      path: join(folder, 'project', name),
      before: old.has(name) ? Buffer.from(old.get(name) ?? '') : undefined,
      after: next.has(name) ? Buffer.from(next.get(name) ?? '') : undefined,
    }));
    const outcome = await open(folder).apply(changes);
    if (!outcome.ok) throw new Error(outcome.message);
    if (n === first) process.send?.('at work');
  }
}

async function main(kills: number): Promise<void> {
  let unfinished = 0;
  let wrong = 0;
  for (let kill = 0; kill < kills; kill++) {
    const folder = mkdtempSync(join(tmpdir(), 'codriver-kills-'));
    mkdirSync(join(folder, 'project'));
    const count = 1 + ((kill * 13) % 50);
    for (const [name, text] of texts(0, count)) writeFileSync(join(folder, 'project', name), text);
    const child = fork(import.meta.filename, ['child', folder, String(count)]);
    await new Promise(resolve => child.once('message', resolve));
    await new Promise(resolve => setTimeout(resolve, (kill * 7.3) % 60));
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    if (child.signalCode !== 'SIGKILL') throw new Error('The child ended by itself.');
    const { takenBack, problems } = await open(folder).recover();
    unfinished += takenBack;
    const now = found(folder);
    const n = Number(/^\d+/.exec(now.get('f0') ?? '')?.[0] ?? -1);
    const whole = new Map([...texts(n, count)].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (problems.length > 0 || JSON.stringify([...now]) !== JSON.stringify([...whole])) {
      wrong++;
      console.error(folder, n, problems, [...now.keys()].join(' '));
    } else rmSync(folder, { recursive: true });
  }
  console.log(`${kills} kills, ${unfinished} of them in the middle of a change: ${wrong} half-applied sets`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

const [first, folder = '', count = '1'] = process.argv.slice(2);
await (first === 'child' ? change(folder, Number(count), 0) : main(Number(first ?? 60)));
