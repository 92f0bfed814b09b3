/**
 * What names mean in one file: scopes, bindings, uses and imports, in the same shape for every language that has
 * a binder. It must not know grammars.
 */

export type BindingKind =
  | 'import'
  | 'variable'
  | 'constant'
  | 'parameter'
  | 'function'
  | 'class'
  | 'type'
  | 'namespace'
  | 'type-parameter'
  | 'implicit';

export type ScopeKind = 'file' | 'function' | 'class' | 'block' | 'type';

export interface Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  readonly start: number;
  readonly end: number;
  readonly bindings: Map<string, Binding>;
  /** Python: names that `global` or `nonlocal` moves to another scope. */
  readonly redirected: Map<string, Scope>;
}

export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  /** Where the name stands. */
  readonly start: number;
  readonly end: number;
  /** The whole declaration. */
  readonly declarationStart: number;
  readonly declarationEnd: number;
  readonly scope: Scope;
  readonly uses: Use[];
  readonly imported: ImportedName | undefined;
  /** Other places that declare the same name in the same scope. */
  readonly others: { readonly start: number; readonly end: number }[];
}

export type UseRole = 'read' | 'write' | 'call' | 'construct' | 'type' | 'element' | 'export';

/** A name where it is used, whatever it means. */
export interface NameUse {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly role: UseRole;
  /** An unknown name is expected here: `typeof x`, `try … except NameError`. */
  readonly guarded: boolean;
}

export interface Use extends NameUse {
  readonly scope: Scope;
  binding: Binding | undefined;
}

/** A name that is looked up on something: `x.name`. */
export interface MemberUse {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly call: boolean;
}

/** One name that an import brings in. */
export interface ImportedName {
  readonly statement: ImportStatement;
  /** What the module calls it; `default`, `*` for the module as a whole. */
  readonly imported: string;
  readonly local: string;
  /** The specifier with its alias. */
  readonly start: number;
  readonly end: number;
  /** `import a as a`, `from x import a as a`: a public re-export by convention. */
  readonly reexport: boolean;
}

export interface ImportStatement {
  readonly style: 'import' | 'require' | 'from';
  /** As written; relative Python modules with their dots. */
  readonly module: string;
  readonly start: number;
  readonly end: number;
  readonly typeOnly: boolean;
  readonly names: ImportedName[];
  /** At the top level of the file, not in a function, `if` or `try`. */
  readonly topLevel: boolean;
  /** Range of `{ … }` or of the names of `from … import`; undefined where names cannot be added. */
  readonly list: { readonly start: number; readonly end: number } | undefined;
}

/** A binding that an import makes. */
export interface ImportBinding {
  readonly name: string;
  readonly imported: ImportedName;
  readonly used: boolean;
  /** The same scope declares the name elsewhere too. */
  readonly shared: boolean;
}

/** What is known of the names of a file without joining each use with its binding: cheap after an edit. */
export interface ScopeFacts {
  /** Uses that no declaration explains, in source order. */
  readonly unresolved: readonly NameUse[];
  readonly importBindings: readonly ImportBinding[];
  readonly imports: readonly ImportStatement[];
  readonly members: readonly MemberUse[];
  readonly declaredMembers: ReadonlySet<string>;
  readonly open: boolean;
  readonly mentioned: ReadonlySet<string>;
  readonly jsx: boolean;
  /** How often the name is used. */
  timesUsed(name: string): number;
  /** Some function has a parameter of this name. */
  hasParameter(name: string): boolean;
  /** What can be named at an offset, inner scopes first; an inner name hides an outer one. */
  visibleAt(offset: number): readonly Pick<Binding, 'name' | 'kind'>[];
  /** The use that begins at an offset. */
  useAt(offset: number): NameUse | undefined;
}

export interface ScopeModel {
  readonly root: Scope;
  readonly scopes: readonly Scope[];
  readonly bindings: readonly Binding[];
  readonly uses: readonly Use[];
  readonly unresolved: readonly Use[];
  readonly imports: readonly ImportStatement[];
  readonly members: readonly MemberUse[];
  /** Names of members that this file declares: fields, methods, keys. */
  readonly declaredMembers: ReadonlySet<string>;
  /** Names that may come from elsewhere unseen: wildcard import, `with`, `eval`, `exec`. */
  readonly open: boolean;
  /** Words inside strings and comments that may stand for names: annotations, `__all__`, JSDoc types. */
  readonly mentioned: ReadonlySet<string>;
  /** The file has JSX, which uses the factory's name unseen. */
  readonly jsx: boolean;
}

/** The model of one child of a file's root. */
export interface BoundPart {
  readonly model: ScopeModel;
  /** Scopes that another part of the file may go on with, by a key. */
  readonly namespaces: readonly string[];
}

/** The scopes around an offset, innermost first. */
export function scopesAt(model: ScopeModel, offset: number): readonly Scope[] {
  let inner = model.root;
  for (const scope of model.scopes) {
    if (scope.start <= offset && offset <= scope.end && scope.end - scope.start <= inner.end - inner.start)
      inner = scope;
  }
  const found: Scope[] = [];
  for (let scope: Scope | undefined = inner; scope; scope = scope.parent) found.push(scope);
  return found;
}

/** All bindings that can be named at an offset; an inner one hides an outer one of the same name. */
export function visibleAt(model: ScopeModel, offset: number): readonly Binding[] {
  const byName = new Map<string, Binding>();
  for (const scope of scopesAt(model, offset))
    for (const [name, binding] of scope.bindings) if (!byName.has(name)) byName.set(name, binding);
  return [...byName.values()];
}

/** The binding or use whose name covers an offset. */
export function nameAt(
  model: ScopeModel,
  offset: number,
): { readonly binding: Binding | undefined; readonly start: number; readonly end: number } | undefined {
  for (const use of model.uses)
    if (use.start <= offset && offset <= use.end)
      return { binding: use.binding, start: use.start, end: use.end };
  for (const binding of model.bindings) {
    const place = [binding, ...binding.others].find(({ start, end }) => start <= offset && offset <= end);
    if (place) return { binding, start: place.start, end: place.end };
  }
  return undefined;
}
