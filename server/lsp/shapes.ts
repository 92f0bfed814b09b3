/**
 * What the parameters of LSP methods must look like before a handler sees them, so that no handler has to doubt
 * them. It checks what handlers rely on and nothing else: clients may always send more.
 */

/** Any JSON value deeper than this is refused; real messages stay below 40. */
export const MAX_DEPTH = 200;

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A check returns what is wrong, or undefined. */
type Check = (params: JsonObject) => string | undefined;

const PLACED = [
  'completion',
  'hover',
  'signatureHelp',
  'declaration',
  'definition',
  'typeDefinition',
  'implementation',
  'references',
  'documentHighlight',
  'linkedEditingRange',
  'moniker',
  'prepareRename',
  'rename',
];
const RANGED = ['codeAction', 'inlayHint', 'inlineValue', 'rangeFormatting'];
const WHOLE = [
  'documentSymbol',
  'codeLens',
  'documentLink',
  'documentColor',
  'foldingRange',
  'formatting',
  'diagnostic',
  'didClose',
  'didSave',
  'willSave',
];

const CHECKS = new Map<string, Check>([
  ...PLACED.map((name): [string, Check] => [
    `textDocument/${name}`,
    params => document(params) ?? position(params, 'position'),
  ]),
  ...RANGED.map((name): [string, Check] => [
    `textDocument/${name}`,
    params => document(params) ?? range(params),
  ]),
  ...WHOLE.map((name): [string, Check] => [`textDocument/${name}`, document]),
  ['textDocument/inlineCompletion', inline],
  ['textDocument/didOpen', opened],
  ['textDocument/didChange', changed],
  ['notebookDocument/didOpen', notebookOpened],
  ['notebookDocument/didChange', notebookChanged],
  ['notebookDocument/didSave', notebook],
  ['notebookDocument/didClose', notebookClosed],
  ['workspace/executeCommand', command],
  [
    'workspace/didChangeWatchedFiles',
    params => list(params, 'changes', change => typeof change['uri'] === 'string'),
  ],
  ['workspace/didChangeWorkspaceFolders', folders],
  ['codeAction/resolve', params => text(params, 'title')],
  ['window/workDoneProgress/cancel', token],
  ['completionItem/resolve', params => text(params, 'label')],
]);

/** What is wrong with the parameters of a method, or undefined. `params` absent is left to the method's owner. */
export function checkParams(method: string, params: unknown): string | undefined {
  const check = CHECKS.get(method);
  if (params !== undefined && !isObject(params)) return 'params must be an object';
  if (check === undefined) return undefined;
  return params === undefined ? 'params are missing' : check(params);
}

/**
 * Takes `__proto__` keys out of a parsed value, in place, and tells whether it is nested too deeply. A later copy
 * of such a key by assignment would change a prototype.
 */
export function tooDeep(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.some(item => tooDeep(item, depth - 1));
  if (Object.hasOwn(value, '__proto__')) Reflect.deleteProperty(value, '__proto__');
  return Object.values(value).some(item => tooDeep(item, depth - 1));
}

function text(params: JsonObject, key: string): string | undefined {
  return typeof params[key] === 'string' ? undefined : `${key} must be a string`;
}

function document(params: JsonObject): string | undefined {
  const identifier = params['textDocument'];
  return isObject(identifier) && typeof identifier['uri'] === 'string'
    ? undefined
    : 'textDocument.uri must be a string';
}

function isPosition(value: unknown): boolean {
  return isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}

function isRange(value: unknown): boolean {
  return isObject(value) && isPosition(value['start']) && isPosition(value['end']);
}

function position(params: JsonObject, key: string): string | undefined {
  return isPosition(params[key]) ? undefined : `${key} must have a line and a character`;
}

function range(params: JsonObject): string | undefined {
  return isRange(params['range']) ? undefined : 'range must have a start and an end';
}

/** With the item that an open menu has selected, if there is one; some clients write null for none. */
function inline(params: JsonObject): string | undefined {
  const context = params['context'];
  const selected = isObject(context) ? (context['selectedCompletionInfo'] ?? undefined) : undefined;
  const sound = selected === undefined || (isObject(selected) && typeof selected['text'] === 'string');
  return (
    document(params) ??
    position(params, 'position') ??
    (sound && (selected === undefined || isRange((selected as JsonObject)['range']))
      ? undefined
      : 'selectedCompletionInfo must have a range and a text')
  );
}

function opened(params: JsonObject): string | undefined {
  const item = params['textDocument'];
  if (!isObject(item)) return 'textDocument must be an object';
  return (
    text(item, 'uri') ?? text(item, 'languageId') ?? text(item, 'text') ?? version(item['version'], false)
  );
}

function changed(params: JsonObject): string | undefined {
  const wrong = document(params) ?? version((params['textDocument'] as JsonObject)['version'], true);
  if (wrong !== undefined) return wrong;
  return list(
    params,
    'contentChanges',
    change =>
      typeof change['text'] === 'string' &&
      (change['range'] === undefined || change['range'] === null || isRange(change['range'])),
  );
}

function notebook(params: JsonObject): string | undefined {
  const identifier = params['notebookDocument'];
  return isObject(identifier) && typeof identifier['uri'] === 'string'
    ? undefined
    : 'notebookDocument.uri must be a string';
}

function isCell(cell: JsonObject): boolean {
  return typeof cell['document'] === 'string' && typeof cell['kind'] === 'number';
}

const isItem = (item: JsonObject) => opened({ textDocument: item }) === undefined;
const isIdentifier = (item: JsonObject) => document({ textDocument: item }) === undefined;

function notebookOpened(params: JsonObject): string | undefined {
  return (
    notebook(params) ??
    list(params['notebookDocument'] as JsonObject, 'cells', isCell) ??
    list(params, 'cellTextDocuments', isItem)
  );
}

function notebookClosed(params: JsonObject): string | undefined {
  return notebook(params) ?? list(params, 'cellTextDocuments', isIdentifier);
}

function notebookChanged(params: JsonObject): string | undefined {
  const { change } = params;
  if (!isObject(change)) return notebook(params) ?? 'change must be an object';
  const cells = change['cells'] ?? {};
  if (!isObject(cells)) return 'change.cells must be an object';
  return (
    notebook(params) ??
    (cells['structure'] === undefined ? undefined : structure(cells['structure'])) ??
    optionalList(cells, 'data', isCell) ??
    optionalList(cells, 'textContent', isContent)
  );
}

const isContent = ({ document: textDocument, changes }: JsonObject) =>
  changed({ textDocument, contentChanges: changes }) === undefined;

function structure(value: unknown): string | undefined {
  const array = isObject(value) ? value['array'] : undefined;
  if (!isObject(value) || !isObject(array)) return 'structure.array must be an object';
  const whole = (key: string) => Number.isInteger(array[key]) && (array[key] as number) >= 0;
  if (!whole('start') || !whole('deleteCount')) return 'structure.array must have a start and a deleteCount';
  return (
    optionalList(array, 'cells', isCell) ??
    optionalList(value, 'didOpen', isItem) ??
    optionalList(value, 'didClose', isIdentifier)
  );
}

function optionalList(
  params: JsonObject,
  key: string,
  check: (item: JsonObject) => boolean,
): string | undefined {
  return params[key] === undefined || params[key] === null ? undefined : list(params, key, check);
}

/** Some old clients count no versions: null or absent is theirs to choose for changes. */
function version(value: unknown, optional: boolean): string | undefined {
  if (typeof value === 'number' || (optional && (value === undefined || value === null))) return undefined;
  return 'version must be a number';
}

function command(params: JsonObject): string | undefined {
  const given = params['arguments'];
  const listed = given === undefined || given === null || Array.isArray(given);
  return text(params, 'command') ?? (listed ? undefined : 'arguments must be a list');
}

function token(params: JsonObject): string | undefined {
  const given = params['token'];
  return typeof given === 'string' || typeof given === 'number'
    ? undefined
    : 'token must be a string or a number';
}

function folders(params: JsonObject): string | undefined {
  const event = params['event'];
  if (!isObject(event)) return 'event must be an object';
  const named = (folder: JsonObject) => typeof folder['uri'] === 'string';
  return list(event, 'added', named) ?? list(event, 'removed', named);
}

function list(params: JsonObject, key: string, check: (item: JsonObject) => boolean): string | undefined {
  const items = params[key];
  if (!Array.isArray(items)) return `${key} must be a list`;
  return items.every(item => isObject(item) && check(item))
    ? undefined
    : `an item of ${key} has the wrong shape`;
}
