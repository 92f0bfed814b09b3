/**
 * The analysis of the worker: joins trees, index and documents behind the contract of analysis.ts. Every answer is
 * computed from one state of the document; odd input gets an empty answer, never an exception.
 */
import type { Position, TextEdit } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { languageOf } from '../base/languages.ts';
import type { Log } from '../base/ports.ts';
import type { IndexedSymbol, SymbolIndex } from '../index/symbolIndex.ts';
import type { LoadWasm } from '../syntax/runtime.ts';
import { pathOf, type SourceDocument, SyntaxTrees, type TreeView } from '../syntax/trees.ts';
import type {
  Analysis,
  CompletionCheck,
  CompletionShape,
  Explanation,
  Preflight,
  Repair,
  Suspicion,
} from './analysis.ts';
import { parsesWith, unknownNames } from './completionCheck.ts';
import { declarationAt } from './declarations.ts';
import { draftAt, usage } from './explain/explain.ts';
import { code } from './explain/markdown.ts';
import { sqlAt } from './explain/sql.ts';
import { markersIn } from './markers.ts';
import { Mending } from './mending.ts';
import { mutantsOf } from './mutants/mutants.ts';
import { testsOf } from './mutants/testCases.ts';
import type { SourceText } from './mutants/types.ts';
import { type Names, namesOf } from './occurrences.ts';
import { preflightText, preflightTree } from './preflight.ts';
import { type Checked, NO_OPPORTUNITIES } from './refactor/refactor.ts';
import { insideByText, insideByTree, shapeOf } from './shape.ts';
import { type FileView, fileView, Lines, toEdits } from './view.ts';

/** Longer texts (UTF-16 units) are not searched for markers. */
const MAX_MARKED_LENGTH = 2 * 1024 * 1024;
/** Text on both sides of a place that is read for the shape of a completion, in UTF-16 units. */
const READ_AROUND = 2_000;

/** Most lines of other files that are looked at before a name is changed. */
const MAX_REFERENCES = 50;
const NOT_READ: Checked = { refused: 'Codriver cannot read this file as code. Nothing was changed.' };

export interface AnalysisWiring {
  readonly documents: { get(uri: string): SourceDocument | undefined };
  readonly index: SymbolIndex;
  readonly loadWasm: LoadWasm;
  readonly log: Log;
  /** Gives the thread to others in the middle of long work. */
  readonly breathe?: () => Promise<void>;
  /** Absolute paths of the workspace folders. */
  readonly roots?: () => readonly string[];
  /** Milliseconds of any clock, for what may take a time and no longer. */
  readonly now?: () => number;
}

/** The analysis with its upkeep. */
export interface RunningAnalysis extends Analysis {
  /** The names of a document; undefined without a binder for its language, and where its text cannot be read as code. */
  names(uri: string, signal: AbortSignal): Promise<Names | undefined>;
  /** Brings the tree up to date before someone asks; answers are right without it. */
  documentChanged(uri: string): Promise<void>;
  documentClosed(uri: string): void;
  /** Frees all trees. */
  release(): void;
}

export function createAnalysis(wiring: AnalysisWiring): RunningAnalysis {
  /** Files that are looked into for a moment, beside the open documents. */
  const visited = new Map<string, SourceDocument>();
  const documents = { get: (uri: string) => visited.get(uri) ?? wiring.documents.get(uri) };
  const trees = new SyntaxTrees({ ...wiring, documents });
  let visits = 0;

  /** Runs `use` on the tree of a document's present text; undefined where there is none or something goes wrong. */
  async function withTree<T>(
    uri: string,
    signal: AbortSignal,
    use: (trees: TreeView, document: SourceDocument) => T,
  ): Promise<T | undefined> {
    if (signal.aborted) return undefined;
    try {
      return await trees.read(uri, (view, document) => (signal.aborted ? undefined : use(view, document)));
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      wiring.log.write('warn', `Analysis of a ${trees.grammarFor(uri) ?? 'plain'} document failed: ${what}`);
      return undefined;
    }
  }

  /** Runs `use` on the present state of a document; `otherwise` where there is no tree or something goes wrong. */
  async function withView<T>(
    uri: string,
    signal: AbortSignal,
    otherwise: T,
    use: (view: FileView, trees: TreeView) => T,
  ): Promise<T> {
    const answer = await withTree(uri, signal, (tree, { languageId }) =>
      use(fileView(uri, languageId, tree, wiring), tree),
    );
    return answer ?? otherwise;
  }

  const mending = new Mending({ ...wiring, withView });

  async function completionShape(
    uri: string,
    position: Position,
    signal: AbortSignal,
  ): Promise<CompletionShape> {
    const open = wiring.documents.get(uri);
    if (!open) return 'line';
    const language = languageOf(open.languageId, pathOf(uri));
    const inside = await withTree(uri, signal, (view, document) => {
      const offset = offsetIn(document, position);
      return insideByTree(view.around(Math.max(0, offset - 1)), document.getText(), offset, language);
    });
    const text = open.getText();
    const offset = offsetIn(open, position);
    const before = text.slice(Math.max(0, offset - READ_AROUND), offset);
    const after = text.slice(offset, offset + READ_AROUND);
    return shapeOf(before, after, language, inside ?? insideByText(before, language));
  }

  async function explain(
    uri: string,
    position: Position,
    signal: AbortSignal,
  ): Promise<Explanation | undefined> {
    const drafted = await withView(uri, signal, undefined, view => {
      const offset = view.lines.offsetAt(position);
      const draft = draftAt(view, offset);
      return draft && { ...draft, range: view.lines.range(draft.start, draft.end) };
    });
    if (!drafted) return signal.aborted ? undefined : explainByIndex(uri, position);
    const { range, name, usesOf } = drafted;
    const said = drafted.definition && (await explainDefinition(drafted.definition, signal));
    // The definition says what the import line would, and more; its place is the last of our own parts.
    const parts = said ? [...said, ...drafted.parts.slice(1)] : drafted.parts;
    const used = usesOf ? await usage(wiring.index, usesOf, pathOf(uri), wiring.roots?.() ?? []) : '';
    if (signal.aborted) return undefined;
    const markdown = [...parts, used].filter(Boolean).join('\n\n');
    return { range, markdown, ...(name === undefined ? {} : { name }) };
  }

  /** Runs `use` on a text that need not be open; nothing of it is kept. */
  async function withText<T>(
    { path, languageId, text }: SourceText,
    signal: AbortSignal,
    use: (tree: TreeView, lines: Lines) => readonly T[],
  ): Promise<readonly T[]> {
    const uri = URI.from({ scheme: 'codriver-text', path: `/${visits++}/${path}` }).toString();
    visited.set(uri, { uri, languageId, version: 0, getText: () => text });
    try {
      return (await withTree(uri, signal, tree => use(tree, new Lines(text)))) ?? [];
    } finally {
      visited.delete(uri);
      trees.drop(uri);
    }
  }

  /** What can be said of a definition in another file of the workspace. */
  async function explainDefinition(
    { path, line, name }: IndexedSymbol,
    signal: AbortSignal,
  ): Promise<readonly string[] | undefined> {
    const lines = await wiring.index.lines(path);
    const column = lines?.[line]?.search(new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`)) ?? -1;
    if (!lines || column < 0) return undefined;
    const uri = URI.file(path).toString();
    const open = wiring.documents.get(uri);
    if (!open) visited.set(uri, { uri, languageId: '', version: 0, getText: () => lines.join('\n') });
    try {
      return await withView(
        uri,
        signal,
        undefined,
        view => draftAt(view, view.lines.offsetAt({ line, character: column }))?.parts,
      );
    } finally {
      visited.delete(uri);
      if (!open) trees.drop(uri);
    }
  }

  async function suspicions(
    uri: string,
    text: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly Suspicion[]> {
    const { suspicionsOf } = await import('./review/review.ts');
    if (text === undefined || wiring.documents.get(uri)?.getText() === text)
      return withView<readonly Suspicion[]>(uri, signal, [], suspicionsOf);
    // Under a name of its own: the document may be open with another text.
    const other = `${uri}?reviewed`;
    const languageId = languageOf('', pathOf(uri)).id;
    visited.set(other, { uri: other, languageId, version: 0, getText: () => text });
    try {
      return await withView<readonly Suspicion[]>(other, signal, [], suspicionsOf);
    } finally {
      visited.delete(other);
      trees.drop(other);
    }
  }

  /** Where no grammar helps, the index may still know the word. */
  function explainByIndex(uri: string, position: Position): Explanation | undefined {
    const document = wiring.documents.get(uri);
    if (!document || trees.grammarFor(uri)) return undefined;
    if (languageOf(document.languageId, uri).id === 'sql') {
      const text = document.getText();
      const lines = new Lines(text);
      const said = sqlAt(text, lines.offsetAt(position));
      if (said) return { range: lines.range(said.start, said.end), markdown: said.markdown };
    }
    const line = document.getText().split(/\r\n|\r|\n/)[position.line] ?? '';
    for (const match of line.matchAll(/[\p{L}_$][\p{L}\p{N}_$-]*/gu)) {
      const start = match.index;
      const end = start + match[0].length;
      if (position.character < start || position.character > end) continue;
      const [found] = wiring.index.definitions(match[0]);
      if (!found) return undefined;
      const where = `${found.path.split(/[\\/]/).slice(-2).join('/')}:${found.line + 1}`;
      const range = {
        start: { line: position.line, character: start },
        end: { line: position.line, character: end },
      };
      return {
        range,
        name: match[0],
        markdown: `${code(match[0])} is a ${found.kind}, defined in ${code(where)}.`,
      };
    }
    return undefined;
  }

  return {
    completionShape,
    async checkCompletion(uri, edit, signal): Promise<CompletionCheck> {
      const { newText } = edit;
      const document = wiring.documents.get(uri);
      const grammar = document && trees.grammarFor(uri);
      if (!grammar) return { parses: true, unknownNames: [] };
      const language = languageOf(document.languageId, pathOf(uri));
      const isWord = (word: string) => wiring.index.frequency(word) > 0;
      const unknown = unknownNames(newText, document.getText(), grammar, language, isWord);
      // A line is mostly one part of a statement, and a statement that goes on parses badly whatever it says.
      const parses = newText.includes('\n')
        ? await withTree(uri, signal, view => parsesWith(view, edit))
        : true;
      return { parses: parses ?? true, unknownNames: unknown };
    },
    explain,
    async explainProblems(problems) {
      const { whyWrong } = await import('./explain/problems.ts');
      return problems.map(problem => whyWrong(problem) ?? '');
    },
    repairs: (...asked) => mending.repairs(...asked),
    findings: (...asked) => mending.findings(...asked),
    suspicions,
    declarationAt: (uri, range, signal) =>
      withView(uri, signal, undefined, view =>
        declarationAt(view, view.lines.offsetAt(range.start), view.lines.offsetAt(range.end)),
      ),
    async markers(uri, signal) {
      const document = wiring.documents.get(uri);
      if (!document || signal.aborted) return [];
      const text = document.getText();
      if (text.length > MAX_MARKED_LENGTH) return [];
      return markersIn(text, languageOf(document.languageId, pathOf(uri)));
    },
    async documentDeclaration(uri, range, signal) {
      const { documentDeclaration } = await import('./document/document.ts');
      return withView<Repair['edits'] | undefined>(uri, signal, undefined, view => {
        const start = view.lines.offsetAt(range.start);
        const edit = documentDeclaration(view, start, Math.max(start, view.lines.offsetAt(range.end)));
        if (!edit) return undefined;
        const edits = toEdits(view.lines, [edit]);
        return preflightTree(view.trees, edits, view.path).ok ? edits : undefined;
      });
    },
    async preflight(uri: string, edits: readonly TextEdit[], signal: AbortSignal): Promise<Preflight> {
      const document = wiring.documents.get(uri);
      if (!document)
        return { ok: false, problems: ['The document is not open any more.'], syntaxChecked: false };
      const verdict = await withView<Preflight | undefined>(uri, signal, undefined, view =>
        preflightTree(view.trees, edits, view.path),
      );
      if (verdict) return verdict;
      if (signal.aborted) return { ok: false, problems: ['The check was cancelled.'], syntaxChecked: false };
      const present = wiring.documents.get(uri) ?? document;
      return preflightText(present.getText(), edits, languageOf(present.languageId, pathOf(uri)));
    },
    async opportunities(uri, range, signal) {
      const document = wiring.documents.get(uri);
      if (!document || signal.aborted) return NO_OPPORTUNITIES;
      const { opportunitiesAt, opportunitiesInText } = await import('./refactor/opportunities.ts');
      const found = await withView(uri, signal, undefined, view => opportunitiesAt(view, range));
      const language = languageOf(document.languageId, pathOf(uri));
      return found ?? opportunitiesInText(document.getText(), language, range);
    },
    async rename(uri, position, to, signal) {
      const { nameToRename, renameAt } = await import('./refactor/rename.ts');
      const name = await withView(uri, signal, undefined, view => nameToRename(view, position));
      if (name === undefined) return { refused: 'There is no name here that Codriver can rename.' };
      const used = await wiring.index.references(name, pathOf(uri), MAX_REFERENCES);
      return withView<Checked>(uri, signal, NOT_READ, view => renameAt(view, position, to, used));
    },
    async extractVariable(uri, range, signal) {
      const { extractVariable } = await import('./refactor/extractVariable.ts');
      return withView<Checked>(uri, signal, NOT_READ, view => extractVariable(view, range));
    },
    async extractFunction(uri, range, signal) {
      const { extractFunction } = await import('./refactor/extractFunction.ts');
      return withView<Checked>(uri, signal, NOT_READ, view => extractFunction(view, range));
    },
    async changesOnlyProse(uri, edits, signal) {
      const document = wiring.documents.get(uri);
      if (!document || signal.aborted) return false;
      const { keepsCode } = await import('./refactor/prose.ts');
      return keepsCode(document.getText(), edits, languageOf(document.languageId, pathOf(uri)));
    },
    mutants: (source, ranges, limit, signal) =>
      withText(source, signal, (tree, lines) => {
        const spans = ranges.map(({ start, end }) => ({
          start: lines.offsetAt(start),
          end: lines.offsetAt(end),
        }));
        return mutantsOf(tree, spans, limit).map(({ start, end, newText, operator }) => ({
          range: lines.range(start, end),
          newText,
          operator,
        }));
      }),
    testCases: (source, signal) =>
      withText(source, signal, ({ tree, grammar }, lines) =>
        testsOf(tree, grammar).map(({ name, start, end, within }) => ({
          name,
          range: lines.range(start, end),
          within: within.map(each => lines.range(each.start, each.end)),
        })),
      ),
    names: (uri, signal) =>
      withView(uri, signal, undefined, view =>
        view.model && !view.tree.hasError ? namesOf(view.model, view.lines) : undefined,
      ),
    async documentChanged(uri) {
      await trees.read(uri, () => undefined);
    },
    documentClosed(uri) {
      mending.forget(uri);
      trees.drop(uri);
    },
    release: () => trees.release(),
  };
}

/** Offset of a place, in documents that know their lines and in those that do not. */
function offsetIn(document: SourceDocument, position: Position): number {
  return document.offsetAt?.(position) ?? new Lines(document.getText()).offsetAt(position);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
