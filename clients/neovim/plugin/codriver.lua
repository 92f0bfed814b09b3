-- Loaded by Neovim at start: hands other servers' diagnostics to Codriver wherever it is attached.
-- Everything that changes keys or looks is opt-in, in require('codriver').setup().
if vim.g.loaded_codriver or vim.fn.has('nvim-0.11') == 0 then
  return
end
vim.g.loaded_codriver = true

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('codriver.plugin', {}),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'codriver_ls' then
      require('codriver.forward').start(event.buf)
    end
  end,
})

---@return vim.lsp.Client?
local function codriver()
  return vim.lsp.get_clients({ name = 'codriver_ls', bufnr = 0 })[1] or vim.lsp.get_clients({ name = 'codriver_ls' })[1]
end

-- `:Codriver undo` runs the server's command codriver.undo, on what was edited last.
vim.api.nvim_create_user_command('Codriver', function(command)
  local client = codriver()
  if not client then
    return vim.notify('Codriver does not run in any buffer here; see :checkhealth codriver', vim.log.levels.ERROR)
  end
  client:exec_cmd({ title = command.args, command = 'codriver.' .. command.args }, { bufnr = 0 })
end, {
  nargs = 1,
  desc = 'Run a command of Codriver',
  complete = function(typed)
    local client = codriver()
    local known = client and vim.tbl_get(client.server_capabilities, 'executeCommandProvider', 'commands') or {}
    return vim.tbl_filter(
      function(name)
        return vim.startswith(name, typed)
      end,
      vim.tbl_map(function(name)
        return (name:gsub('^codriver%.', ''))
      end, known)
    )
  end,
})
