/**
 * What a mention stands for: text of the workspace that has passed the read gate and the redaction, or the reason why
 * there is none. It must not know prompts.
 */
import { isAbsolute, join } from 'node:path';
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../base/document.ts';
import { refusalFor } from '../../context/ports.ts';
import { windowAround } from '../../context/window.ts';
import { joinRedacted, type Redacted, redacted } from '../../guard/redacted.ts';
import type { Services } from '../services.ts';
import { isChat } from './chat.ts';
import { diffText } from './diff.ts';
import type { CodePlace } from './memory.ts';
import type { Mention } from './mentions.ts';

/** Most UTF-16 units of one mention that are read at all; the prompt's budget cuts further. */
const MAX_TEXT = 120_000;
/** Lines shown of a definition. */
const SYMBOL_LINES = 60;
const MAX_DEFINITIONS = 3;
const MAX_PROBLEMS = 50;

/** `why` is a clause that ends a sentence. */
export type Resolved =
  | {
      readonly ok: true;
      readonly title: Redacted;
      readonly path?: Redacted;
      readonly text: Redacted;
      /** Where it stands, for go-to-definition. */
      readonly place?: CodePlace;
    }
  | { readonly ok: false; readonly why: string };

const missing = (why: string): Resolved => ({ ok: false, why });

export async function resolveMention(
  mention: Mention,
  services: Services,
  signal: AbortSignal,
): Promise<Resolved> {
  switch (mention.kind) {
    case 'file':
    case 'spec':
      return ofFile(mention, services, mention.kind === 'spec' ? redacted`spec` : redacted`file`);
    case 'selection':
      return ofSelection(mention, services);
    case 'symbol':
      return ofSymbol(mention.name, services, signal);
    case 'diagnostics':
      return ofProblems(mention.name, services);
    case 'diff':
      return diffText(mention.name, services, signal);
  }
}

/** The person's last place in code; without one the document they worked on last. */
export function lastPlace({ chats, documents, history }: Services): CodePlace | undefined {
  const isCode = (uri: string) => !isChat(uri) && documents.get(uri) !== undefined;
  const asked = chats.place && isCode(chats.place.uri) ? chats.place : undefined;
  const seen = history.viewed(20).find(({ uri }) => isCode(uri));
  if (asked && (!seen || seen.at <= asked.at)) return asked;
  if (seen) return seen;
  const open = documents.all().find(({ uri }) => isCode(uri));
  const start = { line: 0, character: 0 };
  return open && { uri: open.uri, range: { start, end: start } };
}

async function ofFile({ name, lines }: Mention, services: Services, title: Redacted): Promise<Resolved> {
  const found = name === '' ? lastDocument(services, title) : await findFile(name, services);
  if (typeof found === 'string') return missing(found);
  return quoted(found, title, services, lines && spanOf(lines.first, lines.end));
}

/** Without a name: the file, or for specs the spec, that was worked on last. */
function lastDocument(services: Services, title: Redacted): Document | string {
  if (title.text === 'spec') {
    const spec = services.documents.all().find(({ uri }) => uri.endsWith('.spec.md'));
    return spec ?? 'no spec (*.spec.md) is open; name one, as in @spec:path';
  }
  const place = lastPlace(services);
  return (place && services.documents.get(place.uri)) ?? 'no file is open; name one, as in @file:path';
}

async function ofSelection(mention: Mention, services: Services): Promise<Resolved> {
  if (mention.name !== '') return ofFile(mention, services, redacted`selection`);
  const place = lastPlace(services);
  const document = place && services.documents.get(place.uri);
  if (!document) return missing('no place in code is known; write @selection:path#L1-L9');
  const { start, end } = document.clampRange(place.range);
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return quoted(document, redacted`selection`, services, spanOf(start.line, last));
}

async function ofSymbol(name: string, services: Services, signal: AbortSignal): Promise<Resolved> {
  if (!/^[\p{L}\p{N}_$?!.:#-]{1,200}$/u.test(name)) return missing('a name must follow, as in @symbol:name');
  const found = (await services.symbols.definitions(name.split(/[.:#]+/).at(-1) ?? name, signal)).slice(
    0,
    MAX_DEFINITIONS,
  );
  const texts: Redacted[] = [];
  let place: CodePlace | undefined;
  let why = `nothing named ${name} is defined in the workspace, as far as the index knows`;
  for (const { path, line } of found) {
    const document = await readFile(path, services);
    if (typeof document === 'string') {
      why = document;
      continue;
    }
    const range = spanOf(line, line + SYMBOL_LINES);
    const shown = await quoted(document, redacted`definition`, services, range);
    if (!shown.ok) why = shown.why;
    else {
      texts.push(redacted`${shown.path ?? redacted``}, line ${line + 1}:\n${shown.text}`);
      place ??= { uri: document.uri, range: spanOf(line, line) };
    }
  }
  if (!place) return missing(why);
  const path = services.redactor.redact(name);
  return { ok: true, title: redacted`definition`, path, text: joinRedacted(texts, '\n\n'), place };
}

async function ofProblems(name: string, services: Services): Promise<Resolved> {
  const place = lastPlace(services);
  const last = place ? services.documents.get(place.uri) : undefined;
  const document = name === '' ? (last ?? 'no file is open') : await findFile(name, services);
  if (typeof document === 'string') return missing(document);
  const refused = await refusalFor(document, portsOf(services));
  if (refused) return missing(refused.refused);
  const path = services.places.displayPath(document.uri);
  const problems = services.otherDiagnostics.overlapping(document.uri, spanOf(0, document.lineCount));
  if (problems.length === 0) return missing(`no server has told Codriver of a problem in ${path}`);
  const lines = problems.slice(0, MAX_PROBLEMS).map(({ range, message, source }) => {
    const said = message.replace(/\s+/g, ' ').slice(0, 400);
    return `line ${range.start.line + 1}: ${said}${source ? ` [${source}]` : ''}`;
  });
  const { redactor } = services;
  const text = redactor.redact(lines.join('\n'));
  return {
    ok: true,
    title: redacted`problems`,
    path: redactor.redact(path),
    text,
    place: { uri: document.uri, range: spanOf(0, 0) },
  };
}

/** Some lines of a document, or as much of it as there is room for. */
async function quoted(
  document: Document,
  title: Redacted,
  services: Services,
  range: Range | undefined,
): Promise<Resolved> {
  const refused = await refusalFor(document, portsOf(services));
  if (refused) return missing(refused.refused);
  const whole = document.clampRange(range ?? spanOf(0, document.lineCount));
  const start = document.offsetAt(whole.start);
  const end = document.positionAt(Math.min(document.offsetAt(whole.end), start + MAX_TEXT));
  const { inside } = windowAround(
    document,
    { start: whole.start, end },
    { before: 0, after: 0 },
    services.redactor,
  );
  const path = services.redactor.redact(services.places.displayPath(document.uri));
  return { ok: true, title, path, text: inside, place: { uri: document.uri, range: range ?? spanOf(0, 0) } };
}

/** An open document of that name, else the file; a sentence's end where there is none. */
export async function findFile(name: string, services: Services): Promise<Document | string> {
  const { documents, places } = services;
  const wanted = name.replaceAll('\\', '/').replace(/^\.\//, '');
  const open = documents.all().find(({ uri }) => places.displayPath(uri) === wanted && !isChat(uri));
  if (open) return open;
  if (isAbsolute(name) || wanted.split('/').includes('..')) {
    return `${name} is no path below a folder of the workspace`;
  }
  let why = `there is no ${name} in the workspace`;
  for (const folder of places.folders) {
    const found = await readFile(join(folder, wanted), services);
    if (typeof found !== 'string') return found;
    if (!found.endsWith(MISSING)) why = found;
  }
  return why;
}

const MISSING = 'does not exist';
const READ_FAILURES = {
  missing: MISSING,
  'not-a-file': 'is not a file',
  'too-large': 'is too large',
  binary: 'is not text',
  denied: 'may not be read',
} as const;

/** A file of the disk as a document, through the gate; the open one where it is open. */
async function readFile(
  path: string,
  { documents, files, gate, places }: Services,
): Promise<Document | string> {
  const uri = places.uriOf(path);
  const open = documents.get(uri);
  if (open) return open;
  const name = places.displayPath(uri);
  const verdict = await gate().check(path);
  if (!verdict.allowed) return `${name} is left out because ${verdict.why}`;
  const read = await files.readText(path);
  return read.ok ? new Document(uri, '', 0, read.text) : `${name} ${READ_FAILURES[read.why]}`;
}

function portsOf({ gate, places, redactor }: Services) {
  return { gate: gate(), places, redactor };
}

function spanOf(first: number, end: number): Range {
  return { start: { line: first, character: 0 }, end: { line: end, character: 0 } };
}
