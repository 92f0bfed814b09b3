/**
 * How good the embedded engine's blocks are: of the lines offered beyond the first, how many stand where the person
 * wrote them. It must not know how cases are drawn.
 */
import type { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import type { EmbeddedRequest } from '../../server/engines/embedded/types.ts';
import { quantile } from './figures.ts';
import type { Case } from './protocol.ts';

export interface BlockFigures {
  /** Per cent of cases with a block. */
  readonly offered: number;
  /** Further lines per block, and how many of them in a row are right, per cent. */
  readonly lines: number;
  readonly right: number;
  /** Milliseconds for one completion that may be a block. */
  readonly p50: number;
  readonly p95: number;
}

/** As many lines as a client gets unless it is set otherwise. */
const maxLines = 10;

/** Asks for a block at each case. */
export function measureBlocks(
  engine: EmbeddedCompleter,
  cases: readonly Case[],
  requestFor: (each: Case) => EmbeddedRequest,
): BlockFigures {
  let blocks = 0;
  let lines = 0;
  let right = 0;
  const times: number[] = [];
  for (const each of cases) {
    const start = performance.now();
    const text = engine.complete({ ...requestFor(each), maxLines }).candidates[0]?.text ?? '';
    times.push(performance.now() - start);
    const [first = '', ...further] = text.split('\n').map(line => line.trim());
    if (further.length === 0) continue;
    blocks++;
    lines += further.length;
    if (first !== each.rest.trim()) continue;
    const wrong = further.findIndex((line, i) => line !== each.next[i]?.trim());
    right += wrong < 0 ? further.length : wrong;
  }
  return {
    offered: (100 * blocks) / Math.max(1, cases.length),
    lines: lines / Math.max(1, blocks),
    right: (100 * right) / Math.max(1, lines),
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
  };
}
