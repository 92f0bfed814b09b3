import { formatMoney } from './money.ts';
import { listProducts } from './products.ts';

/** One line per product, for the shop keeper. */
export function stockReport(): string {
  const lines: string[] = [];
  for (const product of listProducts()) {
    lines.push(`${product.name}: ${product.stock} at ${formatMoney(product.price)}`);
  }
  return lines.join('\n');
}
