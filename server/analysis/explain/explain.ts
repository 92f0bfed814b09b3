/**
 * Explains what is under the cursor by structure alone: what it is, what it takes, what it does, where it is used.
 * The words come from here, code and comments are quoted. It must not know models or the editor.
 */
import { relative } from 'node:path';
import type { IndexedReference, IndexedSymbol, SymbolIndex } from '../../index/symbolIndex.ts';
import { isComment, type SyntaxNode } from '../../syntax/tree.ts';
import { type Declared, declared, docOf, parameterName, signatureText } from '../declarations.ts';
import { isKnownGlobal } from '../names/globals.ts';
import type { Binding } from '../scopes/model.ts';
import { structureOf } from '../structure/structure.ts';
import type { FileView } from '../view.ts';
import { type DocWords, readDoc } from './comment.ts';
import { describeFlow } from './flow.ts';
import { explainLiteral } from './literals.ts';
import { code, count, fence, list, plain } from './markdown.ts';
import { type Subject, subjectAt } from './subject.ts';

const MAX_DOC = 600;
/** References asked for; one more than can be told exactly. */
const MAX_REFERENCES = 21;

/** An explanation whose references are still to be looked up. */
export interface Draft {
  readonly start: number;
  readonly end: number;
  readonly name: string | undefined;
  readonly parts: readonly string[];
  /** The name whose uses elsewhere are to be told. */
  readonly usesOf: string | undefined;
  /** Where the name is defined, in another file: what stands there says more than the import. */
  readonly definition?: IndexedSymbol;
}

/** What can be said of a place without leaving the file; undefined where there is nothing to say. */
export function draftAt(view: FileView, offset: number): Draft | undefined {
  const leaf = leafAt(view, offset);
  if (!leaf || isComment(leaf.type)) return undefined;
  const literal = explainLiteral(view, leaf);
  if (literal) {
    const { start, end, markdown } = literal;
    return { start, end, name: undefined, parts: [markdown], usesOf: undefined };
  }
  if (!/identifier|^(?:word|name|constant|variable_name|type)$/.test(leaf.type) || !leaf.named)
    return undefined;
  const subject = subjectAt(view, leaf);
  const explained = explainSubject(view, subject);
  return explained && { start: subject.start, end: subject.end, name: subject.name, ...explained };
}

function leafAt(view: FileView, offset: number): SyntaxNode | undefined {
  const word = /[\p{L}\p{N}_$]/u;
  // At the end of a word the word is meant.
  const back = offset > 0 && !word.test(view.text[offset] ?? '') && word.test(view.text[offset - 1] ?? '');
  const at = back ? offset - 1 : offset;
  if (at >= view.text.length) return undefined;
  const leaf = view.tree.nodeAt(at, at + 1);
  return leaf.isRoot ? undefined : leaf;
}

type Explained = Pick<Draft, 'parts' | 'usesOf' | 'definition'>;

function explainSubject(view: FileView, subject: Subject): Explained | undefined {
  if (subject.binding?.imported || subject.importNode) return explainImport(view, subject);
  if (subject.parameter) return explainParameter(view, subject, subject.parameter);
  if (subject.declaration) return explainDeclaration(view, subject, subject.declaration);
  if (subject.binding) return explainBinding(view, subject.binding);
  return explainElsewhere(view, subject);
}

function explainDeclaration(view: FileView, subject: Subject, item: Declared): Explained {
  const doc = documentation(view, item);
  const parts = [fence(signature(view, item), view.language.id)];
  if (doc?.summary) parts.push(plain(doc.summary, MAX_DOC));
  const line = view.lines.lineOf(item.node.start) + 1;
  const here = item.nameNode && item.nameNode.start === subject.start;
  const where = here ? '' : ` declared on line ${line}`;
  if (item.kind === 'function' || item.kind === 'method') {
    const takes = parameters(item, doc);
    const what = `${article(kindWord(view, item))}${where}`;
    parts.push([`${capital(what)}${takes ? `. ${takes}` : '.'}`, ...flow(view, item)].join(' '));
  } else if (item.kind === 'class' || item.kind === 'type') {
    parts.push([`${capital(article(kindWord(view, item)))}${where}.`, ...members(view, item)].join(' '));
  } else parts.push(`${capital(article(kindWord(view, item)))}${where}.${initial(item)}`);
  return { parts, usesOf: item.name };
}

/** A name that some other construct brings in: a loop, `catch`, `with`, a pattern. */
function explainBinding(view: FileView, binding: Binding): Explained {
  const line = view.lines.lineOf(binding.start);
  const what = binding.kind === 'type-parameter' ? 'a type parameter' : article(binding.kind);
  const parts = [
    fence(view.lines.line(line).trim(), view.language.id),
    `${capital(what)}, declared on line ${line + 1}.`,
  ];
  return { parts, usesOf: undefined };
}

function signature(view: FileView, item: Declared): string {
  if (item.kind !== 'variable') return signatureText(view, item).replace(/\s*=>$/, '');
  const text = item.outer.text;
  return text.length > 400 ? `${text.slice(0, 400).split('\n').slice(0, 4).join('\n')} …` : text;
}

function documentation(view: FileView, item: Declared): DocWords | undefined {
  const doc = docOf(view, item);
  return doc && readDoc(view.text.slice(doc.start, doc.end));
}

/** What it is called in its language. */
function kindWord(view: FileView, item: Declared): string {
  const { type } = item.node;
  const head = view.text.slice(item.outer.start, item.outer.start + 60);
  const word = /\b(interface|enum|struct|trait|union|namespace|module|record|macro|record)\b/.exec(
    type.replaceAll('_', ' '),
  )?.[1];
  if (word && (item.kind === 'type' || item.kind === 'class')) return word;
  if (type === 'impl_item') return 'implementation block';
  if (item.kind === 'type') return 'type';
  if (item.kind === 'variable')
    return /field|property/.test(type)
      ? 'field'
      : /^\s*(?:export\s+)?const\b|const_|static_/.test(head + type)
        ? 'constant'
        : 'variable';
  const isAsync = /\basync\b/.test(signatureText(view, item).slice(0, 80));
  if (item.name === 'constructor' || item.name === '__init__') return 'constructor';
  const generator = /generator/.test(type);
  return `${isAsync ? 'asynchronous ' : ''}${generator ? 'generator ' : ''}${item.kind}`;
}

function parameters(item: Declared, doc: DocWords | undefined): string {
  const names = item.parameters
    .map(parameterName)
    .filter(name => name && !/^(?:self|cls|this|&self|&mut self)$/.test(name));
  if (names.length === 0) return '';
  const told = names.filter(name => doc?.parameters.get(name));
  if (told.length > 0) {
    const words = names.map(name => {
      const said = doc?.parameters.get(name);
      return said ? `${code(name)} (${plain(said.replace(/\.$/, ''), 120)})` : code(name);
    });
    return `Takes ${list(words, 6)}.`;
  }
  return `Takes ${list(names.map(code), 6)}.`;
}

function flow(view: FileView, item: Declared): readonly string[] {
  const structure = structureOf(view.grammar);
  return structure && item.body ? describeFlow(structure, item.body, item.name) : [];
}

function members(view: FileView, item: Declared): readonly string[] {
  const body = item.body ?? item.node.child('body');
  if (!body) return [];
  const methods: string[] = [];
  let fields = 0;
  for (const child of body.namedChildren) {
    const inner =
      declared(view, child) ?? child.namedChildren.map(part => declared(view, part)).find(Boolean);
    if (!inner?.name) continue;
    if (inner.kind === 'function' || inner.kind === 'method') methods.push(inner.name);
    else fields++;
  }
  const found: string[] = [];
  if (methods.length > 0)
    found.push(`Has ${count(methods.length, 'method')}: ${list(methods.map(code), 8)}.`);
  if (fields > 0) found.push(`Has ${count(fields, 'field')}.`);
  return found;
}

/** What a variable starts as, where the fence does not say it plainly. */
function initial(item: Declared): string {
  const value = item.node.child('value') ?? item.node.child('right');
  const called =
    value && /call|invocation/.test(value.type)
      ? (value.child('function') ?? value.child('name'))
      : undefined;
  const waited = value && /await/.test(value.type) ? value.namedChildren[0]?.child('function') : undefined;
  if (called) return ` Holds what ${code(`${called.text}()`)} returns.`;
  return waited ? ` Holds what ${code(`${waited.text}()`)} gives once it is done.` : '';
}

function explainParameter(
  view: FileView,
  subject: Subject,
  parameter: NonNullable<Subject['parameter']>,
): Explained {
  const owner = declared(view, parameter.owner);
  const said = owner && documentation(view, owner)?.parameters.get(subject.name);
  const of = owner?.name ? ` of ${code(owner.name)}` : ' of the function around it';
  const parts = [
    fence(parameter.node.text, view.language.id),
    `A parameter${of}.${said ? ` ${plain(said, 200)}` : ''}`,
  ];
  return { parts, usesOf: undefined };
}

function explainImport(view: FileView, subject: Subject): Explained {
  const imported = subject.binding?.imported;
  const text = imported
    ? view.text.slice(imported.statement.start, imported.statement.end)
    : (subject.importNode?.text ?? '');
  const original = imported?.imported ?? subject.name;
  const parts = [fence(text, view.language.id)];
  if (imported) {
    const whole =
      original === '*'
        ? `The module ${code(imported.statement.module)}`
        : original === 'default'
          ? `The default export of ${code(imported.statement.module)}`
          : `Comes from ${code(imported.statement.module)}`;
    const alias =
      original !== '*' && original !== 'default' && original !== imported.local
        ? `, where it is called ${code(original)}`
        : '';
    parts.push(`${whole}${alias}.`);
  } else parts.push('Comes from another module.');
  const name = original === '*' || original === 'default' ? subject.name : original;
  const known = elsewhere(view, name);
  if (known) parts.push(known);
  const definition = original === '*' ? undefined : definitionFor(view, name, imported?.statement.module);
  return { parts, usesOf: undefined, ...(definition ? { definition } : {}) };
}

function explainElsewhere(view: FileView, subject: Subject): Explained | undefined {
  const known = elsewhere(view, subject.name);
  if (known) return { parts: [known], usesOf: subject.name };
  if (!subject.member && isKnownGlobal(subject.name, view.grammar)) {
    const what = view.family === 'python' ? 'built into Python' : 'available everywhere without an import';
    return { parts: [`${code(subject.name)} is ${what}.`], usesOf: undefined };
  }
  return undefined;
}

/** The one definition that an import means: the only one, or the only one in a file that the module names. */
function definitionFor(view: FileView, name: string, module: string | undefined): IndexedSymbol | undefined {
  const rows = view.index.definitions(name).filter(row => row.kind !== 'module');
  if (rows.length <= 1 || module === undefined) return rows[0];
  const last = module
    .split(/[./\\]+/)
    .filter(part => !/^(?:|[cm]?[jt]sx?)$/.test(part))
    .at(-1);
  const named = rows.filter(row => last !== undefined && row.path.split(/[./\\]+/).includes(last));
  return named.length === 1 ? named[0] : undefined;
}

/** Where the workspace defines a name. */
function elsewhere(view: FileView, name: string): string | undefined {
  const rows = view.index.definitions(name);
  const [first] = rows;
  if (!first) return undefined;
  if (rows.length === 1)
    return `Defined as ${article(first.kind)} in ${code(place(view.roots, first.path, first.line))}.`;
  const places = rows.slice(0, 3).map(row => code(place(view.roots, row.path, row.line)));
  return `Defined in ${count(rows.length, 'place')}: ${list(places.length < rows.length ? [...places, 'others'] : places, 4)}.`;
}

function place(roots: readonly string[], path: string, line: number): string {
  const root = roots.find(folder => path.startsWith(folder));
  return `${root ? relative(root, path) : path.split(/[\\/]/).slice(-2).join('/')}:${line + 1}`;
}

/** The sentence on where a name is used; empty if it is used nowhere else. */
export async function usage(
  index: SymbolIndex,
  name: string,
  path: string,
  roots: readonly string[],
): Promise<string> {
  const found = await index.references(name, path, MAX_REFERENCES);
  if (found.length === 0) return '';
  const byFile = new Map<string, IndexedReference[]>();
  for (const row of found) byFile.set(row.path, [...(byFile.get(row.path) ?? []), row]);
  const files = [...byFile.values()].map(rows =>
    code(place(roots, (rows[0] as IndexedReference).path, (rows[0] as IndexedReference).line)),
  );
  const times =
    found.length >= MAX_REFERENCES
      ? `at least ${MAX_REFERENCES - 1} times`
      : found.length === 1
        ? 'once'
        : count(found.length, 'time');
  return `Used ${times}: ${list(files, 4)}.`;
}

function article(noun: string): string {
  return `${/^[aeio]|^un[^ i]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
