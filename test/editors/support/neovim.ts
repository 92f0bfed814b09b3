/** Drives a real Neovim through its own RPC: typed keys by nvim_input, state by Lua. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { attach } from 'neovim';
import type { Editor, EditorKind, Way } from './editor.ts';
import { until } from './wait.ts';
import type { Workspace } from './workspace.ts';

const client = fileURLToPath(new URL('../../../clients/neovim', import.meta.url));

/** What a person's init.lua does, and a menu that can be answered from here. */
const setup = `
local client, command, checker = ...
vim.opt.runtimepath:append(client)
vim.cmd.runtime('plugin/codriver.lua')
vim.o.completeopt = 'menu,menuone,popup'
vim.filetype.add({ extension = { ts = 'typescript', py = 'python' } })
_G.messages, _G.menu, _G.want = {}, nil, nil
vim.notify = function(text) table.insert(_G.messages, text) end
vim.ui.select = function(items, options, choose)
  local titles = vim.tbl_map(function(item)
    return options.format_item and options.format_item(item) or tostring(item)
  end, items)
  if options.kind ~= 'codeaction' then
    table.insert(_G.messages, tostring(options.prompt) .. ' ' .. table.concat(titles, ' | '))
    local yes = vim.fn.index(titles, 'Run them') + 1
    return choose(items[yes], yes > 0 and yes or nil)
  end
  _G.menu = titles
  for index, title in ipairs(titles) do
    if _G.want and vim.regex(_G.want):match_str(title) then
      return choose(items[index], index)
    end
  end
  choose(nil, nil)
end
require('codriver').setup({ config = { cmd = command } })
if checker then
  vim.lsp.config('checker', { cmd = checker, root_markers = { '.git' }, filetypes = { 'typescript', 'python' } })
  vim.lsp.enable('checker')
end
`;

/** Text of the ghost shown at the cursor, as Neovim draws it. */
const ghost = `
local id = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
local parts = {}
for _, mark in ipairs(id and vim.api.nvim_buf_get_extmarks(0, id, 0, -1, { details = true }) or {}) do
  for _, chunk in ipairs(mark[4].virt_text or {}) do parts[#parts + 1] = chunk[1] end
  for _, line in ipairs(mark[4].virt_lines or {}) do
    for _, chunk in ipairs(line) do parts[#parts + 1] = chunk[1] end
  end
end
return table.concat(parts)
`;

const resolving = `
for _, client in ipairs(vim.lsp.get_clients({ bufnr = 0 })) do
  for _, request in pairs(client.requests) do
    if request.type == 'pending' and request.method == 'completionItem/resolve' then return true end
  end
end
return false
`;

const floating = `
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(window).relative ~= '' then
    return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\\n')
  end
end
return ''
`;

const closeFloating = `
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(window).relative ~= '' then vim.api.nvim_win_close(window, true) end
end
`;

/** How long a person looks at a menu before asking again, in milliseconds. */
const PATIENCE = 1500;

type Logger = NonNullable<NonNullable<Parameters<typeof attach>[0]['options']>['logger']>;

/** The package's own logger would replace the functions of `console`, mocha's among them. */
const nothing = (): undefined => undefined;
const silent: unknown = { level: 'error', info: nothing, warn: nothing, error: nothing, debug: nothing };

/** Keys as nvim_input wants them. */
const keys = (text: string): string => text.replaceAll('<', '<lt>');

/** What only Neovim is asked for. */
export interface NeovimEditor extends Editor {
  /** Opens a line below `line` with this text, the cursor behind it and moved by `keys`; stays in insertion. */
  insertBelow(line: number, typed: string, keys?: string): Promise<void>;
  /** Keys in Neovim's own notation. */
  press(keys: string): Promise<void>;
  /** The ghost text as it is drawn, its lines joined. */
  ghost(): Promise<string>;
  /** The cursor's line. */
  line(): Promise<string>;
}

/** Starts a Neovim that is set up as its client's README says. */
export async function startNeovim(program: string, workspace: Workspace): Promise<NeovimEditor> {
  const child = spawn(program, ['--clean', '--embed', '--headless', '-n'], {
    cwd: workspace.project,
    env: { ...workspace.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const nvim = attach({ proc: child, options: { logger: silent as Logger } });
  const lua = async (code: string, ...values: unknown[]): Promise<unknown> =>
    await nvim.lua(code, values as never);
  const text = async (): Promise<string> =>
    `${String(await lua("return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\\n')"))}\n`;
  const mode = async (): Promise<string> => String(await lua('return vim.api.nvim_get_mode().mode'));
  const state = async (): Promise<string> =>
    [
      `--- buffer\n${await text()}`,
      `--- mode ${await mode()}, messages ${JSON.stringify(await lua('return _G.messages'))}`,
      `--- menu ${JSON.stringify(await lua('return _G.menu or {}'))}`,
      `--- popup ${JSON.stringify(await lua("return vim.fn.complete_info({ 'items' }).items"))}`,
      workspace.trace.tail(),
    ].join('\n');
  const wait = async <T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> =>
    await until(what, probe, { state });

  const leaveInsertion = async (): Promise<void> => {
    await nvim.input('<Esc>');
    await wait('Neovim is in normal mode', async () => (await mode()) === 'n');
  };
  const typeBelow = async (line: number, typed: string): Promise<void> => {
    await leaveInsertion();
    await lua('vim.api.nvim_win_set_cursor(0, { ..., 0 })', line + 1);
    // Leaving the empty line takes its automatic indentation away.
    await nvim.input(`o<Esc>i${keys(typed)}`);
    await wait(`Neovim shows "${typed}"`, async () => (await lua('return vim.fn.getline(".")')) === typed);
  };
  const fromMenu = async (wanted: RegExp): Promise<void> => {
    const items = async (): Promise<readonly { word: string; abbr: string; user_data?: unknown }[]> =>
      (await lua(
        "return vim.fn.pumvisible() == 1 and vim.fn.complete_info({ 'items' }).items or {}",
      )) as never;
    let asked = 0;
    const index = await wait(`the menu has ${wanted}`, async () => {
      const found = (await items()).findIndex(item => wanted.test(item.word) || wanted.test(item.abbr));
      if (found >= 0) return found + 1;
      // What a model says may come after the menu: Neovim asks again for another key, or when told to.
      if (Date.now() - asked > PATIENCE) {
        await nvim.input(asked === 0 ? '<C-x><C-o>' : '<C-e><C-x><C-o>');
        asked = Date.now();
      }
      return undefined;
    });
    // The first item is selected already or not, as 'completeopt' says: count from none selected.
    const selected = Number(await lua("return vim.fn.complete_info({ 'selected' }).selected"));
    await nvim.input(`${'<C-n>'.repeat(Math.max(0, index - 1 - selected))}<C-y>`);
    await wait('the menu is closed', async () => (await lua('return vim.fn.pumvisible()')) === 0);
    // Neovim resolves what was accepted, and puts further lines in place when it has the answer.
    await wait('the item is resolved', async () => (await lua(resolving)) === false);
  };
  const fromGhost = async (wanted: RegExp): Promise<void> => {
    let asked = Date.now();
    await wait(`ghost text like ${wanted}`, async () => {
      if (wanted.test(String(await lua(ghost)))) return true;
      // The workspace may still be read, and Neovim asks again only for another key.
      if (Date.now() - asked > PATIENCE) {
        asked = Date.now();
        await nvim.input(`<BS>${keys(String(await lua('return vim.fn.getline(".")')).slice(-1))}`);
      }
      return undefined;
    });
    await nvim.input('<Tab>');
  };

  await lua(
    setup,
    client,
    workspace.command,
    ...(workspace.checker === undefined ? [] : [workspace.checker]),
  );

  const menu = async (want: string | undefined): Promise<readonly string[]> => {
    await lua('_G.menu, _G.want = nil, ... vim.lsp.buf.code_action()', want ?? '\\%$never');
    const asked = workspace.trace.messages('toServer', 'textDocument/codeAction').length;
    return await wait('code actions are offered', async () => {
      const titles = (await lua('return _G.menu or {}')) as readonly string[];
      if (titles.length > 0) return titles;
      const notes = (await lua('return _G.messages')) as readonly string[];
      return notes.some(note => note.includes('No code actions available')) && asked > 0 ? [] : undefined;
    });
  };

  return {
    workspace,
    pid: child.pid ?? 0,
    text,
    async insertBelow(line, typed, moved) {
      await typeBelow(line, typed);
      if (moved !== undefined) await nvim.input(moved);
    },
    async press(pressed) {
      await nvim.input(pressed);
    },
    ghost: async () => String(await lua(ghost)),
    line: async () => String(await lua('return vim.fn.getline(".")')),
    state,
    async open(file) {
      await lua('vim.cmd.edit(vim.fn.fnameescape(...))', workspace.path(file));
      await wait(
        'Codriver is attached',
        async () =>
          lua(
            "local c = vim.lsp.get_clients({ bufnr = 0, name = 'codriver_ls' })[1] return c ~= nil and c.initialized",
          ) as Promise<boolean>,
      );
    },
    async place(line, character) {
      await lua('local l, c = ... vim.api.nvim_win_set_cursor(0, { l, c })', line + 1, character);
    },
    async write(line, typed) {
      await typeBelow(line, typed);
      await leaveInsertion();
    },
    async complete(line, typed, wanted, way: Way) {
      await typeBelow(line, typed);
      const before = (await text()).length;
      await (way === 'menu' ? fromMenu(wanted) : fromGhost(wanted));
      await wait('the suggestion is in the buffer', async () => (await text()).length > before);
      await leaveInsertion();
    },
    async hover() {
      await lua(`${closeFloating} vim.lsp.buf.hover()`);
      const shown = await until('a hover window', async () => String(await lua(floating)) || undefined, {
        limit: 2000,
      }).catch(() => undefined);
      await lua(closeFloating);
      return shown;
    },
    async diagnostics() {
      return String(
        await lua(
          "return table.concat(vim.tbl_map(function(d) return (d.source or '') .. ' ' .. d.severity .. ' ' .. d.message end, vim.diagnostic.get(0)), '\\n')",
        ),
      );
    },
    async actions() {
      return await menu(undefined);
    },
    async act(title) {
      // The menu is answered by Neovim's own callback, so the title is looked up first and then chosen exactly.
      const found = (await menu(undefined)).find(offered => title.test(offered));
      if (found === undefined) return false;
      await menu(`\\V\\^${found.replaceAll('\\', '\\\\')}\\$`);
      return true;
    },
    async command(name) {
      await nvim.command(`Codriver ${name.replace(/^codriver\./, '')}`);
    },
    front: async () => String(await lua('return vim.api.nvim_buf_get_name(0)')),
    said: async () =>
      String(await lua("return vim.fn.execute('messages') .. '\\n' .. table.concat(_G.messages, '\\n')")),
    async quit() {
      const ended = once(child, 'exit');
      // `:qa!` ends the channel before it can answer.
      nvim.command('qa!').catch(() => undefined);
      await ended;
    },
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export const neovim: EditorKind = {
  name: 'Neovim',
  program: 'nvim',
  minimum: [0, 12],
  ways: ['menu', 'ghost'],
  severalServers: true,
  hovers: true,
  start: startNeovim,
};

/** Neovim's client folder, for tests of the client alone. */
export const neovimClient: string = path.normalize(client);
