/**
 * The scope model of a document, made once per state of its tree. It must not know repairs or documents.
 */
import type { GrammarName } from '../syntax/grammars.ts';
import type { SyntaxTree } from '../syntax/tree.ts';
import { bindJavaScript } from './scopes/javascript.ts';
import type { ScopeModel } from './scopes/model.ts';
import { bindPython } from './scopes/python.ts';

/** Languages whose names are understood. */
export type Family = 'javascript' | 'python';

const families: Partial<Record<GrammarName, Family>> = {
  typescript: 'javascript',
  tsx: 'javascript',
  javascript: 'javascript',
  python: 'python',
};

const made = new WeakMap<SyntaxTree, ScopeModel>();

export function familyOf(grammar: GrammarName): Family | undefined {
  return families[grammar];
}

/** Undefined for languages without a binder. */
export function scopeModel(tree: SyntaxTree, grammar: GrammarName): ScopeModel | undefined {
  const family = familyOf(grammar);
  if (!family) return undefined;
  const known = made.get(tree);
  if (known) return known;
  const model = family === 'python' ? bindPython(tree) : bindJavaScript(tree);
  made.set(tree, model);
  return model;
}
