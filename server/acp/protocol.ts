/**
 * The words of the Agent Client Protocol, version 1, that Codriver uses: what goes out as types, what comes in as
 * readers that say what is wrong. Written after https://agentclientprotocol.com/protocol/v1. It must not know tasks.
 */
import { isAbsolute } from 'node:path';
import { isObject, type JsonObject, RpcCode, RpcError } from './rpc.ts';

export const PROTOCOL_VERSION = 1;
/** UTF-16 units of one prompt, with the texts that it carries. */
const MOST_PROMPT = 500_000;

export type TextBlock = { readonly type: 'text'; readonly text: string };

export type ToolKind = 'read' | 'edit' | 'delete' | 'move' | 'search' | 'execute' | 'think' | 'other';
export type ToolStatus = 'pending' | 'in_progress' | 'completed' | 'failed';

export type ToolContent =
  | { readonly type: 'content'; readonly content: TextBlock }
  /** `path` is absolute; no `oldText`: the file is new. */
  | { readonly type: 'diff'; readonly path: string; readonly oldText?: string; readonly newText: string };

export interface ToolFields {
  readonly title?: string;
  readonly kind?: ToolKind;
  readonly status?: ToolStatus;
  readonly content?: readonly ToolContent[];
  /** Absolute paths; lines from 1. */
  readonly locations?: readonly { readonly path: string; readonly line?: number }[];
}

export interface PlanEntry {
  readonly content: string;
  readonly priority: 'high' | 'medium' | 'low';
  readonly status: 'pending' | 'in_progress' | 'completed';
}

export type SessionUpdate =
  | {
      readonly sessionUpdate: 'user_message_chunk' | 'agent_message_chunk' | 'agent_thought_chunk';
      readonly content: TextBlock;
    }
  | ({
      readonly sessionUpdate: 'tool_call';
      readonly toolCallId: string;
      readonly title: string;
    } & ToolFields)
  | ({ readonly sessionUpdate: 'tool_call_update'; readonly toolCallId: string } & ToolFields)
  | { readonly sessionUpdate: 'plan'; readonly entries: readonly PlanEntry[] }
  | { readonly sessionUpdate: 'current_mode_update'; readonly currentModeId: string }
  | {
      readonly sessionUpdate: 'available_commands_update';
      readonly availableCommands: readonly { readonly name: string; readonly description: string }[];
    };

export type StopReason = 'end_turn' | 'max_turn_requests' | 'cancelled';

export interface PermissionOption {
  readonly optionId: string;
  readonly name: string;
  readonly kind: 'allow_once' | 'allow_always' | 'reject_once' | 'reject_always';
}

export interface ClientCan {
  readonly readFiles: boolean;
  readonly writeFiles: boolean;
}

/** A prompt: what the person wrote, and the files that they pointed at, as URIs with what the client shows of them. */
export interface Prompt {
  readonly text: string;
  readonly files: readonly { readonly uri: string; readonly text?: string }[];
}

function bad(what: string): never {
  throw new RpcError(RpcCode.invalidParams, what);
}

function objectOf(value: unknown, what: string): JsonObject {
  return isObject(value) ? value : bad(`${what} must be an object.`);
}

function textOf(value: unknown, what: string): string {
  return typeof value === 'string' ? value : bad(`${what} must be a text.`);
}

/** What the client can, where it says so in a way that can be understood; else it cannot. */
export function readInitialize(params: unknown): ClientCan {
  const { clientCapabilities, protocolVersion } = objectOf(params, 'params');
  if (typeof protocolVersion !== 'number' || !Number.isInteger(protocolVersion) || protocolVersion < 0)
    bad('protocolVersion must be a whole number.');
  const fs = isObject(clientCapabilities) ? clientCapabilities['fs'] : undefined;
  const can = (name: string): boolean => isObject(fs) && fs[name] === true;
  return { readFiles: can('readTextFile'), writeFiles: can('writeTextFile') };
}

export function readFolder(params: unknown): string {
  const cwd = textOf(objectOf(params, 'params')['cwd'], 'cwd');
  return isAbsolute(cwd) && !cwd.includes('\0') ? cwd : bad('cwd must be an absolute path.');
}

export function readSessionId(params: unknown): string {
  return textOf(objectOf(params, 'params')['sessionId'], 'sessionId');
}

export function readModeId(params: unknown): string {
  return textOf(objectOf(params, 'params')['modeId'], 'modeId');
}

/** Text, links and embedded texts; what is none of them was not promised to be understood. */
export function readPrompt(params: unknown): Prompt {
  const { prompt } = objectOf(params, 'params');
  if (!Array.isArray(prompt)) return bad('prompt must be a list of content blocks.');
  const texts: string[] = [];
  const files: { uri: string; text?: string }[] = [];
  for (const [i, each] of prompt.entries()) {
    const block = objectOf(each, `prompt[${i}]`);
    switch (block['type']) {
      case 'text':
        texts.push(textOf(block['text'], `prompt[${i}].text`));
        break;
      case 'resource_link':
        files.push({ uri: textOf(block['uri'], `prompt[${i}].uri`) });
        break;
      case 'resource': {
        const resource = objectOf(block['resource'], `prompt[${i}].resource`);
        const uri = textOf(resource['uri'], `prompt[${i}].resource.uri`);
        const { text } = resource;
        files.push(typeof text === 'string' ? { uri, text } : { uri });
        break;
      }
      default:
        bad(`prompt[${i}] is neither text nor a resource; nothing else is understood here.`);
    }
  }
  const length = [...texts, ...files.map(({ text }) => text ?? '')].reduce(
    (sum, { length: each }) => sum + each,
    0,
  );
  if (length > MOST_PROMPT) bad(`A prompt holds at most ${MOST_PROMPT} characters. Point at files instead.`);
  return { text: texts.join('').trim(), files };
}

/** The option that the person chose; undefined where they chose none, or one that was not offered. */
export function readOutcome<T extends PermissionOption>(
  answer: unknown,
  options: readonly T[],
): T | undefined {
  const outcome = isObject(answer) ? answer['outcome'] : undefined;
  if (!isObject(outcome) || outcome['outcome'] !== 'selected') return undefined;
  return options.find(({ optionId }) => optionId === outcome['optionId']);
}
