/** Codriver in a real Neovim. */
import { scenarios } from './scenarios.ts';
import { neovim } from './support/neovim.ts';

scenarios(neovim);
