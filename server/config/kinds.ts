/** The kinds of values that settings have, with their checks and words. It must not know any key. */
import { z } from 'zod';
import { CUSTOM_ACTIONS, customActionList } from './customActions.ts';
import type { CustomAction } from './settings.ts';

/** One kind of value: how it is checked, told and combined. */
export interface Kind<T> {
  readonly type: z.ZodType<T>;
  readonly expects: string;
  readonly scalar: boolean;
  readonly tighten?: (value: T, limit: T) => T;
}

export const flag: Kind<boolean> = {
  type: z.boolean(),
  expects: 'true or false',
  scalar: true,
  tighten: (value, limit) => value && limit,
};

const line = z
  .string()
  .max(4_096)
  .regex(/^[^\x00-\x1f\x7f]*$/);

export const text: Kind<string> = { type: line, expects: 'a text of one line', scalar: true };

export const endpointUrl: Kind<string> = {
  type: line.refine(value => value === '' || isHttpUrl(value, false)),
  expects: 'a URL that starts with https:// or http:// and holds no user name or password',
  scalar: true,
};

export const proxyUrl: Kind<string> = {
  type: line.refine(value => value === '' || isHttpUrl(value, true)),
  expects: 'a URL that starts with http:// or https://',
  scalar: true,
};

export const template: Kind<string> = {
  type: z
    .string()
    .max(4_096)
    .refine(value => /^[\w.-]*$/.test(value) || (value.includes('{prefix}') && value.includes('{suffix}'))),
  expects: 'the name of a known format, or a text that contains {prefix} and {suffix}',
  scalar: true,
};

export const milliseconds: Kind<number> = {
  type: z.int().min(100).max(3_600_000),
  expects: 'a whole number of milliseconds from 100 to 3600000',
  scalar: true,
};

export const texts: Kind<readonly string[]> = {
  type: z.array(line).max(1_000),
  expects: 'a list of texts',
  scalar: false,
  tighten: (value, limit) => [...new Set([...limit, ...value])],
};

export const customActions: Kind<readonly CustomAction[]> = {
  type: customActionList,
  expects: CUSTOM_ACTIONS,
  scalar: false,
  // A project adds to the menu, and what it adds runs only when chosen; the person's own titles win.
  tighten: (value, limit) => [
    ...limit,
    ...value.filter(each => !limit.some(({ title }) => title === each.title)),
  ],
};

export const headers: Kind<Readonly<Record<string, string>>> = {
  type: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/)),
  expects: 'an object of header names and plain texts',
  scalar: false,
};

function isHttpUrl(value: string, credentials: boolean): boolean {
  if (!/^https?:\/\/[^\s/]/i.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return credentials || (url.username === '' && url.password === '');
}

export function integer(min: number, max: number): Kind<number> {
  return {
    type: z.int().min(min).max(max),
    expects: `a whole number from ${min} to ${max}`,
    scalar: true,
    tighten: Math.min,
  };
}

/** An amount a day, where 0 is no limit and so the least careful. */
export const dailyCap: Kind<number> = {
  type: z.int().min(0).max(1_000_000_000),
  expects: 'a whole number from 0 (no limit) to 1000000000',
  scalar: true,
  tighten: (value, limit) => (value === 0 || limit === 0 ? Math.max(value, limit) : Math.min(value, limit)),
};

/** An amount of money, in whatever unit; the higher, the more careful. */
export const price: Kind<number> = {
  type: z.number().min(0).max(1_000_000),
  expects: 'a number from 0 to 1000000',
  scalar: true,
  tighten: Math.max,
};

/** One of several words; the earlier in the list, the more careful. */
export function oneOf<const T extends string>(...values: readonly [T, ...T[]]): Kind<T> {
  const quoted = values.map(value => `"${value}"`);
  return {
    type: z.enum(values) as unknown as z.ZodType<T>,
    expects: `one of ${quoted.join(', ')}`,
    scalar: true,
    tighten: (value, limit) => (values.indexOf(value) < values.indexOf(limit) ? value : limit),
  };
}
