-- Tells Codriver what other servers and linters report, which Neovim keeps from it, so that it can offer a fix and
-- stay quiet about the same place. It carries diagnostics and decides nothing about them.
local M = {}

-- Diagnostics come in bursts, one per server and per pull; one message per burst is enough.
local delay_ms = 100

---@type table<integer, uv.uv_timer_t> one timer per buffer
local timers = {}
---@type table<integer, lsp.Diagnostic[]> what was last sent per buffer
local sent = {}

---@param bufnr integer
---@return vim.lsp.Client?
local function codriver(bufnr)
  return vim.lsp.get_clients({ bufnr = bufnr, name = 'codriver_ls' })[1]
end

-- A place of vim.diagnostic (bytes) as a position of the protocol.
---@param bufnr integer
---@param lnum integer
---@param col integer
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return lsp.Position
local function position(bufnr, lnum, col, encoding)
  local line = vim.api.nvim_buf_get_lines(bufnr, lnum, lnum + 1, false)[1] or ''
  return { line = lnum, character = vim.str_utfindex(line, encoding, math.min(col, #line), false) }
end

---@param bufnr integer
---@param client vim.lsp.Client
---@return lsp.Diagnostic[]
local function others(bufnr, client)
  -- Pushed diagnostics live in the namespace with this name, pulled ones in namespaces that begin with it.
  local own = ('nvim.lsp.%s.%d'):format(client.name, client.id)
  local names = {}
  local found = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(bufnr)) do
    local ns = diagnostic.namespace
    names[ns] = names[ns] or vim.diagnostic.get_namespace(ns).name
    if names[ns] ~= own and not vim.startswith(names[ns], own .. '.') then
      local lnum, col = diagnostic.lnum, diagnostic.col
      found[#found + 1] = {
        range = {
          start = position(bufnr, lnum, col, client.offset_encoding),
          ['end'] = position(
            bufnr,
            diagnostic.end_lnum or lnum,
            diagnostic.end_col or col,
            client.offset_encoding
          ),
        },
        severity = diagnostic.severity,
        message = diagnostic.message,
        code = diagnostic.code,
        source = diagnostic.source or names[ns],
      }
    end
  end
  return found
end

---@param bufnr integer
local function send(bufnr)
  local client = vim.api.nvim_buf_is_loaded(bufnr) and codriver(bufnr)
  if not client then
    return
  end
  local diagnostics = others(bufnr, client)
  if not vim.deep_equal(diagnostics, sent[bufnr] or {}) then
    sent[bufnr] = diagnostics
    client:notify('codriver/otherDiagnostics', { uri = vim.uri_from_bufnr(bufnr), diagnostics = diagnostics })
  end
end

---@param bufnr integer
local function schedule(bufnr)
  timers[bufnr] = timers[bufnr] or assert(vim.uv.new_timer())
  timers[bufnr]:start(
    delay_ms,
    0,
    vim.schedule_wrap(function()
      send(bufnr)
    end)
  )
end

---@param bufnr integer
local function stop(bufnr)
  local timer = timers[bufnr]
  timers[bufnr], sent[bufnr] = nil, nil
  if timer then
    timer:stop()
    timer:close()
  end
end

--- Forwards from now on until Codriver leaves the buffer.
---@param bufnr integer
function M.start(bufnr)
  local group = vim.api.nvim_create_augroup('codriver.forward.' .. bufnr, {})
  stop(bufnr)
  vim.api.nvim_create_autocmd('DiagnosticChanged', {
    group = group,
    buffer = bufnr,
    callback = function()
      schedule(bufnr)
    end,
  })
  vim.api.nvim_create_autocmd({ 'LspDetach', 'BufWipeout' }, {
    group = group,
    buffer = bufnr,
    callback = function(event)
      local client = event.data and vim.lsp.get_client_by_id(event.data.client_id)
      if event.event == 'BufWipeout' or (client and client.name == 'codriver_ls') then
        stop(bufnr)
        vim.schedule(function()
          pcall(vim.api.nvim_del_augroup_by_id, group)
        end)
      end
    end,
  })
  schedule(bufnr)
end

return M
