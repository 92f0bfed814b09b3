---@brief
---
--- Codriver: completions, explanations and fixes, with your own model or with none.
---
--- `npm install --global codriver-language-server`, then `vim.lsp.enable('codriver_ls')`.
--- There are no `filetypes`: Codriver serves every buffer that holds a file, whatever its language.

---@type vim.lsp.Config
return {
  cmd = { 'codriver-language-server', '--stdio' },
  root_markers = { '.git', '.hg', '.jj' },
  init_options = {
    -- Only a client that says so gets or sends Codriver's own notifications (see lua/codriver/forward.lua).
    clientFeatures = { otherDiagnostics = true },
  },
  settings = { codriver = vim.empty_dict() },
}
