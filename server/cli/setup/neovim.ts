/** Setup of Neovim 0.11 and later: two files in its configuration folder, both Codriver's own. */
import * as path from 'node:path';
import { configHome } from '../../config/load.ts';
import type { Planner } from './plan.ts';
import { ownFile, quoted } from './plan.ts';

export const planNeovim: Planner = ({ machine }, command) => {
  const appName = machine.environment.variables['NVIM_APPNAME'] ?? 'nvim';
  const windows = machine.environment.platform === 'win32';
  const local = machine.environment.variables['LOCALAPPDATA'];
  const base = windows && local !== undefined ? local : configHome(machine.environment);
  const folder = path.join(base, appName);
  const server = `---@type vim.lsp.Config
return {
  cmd = { ${command.map(quoted).join(', ')} },
  -- No filetypes: Codriver serves every buffer, beside the server of the language.
  root_markers = { ".git" },
  init_options = { editorInfo = { name = "Neovim", version = tostring(vim.version()) } },
  settings = { codriver = vim.empty_dict() },
}
`;
  const start = `if not vim.lsp.enable then
  return
end
vim.lsp.enable("codriver_ls")

-- Ghost text, where Neovim can show it (0.12). Ctrl-L takes it, unless that key is yours already.
vim.api.nvim_create_autocmd("LspAttach", {
  callback = function(args)
    local client = vim.lsp.get_client_by_id(args.data.client_id)
    if not client or client.name ~= "codriver_ls" or not vim.lsp.inline_completion then
      return
    end
    vim.lsp.inline_completion.enable(true, { bufnr = args.buf })
    if vim.fn.maparg("<C-l>", "i") == "" then
      vim.keymap.set("i", "<C-l>", function()
        if not vim.lsp.inline_completion.get() then
          return "<C-l>"
        end
      end, { buffer = args.buf, expr = true, desc = "Accept the completion of Codriver" })
    end
  end,
})
`;
  return Promise.resolve({
    files: [
      { path: path.join(folder, 'lsp', 'codriver_ls.lua'), ...ownFile('--', server) },
      { path: path.join(folder, 'plugin', 'codriver.lua'), ...ownFile('--', start) },
    ],
    notes: ['Needs Neovim 0.11; ghost text needs 0.12. Check with :checkhealth vim.lsp'],
  });
};
