/** `codriver acp` as a process: a strict agent shell, a project on disk, a scripted model behind an endpoint. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { byStep } from '../agent/scripts.ts';
import type { Script } from '../agent/world.ts';
import { AgentClient, type AgentClientOptions, type Permission } from '../support/acpClient.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { Place } from './support/place.ts';
import { play } from './support/taskModel.ts';

const PRICE = 'export function price(net) {\n  return net;\n}\n';
const TAXED = PRICE.replace('return net;', 'return net * 1.2;');
const edit = ['edit', { path: 'src/price.js', old: '  return net;', new: '  return net * 1.2;' }] as const;
const create = ['create', { path: 'src/tax.js', text: 'export const TAX = 0.2;\n' }] as const;
const simple = (): Script => byStep(['Add the tax'], { s1: [{ calls: [edit] }, { calls: [create] }] });
const YES: Readonly<Record<string, string>> = {
  'Trust ': 'trust',
  'Work at level': 'allow',
  'Approve the plan': 'approve',
  'Apply the result': 'approve',
};
const clicks =
  (table: Readonly<Record<string, string>>) =>
  ({ options, title }: Permission): string | undefined =>
    Object.entries(table).find(([start]) => title.startsWith(start))?.[1] ??
    // Programs that nothing confines here are asked for one by one.
    options.find(({ name }) => name === 'Run it')?.optionId;

describe('the whole server, agent shells', function () {
  this.timeout(60_000);
  let place: Place;
  let model: ModelServer;
  const processes = new Set<ChildProcess>();

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    place = new Place();
    place.write('src/price.js', PRICE);
    model = await startModelServer();
  });
  afterEach(async () => {
    for (const child of processes) if (child.exitCode === null) child.kill('SIGKILL');
    processes.clear();
    place.dispose();
    await model.close();
  });

  interface Shell {
    readonly client: AgentClient;
    readonly child: ChildProcess;
    readonly end: () => Promise<void>;
  }

  async function start(options: AgentClientOptions): Promise<Shell> {
    const [program, ...args] = place.command('acp');
    const child = spawn(program, args, {
      cwd: place.folder,
      env: {
        ...process.env,
        ...place.environment(),
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    processes.add(child);
    const client = new AgentClient(child.stdin, child.stdout, options);
    await client.initialize();
    return {
      client,
      child,
      async end() {
        const exit = once(child, 'exit');
        client.end();
        assert.deepEqual(await exit, [0, null]);
        client.judge();
      },
    };
  }

  it('go from a prompt over trust, level, plan and result to the applied change', async () => {
    play(model, simple());
    const { client, end } = await start({ permit: clicks(YES) });
    const id = await client.newSession(place.project);
    assert.equal(await client.prompt(id, 'Prices have taxes.'), 'end_turn', client.words);
    assert.equal(place.read('src/price.js'), TAXED, client.words);
    assert.equal(place.read('src/tax.js'), 'export const TAX = 0.2;\n');
    const titles = client.permissions
      .map(({ title }) => title)
      .filter(title => !title.startsWith('The task'));
    assert.deepEqual(
      titles.map(title => Object.keys(YES).find(start => title.startsWith(start))),
      Object.keys(YES),
    );
    assert.match(place.read(`.codriver/tasks/${id}.task.md`), /^state: applied$/m);
    // A second task of the same session does not ask for trust and level again.
    play(
      model,
      byStep(['Less'], { s1: [{ calls: [['edit', { path: 'src/price.js', old: '1.2', new: '1.1' }]] }] }),
    );
    assert.equal(await client.prompt(id, 'The tax is 10 %.'), 'end_turn');
    assert.match(place.read('src/price.js'), /1\.1/);
    await end();
  });

  it('write through the editor where it can, and merge with what is not saved there', async () => {
    play(model, simple());
    const path = join(place.project, 'src/price.js');
    const buffers = new Map([[path, `// mine\n${PRICE}`]]);
    const fs = { readTextFile: true, writeTextFile: true };
    const { client, end } = await start({ permit: clicks(YES), fs, buffers });
    const id = await client.newSession(place.project);
    await client.prompt(id, 'Prices have taxes.');
    assert.equal(buffers.get(path), `// mine\n${TAXED}`, client.words);
    assert.equal(buffers.get(join(place.project, 'src/tax.js')), 'export const TAX = 0.2;\n');
    assert.equal(place.read('src/price.js'), PRICE, 'saving is the editor’s business');
    await end();
  });

  it('leave everything as it was when the editor does not take all of it', async () => {
    play(model, simple());
    const path = join(place.project, 'src/price.js');
    const buffers = new Map([[path, PRICE]]);
    const fs = { readTextFile: true, writeTextFile: true };
    const mayWrite = (file: string) => !file.endsWith('tax.js');
    const { client, end } = await start({ permit: clicks(YES), fs, buffers, mayWrite });
    const id = await client.newSession(place.project);
    await client.prompt(id, 'Prices have taxes.');
    assert.equal(buffers.get(path), PRICE);
    assert.match(client.words, /did not take the change of .*tax\.js/);
    await end();
  });

  it('change nothing without the person: denied, cancelled, killed; and go on afterwards', async () => {
    play(model, simple());
    const denied = { ...YES, 'Apply the result': 'reject' };
    const first = await start({ permit: clicks(denied) });
    const id = await first.client.newSession(place.project);
    await first.client.prompt(id, 'Prices have taxes.');
    assert.match(first.client.words, /The result waits/);
    assert.equal(place.read('src/price.js'), PRICE);
    assert.ok(!existsSync(join(place.project, 'src/tax.js')));
    const gone = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await gone;

    const second = await start({ permit: () => new Promise<never>(() => undefined) });
    await second.client.request('session/load', { sessionId: id, cwd: place.project, mcpServers: [] });
    const turn = second.client.prompt(id, '/resume');
    await second.client.until(() => second.client.permissions.length > 0);
    second.client.notify('session/cancel', { sessionId: id });
    assert.equal(await turn, 'cancelled');
    assert.equal(place.read('src/price.js'), PRICE);
    await second.end();

    const third = await start({ permit: clicks(YES) });
    await third.client.request('session/load', { sessionId: id, cwd: place.project, mcpServers: [] });
    assert.equal(await third.client.prompt(id, '/resume'), 'end_turn');
    assert.equal(place.read('src/price.js'), TAXED, third.client.words);
    await third.end();
  });

  it('serve on after what is no message, and end with their client', async () => {
    const { client, end } = await start({});
    client.raw('Content-Length: 10\r\n\r\n{"jsonrpc"\n[]\n\0\n');
    await client.newSession(place.project);
    assert.deepEqual(
      client.stray.map(({ error }) => (error as { code: number }).code),
      [-32700, -32700, -32600, -32700],
    );
    await end();
  });
});
