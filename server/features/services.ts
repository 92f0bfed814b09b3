/**
 * What features are given to work with, as narrow ports; the composition root fills them in. A feature must not
 * know the front door, the worker or the endpoint behind them.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Analysis, Problem } from '../analysis/analysis.ts';
import type { Document } from '../base/document.ts';
import type { EditHistory, RecentEdit } from '../base/history.ts';
import type { Host } from '../base/host.ts';
import type { Clock, Files, Log, Scratch } from '../base/ports.ts';
import type { Settings } from '../config/settings.ts';
import type { Router } from '../engines/router.ts';
import type { GitResult, Located, Repository } from '../git/git.ts';
import { forUnasked, type ReadGate } from '../guard/readGate.ts';
import type { Redactor } from '../guard/redaction.ts';
import type { CodeSearch } from '../index/codeSearch.ts';
import type { IndexedSymbol } from '../index/symbolIndex.ts';
import type { Runner } from '../sandbox/command.ts';
import type { Changes } from './changes/changes.ts';
import type { Again } from './changeSet/again.ts';
import type { ChangeSetMemory } from './changeSet/memory.ts';
import type { ChatMemory } from './chat/memory.ts';
import type { Checks } from './checks/types.ts';
import type { HoverWords } from './explanations.ts';
import type { TaskMemory } from './task/memory.ts';
import type { ShownReviews } from './review/reviews.ts';
import type { Prediction } from './nextEdit/types.ts';

/** The open documents; the editor's text, saved or not. */
export interface OpenDocuments {
  get(uri: string): Document | undefined;
  /** Most recently used first. */
  all(): readonly Document[];
  /** The other code cells of a notebook that the document is a cell of, in order. */
  around?(uri: string): { readonly above: readonly Document[]; readonly below: readonly Document[] };
  /** The text here may differ from the editor's: nothing may be edited from it. */
  isDesynchronised(uri: string): boolean;
}

/** Where things are; paths absolute, `undefined` for documents without a file. */
export interface Places {
  /** Absolute paths of the workspace folders. */
  readonly folders: readonly string[];
  pathOf(uri: string): string | undefined;
  uriOf(path: string): string;
  /** Relative to its workspace folder with `/`, or the file's name: what a model or a person sees. */
  displayPath(uri: string): string;
  /** The workspace folder that holds the document, else the first one. */
  folderOf(uri: string): string | undefined;
}

export interface Symbols {
  definitions(name: string, signal: AbortSignal): Promise<readonly IndexedSymbol[]>;
  /** One definition for each name that begins so, the likeliest first. */
  named(prefix: string, limit: number, signal: AbortSignal): Promise<readonly IndexedSymbol[]>;
}

/** Diagnostics of other servers at a place, as far as the client passes them on. */
export interface OtherDiagnostics {
  overlapping(uri: string, range: Range): readonly Problem[];
}

/** Git's repositories. Only `repositoryOf` runs a program, and that only in folders that the person trusts. */
export interface GitAccess {
  /** The working tree that a path belongs to, by files alone. */
  locate(path: string): Promise<Located | undefined>;
  repositoryOf(path: string, signal: AbortSignal): Promise<GitResult<Repository>>;
  /** Index files in which a commit that is being made may keep what it holds. */
  pendingIndexes(located: Located): Promise<readonly string[]>;
  /** Subjects committed here lately, from a file, newest first. */
  reflogSubjects(located: Located): Promise<readonly string[]>;
  /** Asks once in a session whether to trust a folder; whether the person said yes. */
  askTrust(folder: string): Promise<boolean>;
}

/** Programs that are not ours. Whoever runs one asks first whether the person trusts the folder. */
export interface Programs {
  trusted(folder: string): Promise<boolean>;
  readonly runner: Runner;
  readonly scratch: Scratch;
}

export interface Services {
  readonly settings: () => Settings;
  readonly documents: OpenDocuments;
  /** What the person did lately; whoever sends it asks the gate for each document first. */
  readonly history: EditHistory;
  readonly places: Places;
  readonly gate: () => ReadGate;
  /** The rules of the gate for a folder that need not be a workspace folder. */
  readonly gateFor: (root: string) => ReadGate;
  readonly git: GitAccess;
  readonly programs: Programs;
  readonly redactor: Redactor;
  readonly analysis: Analysis;
  readonly symbols: Symbols;
  readonly codeSearch: CodeSearch;
  /** What probably comes after these edits, the newest of which is first; found without a model. */
  readonly nextEdits: (edits: readonly RecentEdit[], signal: AbortSignal) => Promise<readonly Prediction[]>;
  /** Resolves when the first walk over the workspace is done. */
  readonly indexed: (signal: AbortSignal) => Promise<void>;
  readonly otherDiagnostics: OtherDiagnostics;
  /** The project's own checkers and formatters. */
  readonly checks: Checks;
  readonly chats: ChatMemory;
  readonly changeSets: ChangeSetMemory;
  /** Set while a rejected change is tried again: what is to become of the edit that a model writes. */
  readonly again?: Again;
  /** Tasks of this session, and where all are kept. */
  readonly tasks: TaskMemory;
  /** What a model said on hover. */
  readonly explanations: HoverWords;
  /** Findings of reviews that stand in open documents. */
  readonly reviews: ShownReviews;
  readonly router: Router;
  readonly host: Host;
  /** Every change of ours goes through here, and can be taken back. */
  readonly changes: Changes;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
}

/** The gate for what is sent by itself. Without any folder there is no outside: then single files are the work. */
export function gateForUnasked({ gate, places }: Pick<Services, 'gate' | 'places'>): ReadGate {
  return places.folders.length > 0 ? forUnasked(gate()) : gate();
}
