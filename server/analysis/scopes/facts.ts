/**
 * What is known of the names of a whole file, joined from its parts. Parts that an edit left alone are not walked
 * again. It knows how parts see each other, not what a language's syntax looks like.
 */
import type {
  Binding,
  BoundPart,
  ImportBinding,
  ImportStatement,
  MemberUse,
  NameUse,
  ScopeFacts,
  ScopeModel,
} from './model.ts';
import { scopesAt, visibleAt } from './model.ts';
import { importMover, moved, type NamePart } from './parts.ts';

/** A part in its place. */
export interface PlacedPart {
  readonly part: NamePart;
  readonly start: number;
  readonly end: number;
  /** Walks the part again, for what is not kept of it. */
  bind(): BoundPart;
}

/** The facts of a file; undefined where its parts go on with each other's scopes, so that only the whole tells. */
export function joinFacts(parts: readonly PlacedPart[]): ScopeFacts | undefined {
  const namespaces = new Set<string>();
  for (const { part } of parts) {
    for (const key of part.namespaces) {
      if (namespaces.has(key)) return undefined;
      namespaces.add(key);
    }
  }
  return new JoinedFacts(parts);
}

/** The same from the model of the whole file. */
export function factsOf(model: ScopeModel): ScopeFacts {
  return {
    unresolved: model.unresolved,
    importBindings: model.bindings.flatMap(({ name, imported, uses, others }) =>
      imported ? [{ name, imported, used: uses.length > 0, shared: others.length > 0 }] : [],
    ),
    imports: model.imports,
    members: model.members,
    declaredMembers: model.declaredMembers,
    open: model.open,
    mentioned: model.mentioned,
    jsx: model.jsx,
    timesUsed: name => model.uses.reduce((sum, use) => sum + (use.name === name ? 1 : 0), 0),
    hasParameter: name => model.bindings.some(each => each.kind === 'parameter' && each.name === name),
    visibleAt: offset => visibleAt(model, offset),
    useAt: offset => model.uses.find(({ start }) => start === offset),
  };
}

class JoinedFacts implements ScopeFacts {
  readonly #parts: readonly PlacedPart[];
  /** Names of the file's own scope: what they were declared as first, and by how many parts. */
  readonly #outer = new Map<
    string,
    { readonly kind: Binding['kind']; readonly first: NamePart; parts: number }
  >();
  readonly open: boolean;
  readonly jsx: boolean;
  #unresolved: readonly NameUse[] | undefined;
  #importBindings: readonly ImportBinding[] | undefined;
  #imports: readonly ImportStatement[] | undefined;
  #members: readonly MemberUse[] | undefined;
  #declaredMembers: ReadonlySet<string> | undefined;
  #mentioned: ReadonlySet<string> | undefined;

  constructor(parts: readonly PlacedPart[]) {
    this.#parts = parts;
    for (const { part } of parts) {
      for (const [name, kind] of part.outer) {
        const known = this.#outer.get(name);
        if (known) known.parts++;
        else this.#outer.set(name, { kind, first: part, parts: 1 });
      }
    }
    this.open = parts.some(({ part }) => part.open);
    this.jsx = parts.some(({ part }) => part.jsx);
  }

  get unresolved(): readonly NameUse[] {
    if (this.#unresolved) return this.#unresolved;
    const assigned = new Set(this.#parts.flatMap(({ part }) => part.assigned));
    // A name that is assigned counts as declared by that, unless it is declared anywhere.
    for (const name of assigned)
      if (this.#parts.some(({ part }) => part.declared.has(name))) assigned.delete(name);
    const isKnown = (name: string): boolean => this.#outer.has(name) || assigned.has(name);
    const found: NameUse[] = [];
    for (const { part, start } of this.#parts)
      for (const use of part.free) if (!isKnown(use.name)) found.push(moved(use, start));
    return (this.#unresolved = found);
  }

  get importBindings(): readonly ImportBinding[] {
    if (this.#importBindings) return this.#importBindings;
    const wanted = new Set(this.#parts.flatMap(({ part }) => part.importBindings.map(({ name }) => name)));
    const used = new Set<string>();
    for (const { part } of wanted.size > 0 ? this.#parts : []) {
      for (const { name } of part.free) if (wanted.has(name)) used.add(name);
      for (const name of part.outerUsed) if (wanted.has(name)) used.add(name);
    }
    const found: ImportBinding[] = [];
    for (const { part, start } of this.#parts) {
      if (part.importBindings.length === 0) continue;
      const move = importMover(start);
      for (const each of part.importBindings) {
        const { name } = each;
        const outer = each.outer ? this.#outer.get(name) : undefined;
        // Another part has declared it before: it is no binding of its own.
        if (outer && outer.first !== part) continue;
        found.push({
          name,
          imported: move.name(each.imported),
          used: each.used || (outer !== undefined && used.has(name)),
          shared: each.shared || (outer !== undefined && outer.parts > 1),
        });
      }
    }
    return (this.#importBindings = found);
  }

  get imports(): readonly ImportStatement[] {
    return (this.#imports ??= this.#parts.flatMap(({ part, start }) =>
      part.imports.length === 0 ? [] : part.imports.map(importMover(start).statement),
    ));
  }

  get members(): readonly MemberUse[] {
    return (this.#members ??= this.#parts.flatMap(({ part, start }) =>
      part.members.map(use => moved(use, start)),
    ));
  }

  get declaredMembers(): ReadonlySet<string> {
    return (this.#declaredMembers ??= new Set(this.#parts.flatMap(({ part }) => part.declaredMembers)));
  }

  get mentioned(): ReadonlySet<string> {
    return (this.#mentioned ??= new Set(this.#parts.flatMap(({ part }) => part.mentioned)));
  }

  timesUsed(name: string): number {
    return this.#parts.reduce((sum, { part }) => sum + (part.times.get(name) ?? 0), 0);
  }

  hasParameter(name: string): boolean {
    return this.#parts.some(({ part }) => part.declared.get(name) === true);
  }

  visibleAt(offset: number): readonly Pick<Binding, 'name' | 'kind'>[] {
    const seen = new Map<string, Pick<Binding, 'name' | 'kind'>>();
    const inner = this.#around(offset).map(model => ({
      model,
      scopes: scopesAt(model, offset).slice(0, -1),
    }));
    // Where two parts touch, the smaller scope is the nearer one.
    const size = ({ scopes: [scope] }: (typeof inner)[number]): number =>
      scope ? scope.end - scope.start : Infinity;
    const [nearest] = inner.sort((a, b) => size(a) - size(b));
    for (const scope of nearest?.scopes ?? [])
      for (const [name, { kind }] of scope.bindings) if (!seen.has(name)) seen.set(name, { name, kind });
    for (const [name, { kind }] of this.#outer) if (!seen.has(name)) seen.set(name, { name, kind });
    return [...seen.values()];
  }

  useAt(offset: number): NameUse | undefined {
    for (const model of this.#around(offset)) {
      const found = model.uses.find(({ start }) => start === offset);
      if (found) return found;
    }
    return undefined;
  }

  /** The models of the parts that hold or touch an offset. */
  #around(offset: number): ScopeModel[] {
    return this.#parts
      .filter(({ start, end }) => start <= offset && offset <= end)
      .map(each => each.bind().model);
  }
}
