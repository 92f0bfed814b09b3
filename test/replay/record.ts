/**
 * `npx tsx test/replay/record.ts CLIENT…`: a person types in a real editor (in a private tmux, from CODRIVER_EDITORS)
 * against the built server and a slow model; what the editor says is kept in test/fixtures/traces.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { locate, version } from '../editors/support/editor.ts';
import { configureHelix, Terminal } from '../editors/support/helix.ts';
import { neovimClient } from '../editors/support/neovim.ts';
import { until } from '../editors/support/wait.ts';
import { Workspace } from '../editors/support/workspace.ts';
import { kept } from './kept.ts';
import { DOCUMENT, MODEL, slowModel, target, TYPED } from './session.ts';
import { typed } from './typist.ts';

interface Recording {
  readonly program: string;
  readonly seed: number;
  /** What a person of this editor sets up, and the command that opens the document. */
  prepare(workspace: Workspace, program: string): readonly string[];
  /** Keys that put the cursor on a new line at the document's end, ready to write. */
  readonly begin: readonly string[];
  readonly end: readonly string[];
  /** The editor indents by itself. */
  readonly indents?: boolean;
  readonly how: string;
}

const lisp = (words: readonly string[]): string => `'(${words.map(word => JSON.stringify(word)).join(' ')})`;

function emacs(workspace: Workspace, program: string, lines: readonly string[]): string[] {
  const file = join(workspace.home, 'init.el');
  const common = [
    '(setq inhibit-startup-screen t make-backup-files nil create-lockfiles nil auto-save-default nil)',
    "(setq vc-follow-symlinks t lsp-auto-guess-root t lsp-restart 'ignore lsp-warn-no-matched-clients nil)",
    `(setq lsp-session-file ${JSON.stringify(join(workspace.home, 'lsp-session'))})`,
    '(require \'js) (define-derived-mode typescript-mode js-mode "TypeScript")',
    "(add-to-list 'auto-mode-alist '(\"\\\\.ts\\\\'\" . typescript-mode))",
    "(electric-indent-mode -1) (require 'company) (global-company-mode 1)",
    // Return ends the line, whatever the popup shows.
    '(define-key company-active-map (kbd "RET") nil) (define-key company-active-map [return] nil)',
  ];
  writeFileSync(file, [...common, ...lines].join('\n'));
  const clients = join(neovimClient, '..', 'emacs');
  return [program, '-Q', '-nw', '-L', clients, '-l', file, workspace.path(DOCUMENT)];
}

const RECORDINGS: Readonly<Record<string, Recording>> = {
  neovim: {
    program: 'nvim',
    seed: 1,
    how: 'recorded: ghost text and automatic menu (vim.lsp.inline_completion, vim.lsp.completion)',
    prepare(workspace, program) {
      const file = join(workspace.home, 'init.lua');
      writeFileSync(
        file,
        [
          `vim.opt.runtimepath:append(${JSON.stringify(neovimClient)})`,
          "vim.cmd.runtime('plugin/codriver.lua')",
          "vim.o.completeopt = 'menuone,noselect,popup'",
          'vim.o.autoindent = false',
          "vim.filetype.add({ extension = { ts = 'typescript' } })",
          "vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)",
          '  vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })',
          'end })',
          `require('codriver').setup({ config = { cmd = vim.json.decode([=[${JSON.stringify(workspace.command)}]=]) } })`,
        ].join('\n'),
      );
      return [program, '--clean', '-n', '-u', file, workspace.path(DOCUMENT)];
    },
    begin: ['G', 'o'],
    end: ['Escape', ':qa!', 'Enter'],
  },
  helix: {
    program: 'hx',
    seed: 2,
    indents: true,
    how: 'recorded: automatic menu',
    prepare(workspace, program) {
      configureHelix(workspace);
      writeFileSync(join(workspace.home, 'config', 'helix', 'config.toml'), '[editor]\nauto-pairs = false\n');
      return [program, workspace.path(DOCUMENT)];
    },
    begin: ['ge', 'o'],
    end: ['Escape', 'Escape', ':qa!', 'Enter'],
  },
  eglot: {
    program: 'emacs',
    seed: 3,
    how: 'recorded: company over eglot',
    prepare: (workspace, program) =>
      emacs(workspace, program, [
        "(require 'eglot) (require 'codriver-eglot)",
        `(setq codriver-eglot-command ${lisp(workspace.command)})`,
        "(codriver-eglot-setup) (add-hook 'typescript-mode-hook #'eglot-ensure)",
      ]),
    begin: ['M->'],
    end: ['C-x', 'C-c'],
  },
  'lsp-mode': {
    program: 'emacs',
    seed: 4,
    how: 'recorded: company over lsp-mode, ghost text after 0.5 s',
    prepare: (workspace, program) =>
      emacs(workspace, program, [
        "(require 'lsp-mode) (require 'lsp-completion) (require 'lsp-inline-completion)",
        "(dolist (f '(yasnippet lsp-diagnostics lsp-lens lsp-modeline lsp-headerline)) (require f nil t))",
        '(setq lsp-headerline-breadcrumb-enable nil lsp-enable-file-watchers nil lsp-inline-completion-idle-delay 0.5)',
        "(setq lsp-enabled-clients '(codriver-ls))",
        "(require 'codriver-lsp-mode)",
        `(setq codriver-lsp-command ${lisp(workspace.command)})`,
        "(add-hook 'typescript-mode-hook #'lsp)",
      ]),
    begin: ['M->'],
    end: ['C-x', 'C-c'],
  },
};

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

async function record(name: string, recording: Recording): Promise<void> {
  const program = locate(recording.program);
  if (program === undefined) throw new Error(`${recording.program} was not found; set CODRIVER_EDITORS`);
  const text = target();
  const model = await slowModel(text);
  const workspace = new Workspace({
    endpoint: { baseUrl: model.baseURL, key: 'synthetic', model: MODEL },
    configuration: { privacy: { automatic: 'allow' } },
  });
  const terminal = new Terminal(workspace);
  try {
    mkdirSync(join(workspace.home, 'config', 'helix'), { recursive: true });
    terminal.start(workspace.project, recording.prepare(workspace, program));
    const state = () => `${terminal.screen()}\n${workspace.trace.tail()}`;
    const opened = () => workspace.trace.messages('toServer', 'textDocument/didOpen').length > 0;
    await until('the document is open', opened, { limit: 30_000, state });
    await pause(1_500);
    for (const keys of recording.begin) terminal.press(keys);
    await pause(500);
    const code = recording.indents ? TYPED.replaceAll(/^ +/gm, '') : TYPED;
    for (const key of typed(code, recording.seed)) {
      await pause(key.waitMs);
      if ('text' in key) terminal.type(key.text);
      else terminal.press(key.press === 'Backspace' ? 'BSpace' : key.press);
    }
    await pause(1_500);
    console.log(terminal.screen().trimEnd().split('\n').slice(-16).join('\n'));
    for (const keys of recording.end) terminal.press(keys);
    await pause(1_000);
  } finally {
    terminal.end();
    await model.close();
  }
  const [major, minor] = version(program);
  kept(workspace, name, `${major}.${minor}`, recording.how, text);
  workspace.remove();
}

for (const name of process.argv.slice(2)) {
  const recording = RECORDINGS[name];
  if (!recording) throw new Error(`${name} is none of ${Object.keys(RECORDINGS).join(', ')}`);
  await record(name, recording);
}
