/**
 * What a model gets to see for an explicit action: the file or a window of it, the selection or the declaration
 * around the place, diagnostics, and pieces of other files. The result is what `prompts/` take. It must not know
 * prompts or engines.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import { joinRedacted, type Redacted, redacted } from '../guard/redacted.ts';
import { definitions } from './definitions.ts';
import { importsBefore } from './imports.ts';
import { namesIn, wordAt } from './names.ts';
import { excerpt, neighbours } from './neighbours.ts';
import { type Candidate, type ContextPiece, capped, choose } from './pieces.ts';
import {
  type ActionPorts,
  at,
  CHARACTERS_PER_TOKEN,
  type Refused,
  refusalFor,
  WHOLE_DOCUMENT,
} from './ports.ts';
import { similar } from './sources/similar.ts';
import { windowAround } from './window.ts';

/** Shares of the budget for the file and for other files; the rest is for instructions and the question. */
const FILE_SHARE = 0.55;
const CONTEXT_SHARE = 0.25;
const MAX_IMPORTS = 3_000;
/** A declaration longer than this is no useful selection. In lines. */
const MAX_DECLARATION = 400;
const MAX_PROBLEMS = 50;
/** What similar code is worth beside a definition. */
const SIMILAR = 0.6;
const MAX_MESSAGE = 400;
const MAX_CODE = 160;
/** More than this is not read as one selection. In UTF-16 units. */
const MAX_SELECTION = 60_000;

/** A diagnostic as far as a prompt needs it. */
export interface ContextProblem {
  readonly range: Range;
  readonly message: string;
  readonly source?: string;
  readonly code?: string | number;
}

export interface ActionInput {
  readonly document: Document;
  /** The selection; an empty one means the declaration around it. */
  readonly range: Range;
  readonly problems?: readonly ContextProblem[];
  /** What the analysis knows by structure. */
  readonly facts?: string;
  /** Tokens of the whole prompt. */
  readonly budgetTokens: number;
  readonly openDocuments: readonly Document[];
}

/** Has the fields of `CodePrompt` in server/prompts/shared.ts. */
export interface ActionContext {
  readonly path: Redacted;
  readonly language: Redacted;
  readonly text: Redacted;
  readonly focus: number;
  readonly selection: Redacted;
  readonly symbol?: Redacted;
  readonly problems: readonly Redacted[];
  readonly facts?: Redacted;
  readonly context: readonly ContextPiece[];
  readonly budget: number;
}

export async function actionContext(
  input: ActionInput,
  ports: ActionPorts,
  signal: AbortSignal,
): Promise<ActionContext | Refused> {
  const { document } = input;
  const refused = await refusalFor(document, ports);
  if (refused !== undefined) return refused;
  const { redactor, places } = ports;
  const budget = Math.max(0, input.budgetTokens) * CHARACTERS_PER_TOKEN;
  const range = await subjectOf(input, ports, signal);

  const room = Math.floor(budget * FILE_SHARE);
  const around = Math.max(0, room - (document.offsetAt(range.end) - document.offsetAt(range.start)));
  const half = Math.floor(around / 2);
  const full = wholeLines(document, input.range);
  const missing = full.end.line - range.end.line;
  const window = windowAround(document, range, { before: half, after: half }, redactor);
  const above = window.linesBefore > 0 ? redacted`[cut: ${window.linesBefore} lines left out]\n` : redacted``;
  const below = window.linesAfter > 0 ? redacted`\n[cut: ${window.linesAfter} lines left out]` : redacted``;

  const path = redactor.redact(places.displayPath(document.uri));
  const context = await related(
    input,
    range,
    window.linesBefore,
    path,
    Math.floor(budget * CONTEXT_SHARE),
    ports,
    signal,
  );
  const word = wordAt(document.lineAt(input.range.start.line), input.range.start.character);
  return {
    path,
    language: redactor.redact(document.languageId),
    text: joinRedacted([above, window.before, window.inside, window.after, below], ''),
    focus: above.length + window.before.length,
    selection:
      missing > 0
        ? redacted`${window.inside}\n[cut: ${missing} lines of the selection left out]`
        : window.inside,
    problems: (input.problems ?? []).slice(0, MAX_PROBLEMS).map(each => describe(each, document, ports)),
    context,
    budget: input.budgetTokens,
    ...(word === undefined ? {} : { symbol: redactor.redact(word) }),
    ...(input.facts === undefined ? {} : { facts: redactor.redact(input.facts) }),
  };
}

/** The selection in whole lines; without one the declaration around the place; else its line. */
async function subjectOf(input: ActionInput, ports: ActionPorts, signal: AbortSignal): Promise<Range> {
  const { document, range } = input;
  const empty = range.start.line === range.end.line && range.start.character === range.end.character;
  if (!empty) return clipped(document, wholeLines(document, range));
  if (document.length <= WHOLE_DOCUMENT) {
    const declaration = await ports.analysis.declarationAt(document.uri, range, signal);
    const found = declaration?.range;
    if (found !== undefined && found.end.line - found.start.line < MAX_DECLARATION) {
      return clipped(document, wholeLines(document, found));
    }
  }
  return clipped(document, wholeLines(document, range));
}

/** The beginning of what is too long; the text says that lines below were left out. */
function clipped(document: Document, range: Range): Range {
  const start = document.offsetAt(range.start);
  if (document.offsetAt(range.end) - start <= MAX_SELECTION) return range;
  const limit = document.positionAt(start + MAX_SELECTION);
  return { start: range.start, end: limit.line > range.start.line ? at(limit.line, 0) : limit };
}

function wholeLines(document: Document, range: Range): Range {
  const endsBefore = range.end.character === 0 && range.end.line > range.start.line;
  const last = endsBefore ? range.end.line - 1 : range.end.line;
  return { start: at(range.start.line, 0), end: at(last, document.lineAt(last).length) };
}

/** Imports above the window, definitions of names in the selection, and relatives in open documents. */
async function related(
  input: ActionInput,
  range: Range,
  firstLine: number,
  path: Redacted,
  room: number,
  ports: ActionPorts,
  signal: AbortSignal,
): Promise<readonly ContextPiece[]> {
  const { document, openDocuments } = input;
  const pieces: ContextPiece[] = [];
  const imports = capped(ports.redactor.redact(importsBefore(document, firstLine)), MAX_IMPORTS);
  if (imports.length > 0 && imports.length < room) pieces.push({ path, text: imports });
  const text = document.getText(range).slice(0, 20_000);
  const said = (input.problems ?? [])
    .map(problem => problem.message)
    .join(' ')
    .slice(0, 4_000);
  // Names that the diagnostics speak of come first.
  const names = [
    ...new Set([
      ...namesIn(said, document.languageId, document.uri).filter(name => text.includes(name)),
      ...namesIn(text, document.languageId, document.uri),
    ]),
  ];
  const candidates = [
    ...(await definitions(document, names, openDocuments, ports, signal)),
    ...(await neighbours(document, names, openDocuments, ports)),
    ...(await similarTo(input, range, names, ports, signal)),
  ];
  pieces.push(...choose(candidates, room - imports.length));
  return pieces;
}

/** Code of other files like the selection, as far as an index knows any. */
async function similarTo(
  { document, openDocuments }: ActionInput,
  range: Range,
  names: readonly string[],
  ports: ActionPorts,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const shown = { first: range.start.line, end: range.end.line + 1 };
  const site = { document, position: range.end, shown, names, openDocuments };
  const found = await similar(site, ports, signal);
  return found
    .filter(each => each.only === undefined)
    .map(({ document: source, first, end, score }) => ({
      ...excerpt(source, first, end - first, ports),
      score: score * SIMILAR,
    }));
}

/** "line 4 (`return x;`): message [ts 2551]", one line. */
function describe(problem: ContextProblem, document: Document, ports: ActionPorts): Redacted {
  const redact = (text: string): Redacted => ports.redactor.redact(text);
  const line = problem.range.start.line;
  const code = lineOf(document, line, ports);
  const origin = [problem.source, problem.code].filter(each => each !== undefined).join(' ');
  const message = redact(
    problem.message
      .slice(0, 4 * MAX_MESSAGE)
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const tag = origin === '' ? redacted`` : redacted` [${redact(origin.slice(0, 80))}]`;
  return redacted`line ${line + 1} (\`${code}\`): ${message.slice(0, MAX_MESSAGE)}${tag}`;
}

/** A line without its indentation, redacted with what stands around it, since a key has many lines. */
function lineOf(document: Document, line: number, ports: ActionPorts): Redacted {
  const text = document.lineAt(line);
  const start = text.length - text.trimStart().length;
  const range = { start: at(line, start), end: at(line, Math.min(text.length, start + MAX_CODE)) };
  const { inside } = windowAround(document, range, { before: 0, after: 0 }, ports.redactor);
  return inside.slice(0, MAX_CODE);
}
