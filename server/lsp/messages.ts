/** Small readings of JSON-RPC messages for the gatekeeper. Pure; it must not know the lifecycle. */
import { isObject, type JsonObject } from './shapes.ts';

export type RequestId = string | number;

/** The id of a message if it is one that can be answered: a string, or a number that survives the way back. */
export function idOf(message: JsonObject): RequestId | undefined {
  const { id } = message;
  if (typeof id === 'string') return id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

/** A map key that keeps `1` and `"1"` apart. */
export function keyOf(id: RequestId): string {
  return `${typeof id} ${id}`;
}

/** The document that parameters are about, or an empty text. */
export function documentOf(params: unknown): string {
  const identifier = isObject(params) ? params['textDocument'] : undefined;
  return isObject(identifier) ? String(identifier['uri']) : '';
}

/** A method's name as it may stand in a log line. */
export function printable(method: string): string {
  return JSON.stringify(method.slice(0, 80));
}
