import { money, type Money } from './money.ts';

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly price: Money;
  readonly stock: number;
}

const products = new Map<string, Product>();

/** Adds a product to the catalogue, or replaces the one with the same sku. */
export function addProduct(product: Product): void {
  products.set(product.sku, product);
}

export function findProduct(sku: string): Product | undefined {
  return products.get(sku);
}

/** Throws when the sku is unknown, so that callers never work with a missing product. */
export function requireProduct(sku: string): Product {
  const product = products.get(sku);
  if (product === undefined) {
    throw new Error(`unknown product: ${sku}`);
  }
  return product;
}

export function listProducts(): Product[] {
  return [...products.values()].sort((left, right) => left.name.localeCompare(right.name));
}

addProduct({ sku: 'tea-01', name: 'Green tea', price: money(450), stock: 20 });
addProduct({ sku: 'tea-02', name: 'Black tea', price: money(390), stock: 35 });
addProduct({ sku: 'mug-01', name: 'Blue mug', price: money(1200), stock: 8 });
