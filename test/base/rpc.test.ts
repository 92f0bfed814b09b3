import { strict as assert } from 'node:assert';
import { MessageChannel } from 'node:worker_threads';
import { type Channel, type Offer, RpcClient, serveRpc } from '../../server/base/rpc.ts';

const never = new AbortController().signal;

interface Pair {
  readonly client: RpcClient;
  readonly failures: string[];
  readonly close: () => void;
}

/** Both ends over a real channel, whose structured clone is part of what is tested. */
function connect(offer: Partial<Offer>): Pair {
  const { port1, port2 } = new MessageChannel();
  const failures: string[] = [];
  serveRpc(port2 as Channel, { methods: {}, notifications: {}, ...offer }, (what, error) =>
    failures.push(`${what}: ${(error as Error).message}`),
  );
  return { client: new RpcClient(port1 as Channel), failures, close: () => port1.close() };
}

describe('requests between threads', () => {
  let pair: Pair | undefined;
  afterEach(() => pair?.close());

  const start = (offer: Partial<Offer>): RpcClient => {
    pair = connect(offer);
    return pair.client;
  };

  it('answers, out of order too, and keeps requests and notifications in order', async () => {
    const seen: string[] = [];
    let release: (text: string) => void = () => {};
    const client = start({
      methods: {
        slow: () => new Promise<string>(resolve => (release = resolve)),
        fast: ([name]: [string]) => (seen.push(name), `hello ${name}`),
      },
      notifications: { note: (name: string) => void seen.push(name) },
    });
    const slow = client.call('slow', [], never);
    client.notify('note', 'a');
    const fast = client.call('fast', ['b'], never);
    client.notify('note', 'c');
    assert.equal(await fast, 'hello b');
    assert.equal(client.pending, 1);
    release('done');
    assert.equal(await slow, 'done');
    assert.deepEqual([seen, client.pending], [['a', 'b', 'c'], 0]);
  });

  for (const [what, method, message] of [
    [
      'a handler that throws',
      () => {
        throw new Error('broken');
      },
      /^broken$/,
    ],
    ['a handler that rejects with a text', () => Promise.reject('bare'), /^bare$/],
    ['a result that cannot be posted', () => () => 1, /could not be cloned/],
    ['a method that does not exist', undefined, /no method ask/],
  ] as const) {
    it(`rejects for ${what}, and goes on`, async () => {
      const client = start({ methods: { ...(method ? { ask: method } : {}), ping: () => 'pong' } });
      await assert.rejects(client.call('ask', [], never), { message });
      assert.equal(await client.call('ping', [], never), 'pong');
    });
  }

  it('rejects what cannot be posted, and does not count it as waiting', async () => {
    const client = start({});
    await assert.rejects(client.call('ask', [() => 1], never), /could not be cloned/);
    assert.equal(client.pending, 0);
  });

  it('reports a notification that throws, and goes on', async () => {
    const client = start({
      methods: { ping: () => 'pong' },
      notifications: {
        note: () => {
          throw new Error('poison');
        },
      },
    });
    client.notify('note', 1);
    client.notify('unknown', 1);
    assert.equal(await client.call('ping', [], never), 'pong');
    assert.deepEqual(pair?.failures, ['note: poison']);
  });

  it('rejects at once when aborted, and aborts the handler', async () => {
    let begun = (): void => {};
    const begins = new Promise<void>(resolve => (begun = resolve));
    let aborted = (): void => {};
    const aborts = new Promise<void>(resolve => (aborted = resolve));
    const client = start({
      methods: {
        hang: (_: never, signal: AbortSignal) => {
          signal.addEventListener('abort', () => aborted());
          begun();
          return new Promise(() => {});
        },
        ping: () => 'pong',
      },
    });
    const controller = new AbortController();
    const call = client.call('hang', [], controller.signal);
    await begins;
    controller.abort(new Error('typed on'));
    await assert.rejects(call, /typed on/);
    assert.equal(client.pending, 0);
    await aborts;
    assert.equal(await client.call('ping', [], never), 'pong');
  });

  it('asks nothing for a signal that is aborted already', async () => {
    let asked = 0;
    const client = start({ methods: { count: () => ++asked, ping: () => asked } });
    await assert.rejects(client.call('count', [], AbortSignal.abort(new Error('too late'))), /too late/);
    assert.equal(await client.call('ping', [], never), 0);
  });

  it('fails what waits when closed, and everything later', async () => {
    const client = start({ methods: { hang: () => new Promise(() => {}) } });
    const calls = [client.call('hang', [], never), client.call('hang', [], never)];
    client.close(new Error('the thread ended'));
    for (const call of calls) await assert.rejects(call, /the thread ended/);
    await assert.rejects(client.call('hang', [], never), /the thread ended/);
    assert.equal(client.pending, 0);
  });
});
