/**
 * Why a row of the action menu cannot be done now, in a sentence for the person: rows that fit the place are then
 * shown greyed out by clients that can. It must not know the actions.
 */
import type { Action, Offer, Place } from './action.ts';

const LEVELS = ['off', 'assist', 'pair', 'delegate', 'drive', 'lifecycle'];

/** The person's dial first: who may not drive needs no endpoint. */
export function hindrance(
  action: Pick<Action, 'level'>,
  offer: Pick<Offer, 'level' | 'disabled' | 'generated'>,
  { autonomy, withheld }: Pick<Place, 'autonomy' | 'withheld'>,
): string | undefined {
  const level = offer.level ?? action.level;
  if (level > autonomy)
    return `This needs codriver.autonomy ${level} (${LEVELS[level]}) or higher; it is ${autonomy} (${LEVELS[autonomy]}).`;
  // What a model would write needs the file's text, which may not leave.
  if (offer.generated && withheld !== undefined) return `No model may read this file: ${withheld}.`;
  return offer.disabled;
}
