/**
 * Collects bindings and uses while a binder walks a tree, and joins them at the end. It knows how names are looked
 * up, not what a language's syntax looks like.
 */
import type { SyntaxNode } from '../../syntax/tree.ts';
import type {
  Binding,
  BindingKind,
  ImportedName,
  ImportStatement,
  MemberUse,
  Scope,
  ScopeKind,
  ScopeModel,
  Use,
  UseRole,
} from './model.ts';

/** How a language looks names up. */
export interface LookupRules {
  /** Python: names of a class body are not seen from functions inside it. */
  readonly classScopesAreClosed: boolean;
}

export class ScopeBuilder {
  readonly root: Scope;
  readonly scopes: Scope[] = [];
  readonly imports: ImportStatement[] = [];
  readonly declaredMembers = new Set<string>();
  readonly mentioned = new Set<string>();
  open = false;
  jsx = false;
  readonly #bindings: Binding[] = [];
  readonly #uses: Use[] = [];
  readonly #members: MemberUse[] = [];
  readonly #implicit: { readonly name: SyntaxNode; readonly declaration: SyntaxNode }[] = [];
  readonly #rules: LookupRules;

  constructor(file: SyntaxNode, rules: LookupRules) {
    this.#rules = rules;
    this.root = this.scope('file', undefined, file);
  }

  scope(kind: ScopeKind, parent: Scope | undefined, node: SyntaxNode): Scope {
    const { start, end } = node;
    const scope: Scope = { kind, parent, start, end, bindings: new Map(), redirected: new Map() };
    this.scopes.push(scope);
    return scope;
  }

  /** Declares the name that a node spells; a second declaration in the same scope joins the first. */
  declare(
    name: SyntaxNode,
    kind: BindingKind,
    scope: Scope,
    declaration: SyntaxNode,
    imported?: ImportedName,
  ): void {
    const text = name.text;
    if (!text || name.missing) return;
    const target = scope.redirected.get(text) ?? scope;
    const known = target.bindings.get(text);
    if (known) {
      known.others.push({ start: name.start, end: name.end });
      return;
    }
    const binding: Binding = {
      name: text,
      kind,
      start: name.start,
      end: name.end,
      declarationStart: declaration.start,
      declarationEnd: declaration.end,
      scope: target,
      uses: [],
      imported,
      others: [],
    };
    target.bindings.set(text, binding);
    this.#bindings.push(binding);
  }

  /** Notes a name that is assigned without any declaration; it counts only where no declaration is found. */
  implicit(name: SyntaxNode, declaration: SyntaxNode): void {
    this.#implicit.push({ name, declaration });
  }

  use(node: SyntaxNode, scope: Scope, role: UseRole, guarded = false): void {
    if (node.missing) return;
    const { text, start, end } = node;
    this.#uses.push({ name: text, start, end, scope, role, guarded, binding: undefined });
  }

  member(node: SyntaxNode, call: boolean): void {
    this.#members.push({ name: node.text, start: node.start, end: node.end, call });
  }

  /** Notes the words of a text that may stand for names. */
  mention(text: string): void {
    for (const word of text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []) this.mentioned.add(word);
  }

  finish(): ScopeModel {
    const unresolved: Use[] = [];
    const declared = new Set(this.#bindings.map(binding => binding.name));
    for (const { name, declaration } of this.#implicit)
      if (!declared.has(name.text)) this.declare(name, 'implicit', this.root, declaration);
    for (const use of this.#uses) {
      use.binding = this.#lookUp(use);
      if (use.binding) use.binding.uses.push(use);
      else unresolved.push(use);
    }
    return {
      root: this.root,
      scopes: this.scopes,
      bindings: this.#bindings,
      uses: this.#uses,
      unresolved,
      imports: this.imports,
      members: this.#members,
      declaredMembers: this.declaredMembers,
      open: this.open,
      mentioned: this.mentioned,
      jsx: this.jsx,
    };
  }

  #lookUp(use: Use): Binding | undefined {
    for (let scope: Scope | undefined = use.scope; scope; scope = scope.parent) {
      if (scope.kind === 'class' && scope !== use.scope && this.#rules.classScopesAreClosed) continue;
      const binding = (scope.redirected.get(use.name) ?? scope).bindings.get(use.name);
      if (binding) return binding;
    }
    return undefined;
  }
}
