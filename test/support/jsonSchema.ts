/** The part of JSON Schema that the schemas of our tests use, as one function. It must not know any one schema. */

export type Schema = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly Schema[] => (Array.isArray(value) ? (value as Schema[]) : []);

/** What is wrong with a value by a schema; undefined: nothing. References are to `definitions`. */
export function against(
  schema: Schema,
  value: unknown,
  definitions: Readonly<Record<string, Schema>> = {},
  at = 'it',
): string | undefined {
  const inner = (each: Schema, what: unknown, where = at) => against(each, what, definitions, where);
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const target = definitions[reference.replace('#/$defs/', '')];
    if (target === undefined) return `${at}: ${reference} is missing`;
    const why = inner(target, value);
    if (why !== undefined) return why;
  }
  for (const each of list(schema['allOf'])) {
    const why = inner(each, value);
    if (why !== undefined) return why;
  }
  for (const key of ['anyOf', 'oneOf']) {
    const choices = list(schema[key]);
    const whys = choices.map(each => inner(each, value));
    if (choices.length > 0 && !whys.includes(undefined))
      return `${at} fits none of ${choices.length}: ${whys.join('; ')}`;
  }
  if ('const' in schema && schema['const'] !== value) return `${at} is not ${String(schema['const'])}`;
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value))
    return `${at} is not among the values`;
  const types = [schema['type']].flat().filter(type => typeof type === 'string');
  if (types.length > 0 && !types.some(type => isOf(String(type), value)))
    return `${at} is no ${types.join('|')}`;
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    for (const [i, each] of value.entries()) {
      const why = items === undefined ? undefined : inner(items, each, `${at}[${i}]`);
      if (why !== undefined) return why;
    }
  } else if (typeof value === 'object' && value !== null) {
    const fields = value as Readonly<Record<string, unknown>>;
    for (const name of (schema['required'] as readonly string[] | undefined) ?? [])
      if (fields[name] === undefined) return `${at}.${name} is missing`;
    if (schema['additionalProperties'] === false) {
      const known = Object.keys((schema['properties'] ?? {}) as object);
      const extra = Object.keys(fields).find(name => !known.includes(name));
      if (extra !== undefined) return `${at}.${extra} is not known`;
    }
    for (const [name, each] of Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)) {
      const why = fields[name] === undefined ? undefined : inner(each, fields[name], `${at}.${name}`);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
