-- Optional conveniences for Neovim: one call enables the server, its ghost text and keys to accept it.
-- Everything else is plain LSP and works without this file.
local M = {}

---@class codriver.Options
---@field inline_completion? boolean ghost text while typing, Neovim 0.12 and later (default true)
---@field accept? string|false insert-mode key that accepts the ghost text (default '<Tab>')
---@field accept_word? string|false insert-mode key that accepts its next word (default '<M-Right>')
---@field accept_line? string|false insert-mode key that accepts its next line (default '<M-Down>')
---@field next? string|false insert-mode key for the next suggestion (default '<M-]>')
---@field previous? string|false insert-mode key for the previous suggestion (default '<M-[>')
---@field config? vim.lsp.Config anything to change in the server's configuration, for example `cmd`

---@type codriver.Options
local defaults = {
  inline_completion = true,
  accept = '<Tab>',
  accept_word = '<M-Right>',
  accept_line = '<M-Down>',
  next = '<M-]>',
  previous = '<M-[>',
}

-- What <Tab> does in Neovim without this mapping: jump in an active snippet, else itself.
---@param key string
---@return string
local function unmapped(key)
  if key:lower() == '<tab>' and vim.snippet.active({ direction = 1 }) then
    return '<Cmd>lua vim.snippet.jump(1)<CR>'
  end
  return key
end

---@param bufnr integer
---@param options codriver.Options
local function attach(bufnr, options)
  vim.lsp.inline_completion.enable(true, { bufnr = bufnr })
  for name, unit in pairs({ accept = false, accept_word = 'word', accept_line = 'line' }) do
    local key = options[name]
    if key then
      vim.keymap.set('i', key, function()
        if not require('codriver.accept').accept(unit or nil) then
          return unmapped(key)
        end
      end, { buffer = bufnr, expr = true, desc = 'Codriver: ' .. name:gsub('_', ' the next ') .. ' of the suggestion' })
    end
  end
  for name, count in pairs({ next = 1, previous = -1 }) do
    if options[name] then
      vim.keymap.set('i', options[name], function()
        vim.lsp.inline_completion.select({ count = count })
      end, { buffer = bufnr, desc = 'Codriver: ' .. name .. ' suggestion' })
    end
  end
end

--- Enables Codriver in every buffer that holds a file.
---@param options? codriver.Options
function M.setup(options)
  options = vim.tbl_extend('force', defaults, options or {})
  if options.config then
    vim.lsp.config('codriver_ls', options.config)
  end
  vim.api.nvim_create_autocmd('LspAttach', {
    group = vim.api.nvim_create_augroup('codriver.setup', {}),
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if not client or client.name ~= 'codriver_ls' or not options.inline_completion then
        return
      end
      -- Neovim 0.11 has no ghost text.
      if vim.lsp.inline_completion and client:supports_method('textDocument/inlineCompletion', event.buf) then
        attach(event.buf, options)
      end
    end,
  })
  vim.lsp.enable('codriver_ls')
end

return M
