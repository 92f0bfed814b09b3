/**
 * The one table of settings: for every key its type, its words, where it may be set and how sources combine.
 * Types, JSON Schema and the documents come from here. It imports zod, so nothing on the hot path may import it.
 */
import { z } from 'zod';
import {
  type Kind,
  customActions,
  dailyCap,
  endpointUrl,
  flag,
  headers,
  integer,
  milliseconds,
  oneOf,
  price,
  proxyUrl,
  template,
  text,
  texts,
} from './kinds.ts';
import { defaultSettings } from './settings.ts';
import type { SettingKey, SettingValue } from './settings.ts';

/**
 * Who may set a key. `user`: the user's file and environment. `editor`: also initializationOptions and
 * workspace/configuration. `project`: also `.codriver/config.jsonc` of a trusted folder, and then only to make
 * Codriver more careful.
 */
export type Scope = 'user' | 'editor' | 'project';

/** How values of several sources combine; `replace` unless said otherwise. `tighten` holds for the project file only. */
export type Combine = 'replace' | 'add';

export interface Setting<T = unknown> {
  readonly type: z.ZodType<T>;
  readonly scope: Scope;
  /** What the value must be, completing "must be …". */
  readonly expects: string;
  readonly description: string;
  readonly combine: Combine;
  /** From an editor only with a stored consent for the origin (the router asks). */
  readonly originChecked: boolean;
  /** Name of the environment variables that set it, strongest first; none for values that are not scalar. */
  readonly environment: readonly string[];
  /** The value must never be shown: it may hold a secret. */
  readonly sensitive: boolean;
  /** The more careful of two values, for keys of scope `project`. */
  readonly tighten?: (value: T, limit: T) => T;
}

/** `openai.baseURL` → `CODRIVER_OPENAI_BASE_URL`. */
export function environmentName(key: string): string {
  const words = key
    .replaceAll('.', '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase();
  return `CODRIVER_${words}`;
}

type Options = Partial<Pick<Setting, 'combine' | 'originChecked' | 'sensitive'>> & {
  alsoEnvironment?: string;
  fileOnly?: boolean;
};

function setting<T>(
  scope: Scope,
  kind: Kind<T>,
  description: string,
  options: Options = {},
): Omit<Setting<T>, 'environment'> & Pick<Options, 'alsoEnvironment' | 'fileOnly'> & { scalar: boolean } {
  return {
    scope,
    type: kind.type,
    expects: kind.expects,
    scalar: kind.scalar,
    description,
    combine: options.combine ?? 'replace',
    originChecked: options.originChecked ?? false,
    sensitive: options.sensitive ?? false,
    ...(scope === 'project' && kind.tighten !== undefined ? { tighten: kind.tighten } : {}),
    ...(options.alsoEnvironment === undefined ? {} : { alsoEnvironment: options.alsoEnvironment }),
    ...(options.fileOnly === undefined ? {} : { fileOnly: options.fileOnly }),
  };
}

const autonomy: Kind<SettingValue<'autonomy'>> = {
  type: z.literal([0, 1, 2, 3, 4, 5]),
  expects: 'a whole number from 0 to 5',
  scalar: true,
  tighten: (value, limit) => (value < limit ? value : limit),
};

const debounce: Kind<number | 'auto'> = {
  type: z.union([z.literal('auto'), z.int().min(0).max(5_000)]),
  expects: '"auto" or a whole number of milliseconds from 0 to 5000',
  scalar: true,
};

type Rows = { readonly [K in SettingKey]: ReturnType<typeof setting<SettingValue<K>>> };

const rows: Rows = {
  autonomy: setting(
    'project',
    autonomy,
    'How far Codriver may go by itself: 0 off, 1 assist (complete, explain), 2 pair (one edit when asked), 3 delegate, 4 drive, 5 lifecycle.',
  ),
  'openai.baseURL': setting(
    'editor',
    endpointUrl,
    'Base URL of an OpenAI-compatible endpoint, for example http://localhost:11434/v1. Empty: https://api.openai.com/v1 when a key is there, else no endpoint. Set by an editor it counts only after you agreed to its origin once.',
    { originChecked: true, sensitive: true, alsoEnvironment: 'OPENAI_BASE_URL' },
  ),
  'openai.model': setting(
    'editor',
    text,
    'Model for explanations and fixes. Empty: one that the endpoint lists.',
    { alsoEnvironment: 'OPENAI_MODEL' },
  ),
  'openai.completionModel': setting(
    'editor',
    text,
    'Model for completion while typing; a small one that can fill in the middle is best. Empty: openai.model.',
  ),
  'openai.apiKeyCommand': setting(
    'user',
    texts,
    'Program with its arguments that prints the key, for example ["pass", "show", "openai"]; run without a shell. OPENAI_API_KEY in the environment wins. In the user file only.',
    { sensitive: true, fileOnly: true },
  ),
  'openai.headers': setting('user', headers, 'Extra HTTP headers for the endpoint.', { sensitive: true }),
  'openai.proxy': setting(
    'user',
    proxyUrl,
    'HTTP proxy for the endpoint. Empty: HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide.',
    { sensitive: true },
  ),
  'openai.caFile': setting(
    'user',
    text,
    'File with extra certificate authorities (PEM) that the endpoint may be signed by.',
  ),
  'openai.fim': setting(
    'editor',
    oneOf('auto', 'suffix', 'template', 'infill', 'mistral', 'chat'),
    'How the endpoint fills in the middle. auto: tried once per endpoint and model, then remembered.',
  ),
  'openai.fimTemplate': setting(
    'editor',
    template,
    'Prompt of openai.fim "template": the name of a known format, or a text with {prefix} and {suffix}. Empty: chosen by the name of the model.',
  ),
  'openai.contextTokens': setting(
    'editor',
    integer(512, 2_000_000),
    'Tokens that one request may use, prompt and answer together.',
  ),
  'openai.timeouts.connect': setting('editor', milliseconds, 'Time to reach the endpoint, in milliseconds.'),
  'openai.timeouts.firstByte': setting(
    'editor',
    milliseconds,
    'Time until the first byte of an answer, in milliseconds.',
  ),
  'openai.timeouts.stall': setting(
    'editor',
    milliseconds,
    'Longest silence within an answer, in milliseconds.',
  ),
  'openai.timeouts.total': setting('editor', milliseconds, 'Time for a whole answer, in milliseconds.'),
  'openai.maxRetries': setting(
    'editor',
    integer(0, 2),
    'How often a request is repeated while no byte of an answer has arrived; completion while typing is never repeated.',
  ),
  'completion.enabled': setting('project', flag, 'Completion, inline and in the menu.'),
  'completion.engine': setting(
    'editor',
    oneOf('auto', 'embedded', 'openai'),
    'Who completes: the embedded engine (in this process, no network), the endpoint, or auto: the endpoint once you allowed automatic sending, else the embedded one.',
  ),
  'completion.maxLines': setting(
    'editor',
    integer(1, 100),
    'Most lines of one completion; 1 keeps it to the line.',
  ),
  'completion.debounce': setting(
    'editor',
    debounce,
    'Milliseconds to wait after a key before asking a model. auto: nothing for editors that wait by themselves.',
  ),
  'completion.prefetch': setting(
    'project',
    flag,
    'While ghost text of a model is shown, ask it for what follows, so that accepting costs no wait. Only where text may be sent automatically; at most one request more for each suggestion shown.',
  ),
  'completion.disabledLanguages': setting(
    'project',
    texts,
    'Language ids, as your editor names them, in which Codriver does not complete.',
  ),
  'hover.enabled': setting('project', flag, 'Explanations on hover.'),
  'hover.model': setting(
    'project',
    // The more careful word first.
    oneOf('off', 'auto'),
    'Whether a hover may bring the words of a model beside what the analysis knows.',
  ),
  'diagnostics.enabled': setting(
    'project',
    flag,
    'Quiet diagnostics for what Codriver can repair by itself.',
  ),
  'checks.onSave': setting(
    'editor',
    flag,
    "Run the project's own checkers (tsc, eslint, ruff, mypy, go vet, cargo check …) on a file when it is saved; in folders that you trust only. codriver.check runs them when asked for.",
  ),
  'checks.publish': setting(
    'project',
    flag,
    'Show what those checkers said as diagnostics, where no other server reports already.',
  ),
  'actions.enabled': setting(
    'project',
    flag,
    'Code actions: fix, explain, document, implement, AI comments.',
  ),
  'actions.language': setting(
    'editor',
    text,
    'The language that "Translate" turns comments and texts into, for example English or Deutsch.',
  ),
  'actions.custom': setting(
    'project',
    customActions,
    'Your own code actions: what a model is asked about the selection, the declaration or the file. {language}, {path} and {selection} in the prompt are filled in. Lists of all sources are added up; a prompt is text for the model and never a command.',
    { combine: 'add' },
  ),
  'edits.format': setting(
    'editor',
    oneOf('auto', 'blocks', 'diff', 'whole', 'tools'),
    'The form in which a model is asked for an edit: search/replace blocks, a unified diff, the whole file (the declaration, where the file is long), or calls of edit tools. auto: by the name of the model. Answers are understood in every form.',
  ),
  'edits.repairs': setting(
    'project',
    integer(0, 3),
    'How often an edit that does not fit or would break the file goes back to the model, with the reason.',
  ),
  'edits.changeSets': setting(
    'editor',
    oneOf('auto', 'always', 'never'),
    'Which edits are not applied at once but shown as a .changes.diff document, in which hunks are accepted or rejected. auto: those of several files, or of more lines than edits.changeSetLines.',
  ),
  'edits.changeSetLines': setting(
    'editor',
    integer(0, 100_000),
    'Most added and removed lines of one file that an edit may have to be applied at once.',
  ),
  'task.parallel': setting('editor', integer(1, 16), 'Tasks that may be at work at once.'),
  'task.steps': setting(
    'project',
    dailyCap,
    'Most answers of the model that one task may use, all its sessions together; 0: no limit. A task that reaches one of these limits stops and asks.',
  ),
  'task.tokens': setting('project', dailyCap, 'Most tokens that one task may use; 0: no limit.'),
  'task.minutes': setting(
    'project',
    dailyCap,
    'Most minutes that one task may work, without the time in which it waits for you; 0: no limit.',
  ),
  'task.cost': setting(
    'project',
    dailyCap,
    'Most that one task may cost, in the unit of task.promptPrice and task.completionPrice; 0: no limit.',
  ),
  'task.promptPrice': setting(
    'editor',
    price,
    'What a million tokens of prompts cost at your endpoint, for task.cost.',
  ),
  'task.completionPrice': setting(
    'editor',
    price,
    'What a million tokens of answers cost at your endpoint, for task.cost.',
  ),
  'review.threshold': setting(
    'editor',
    integer(0, 100),
    'How sure a finding of a review must be to be shown, in percent. Lower shows more, and more false alarms.',
  ),
  'review.maxPerFile': setting(
    'editor',
    integer(1, 200),
    'Most findings of a review that are shown in a file.',
  ),
  'review.onSave': setting(
    'editor',
    oneOf('off', 'static', 'model'),
    'What is reviewed when a file is saved: nothing, static (suspicious patterns, in this process), or model (also what your model says, where text may be sent unasked).',
  ),
  'nextEdit.enabled': setting(
    'project',
    flag,
    'Predicting the next edit from the recent ones: a quiet hint at its place, and codriver.nextEdit to go there.',
  ),
  'nextEdit.model': setting(
    'project',
    oneOf('off', 'asked', 'auto'),
    'Whether a model is asked for the next edit where nothing is predicted without one: off, when codriver.nextEdit asks, or auto, also by itself after each pause (where text may be sent unasked).',
  ),
  'index.enabled': setting('project', flag, 'Index of the workspace, which completion and repairs search.'),
  'index.maxFiles': setting('project', integer(0, 1_000_000), 'Most files that are indexed.'),
  'index.maxFileBytes': setting(
    'project',
    integer(1_024, 52_428_800),
    'Files larger than this, in bytes, are not indexed.',
  ),
  'budget.tokensPerDay': setting(
    'project',
    dailyCap,
    'Most tokens, of prompts and answers together, that endpoints get and give in a day; 0: no limit. Then nothing more is sent by itself, and what you ask for is refused with the reason. codriver.usage shows what was used.',
  ),
  'budget.requestsPerDay': setting(
    'project',
    dailyCap,
    'Most requests that are sent to endpoints in a day; 0: no limit.',
  ),
  'privacy.neverSend': setting(
    'project',
    texts,
    'Files that no model ever gets to see, as .gitignore patterns, on top of the built-in list and of the ignore files. Lists of all sources are added up.',
    { combine: 'add' },
  ),
  'privacy.automatic': setting(
    'user',
    oneOf('deny', 'ask', 'allow'),
    'Sending text beyond this process unasked, as completion while typing does: ask once per endpoint, allow, or deny.',
  ),
};

/** Every key in the order of the documents. */
export const settingKeys = Object.keys(rows) as readonly SettingKey[];

/** The table, by key. */
export const settingTable: ReadonlyMap<SettingKey, Setting> = new Map(
  settingKeys.map(key => {
    const { alsoEnvironment, fileOnly, scalar, ...row } = rows[key];
    const names = scalar && fileOnly !== true ? [environmentName(key)] : [];
    if (alsoEnvironment !== undefined) names.push(alsoEnvironment);
    return [key, { ...row, environment: names } as unknown as Setting];
  }),
);

/** The value at a dotted key; undefined where a part of the way is missing. */
export function valueAt(root: unknown, key: string): unknown {
  let value: unknown = root;
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

interface Branch {
  [name: string]: Branch | z.ZodType;
}

function isLeaf(node: Branch | z.ZodType): node is z.ZodType {
  return node instanceof z.ZodType;
}

function sectionSchema(branch: Branch): z.ZodType {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, node] of Object.entries(branch)) {
    shape[name] = isLeaf(node) ? node : sectionSchema(node).optional();
  }
  return z.strictObject(shape);
}

/** The nested zod schema of a settings file, made of the table: defaults, descriptions and scopes included. */
export function settingsSchema(): z.ZodType {
  const root: Branch = { $schema: z.string().optional().describe('This schema, for your editor.') };
  for (const [key, row] of settingTable) {
    const parts = key.split('.');
    const last = parts.pop() as string;
    let branch = root;
    for (const part of parts) {
      const next = (branch[part] ??= {});
      if (isLeaf(next)) throw new TypeError(`${key} lies below a setting`);
      branch = next;
    }
    branch[last] = row.type
      .default(valueAt(defaultSettings, key))
      .describe(row.description)
      .meta({ 'x-scope': row.scope, ...(row.originChecked ? { 'x-originChecked': true } : {}) });
  }
  return sectionSchema(root);
}
