/** The next edit in a real Neovim: a name changed once of several times, hinted at, gone to, applied, and the rest. */
import assert from 'node:assert/strict';
import { locate } from './support/editor.ts';
import { type NeovimEditor, neovim, startNeovim } from './support/neovim.ts';
import { until } from './support/wait.ts';
import { Workspace } from './support/workspace.ts';

const goThere =
  ":lua local c = vim.lsp.get_clients({ name = 'codriver_ls' })[1] c:request('workspace/executeCommand', { command = 'codriver.nextEdit' })<CR>";

describe('Neovim, the next edit', () => {
  let editor: NeovimEditor;
  let workspace: Workspace | undefined;

  before(async function () {
    const program = locate(neovim.program);
    if (program === undefined) {
      console.log(`    skipped: ${neovim.program} not found (set CODRIVER_EDITORS)`);
      return this.skip();
    }
    workspace = new Workspace({});
    editor = await startNeovim(program, workspace);
    await editor.open('src/receipt.ts');
  });
  after(async () => {
    await editor?.quit();
    workspace?.remove();
  });

  const sees = (what: string, probe: () => Promise<boolean>): Promise<unknown> =>
    until(what, probe, { state: () => editor.state() });
  const hints = async (): Promise<number> =>
    (await editor.diagnostics()).split('next edit: rename `net` to `base`').length - 1;

  it('is hinted at where a name was changed at its declaration', async () => {
    await editor.place(4, 8);
    await editor.press('cwbase<Esc>');
    await sees('a hint at each of the three uses', async () => (await hints()) === 3);
  });

  it('is gone to by the command, and applied there', async () => {
    await editor.press(goThere);
    await sees('the cursor is on the first use', async () => (await editor.line()).includes('percentOf(net'));
    assert.ok(await editor.act(/^Apply next edit: rename/));
    await sees('the line is changed', async () =>
      (await editor.line()).includes('percentOf(base, taxPercent)'),
    );
    await sees('the other two are hinted at', async () => (await hints()) === 2);
  });

  it('and then the next place, where the rest is done at once', async () => {
    await editor.press(goThere);
    await sees('the cursor is on the second use', async () => (await editor.line()).includes('addMoney(net'));
    assert.ok(await editor.act(/^Apply all 2 remaining/));
    await sees('no use is left', async () => (await editor.text()).includes('formatMoney(base)}`, `Total'));
    await sees('and no hint', async () => (await hints()) === 0);
    const text = await editor.text();
    assert.ok(text.includes('const gross = addMoney(base, tax);'), text);
    assert.ok(text.includes('const net = basket.net();\n  return formatMoney(net);'), 'the other function');
  });
});
