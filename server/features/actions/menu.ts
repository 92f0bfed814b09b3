/** Keeps the menu short: of what could be done at a place, the few that are most likely meant. It must not know the actions. */
import type { Action, Offer } from './action.ts';

/** Rows that a person takes in at a glance. */
const MAX_ROWS = 8;
/** Of these some are ours whatever else is offered. */
const LEAST_ROWS = 4;
const USUAL = 0.5;
/** What cannot be done now makes room for what can. */
const DISABLED = 0.6;

export interface MenuRow {
  readonly action: Pick<Action, 'kind' | 'relevance'>;
  readonly offer: Offer;
}

/** The most relevant rows in the order they came; `taken` rows are shown already. */
export function shortMenu<Row extends MenuRow>(rows: readonly Row[], taken = 0): readonly Row[] {
  const room = Math.max(LEAST_ROWS, MAX_ROWS - taken);
  if (rows.length <= room) return rows;
  const best = rows
    .map((row, order) => ({ row, order, relevance: relevanceOf(row) }))
    .sort((a, b) => b.relevance - a.relevance || a.order - b.order)
    .slice(0, room)
    .sort((a, b) => a.order - b.order);
  return best.map(({ row }) => row);
}

function relevanceOf({ action, offer }: MenuRow): number {
  const usual = offer.relevance ?? action.relevance ?? USUAL;
  return (offer.preferred ? usual + 1 : usual) * (offer.disabled ? DISABLED : 1);
}
