/**
 * The contract of a tool: what a model is told of it, how its arguments are checked, what it gives back. The fields
 * are written once; from them come the JSON Schema for the model, the check, and the types. (A schema library would
 * say it a second time, and is loaded late for a reason.) It must not know any one tool.
 */
import type { ToolSpec } from '../../engines/engine.ts';
import type { TaskPorts } from '../ports.ts';
import type { PlannedStep } from '../types.ts';

interface FieldBase {
  readonly description: string;
  readonly optional?: boolean;
}
export interface TextField extends FieldBase {
  readonly type: 'text';
  /** In UTF-16 units. */
  readonly most: number;
  /** Empty text is a value. */
  readonly mayBeEmpty?: boolean;
}
export interface WholeField extends FieldBase {
  readonly type: 'whole';
  readonly least: number;
  readonly most: number;
}
export interface TextsField extends FieldBase {
  readonly type: 'texts';
  readonly least: number;
  readonly mostItems: number;
  /** Of one text, in UTF-16 units. */
  readonly most: number;
}
export type Field = TextField | WholeField | TextsField;
export type Fields = Readonly<Record<string, Field>>;

type ValueOf<F extends Field> = F extends TextField
  ? string
  : F extends WholeField
    ? number
    : readonly string[];
export type ArgumentsOf<F extends Fields> = {
  readonly [K in keyof F]: F[K]['optional'] extends true ? ValueOf<F[K]> | undefined : ValueOf<F[K]>;
};

/** How a session ends because of a call. */
export type ToolEnd =
  /** `steps`: those that are new in the document. */
  | { readonly type: 'planned'; readonly steps: readonly PlannedStep[] }
  | { readonly type: 'step-done'; readonly summary: string }
  | { readonly type: 'asked'; readonly questions: readonly string[]; readonly message: string }
  /** Of a helper: what it found. */
  | { readonly type: 'reported'; readonly text: string };

/** `text` is for the model, not yet redacted and not yet cut. */
export interface ToolResult {
  readonly ok: boolean;
  readonly text: string;
  readonly end?: ToolEnd;
  /** A check or a command that failed: what it was, and its first words. For the handoff. */
  readonly failure?: { readonly what: string; readonly why: string };
  /** A check that ran, for claims about it. */
  readonly checked?: { readonly name: string; readonly ok: boolean };
}

export interface ToolContext {
  readonly ports: TaskPorts;
  /** The step in work; undefined while planning and for helpers. */
  readonly step: string | undefined;
  /** What models have planned earlier. */
  readonly planned?: readonly PlannedStep[] | undefined;
  readonly signal: AbortSignal;
  /** Sends a helper out that can only read; undefined where helpers have none of their own. */
  readonly explore?: (question: string) => Promise<ToolResult>;
}

/** `read` changes nothing, `write` the tree, `run` starts programs, `control` the task's document. */
export type ToolEffect = 'read' | 'write' | 'run' | 'control';

export interface Tool {
  readonly spec: ToolSpec;
  readonly fields: Fields;
  readonly effect: ToolEffect;
  /** Arguments have been checked. Never throws. */
  run(args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolResult>;
}

export function defineTool<const F extends Fields>(definition: {
  readonly name: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly fields: F;
  readonly run: (args: ArgumentsOf<F>, context: ToolContext) => Promise<ToolResult>;
}): Tool {
  const { description, effect, fields, name, run } = definition;
  return {
    spec: { name, description, parameters: schemaOf(fields) },
    fields,
    effect,
    run: (args, context) => run(args as ArgumentsOf<F>, context),
  };
}

export const fine = (text: string, more: Partial<ToolResult> = {}): ToolResult => ({
  ok: true,
  text,
  ...more,
});
export const refused = (text: string): ToolResult => ({ ok: false, text });

function schemaOf(fields: Fields): Readonly<Record<string, unknown>> {
  const properties = Object.entries(fields).map(([name, field]) => [name, propertyOf(field)] as const);
  const required = Object.entries(fields).flatMap(([name, field]) => (field.optional === true ? [] : [name]));
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required,
    additionalProperties: false,
  };
}

function propertyOf(field: Field): Readonly<Record<string, unknown>> {
  const { description } = field;
  switch (field.type) {
    case 'text':
      return { type: 'string', description };
    case 'whole':
      return { type: 'integer', minimum: field.least, maximum: field.most, description };
    case 'texts':
      return { type: 'array', items: { type: 'string' }, minItems: field.least, description };
  }
}

/** Most UTF-16 units of one call's arguments. */
const MOST_ARGUMENTS = 1024 * 1024;

export type ReadArguments =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  /** `why` is for the model. */
  | { readonly ok: false; readonly why: string };

/** A stranger's JSON as a tool's arguments: all that is known and nothing else, each of its type and size. */
export function readArguments(fields: Fields, json: string): ReadArguments {
  const names = Object.keys(fields);
  const takes = names.length === 0 ? 'It takes none.' : `It takes ${names.join(', ')}.`;
  if (json.length > MOST_ARGUMENTS)
    return { ok: false, why: 'its arguments are far too long. Send less at once.' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.trim() === '' ? '{}' : json);
  } catch {
    return { ok: false, why: `its arguments are not valid JSON. ${takes}` };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { ok: false, why: `its arguments are not a JSON object. ${takes}` };
  }
  // JSON.parse makes `__proto__` an own property like any other, so it counts as an unknown argument here.
  const given = new Map<string, unknown>(Object.entries(parsed));
  for (const name of given.keys()) {
    if (!names.includes(name))
      return { ok: false, why: `it has an argument that it does not know. ${takes}` };
  }
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const found = given.get(name);
    if ((found === undefined || found === null) && field.optional === true) continue;
    const wrong = wrongWith(field, found);
    if (wrong !== undefined) return { ok: false, why: `"${name}" ${wrong}` };
    value[name] = found;
  }
  return { ok: true, value };
}

function wrongWith(field: Field, value: unknown): string | undefined {
  switch (field.type) {
    case 'text':
      return wrongText(value, field.most, field.mayBeEmpty === true);
    case 'whole': {
      const sound =
        typeof value === 'number' && Number.isInteger(value) && value >= field.least && value <= field.most;
      return sound ? undefined : `must be a whole number from ${field.least} to ${field.most}.`;
    }
    case 'texts': {
      if (!Array.isArray(value)) return 'must be a list of texts.';
      if (value.length < field.least || value.length > field.mostItems)
        return `must have from ${field.least} to ${field.mostItems} texts.`;
      const wrong = value.map(each => wrongText(each, field.most, true)).find(each => each !== undefined);
      return wrong === undefined ? undefined : `has a text that ${wrong}`;
    }
  }
}

function wrongText(value: unknown, most: number, mayBeEmpty: boolean): string | undefined {
  if (typeof value !== 'string') return 'is missing or no text.';
  if (!mayBeEmpty && value.trim() === '') return 'is empty.';
  if (value.length > most) return `is longer than ${most} characters.`;
  if (value.includes('\0')) return 'holds a NUL character.';
  return undefined;
}
