/** Codriver in a real Emacs: through eglot, alone and beside another server, and through lsp-mode. */
import { scenarios } from './scenarios.ts';
import { eglot, eglotBeside, lspMode } from './support/emacs.ts';

scenarios(eglot);
scenarios(eglotBeside, { quick: true });
scenarios(lspMode, { quick: true });
