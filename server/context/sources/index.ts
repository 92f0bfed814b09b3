/**
 * The sources of context for a completion, with what each is worth: a table. The clipboard is none of them, and
 * never will be: nobody expects what was copied to be sent.
 */
import { imported, named } from './definitions.ts';
import { below, imports, inScope } from './ownFile.ts';
import { problems } from './problems.ts';
import { edited, viewed } from './recent.ts';
import { neighbours, similar } from './similar.ts';
import type { Source } from './source.ts';

export interface SourceRow {
  readonly name: string;
  readonly find: Source;
  /** Times a finding's score: what is chosen first. */
  readonly weight: number;
  /** Most of the room that it takes while other sources have something to show. */
  readonly share: number;
  /** Most UTF-16 units of one item. */
  readonly cap: number;
}

export const sources: readonly SourceRow[] = [
  { name: 'problems', find: problems, weight: 1.2, share: 0.05, cap: 900 },
  { name: 'imports', find: imports, weight: 1.1, share: 0.15, cap: 2_000 },
  { name: 'imported', find: imported, weight: 1, share: 0.4, cap: 1_500 },
  { name: 'named', find: named, weight: 0.9, share: 0.35, cap: 1_200 },
  { name: 'edited', find: edited, weight: 0.9, share: 0.2, cap: 1_500 },
  { name: 'similar', find: similar, weight: 0.85, share: 0.4, cap: 2_000 },
  { name: 'below', find: below, weight: 0.8, share: 0.2, cap: 2_500 },
  { name: 'neighbours', find: neighbours, weight: 0.7, share: 0.25, cap: 1_500 },
  { name: 'in scope', find: inScope, weight: 0.7, share: 0.2, cap: 2_500 },
  { name: 'viewed', find: viewed, weight: 0.5, share: 0.15, cap: 1_500 },
];
