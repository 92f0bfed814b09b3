/** A task in a real Neovim. */
import { neovim } from './support/neovim.ts';
import { tasks } from './tasks.ts';

tasks(neovim);
