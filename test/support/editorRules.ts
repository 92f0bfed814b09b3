/**
 * What a server may send to an editor that announced these capabilities. Pure: says what is wrong, does nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { checkRange, checkText, ProtocolFault } from './editorDocuments.ts';

export type Json = Readonly<Record<string, unknown>>;

const capsFolder = new URL('../fixtures/caps/', import.meta.url);

/** Names of the recorded `initialize` dumps, for example `helix-25.07.1`. */
export const profiles: readonly string[] = readdirSync(capsFolder)
  .filter(name => name.endsWith('.json'))
  .map(name => name.slice(0, -'.json'.length))
  .sort();

/** The `initialize` parameters that a real editor sent. */
export function profileParams(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, capsFolder), 'utf8')) as Record<string, unknown>;
}

/** A value deep inside a JSON value, `undefined` where the path ends early. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Json | null | undefined)?.[key], value);
}

/** Requests of the server and the capability that each needs; null: always allowed. */
const REQUESTS: Readonly<Record<string, string | null>> = {
  'workspace/applyEdit': 'workspace.applyEdit',
  'workspace/configuration': 'workspace.configuration',
  'workspace/workspaceFolders': 'workspace.workspaceFolders',
  'workspace/codeLens/refresh': 'workspace.codeLens.refreshSupport',
  'workspace/inlayHint/refresh': 'workspace.inlayHint.refreshSupport',
  'workspace/diagnostic/refresh': 'workspace.diagnostics.refreshSupport',
  'window/workDoneProgress/create': 'window.workDoneProgress',
  'window/showDocument': 'window.showDocument.support',
  'window/showMessageRequest': null,
  'client/registerCapability': null,
  'client/unregisterCapability': null,
};

const NOTIFICATIONS: Readonly<Record<string, string | null>> = {
  'textDocument/publishDiagnostics': 'textDocument.publishDiagnostics',
  'window/showMessage': null,
  'window/logMessage': null,
  '$/progress': null,
  '$/logTrace': null,
  '$/cancelRequest': null,
};

/** What is wrong with a request or notification from the server, given what the editor announced. */
export function serverMessageFault(
  capabilities: unknown,
  optIn: readonly string[],
  method: string,
  params: unknown,
  isRequest: boolean,
): string | undefined {
  if (optIn.includes(method)) return undefined;
  const table = isRequest ? REQUESTS : NOTIFICATIONS;
  if (!Object.hasOwn(table, method)) return `${method} is not a message this editor knows`;
  const needed = table[method];
  if (typeof needed === 'string' && !at(capabilities, needed))
    return `${method} needs ${needed}, which was not announced`;
  if (method === 'client/registerCapability') return registrationFault(capabilities, params);
  return undefined;
}

function registrationFault(capabilities: unknown, params: unknown): string | undefined {
  const registrations = (params as { registrations?: { method: string }[] } | undefined)?.registrations ?? [];
  for (const { method } of registrations) {
    const path = method.replace('/', '.');
    if (!at(capabilities, `${path}.dynamicRegistration`))
      return `dynamic registration of ${method} was not announced`;
  }
  return undefined;
}

/** Throws for whatever in a message no editor could use: lone surrogates anywhere. */
export function checkStrings(value: unknown, what: string): void {
  if (typeof value === 'string') checkText(value, what);
  else if (Array.isArray(value)) value.forEach(item => checkStrings(item, what));
  else if (typeof value === 'object' && value !== null)
    Object.values(value).forEach(item => checkStrings(item, what));
}

/** Throws unless every `range` in a result exists in the text it is about. */
export function checkRanges(value: unknown, text: string, what: string): void {
  if (Array.isArray(value)) return value.forEach(item => checkRanges(item, text, what));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    // Edits and locations may be about other documents; edits are checked when they are applied.
    if (key === 'edit' || key === 'data' || key === 'command' || key === 'relatedInformation') continue;
    const isRange = at(inner, 'start.line') !== undefined && at(inner, 'end.line') !== undefined;
    if (isRange) checkRange(text, inner as Parameters<typeof checkRange>[1], what);
    else checkRanges(inner, text, what);
  }
}

/** Throws where an answer uses what the editor did not announce. */
export function checkAnswer(capabilities: unknown, method: string, result: unknown): void {
  const document = at(capabilities, 'textDocument');
  if (method === 'textDocument/hover')
    markup(at(result, 'contents'), at(document, 'hover.contentFormat'), 'hover');
  if (method === 'textDocument/completion') {
    for (const item of listOf(result, 'items'))
      completionItem(item, at(document, 'completion.completionItem'));
  }
  if (method === 'completionItem/resolve') completionItem(result, at(document, 'completion.completionItem'));
  if (method === 'textDocument/codeAction') {
    const literals = at(document, 'codeAction.codeActionLiteralSupport');
    for (const action of listOf(result, '')) {
      const isCommand = typeof at(action, 'command') === 'string';
      if (!literals && !isCommand) throw new ProtocolFault('code action literals were not announced');
    }
  }
}

function completionItem(item: unknown, capabilities: unknown): void {
  markup(at(item, 'documentation'), at(capabilities, 'documentationFormat'), 'completion documentation');
  if (at(item, 'insertTextFormat') === 2 && !at(capabilities, 'snippetSupport')) {
    throw new ProtocolFault('snippets were not announced');
  }
}

function markup(content: unknown, formats: unknown, what: string): void {
  if (at(content, 'kind') !== 'markdown') return;
  if (!Array.isArray(formats) || !formats.includes('markdown')) {
    throw new ProtocolFault(`${what} is Markdown, which was not announced`);
  }
}

function listOf(result: unknown, key: string): unknown[] {
  if (Array.isArray(result)) return result;
  const inner = at(result, key);
  return Array.isArray(inner) ? inner : [];
}
