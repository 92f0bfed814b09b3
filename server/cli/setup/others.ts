/** Setup of the editors that need only a few lines: Kakoune, Vim, Sublime Text, and what to know about VS Code and Zed. */
import * as path from 'node:path';
import { applyEdits, modify, parseTree } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { configHome } from '../../config/load.ts';
import type { CliContext } from '../context.ts';
import type { Edited, Planner } from './plan.ts';
import { quoted, upsertBlock } from './plan.ts';

export const planKakoune: Planner = ({ machine }, command) => {
  const [program = '', ...args] = command;
  const block = `hook -group lsp-filetype-codriver global User LSPDefaultConfig=.* %{
    set-option -add buffer lsp_servers %{
        [codriver-language-server]
        command = ${quoted(program)}
        args = [${args.map(quoted).join(', ')}]
        root_globs = [".git", ".hg"]
        settings_section = "codriver"
        [codriver-language-server.settings.codriver]
    }
}
`;
  return Promise.resolve({
    files: [
      {
        path: path.join(configHome(machine.environment), 'kak', 'kakrc'),
        snippet: block,
        edit: text => upsertBlock(text, '#', block),
      },
    ],
    notes: ['Needs kakoune-lsp 18 and "eval %sh{kak-lsp}" with "lsp-enable" in your kakrc.'],
  });
};

const vimFileTypes =
  'bash c cpp cs css diff elixir go haskell html java javascript javascriptreact json kotlin lua markdown ocaml php perl python ruby rust scala sh sql swift toml typescript typescriptreact vim yaml zig';

export const planVim: Planner = async ({ machine }, command) => {
  const { home } = machine.environment;
  const [program = '', ...args] = command;
  const types = vimFileTypes.split(' ').map(quoted).join(', ');
  const block = `" For the plugin yegappan/lsp; the server of a language comes first, Codriver beside it.
augroup codriver
  autocmd!
  autocmd User LspSetup call LspAddServer([{
        \\ 'name': 'codriver',
        \\ 'path': ${quoted(program)},
        \\ 'args': [${args.map(quoted).join(', ')}],
        \\ 'filetype': [${types}]
        \\ }])
augroup END
`;
  const inFolder = path.join(home, '.vim', 'vimrc');
  const file = (await machine.files.stat(inFolder)) === undefined ? path.join(home, '.vimrc') : inFolder;
  return {
    files: [{ path: file, snippet: block, edit: text => upsertBlock(text, '"', block) }],
    notes: [
      'Needs Vim 9 and the plugin yegappan/lsp.',
      `With coc.nvim put this into coc-settings.json instead: ${JSON.stringify({
        languageserver: { codriver: { command: program, args, filetypes: ['*'], rootPatterns: ['.git'] } },
      })}`,
    ],
  };
};

export const planSublime: Planner = ({ machine }, command) => {
  const value = {
    enabled: true,
    command,
    selector: 'source | text.html | text.plain',
    initialization_options: {},
    settings: {},
  };
  const edit = (current: string | undefined): Edited => {
    const text = current === undefined || current.trim() === '' ? '{}\n' : current;
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { allowTrailingComma: true });
    if (errors.length > 0 || root?.type !== 'object') {
      return { refuse: 'It is not valid JSON. Mend it, or put the printed part in by hand.' };
    }
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    const json = JSON.stringify(value, null, 2).replaceAll('\n', `${eol}  `);
    const own = root.children?.find(({ children }) => children?.[0]?.value === 'codriver')?.children?.[1];
    if (own !== undefined) {
      return { text: text.slice(0, own.offset) + json + text.slice(own.offset + own.length) };
    }
    // At the front, where no comma or comment of the person can be in the way.
    const inside = root.offset + 1;
    const separator = root.children?.length === 0 ? eol : ',';
    return { text: `${text.slice(0, inside)}${eol}  "codriver": ${json}${separator}${text.slice(inside)}` };
  };
  return Promise.resolve({
    files: [
      {
        path: path.join(
          sublimeFolder(machine.environment),
          'Packages',
          'User',
          'LanguageServers.sublime-settings',
        ),
        snippet: `${JSON.stringify({ codriver: value }, null, 2)}\n`,
        edit,
      },
    ],
    notes: ['Needs the package LSP. The syntax scopes of "selector" decide where Codriver runs.'],
  });
};

function sublimeFolder(environment: CliContext['machine']['environment']): string {
  const { platform, home } = environment;
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Sublime Text');
  return path.join(configHome(environment), platform === 'win32' ? 'Sublime Text' : 'sublime-text');
}

export const planVSCode: Planner = (_context, command) =>
  Promise.resolve({
    files: [],
    notes: [
      'VS Code starts language servers through extensions only, and this release of Codriver brings none.',
      `A generic LSP client extension can start it with this command: ${JSON.stringify(command)}`,
    ],
  });

/** Zed starts language servers through extensions only, but agents by its settings: tasks come by the agent panel. */
export const planZed: Planner = ({ machine }, command) => {
  const [program = '', ...args] = command.map(part => (part === '--stdio' ? 'acp' : part));
  const agent = { type: 'custom', command: program, args };
  return Promise.resolve({
    files: [
      {
        path: path.join(configHome(machine.environment), 'zed', 'settings.json'),
        snippet: `${JSON.stringify({ agent_servers: { Codriver: agent } }, null, 2)}\n`,
        edit: current => withAgent(current, agent),
      },
    ],
    notes: [
      'This is Codriver as an agent: tasks, in the agent panel. It needs a trusted folder and asks for it.',
      'As a language server Zed would start it through an extension only, and this release brings none.',
    ],
  });
};

function withAgent(current: string | undefined, agent: unknown): Edited {
  const text = current === undefined || current.trim() === '' ? '{}\n' : current;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || root?.type !== 'object')
    return { refuse: 'It is not valid JSON. Mend it, or put the printed part in by hand.' };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2, eol } };
  return { text: applyEdits(text, modify(text, ['agent_servers', 'Codriver'], agent, options)) };
}
