/**
 * The settings as the rest of the server sees them: types and defaults only. On the hot path, so it must not
 * import zod; `schema.ts` describes the same keys for validation and documents, and a test holds both together.
 */

/** How far Codriver may go by itself; see the design's dial. 0 is off, 2 (pair) the default. */
export type Autonomy = 0 | 1 | 2 | 3 | 4 | 5;

/** How an endpoint fills in the middle; `auto` is probed once per endpoint and model. */
export type FimSetting = 'auto' | 'suffix' | 'template' | 'infill' | 'mistral' | 'chat';

/** Four separate limits of one request to the endpoint, in milliseconds. */
export interface TimeoutSettings {
  readonly connect: number;
  readonly firstByte: number;
  /** Longest silence inside a stream. */
  readonly stall: number;
  readonly total: number;
}

/** An empty string means "not set" for every text here. */
export interface OpenAISettings {
  /** Empty: https://api.openai.com/v1 when a key is there, else no endpoint. */
  readonly baseURL: string;
  /** Empty: one that the endpoint lists (`chooseModel`). */
  readonly model: string;
  /** Model for completion while typing; empty: `model`. */
  readonly completionModel: string;
  /** Program (argv, no shell) that prints the key; empty: only the environment is asked. */
  readonly apiKeyCommand: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Empty: HTTPS_PROXY and NO_PROXY of the environment decide. */
  readonly proxy: string;
  readonly caFile: string;
  readonly fim: FimSetting;
  /** Name of a known format, or a text with {prefix} and {suffix}; used with fim `template`; empty: by the model's name. */
  readonly fimTemplate: string;
  /** Tokens of prompt and answer together that one request may use. */
  readonly contextTokens: number;
  readonly timeouts: TimeoutSettings;
  /** Retries before any byte of an answer arrived. */
  readonly maxRetries: number;
}

export interface CompletionSettings {
  readonly enabled: boolean;
  readonly engine: 'auto' | 'embedded' | 'openai';
  readonly maxLines: number;
  /** Milliseconds to wait after a key; `auto`: none for clients that wait by themselves. */
  readonly debounce: number | 'auto';
  /** Whether what follows a shown suggestion is asked for before it is accepted. */
  readonly prefetch: boolean;
  /** Language ids as the editor names them. */
  readonly disabledLanguages: readonly string[];
}

/** An action of the person's own: what a model is asked, as text; never a command. */
export interface CustomAction {
  readonly title: string;
  /** What the model is to do; {language}, {path} and {selection} are filled in. */
  readonly prompt: string;
  readonly kind: 'quickfix' | 'refactor.extract' | 'refactor.rewrite' | 'source.codriver';
  /** What it is about, and where it is offered: with a selection, at a declaration, or anywhere. */
  readonly scope: 'selection' | 'symbol' | 'file';
  /** 1: the answer is shown; 2: it is an edit. */
  readonly level: 1 | 2;
}

export interface Settings {
  readonly autonomy: Autonomy;
  readonly openai: OpenAISettings;
  readonly completion: CompletionSettings;
  readonly hover: { readonly enabled: boolean; readonly model: 'auto' | 'off' };
  readonly diagnostics: { readonly enabled: boolean };
  /** The project's own checkers; they run in trusted folders only. */
  readonly checks: {
    /** When a file is saved, and not only when asked for. */
    readonly onSave: boolean;
    /** As diagnostics, where no other server reports already. */
    readonly publish: boolean;
  };
  readonly review: {
    /** Findings less sure than this are not shown; in percent. */
    readonly threshold: number;
    readonly maxPerFile: number;
    /** What a save looks for: nothing, suspicious patterns, or also what a model says, where text may be sent unasked. */
    readonly onSave: 'off' | 'static' | 'model';
  };
  readonly nextEdit: {
    readonly enabled: boolean;
    /** Whether a model is asked where the heuristics know nothing: never, by codriver.nextEdit, or by itself too. */
    readonly model: 'off' | 'asked' | 'auto';
  };
  readonly actions: {
    readonly enabled: boolean;
    /** What comments and texts are translated to, as a person names it. */
    readonly language: string;
    /** Actions of the person's own. */
    readonly custom: readonly CustomAction[];
  };
  readonly edits: {
    /** The form in which a model is asked for an edit; `auto`: by its name. */
    readonly format: 'auto' | 'blocks' | 'diff' | 'whole' | 'tools';
    /** How often an edit that does not fit goes back to the model with words about why. */
    readonly repairs: number;
    /** Which edits are shown as a change-set document first; `auto`: of several files, or larger than `changeSetLines`. */
    readonly changeSets: 'auto' | 'always' | 'never';
    /** Added and removed lines. */
    readonly changeSetLines: number;
  };
  /** Bounds of one task, all its sessions together; 0: not bounded by this. Documents can only lower them. */
  readonly task: {
    /** Tasks that may be at work at once. */
    readonly parallel: number;
    /** Answers of the model. */
    readonly steps: number;
    readonly tokens: number;
    readonly minutes: number;
    /** In the unit of the prices. */
    readonly cost: number;
    /** For a million tokens. */
    readonly promptPrice: number;
    readonly completionPrice: number;
  };
  readonly index: { readonly enabled: boolean; readonly maxFiles: number; readonly maxFileBytes: number };
  /** What may be sent to endpoints in a day, by all of the person's servers together; 0: as much as is asked for. */
  readonly budget: { readonly tokensPerDay: number; readonly requestsPerDay: number };
  readonly privacy: {
    /** Globs in .gitignore syntax, on top of the built-in list. */
    readonly neverSend: readonly string[];
    /** Sending text unasked (completion while typing, automatic hover) beyond this process. */
    readonly automatic: 'ask' | 'allow' | 'deny';
  };
}

/** What holds when nobody says anything. */
export const defaultSettings: Settings = {
  autonomy: 2,
  openai: {
    baseURL: '',
    model: '',
    completionModel: '',
    apiKeyCommand: [],
    headers: {},
    proxy: '',
    caFile: '',
    fim: 'auto',
    fimTemplate: '',
    contextTokens: 16_384,
    timeouts: { connect: 5_000, firstByte: 30_000, stall: 20_000, total: 300_000 },
    maxRetries: 2,
  },
  completion: {
    enabled: true,
    engine: 'auto',
    maxLines: 10,
    debounce: 'auto',
    prefetch: true,
    disabledLanguages: ['mail', 'gitcommit', 'git-commit', 'gitrebase', 'git-rebase'],
  },
  hover: { enabled: true, model: 'auto' },
  diagnostics: { enabled: true },
  checks: { onSave: false, publish: true },
  review: { threshold: 70, maxPerFile: 20, onSave: 'off' },
  nextEdit: { enabled: true, model: 'asked' },
  actions: { enabled: true, language: 'English', custom: [] },
  edits: { format: 'auto', repairs: 2, changeSets: 'auto', changeSetLines: 40 },
  task: {
    parallel: 3,
    steps: 400,
    tokens: 0,
    minutes: 120,
    cost: 0,
    promptPrice: 0,
    completionPrice: 0,
  },
  index: { enabled: true, maxFiles: 50_000, maxFileBytes: 1_048_576 },
  budget: { tokensPerDay: 0, requestsPerDay: 0 },
  privacy: { neverSend: [], automatic: 'ask' },
};

/** Where a value can come from, weakest first. */
export type SettingSource =
  | 'default'
  | 'user file'
  | 'environment'
  | 'initializationOptions'
  | 'workspace/configuration'
  | 'project file';

/** Sources that only the person at this machine writes; the others can be set by a repository. */
export type UserSource = 'default' | 'user file' | 'environment';

/** Every leaf as a dotted key, for example `completion.maxLines`. */
export type SettingKey = LeafKeys<Settings>;

/** The type of the value at a dotted key. */
export type SettingValue<K extends string, T = Settings> = K extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? SettingValue<Rest, T[Head]>
    : never
  : K extends keyof T
    ? T[K]
    : never;

type LeafKeys<T> = {
  [K in keyof T & string]: T[K] extends readonly unknown[]
    ? K
    : T[K] extends object
      ? string extends keyof T[K]
        ? K
        : `${K}.${LeafKeys<T[K]>}`
      : K;
}[keyof T & string];

/** One readable thing that is wrong in one source. The rest of the source is used. Never holds a secret value. */
export interface ConfigProblem {
  readonly source: SettingSource;
  /** As it was written; empty when the whole source is meant. */
  readonly key: string;
  /** What and why, one sentence. */
  readonly message: string;
  /** What to do, for example `did you mean completion.maxLines?`. */
  readonly hint?: string;
  /** The file it is in, with the place counted from one. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The answer of the configuration room. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly problems: readonly ConfigProblem[];
  /** Which source had the last word on each key. */
  readonly sources: Readonly<Record<SettingKey, SettingSource>>;
  /**
   * Origins (`https://host:port`) that the user file or the environment names, the effective one first. A base URL
   * from an editor counts only if its origin is here or has a stored consent; the key belongs to the first one.
   */
  readonly userOrigins: readonly string[];
}

/** The line a person reads for a problem. */
export function describeProblem(problem: ConfigProblem): string {
  const place =
    problem.file === undefined
      ? problem.source
      : `${problem.file}${problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`}`;
  return `${place}: ${problem.message}${problem.hint === undefined ? '' : ` ${problem.hint}`}`;
}
