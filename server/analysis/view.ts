/**
 * One document as the repairs see it: text, places, tree, names, and the index beside it. Valid only as long as the
 * tree view it was made from. It must not know any repair.
 */
import { dirname } from 'node:path';
import type { Position, Range, TextEdit } from 'vscode-languageserver-textdocument';
import { type Language, languageOf } from '../base/languages.ts';
import type { SymbolIndex } from '../index/symbolIndex.ts';
import type { GrammarName } from '../syntax/grammars.ts';
import type { SyntaxTree } from '../syntax/tree.ts';
import { pathOf, type TreeView } from '../syntax/trees.ts';
import type { ScopeFacts, ScopeModel } from './scopes/model.ts';
import { type Family, familyOf, scopeFacts, scopeModel } from './scopes.ts';

/** Offsets of a text as lines and characters, and back. */
export class Lines {
  readonly text: string;
  readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 13 && text.charCodeAt(at + 1) === 10) continue;
      if (code === 10 || code === 13) starts.push(at + 1);
    }
    this.starts = starts;
  }

  get count(): number {
    return this.starts.length;
  }

  /** Line that an offset is in. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const line = this.lineOf(offset);
    return { line, character: offset - (this.starts[line] as number) };
  }

  /** Clamped to the line, before its line end. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.starts[position.line];
    if (start === undefined) return this.text.length;
    return Math.min(start + Math.max(0, position.character), this.contentEnd(position.line));
  }

  /** Offset after the last character of a line, before its line end. */
  contentEnd(line: number): number {
    let end = this.starts[line + 1] ?? this.text.length;
    const start = this.starts[line] ?? end;
    while (end > start && (this.text[end - 1] === '\n' || this.text[end - 1] === '\r')) end--;
    return end;
  }

  /** Offset of the next line, or of the end of the text. */
  nextStart(line: number): number {
    return this.starts[line + 1] ?? this.text.length;
  }

  /** Text of a line without its line end; empty beyond the last. */
  line(line: number): string {
    const start = this.starts[line];
    return start === undefined ? '' : this.text.slice(start, this.contentEnd(line));
  }

  range(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }
}

let lastLines = new Lines('');

/** The lines of a text; those of the text that was asked for last are kept, since questions come in bursts. */
export function linesOf(text: string): Lines {
  if (lastLines.text !== text) lastLines = new Lines(text);
  return lastLines;
}

/** A change in offsets of the text it was made for. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface AnalysisPorts {
  readonly index: SymbolIndex;
  /** Absolute paths of the workspace folders; none in a bare file. */
  readonly roots?: () => readonly string[];
}

export interface FileView {
  readonly uri: string;
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly lines: Lines;
  readonly eol: string;
  readonly language: Language;
  readonly grammar: GrammarName;
  readonly family: Family | undefined;
  readonly tree: SyntaxTree;
  readonly trees: TreeView;
  /** Scopes with all bindings and uses, for languages that have a binder; made anew for each state of the text. */
  readonly model: ScopeModel | undefined;
  /** What is known of names beyond that, for the same languages: cheap right after an edit. */
  readonly facts: ScopeFacts | undefined;
  readonly index: SymbolIndex;
  readonly roots: readonly string[];
}

export function fileView(uri: string, languageId: string, trees: TreeView, ports: AnalysisPorts): FileView {
  const path = pathOf(uri);
  const { text } = trees.tree;
  return {
    uri,
    path,
    folder: dirname(path),
    text,
    lines: linesOf(text),
    eol: lineEnd(text),
    language: languageOf(languageId, path),
    grammar: trees.grammar,
    family: familyOf(trees.grammar),
    tree: trees.tree,
    trees,
    get model() {
      return scopeModel(trees.tree, trees.grammar);
    },
    get facts() {
      return scopeFacts(trees.tree, trees.grammar);
    },
    index: ports.index,
    roots: ports.roots?.() ?? [],
  };
}

/** The line end that a text uses. */
export function lineEnd(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Replacements as edits of the protocol. */
export function toEdits(lines: Lines, replacements: readonly Replacement[]): readonly TextEdit[] {
  return replacements.map(({ start, end, text }) => ({ range: lines.range(start, end), newText: text }));
}

/** The text with the replacements made; they must not overlap. Same places keep their order. */
export function replaceAll(text: string, replacements: readonly Replacement[]): string {
  const sorted = replacements
    .map((replacement, order) => ({ replacement, order }))
    .sort((a, b) => a.replacement.start - b.replacement.start || a.order - b.order);
  let result = '';
  let at = 0;
  for (const { replacement } of sorted) {
    result += text.slice(at, replacement.start) + replacement.text;
    at = replacement.end;
  }
  return result + text.slice(at);
}
