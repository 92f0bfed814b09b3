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
