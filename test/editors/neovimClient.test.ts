/** What clients/neovim does beside the server's own features: it forwards diagnostics, and tells about its health. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Editor, locate } from './support/editor.ts';
import { neovim, neovimClient } from './support/neovim.ts';
import { until } from './support/wait.ts';
import { Workspace } from './support/workspace.ts';

interface Forwarded {
  readonly uri: string;
  readonly diagnostics: readonly {
    readonly message: string;
    readonly source?: string;
    readonly range: { readonly start: { readonly line: number; readonly character: number } };
  }[];
}

describe('Neovim client', () => {
  let editor: Editor | undefined;
  let workspace: Workspace | undefined;

  before(async function () {
    const program = locate(neovim.program);
    if (program === undefined) {
      console.log(`    skipped: ${neovim.program} not found (set CODRIVER_EDITORS)`);
      this.skip();
    }
    workspace = new Workspace({ checker: true });
    editor = await neovim.start(program, workspace);
    await editor.open('src/receipt.ts');
  });
  after(async () => {
    await editor?.quit();
    workspace?.remove();
  });

  const forwarded = (): readonly Forwarded[] =>
    (workspace?.trace.messages('toServer', 'codriver/otherDiagnostics') ?? []).map(
      message => message.params as Forwarded,
    );

  it("forwards another server's diagnostics and none of Codriver's own", async () => {
    await until('both servers have spoken', async () => {
      const shown = (await editor?.diagnostics()) ?? '';
      return shown.includes('formatMony') && shown.includes('checker');
    });
    const last = await until('they are forwarded', () => forwarded().at(-1));
    assert.ok(last.uri.endsWith('/src/receipt.ts'));
    assert.deepEqual(
      last.diagnostics.map(({ source, message }) => [source, message]),
      [['checker', "'tipPercent' is declared but its value is never read."]],
    );
    assert.deepEqual(last.diagnostics[0]?.range.start, { line: 10, character: 36 });
  });

  it('counts positions in UTF-16, beyond characters outside the basic plane', async () => {
    const before = "const thumb = '👍🏽 ü'; export function later(";
    await editor?.write(13, `${before}restPercent: number): void {}`);
    const found = await until('the new place is forwarded', () =>
      forwarded()
        .at(-1)
        ?.diagnostics.find(each => each.message.includes('restPercent')),
    );
    assert.deepEqual(found.range.start, { line: 14, character: before.length });
  });

  it('says when nothing is wrong any more', async () => {
    await editor?.write(14, '// tipPercent and restPercent are used');
    await until('an empty list is forwarded', () => forwarded().at(-1)?.diagnostics.length === 0);
  });

  it(':checkhealth codriver finds the server and starts it', () => {
    const quiet = new Workspace({ direct: true });
    const report = path.join(quiet.home, 'health.txt');
    const commands = [
      `lua vim.lsp.config('codriver_ls', { cmd = vim.json.decode([=[${JSON.stringify(quiet.command)}]=]) })`,
      'lua vim.lsp.enable("codriver_ls")',
      'checkhealth codriver',
      `write ${report}`,
      'qa!',
    ];
    const runtime = ['--cmd', `set runtimepath+=${neovimClient}`];
    spawnSync(
      locate(neovim.program) ?? '',
      ['--clean', '--headless', '-n', ...runtime, ...commands.flatMap(command => ['-c', command])],
      { env: { ...quiet.environment }, cwd: quiet.project, timeout: 30_000 },
    );
    const shown = readFileSync(report, 'utf8');
    quiet.remove();
    assert.match(shown, /OK ghost text is possible/);
    assert.match(shown, /OK .*\d+\.\d+\.\d+/);
    assert.doesNotMatch(shown, /ERROR|WARNING/);
  });
});
