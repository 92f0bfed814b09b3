/** Setup of Emacs, with eglot or with lsp-mode: a marked block at the end of the init file. */
import * as path from 'node:path';
import { configHome } from '../../config/load.ts';
import type { CliContext } from '../context.ts';
import type { PlannedFile, Planner } from './plan.ts';
import { quoted, upsertBlock } from './plan.ts';

/** The init file that Emacs reads: the first that exists in its own order, else the usual one. */
async function initFile({ machine }: CliContext): Promise<string> {
  const { home } = machine.environment;
  const usual = path.join(home, '.emacs.d', 'init.el');
  const candidates = [
    path.join(home, '.emacs.el'),
    path.join(home, '.emacs'),
    usual,
    path.join(configHome(machine.environment), 'emacs', 'init.el'),
  ];
  for (const candidate of candidates) {
    if ((await machine.files.stat(candidate)) !== undefined) return candidate;
  }
  return usual;
}

async function blockFile(context: CliContext, block: string): Promise<PlannedFile> {
  return { path: await initFile(context), snippet: block, edit: text => upsertBlock(text, ';;', block) };
}

export const planEglot: Planner = async (context, command) => {
  const argv = command.map(quoted).join(' ');
  const block = `;; eglot starts one server a buffer. Codriver comes last, so modes that have a server of
;; their own keep it.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '((prog-mode text-mode) . (${argv}))
               t))
;; Codriver beside another server needs the multiplexer rassumfrassum (pip install rassumfrassum):
;; (with-eval-after-load 'eglot
;;   (add-to-list 'eglot-server-programs
;;                '((python-mode python-ts-mode)
;;                  . ("rass" "--" "basedpyright-langserver" "--stdio" "--" ${argv}))))
`;
  return {
    files: [await blockFile(context, block)],
    notes: ['Then M-x eglot in a buffer; completion is C-M-i, actions are M-x eglot-code-actions.'],
  };
};

export const planLspMode: Planner = async (context, command) => {
  const block = `(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client
    :server-id 'codriver-ls
    :new-connection (lsp-stdio-connection '(${command.map(quoted).join(' ')}))
    :activation-fn (lambda (&rest _) t)
    :add-on? t
    :multi-root t
    :priority -2
    :completion-in-comments? t)))
;; Ghost text; C-<return> takes it.
(add-hook 'lsp-mode-hook
          (lambda () (when (fboundp 'lsp-inline-completion-mode) (lsp-inline-completion-mode 1))))
`;
  return {
    files: [await blockFile(context, block)],
    notes: [
      'Then M-x lsp in a buffer; Codriver joins the server of the language. Ghost text needs lsp-mode 10.',
    ],
  };
};
