/** Amounts of money in whole cents, so that sums are exact. */
export interface Money {
  readonly cents: number;
  readonly currency: string;
}

export function money(cents: number, currency = 'EUR'): Money {
  return { cents, currency };
}

/** Adds two amounts of the same currency. */
export function addMoney(left: Money, right: Money): Money {
  if (left.currency !== right.currency) {
    throw new Error(`cannot add ${left.currency} and ${right.currency}`);
  }
  return money(left.cents + right.cents, left.currency);
}

/** Multiplies an amount by a whole quantity. */
export function multiplyMoney(amount: Money, quantity: number): Money {
  return money(amount.cents * quantity, amount.currency);
}

export function formatMoney(amount: Money): string {
  return `${(amount.cents / 100).toFixed(2)} ${amount.currency}`;
}
