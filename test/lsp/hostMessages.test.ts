/** What a person is told stays readable: Helix clears its line of messages whenever some progress ends. */
import assert from 'node:assert/strict';
import type { Connection } from 'vscode-languageserver';
import type { ClientFeatures } from '../../server/lsp/clientFeatures.ts';
import { LspHost, type LspHostOptions } from '../../server/lsp/host.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

/** Every promise that waits for nothing but other promises is settled. */
const settled = () => new Promise(resolve => void setImmediate(resolve));

/** A client that shows the last message, and nothing after a progress has ended if it is such a one. */
function world(progressEndHidesMessages: boolean) {
  let shown = '';
  let messages = 0;
  const done = () => {
    if (progressEndHidesMessages) shown = '';
  };
  const started = { token: { onCancellationRequested: () => {} }, begin: () => {}, report: () => {}, done };
  const connection = {
    window: { createWorkDoneProgress: () => Promise.resolve(started) },
    sendNotification: (_method: string, { message }: { message: string }) => {
      shown = message;
      messages++;
      return Promise.resolve();
    },
  } as unknown as Connection;
  const { clock, files, log } = createMemoryMachine();
  const client = () => ({ progress: true, progressEndHidesMessages }) as ClientFeatures;
  const options = { connection, client, clock, files, log } as unknown as LspHostOptions;
  return { host: new LspHost(options), shown: () => shown, messages: () => messages };
}

describe('what is told while something works', () => {
  for (const [hides, count] of [
    [true, 2],
    [false, 1],
  ] as const) {
    it(`is there when it has ended, where that ${hides ? 'clears' : 'clears no'} messages`, async () => {
      const { host, shown, messages } = world(hides);
      const progress = host.progress('Undoing');
      host.reply('info', 'It was undone.');
      progress.done();
      await settled();
      assert.equal(shown(), 'It was undone.');
      assert.equal(messages(), count);
    });
  }

  it('is not said again by work that told nothing', async () => {
    const { host, messages } = world(true);
    host.reply('info', 'Told before.');
    host.progress('Reading').done();
    await settled();
    assert.equal(messages(), 1);
  });
});
