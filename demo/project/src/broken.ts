import { listProducts } from './products.ts';
import { multiplyMoney } from './money.ts';

/** What the whole stock is worth, per product. */
export function stockValues(): string[] {
  const values: string[] = [];
  for (const product of listProducts()) {
    const value = multiplyMoney(prodcut.price, product.stock);
    values.push(`${product.name}: ${formatMoney(value)}`);
  }
  return values;
}
