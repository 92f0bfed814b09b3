/**
 * What a model gets to see for a completion: the window around the cursor, imports that lie above it, and snippets
 * of other open documents. Everything comes from memory, since a person is typing. It must not know engines.
 */
import type { Position } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import { languageOf } from '../base/languages.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { importsBefore } from './imports.ts';
import { namesIn } from './names.ts';
import { neighbours } from './neighbours.ts';
import { type ContextPiece, capped, choose } from './pieces.ts';
import { CHARACTERS_PER_TOKEN, type ContextPorts, type Refused, refusalFor } from './ports.ts';
import { windowAround } from './window.ts';

/** Shares of the budget, and how much of the window lies before the cursor. */
const CONTEXT_SHARE = 0.25;
const BEFORE_SHARE = 0.7;
/** More than this around the cursor slows a completion down more than it helps. In UTF-16 units. */
const MAX_WINDOW = 12_000;
const MAX_CONTEXT = 6_000;
const MAX_IMPORTS = 1_500;
/** The text before the cursor whose names look for relatives. */
const NAMES_FROM = 1_200;

export interface CompletionInput {
  readonly document: Document;
  readonly position: Position;
  /** Tokens of window and context together. */
  readonly budgetTokens: number;
  /** Other documents that may help, most recently used first; none: the window alone. */
  readonly openDocuments: readonly Document[];
}

export interface CompletionContext {
  readonly prefix: Redacted;
  readonly suffix: Redacted;
  /** Most stable first. */
  readonly context: readonly Redacted[];
  readonly path: Redacted;
}

export async function completionContext(
  input: CompletionInput,
  ports: ContextPorts,
  signal: AbortSignal,
): Promise<CompletionContext | Refused> {
  const { document, position } = input;
  const refused = await refusalFor(document, ports);
  if (refused !== undefined) return refused;
  const budget = Math.max(0, input.budgetTokens) * CHARACTERS_PER_TOKEN;
  const size = Math.min(MAX_WINDOW, Math.floor(budget * (1 - CONTEXT_SHARE)));
  const before = Math.floor(size * BEFORE_SHARE);
  const window = windowAround(
    document,
    { start: position, end: position },
    { before, after: size - before },
    ports.redactor,
  );
  const room = Math.min(MAX_CONTEXT, budget - size);
  const context: Redacted[] = [];
  const path = ports.redactor.redact(ports.places.displayPath(document.uri));
  const imports = capped(ports.redactor.redact(importsBefore(document, window.linesBefore)), MAX_IMPORTS);
  if (imports.length > 0 && imports.length < room)
    context.push(headed({ path, text: imports }, document, ports));
  if (!signal.aborted && input.openDocuments.length > 0) {
    const names = namesIn(window.before.text.slice(-NAMES_FROM), document.languageId, document.uri);
    const candidates = await neighbours(document, names, input.openDocuments, ports);
    context.push(...choose(candidates, room - imports.length).map(piece => headed(piece, document, ports)));
  }
  return { prefix: window.before, suffix: window.after, context, path };
}

/** A base model reads a path best as a comment of the language. */
function headed(piece: ContextPiece, document: Document, ports: ContextPorts): Redacted {
  const [leader = '#'] = languageOf(document.languageId, document.uri).lineComments;
  return redacted`${ports.redactor.redact(leader)} ${piece.path}\n${piece.text}`;
}
