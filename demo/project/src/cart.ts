import { addMoney, money, multiplyMoney, type Money } from './money.ts';
import { requireProduct } from './products.ts';

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

export class Cart {
  readonly lines: CartLine[] = [];

  add(sku: string, quantity: number): void {
    const product = requireProduct(sku);
    if (quantity > product.stock) {
      throw new Error(`only ${product.stock} of ${product.name} left`);
    }
    this.lines.push({ sku, quantity });
  }

  /** The sum over all lines. */
  total(): Money {
    let sum = money(0);
    for (const line of this.lines) {
      const product = requireProduct(line.sku);
      sum = addMoney(sum, multiplyMoney(product.price, line.quantity));
    }
    return sum;
  }
}
