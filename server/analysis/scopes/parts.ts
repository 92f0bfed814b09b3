/**
 * What the names of one child of a file's root come to, in so few words that it can be kept while the rest of the
 * file changes: offsets count from the child's start, and no text of the file is held. It must not know trees.
 */
import type {
  BindingKind,
  BoundPart,
  ImportedName,
  ImportStatement,
  MemberUse,
  NameUse,
  ScopeModel,
} from './model.ts';

/** An import's binding within its part. */
interface PartImport {
  readonly imported: ImportedName;
  readonly name: string;
  /** In the file's own scope, where other parts see it. */
  readonly outer: boolean;
  readonly used: boolean;
  readonly shared: boolean;
}

export interface NamePart {
  /** Names declared in the file's own scope. */
  readonly outer: ReadonlyMap<string, BindingKind>;
  /** Those of them that are used within the part. */
  readonly outerUsed: ReadonlySet<string>;
  /** Names declared in any scope, and whether as a parameter. */
  readonly declared: ReadonlyMap<string, boolean>;
  /** Names that are assigned and nowhere declared. */
  readonly assigned: readonly string[];
  /** Uses that nothing in the part explains. */
  readonly free: readonly NameUse[];
  /** How often each name is used. */
  readonly times: ReadonlyMap<string, number>;
  readonly members: readonly MemberUse[];
  readonly declaredMembers: readonly string[];
  readonly mentioned: readonly string[];
  readonly imports: readonly ImportStatement[];
  readonly importBindings: readonly PartImport[];
  readonly namespaces: readonly string[];
  readonly open: boolean;
  readonly jsx: boolean;
}

/** Sums up a part that begins at `start`. */
export function partOf({ model, namespaces }: BoundPart, start: number): NamePart {
  const { root } = model;
  const isOuter = (name: string): boolean => {
    const binding = root.bindings.get(name);
    return binding !== undefined && binding.kind !== 'implicit';
  };
  const outer = new Map<string, BindingKind>();
  const outerUsed = new Set<string>();
  for (const { name, kind, uses } of root.bindings.values()) {
    if (kind === 'implicit') continue;
    outer.set(own(name), kind);
    if (uses.length > 0) outerUsed.add(own(name));
  }
  const declared = new Map<string, boolean>();
  const assigned: string[] = [];
  for (const { name, kind } of model.bindings) {
    if (kind === 'implicit') assigned.push(own(name));
    else declared.set(own(name), kind === 'parameter' || declared.get(name) === true);
  }
  const times = new Map<string, number>();
  const free: NameUse[] = [];
  for (const use of model.uses) {
    const name = own(use.name);
    times.set(name, (times.get(name) ?? 0) + 1);
    if (use.binding && use.binding.kind !== 'implicit') continue;
    const { role, guarded } = use;
    free.push({ name, start: use.start - start, end: use.end - start, role, guarded });
  }
  const { imports, names } = movedImports(model, -start);
  return {
    outer,
    outerUsed,
    declared,
    assigned,
    free,
    times,
    members: model.members.map(use => ({ ...moved(use, -start), name: own(use.name) })),
    declaredMembers: Array.from(model.declaredMembers, own),
    mentioned: Array.from(model.mentioned, own),
    imports,
    importBindings: names.map(({ binding, imported }) => ({
      imported,
      name: own(binding.name),
      outer: binding.scope === root && isOuter(binding.name),
      used: binding.uses.length > 0,
      shared: binding.others.length > 0,
    })),
    namespaces: namespaces.map(own),
    open: model.open,
    jsx: model.jsx,
  };
}

/** Copied: a longer piece of a string keeps the whole string, here the text of a state long gone, in memory. */
export function own(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

/** The same place, further on. */
export function moved<T extends { readonly start: number; readonly end: number }>(place: T, by: number): T {
  return by === 0 ? place : { ...place, start: place.start + by, end: place.end + by };
}

function movedImports(model: ScopeModel, by: number) {
  const move = importMover(by);
  return {
    imports: model.imports.map(move.statement),
    names: model.bindings.flatMap(binding =>
      binding.imported ? [{ binding, imported: move.name(binding.imported) }] : [],
    ),
  };
}

/** Moves import statements and their names, which know each other; each is made once. */
export function importMover(by: number): {
  readonly statement: (statement: ImportStatement) => ImportStatement;
  readonly name: (name: ImportedName) => ImportedName;
} {
  const statements = new Map<ImportStatement, ImportStatement>();
  const names = new Map<ImportedName, ImportedName>();
  function statement(old: ImportStatement): ImportStatement {
    const known = statements.get(old);
    if (known) return known;
    const made: ImportStatement = {
      ...moved(old, by),
      module: own(old.module),
      list: old.list && moved(old.list, by),
      names: [],
    };
    statements.set(old, made);
    made.names.push(...old.names.map(name));
    return made;
  }
  function name(old: ImportedName): ImportedName {
    const known = names.get(old);
    if (known) return known;
    const made: { -readonly [K in keyof ImportedName]: ImportedName[K] } = {
      ...moved(old, by),
      imported: own(old.imported),
      local: own(old.local),
    };
    names.set(old, made);
    made.statement = statement(old.statement);
    return made;
  }
  return { statement, name };
}
