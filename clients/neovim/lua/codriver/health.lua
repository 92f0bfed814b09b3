-- :checkhealth codriver - is the server found, does it start, is it attached; the rest is `codriver doctor`.
local M = {}

function M.check()
  local health = vim.health
  health.start('Neovim')
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim 0.11 or later is needed', { 'Update Neovim; 0.12 adds ghost text.' })
    return
  end
  if vim.lsp.inline_completion then
    health.ok('ghost text is possible (vim.lsp.inline_completion)')
  else
    health.warn('no ghost text in this Neovim', { 'Update to Neovim 0.12; completion in the menu works here.' })
  end

  health.start('Server')
  local config = vim.lsp.config.codriver_ls
  if not config then
    health.error('vim.lsp.config.codriver_ls is not known', { 'Put clients/neovim on the runtimepath.' })
    return
  end
  local command = type(config.cmd) == 'table' and config.cmd[1] or nil
  if not command then
    health.info('the server is started by a function')
  elseif vim.fn.executable(command) == 0 then
    health.error(command .. ' is not found', {
      'npm install --global codriver-language-server',
      "or set the path: vim.lsp.config('codriver_ls', { cmd = { '/path/to/it', '--stdio' } })",
    })
  else
    local version = vim.tbl_filter(function(argument)
      return argument ~= '--stdio'
    end, config.cmd)
    version[#version + 1] = '--version'
    local done = vim.system(version, { text = true, timeout = 5000 }):wait()
    if done.code == 0 then
      health.ok(command .. ' ' .. vim.trim(done.stdout))
    else
      health.error(command .. ' --version failed with exit code ' .. done.code, { vim.trim(done.stderr or '') })
    end
  end

  if not vim.lsp.is_enabled('codriver_ls') then
    health.warn('not enabled', { "Add vim.lsp.enable('codriver_ls') or require('codriver').setup() to init.lua." })
  end
  local clients = vim.lsp.get_clients({ name = 'codriver_ls' })
  if #clients == 0 then
    health.info('not running: it starts with the first file that is opened')
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    health.ok(('running, client %d, %d buffer(s), root %s'):format(client.id, buffers, client.root_dir or 'none'))
  end
  health.info('engines, keys and endpoints: run `codriver doctor` in a terminal')
end

return M
