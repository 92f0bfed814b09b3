/**
 * Renames what a name means, everywhere in its file, or says why that is not certain: by the binder's scopes where
 * there is a binder, else by the blocks of the grammar. It must not know who thinks of names.
 */
import type { Position } from 'vscode-languageserver-textdocument';
import type { IndexedReference } from '../../index/symbolIndex.ts';
import type { SyntaxNode } from '../../syntax/tree.ts';
import { isKnownGlobal } from '../names/globals.ts';
import { hasWord } from '../newNames.ts';
import { preflightTree } from '../preflight.ts';
import { type Binding, nameAt, type ScopeModel } from '../scopes/model.ts';
import { type FileView, type Replacement, toEdits } from '../view.ts';
import { localPlaces } from './localNames.ts';
import type { Checked } from './refactor.ts';

const NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const TOOL = "Use your language server's rename for it.";

export interface NamePlace {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A name under the cursor that may be renamed, by its looks alone: cheap enough for a menu. */
export function renamable(view: FileView, start: number, end: number): NamePlace | undefined {
  const node = identifierAt(view, start, end);
  if (!node || /^(?:attribute|field|property)$/.test(node.field ?? '')) return undefined;
  const parent = node.parent?.type ?? '';
  if (parent === 'keyword_argument' && node.field === 'name') return undefined;
  if (/^(?:this|self|cls|super)$/.test(node.text) || isKnownGlobal(node.text, view.grammar)) return undefined;
  if (!view.family && !localPlaces(view, node)) return undefined;
  return { name: node.text, start: node.start, end: node.end };
}

function identifierAt(view: FileView, start: number, end: number): SyntaxNode | undefined {
  const isName = (node: SyntaxNode): boolean =>
    /^(?:identifier|type_identifier|shorthand_property_identifier(?:_pattern)?)$/.test(node.type) &&
    !node.missing &&
    NAME.test(node.text);
  const node = view.tree.nodeAt(start, end);
  if (isName(node)) return start === end || (node.start === start && node.end === end) ? node : undefined;
  // Right behind a name is still on it.
  const before = start === end && start > 0 ? view.tree.nodeAt(start - 1, start) : undefined;
  return before && isName(before) ? before : undefined;
}

/** The name at a place; undefined where there is none to rename. */
export function nameToRename(view: FileView, position: Position): string | undefined {
  const offset = view.lines.offsetAt(position);
  return identifierAt(view, offset, offset)?.text;
}

/** `references`: lines of the workspace that use the name. */
export function renameAt(
  view: FileView,
  position: Position,
  to: string,
  references: readonly IndexedReference[],
): Checked {
  const others = references.filter(({ path }) => path !== view.path);
  const offset = view.lines.offsetAt(position);
  const node = identifierAt(view, offset, offset);
  if (!node) return { refused: 'There is no name here that Codriver can rename.' };
  const { text: from } = node;
  if (!NAME.test(to) || view.language.keywords.includes(to))
    return { refused: `'${to}' cannot be a name here.` };
  if (from === to) return { refused: `It is called '${to}' already.` };
  if (view.tree.hasError)
    return { refused: 'The file has syntax errors, so what the name means is not certain.' };
  const found = view.model
    ? boundPlaces(view, view.model, node, to, others)
    : hasWord(view.text, to)
      ? taken(to)
      : (localPlaces(view, node) ?? {
          refused: `It is not certain that '${from}' is a local variable, so it was not renamed. ${TOOL}`,
        });
  if ('refused' in found) return found;
  const edits = toEdits(
    view.lines,
    found.map(place => ({ ...place, text: place.text.replaceAll('\0', () => to) })),
  );
  const verdict = preflightTree(view.trees, edits, view.path);
  return verdict.ok
    ? { edits }
    : { refused: `Renaming '${from}' to '${to}' does not fit: ${verdict.problems.join(' ')}` };
}

const taken = (to: string) => ({ refused: `'${to}' is used in this file already.` });

/** The places with what comes there; `\0` stands for the new name. */
function boundPlaces(
  view: FileView,
  model: ScopeModel,
  node: SyntaxNode,
  to: string,
  others: readonly IndexedReference[],
): readonly Replacement[] | { readonly refused: string } {
  const from = node.text;
  const binding = nameAt(model, node.start)?.binding;
  if (!binding) return { refused: `'${from}' is not declared in this file. ${TOOL}` };
  if (model.open || binding.kind === 'implicit')
    return { refused: `Names may come into this file unseen, so renaming '${from}' is not certain. ${TOOL}` };
  const isTaken = model.bindings.some(each => each.name === to) || model.uses.some(each => each.name === to);
  if (isTaken) return taken(to);
  const unsure = whyVisible(view, model, binding, others) ?? whyMember(view, binding);
  if (unsure !== undefined) return { refused: `${unsure} ${TOOL}` };
  const changesCase = /^[A-Z]/.test(from) !== /^[A-Z]/.test(to);
  if (changesCase && binding.uses.some(use => use.role === 'element'))
    return { refused: `'${from}' is a component, whose first letter says so; '${to}' would not be one.` };
  const places: Replacement[] = [];
  for (const { start, end } of [binding, ...binding.others, ...binding.uses]) {
    const text = written(view.tree.nodeAt(start, end), from);
    if (text === undefined) return { refused: `'${from}' is brought in by a part of its name. ${TOOL}` };
    if (!places.some(place => place.start === start)) places.push({ start, end, text });
  }
  return [...places, ...documented(view, binding)];
}

/** Why other files may know the name; undefined where they cannot, or do not. */
function whyVisible(
  view: FileView,
  model: ScopeModel,
  binding: Binding,
  others: readonly IndexedReference[],
): string | undefined {
  const { name } = binding;
  const python = view.family === 'python';
  if (python && (binding.kind === 'parameter' || binding.scope.kind === 'class')) {
    if (binding.scope.kind === 'class') return `'${name}' is a member of a class, which others can reach.`;
    const keyword = new RegExp(`[(,]\\s*${name}\\s*=(?!=)`);
    const ours = view.text.replace(/\bdef\s+\w+\s*\([^)]*\)/g, '');
    const elsewhere = others.some(({ text }) => keyword.test(text));
    return keyword.test(ours) || elsewhere ? `'${name}' is handed over by its name somewhere.` : undefined;
  }
  if (binding.kind === 'import' || (binding.scope !== model.root && !isExported(view, binding)))
    return undefined;
  if (python && model.mentioned.has(name)) return `'${name}' is also written in a string.`;
  const isModule = !python && /^\s*(?:import|export)\b/m.test(view.text);
  if (isModule && !isExported(view, binding)) return undefined;
  const files = new Set(others.map(({ path }) => path));
  return files.size > 0
    ? `'${name}' is used in ${files.size} other ${files.size === 1 ? 'file' : 'files'} too.`
    : undefined;
}

function isExported(view: FileView, { kind, declarationStart, declarationEnd }: Binding): boolean {
  if (kind === 'parameter') return false;
  const ends = /^export_statement$|block$|body$|^program$/;
  const around = view.tree.nodeAt(declarationStart, declarationEnd).closest(up => ends.test(up.type));
  return around?.type === 'export_statement';
}

/** A TypeScript parameter with a modifier is a field as well. */
function whyMember(view: FileView, binding: Binding): string | undefined {
  if (view.family !== 'javascript' || binding.kind !== 'parameter') return undefined;
  const parameter = view.tree.nodeAt(binding.start, binding.end).parent;
  const isField = parameter?.children.some(child =>
    /^(?:accessibility_modifier|readonly|override_modifier)$/.test(child.type),
  );
  return isField ? `'${binding.name}' is a field too, which others can reach.` : undefined;
}

/** What stands at a place afterwards; undefined where that cannot be written. */
function written(node: SyntaxNode, from: string): string | undefined {
  if (node.type.startsWith('shorthand_property_identifier')) return `${from}: \0`;
  const parent = node.parent;
  const hasAlias = parent?.child('alias') !== undefined;
  switch (parent?.type ?? '') {
    case 'import_specifier':
      return hasAlias ? '\0' : `${from} as \0`;
    case 'export_specifier':
      return hasAlias ? '\0' : `\0 as ${from}`;
    case 'dotted_name':
      if (parent && parent.namedChildren.length > 1) return undefined;
      return parent?.parent?.type.startsWith('import') ? `${from} as \0` : '\0';
    default:
      return '\0';
  }
}

/** `@param old` of the comment above the function that the parameter belongs to. */
function documented(view: FileView, binding: Binding): readonly Replacement[] {
  if (binding.kind !== 'parameter') return [];
  const before = view.text.slice(0, binding.scope.start);
  const comment =
    /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*(?:(?:export|default|async|public|private|protected|static|const|let|[\p{L}_$][\p{L}\p{N}_$]*\s*=)\s*)*$/u.exec(
      before.slice(-4_000),
    );
  if (!comment) return [];
  const base = Math.max(0, before.length - 4_000) + comment.index;
  const tag = new RegExp(
    `(@param\\s+(?:\\{[^}]*\\}\\s*)?\\[?)${binding.name.replaceAll('$', '\\$')}(?![\\p{L}\\p{N}_$])`,
    'u',
  );
  const found = tag.exec(comment[0]);
  if (!found) return [];
  const start = base + found.index + (found[1] ?? '').length;
  return [{ start, end: start + binding.name.length, text: '\0' }];
}
