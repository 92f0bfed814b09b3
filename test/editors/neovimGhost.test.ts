/** Ghost text in a real Neovim: accepted by word, by line and whole, typed along, and never twice. */
import assert from 'node:assert/strict';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { locate } from './support/editor.ts';
import { type NeovimEditor, neovim, startNeovim } from './support/neovim.ts';
import { branch } from './support/replies.ts';
import { until } from './support/wait.ts';
import { Workspace } from './support/workspace.ts';

const MODEL = 'scripted-model';

describe('Neovim, ghost text', () => {
  let editor: NeovimEditor;
  let workspace: Workspace | undefined;
  let server: ModelServer | undefined;

  before(async function () {
    const program = locate(neovim.program);
    if (program === undefined) {
      console.log(`    skipped: ${neovim.program} not found (set CODRIVER_EDITORS)`);
      return this.skip();
    }
    server = await startModelServer({ models: [MODEL] });
    workspace = new Workspace({
      endpoint: { baseUrl: server.baseURL, key: 'synthetic', model: MODEL },
      configuration: { privacy: { automatic: 'allow' } },
    });
    editor = await startNeovim(program, workspace);
    await editor.open('src/receipt.ts');
  });
  after(async () => {
    await editor?.quit();
    workspace?.remove();
    await server?.close();
  });

  const shows = (wanted: string): Promise<unknown> =>
    until(`the ghost text ${JSON.stringify(wanted)}`, async () => (await editor.ghost()) === wanted, {
      state: () => editor.state(),
    });
  const line = (wanted: string): Promise<unknown> =>
    until(`the line ${JSON.stringify(wanted)}`, async () => (await editor.line()) === wanted, {
      state: () => editor.state(),
    });

  it('is accepted by word, typed along, and the rest at once, before Neovim asks again', async () => {
    server?.reply({ text: 'oney(tax, net);' });
    await editor.insertBelow(5, '  const byWord = addM');
    await shows('oney(tax, net);');
    await editor.press('<M-Right>');
    await line('  const byWord = addMoney');
    await shows('(tax, net);');
    await editor.press('<M-Right>');
    await line('  const byWord = addMoney(');
    await shows('tax, net);');
    await editor.press('ta<Tab>');
    await line('  const byWord = addMoney(tax, net);');
  });

  it('is accepted by line', async () => {
    server?.reply({ text: branch.join('\n') });
    await editor.insertBelow(6, '  if (basket.isEm');
    await shows(branch.join(''));
    await editor.press('<M-Down>');
    await line(`  if (basket.isEm${branch[0]}`);
    await shows(branch.slice(1).join(''));
    await editor.press('<M-Down>');
    await line(branch[1] as string);
    await shows(branch.slice(2).join(''));
    await editor.press('<Tab>');
    await line(branch[2] as string);
    const text = await editor.text();
    assert.ok(text.includes(`  if (basket.isEm${branch.join('\n')}\n`), text);
  });

  it('replaces the bracket that stands there, once', async () => {
    server?.reply({ text: 'net, tax);' });
    await editor.insertBelow(5, '  formatMoney()', '<Left>');
    await shows('net, tax);');
    await editor.press('<M-Right>');
    await line('  formatMoney(net)');
    await shows(', tax);');
    await editor.press('<Tab>');
    await line('  formatMoney(net, tax);');
  });

  it('was told to the server each time it was accepted to its end', async () => {
    const told = () => workspace?.trace.messages('toServer', 'workspace/executeCommand') ?? [];
    await until('three acceptances', () => told().length >= 3, { state: () => editor.state() });
    assert.equal(told().length, 3);
    for (const { params } of told()) assert.match(JSON.stringify(params), /codriver\.accepted/);
  });
});
