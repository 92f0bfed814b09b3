/** Codriver in a real Helix. */
import { scenarios } from './scenarios.ts';
import { helix } from './support/helix.ts';

scenarios(helix);
