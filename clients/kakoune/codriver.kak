# Codriver beside each file type's own servers: source this file after `eval %sh{kak-lsp}` and before `lsp-enable`.
# The hook runs after kakoune-lsp has chosen its default servers; setting lsp_servers earlier would replace them.
hook -group lsp-filetype-codriver global User LSPDefaultConfig=.* %{
    set-option -add buffer lsp_servers %{
        [codriver-language-server]
        root_globs = [".git", ".hg", ".jj"]
        args = ["--stdio"]
        settings_section = "codriver"
        [codriver-language-server.settings.codriver]
    }
}
