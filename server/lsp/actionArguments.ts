/**
 * Reads the arguments of an action's command. They come from the client, thus from anyone: every part is checked
 * and copied, nothing unknown is passed on. Keyboard-driven clients may send a URI and a position by hand.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Problem } from '../analysis/analysis.ts';
import type { Document } from '../base/document.ts';
import type { ActionArguments } from '../features/actions/action.ts';

const MAX_PROBLEMS = 50;
const MAX_TEXT = 4_000;
const MAX_CHOICE = 200;

/** The checked arguments, or what is wrong with them. */
export function readArguments(
  args: unknown,
  documentOf: (uri: string) => Document | undefined,
): ActionArguments | string {
  const first: unknown = Array.isArray(args) ? args[0] : undefined;
  if (!isRecord(first)) return 'its argument must be {uri, range}';
  const { uri, repair, problems, choice } = first;
  if (typeof uri !== 'string') return 'uri must be a string';
  const document = documentOf(uri);
  if (!document) return 'the document is not open';
  const place = first['range'] ?? emptyRange(first['position']);
  const range = readRange(place);
  if (!range) return 'range must be an LSP range';
  if (repair !== undefined && typeof repair !== 'string') return 'repair must be a string';
  if (choice !== undefined && typeof choice !== 'string') return 'choice must be a string';
  return {
    uri,
    range,
    ...(choice === undefined ? {} : { choice: choice.slice(0, MAX_CHOICE) }),
    ...(repair === undefined ? {} : { repair: repair.slice(0, MAX_TEXT) }),
    ...(Array.isArray(problems) ? { problems: problems.slice(0, MAX_PROBLEMS).flatMap(readProblem) } : {}),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readPosition(value: unknown): Position | undefined {
  if (!isRecord(value)) return undefined;
  const { line, character } = value;
  const whole = (n: unknown): n is number => typeof n === 'number' && Number.isInteger(n) && n >= 0;
  return whole(line) && whole(character) ? { line, character } : undefined;
}

export function readRange(value: unknown): Range | undefined {
  if (!isRecord(value)) return undefined;
  const start = readPosition(value['start']);
  const end = readPosition(value['end']);
  return start && end ? { start, end } : undefined;
}

function emptyRange(value: unknown): Range | undefined {
  const position = readPosition(value);
  return position && { start: position, end: position };
}

function readProblem(value: unknown): Problem[] {
  if (!isRecord(value)) return [];
  const range = readRange(value['range']);
  const { message, source, code } = value;
  if (!range || typeof message !== 'string') return [];
  return [
    {
      range,
      message: message.slice(0, MAX_TEXT),
      ...(typeof source === 'string' ? { source: source.slice(0, 100) } : {}),
      ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    },
  ];
}
