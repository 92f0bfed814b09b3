import { strict as assert } from 'node:assert';
import { Document } from '../server/base/document.ts';
import type { EmbeddedRequest } from '../server/engines/embedded/types.ts';
import { Workbench, type WorkerThread } from '../server/workbench.ts';
import type { WorkerConfiguration } from '../server/workerApi.ts';
import { createMemoryMachine } from './support/memoryMachine.ts';

const MB = 1024 * 1024;
const never = new AbortController().signal;
const configuration: WorkerConfiguration = {
  roots: ['/work'],
  index: { enabled: true, maxFiles: 10, maxFileBytes: 10 },
  watched: false,
  neverSend: [],
};
const request: EmbeddedRequest = {
  uri: 'file:///srv/a.ts',
  languageId: 'typescript',
  prefix: '',
  suffix: '',
  maxLines: 1,
  trigger: 'explicit',
};

type Posted = { call?: string; notify?: string; id?: number; params?: unknown; cancel?: number };

/** A worker that answers nothing by itself and keeps what it was sent. */
class FakeThread implements WorkerThread {
  readonly posted: Posted[] = [];
  readonly #listeners: [string, (value: unknown) => void][] = [];
  terminated = false;

  postMessage(message: unknown): void {
    this.posted.push(structuredClone(message) as Posted);
  }
  on(event: string, listener: (value: unknown) => void): void {
    this.#listeners.push([event, listener]);
  }
  unref(): void {}
  terminate(): Promise<void> {
    this.terminated = true;
    this.emit('exit', 1);
    return Promise.resolve();
  }
  emit(event: string, value: unknown): void {
    for (const [name, listener] of this.#listeners) if (name === event) listener(value);
  }
  /** Answers the oldest open request. */
  answer(result: unknown): void {
    const open = this.posted.findIndex(message => message.call !== undefined);
    const [message] = this.posted.splice(open, 1);
    this.emit('message', { id: message?.id, result });
  }
  /** What was sent, in short. */
  get sent(): string[] {
    return this.posted.map(({ call, notify, params, cancel }) => {
      if (cancel !== undefined) return 'cancel';
      const { uri } = { ...(params as { uri?: string } | undefined) };
      return [call ?? notify, ...(notify && uri ? [uri.replace('file:///srv/', '')] : [])].join(' ');
    });
  }
}

function bench() {
  const machine = createMemoryMachine();
  const threads: FakeThread[] = [];
  const documents = new Map<string, Document>();
  let resident = 90 * MB;
  const workbench = new Workbench({
    start: () => {
      const thread = new FakeThread();
      threads.push(thread);
      return thread;
    },
    clock: machine.clock,
    log: machine.log,
    openDocuments: () => documents.values(),
    residentBytes: () => resident,
  });
  return {
    workbench,
    machine,
    threads,
    /** As the editor does it: the document is known before the worker is told. */
    open(name: string, text: string): void {
      const document = new Document(`file:///srv/${name}`, 'typescript', 1, text);
      documents.set(document.uri, document);
      workbench.open({ uri: document.uri, languageId: 'typescript', version: 1, text });
    },
    type(name: string, text: string): void {
      const uri = `file:///srv/${name}`;
      const changes = [{ text }];
      documents.get(uri)?.update(changes, 2);
      workbench.change(uri, 2, changes);
    },
    close(name: string): void {
      documents.delete(`file:///srv/${name}`);
      workbench.close(`file:///srv/${name}`);
    },
    resident(megabytes: number): void {
      resident = megabytes * MB;
    },
    get last(): FakeThread {
      return threads.at(-1) as FakeThread;
    },
  };
}

describe('the worker as the main thread sees it', () => {
  it('is not started before something is open, and knows the configuration first', () => {
    const it = bench();
    it.workbench.configure(configuration);
    it.workbench.filesChanged(['/w/a.ts']);
    it.workbench.close('file:///srv/a.ts');
    assert.equal(it.threads.length, 0);
    it.open('a.ts', 'a');
    it.open('b.ts', 'b');
    it.type('a.ts', 'aa');
    it.close('b.ts');
    assert.equal(it.threads.length, 1);
    assert.deepEqual(it.last.sent, ['configure', 'open a.ts', 'open b.ts', 'change a.ts', 'close']);
  });

  it('lets changes wait for a moment, in order and before everything that is said after them', async () => {
    const it = bench();
    it.open('a.ts', 'a');
    it.last.posted.length = 0;
    it.type('a.ts', 'aa');
    it.type('a.ts', 'aaa');
    assert.deepEqual(it.last.sent, []);
    void it.workbench.analysis.markers('file:///srv/a.ts', never).catch(() => {});
    assert.deepEqual(it.last.sent, ['change a.ts', 'change a.ts', 'markers']);
    assert.deepEqual(
      it.last.posted.slice(0, 2).map(({ params }) => (params as { changes: unknown }).changes),
      [[{ text: 'aa' }], [{ text: 'aaa' }]],
    );
    it.type('a.ts', 'b');
    it.close('a.ts');
    assert.deepEqual(it.last.sent.slice(3), ['change a.ts', 'close']);
    it.type('a.ts', 'c');
    await it.machine.advance(1_000);
    assert.deepEqual(it.last.sent.slice(5), ['change a.ts']);
  });

  it('passes answers on and cancels in the thread', async () => {
    const it = bench();
    const first = it.workbench.complete(request, never);
    it.last.answer({ candidates: [] });
    assert.deepEqual(await first, { candidates: [] });
    const controller = new AbortController();
    const second = it.workbench.complete(request, controller.signal);
    controller.abort(new Error('typed on'));
    await assert.rejects(second, /typed on/);
    assert.deepEqual(it.last.sent, ['complete', 'cancel']);
  });

  it('fails what waits when it crashes, and starts again with the documents as they are now', async () => {
    const it = bench();
    it.workbench.configure(configuration);
    it.open('a.ts', 'old');
    it.open('b.ts', 'closed later');
    const waiting = it.workbench.complete(request, never);
    it.last.emit('error', new Error('out of memory'));
    it.last.emit('exit', 1);
    await assert.rejects(waiting, /worker failed/);
    it.type('a.ts', 'new');
    it.close('b.ts');
    assert.equal(it.threads.length, 1, 'typing alone starts nothing');
    const again = it.workbench.complete(request, never);
    assert.deepEqual(it.last.sent, ['configure', 'open a.ts', 'complete']);
    assert.deepEqual(it.last.posted[1]?.params, {
      uri: 'file:///srv/a.ts',
      languageId: 'typescript',
      version: 2,
      text: 'new',
    });
    it.last.answer({ candidates: [] });
    await again;
    assert.match(it.machine.logged.map(({ message }) => message).join('\n'), /out of memory/);
  });

  it('stays off after three crashes in three minutes, and tries again later', async () => {
    const it = bench();
    for (let i = 0; i < 3; i++) {
      it.workbench.complete(request, never).catch(() => {});
      it.last.emit('error', new Error('poison'));
      await it.machine.advance(1_000);
    }
    await assert.rejects(it.workbench.complete(request, never), /off after repeated crashes/);
    it.open('a.ts', 'a');
    assert.equal(it.threads.length, 3);
    await it.machine.advance(180_000);
    it.workbench.complete(request, never).catch(() => {});
    assert.equal(it.threads.length, 4);
  });

  it('ends when idle and large, and only then', async () => {
    const it = bench();
    it.open('a.ts', 'a');
    await it.machine.advance(60_000);
    assert.equal(it.last.terminated, false, 'small');
    it.resident(150);
    const busy = it.workbench.complete(request, never);
    await it.machine.advance(60_000);
    assert.equal(it.last.terminated, false, 'at work');
    it.last.answer({ candidates: [] });
    await busy;
    await it.machine.advance(60_000);
    assert.equal(it.last.terminated, true);
    it.type('a.ts', 'b');
    assert.equal(it.threads.length, 1);
    it.workbench.complete(request, never).catch(() => {});
    assert.deepEqual(it.last.sent, ['open a.ts', 'complete']);
    assert.equal(it.threads.length, 2);
  });

  it('does not end while somebody asks now and then', async () => {
    const it = bench();
    it.resident(150);
    for (let i = 0; i < 5; i++) {
      const asked = it.workbench.complete(request, never);
      it.last.answer({ candidates: [] });
      await asked;
      await it.machine.advance(30_000);
    }
    assert.deepEqual([it.threads.length, it.last.terminated], [1, false]);
  });

  it('is gone after shutdown, with its timers', async () => {
    const it = bench();
    it.open('a.ts', 'a');
    const waiting = it.workbench.complete(request, never);
    const ended = assert.rejects(waiting, /shutting down/);
    await it.workbench.shutdown();
    await ended;
    assert.equal(it.last.terminated, true);
    await assert.rejects(it.workbench.complete(request, never), /shutting down/);
    assert.deepEqual([it.threads.length, it.machine.pendingTimers()], [1, 0]);
  });
});
