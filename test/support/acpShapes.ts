/**
 * What the Agent Client Protocol, version 1, lets an agent send, for a client that believes nothing: every message is
 * tried against these shapes, and against the protocol's own JSON Schema where its package is installed or
 * CODRIVER_ACP_SCHEMA names the file. It must not know the code that it judges.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { against, type Schema } from './jsonSchema.ts';

const text = z.strictObject({ type: z.literal('text'), text: z.string() });
const absolute = z.string().regex(/^\//);
const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('content'), content: text }),
  z.strictObject({
    type: z.literal('diff'),
    path: absolute,
    oldText: z.string().optional(),
    newText: z.string(),
  }),
]);
const toolFields = {
  kind: z
    .enum(['read', 'edit', 'delete', 'move', 'search', 'execute', 'think', 'fetch', 'switch_mode', 'other'])
    .optional(),
  status: z.enum(['pending', 'in_progress', 'completed', 'failed']).optional(),
  content: z.array(content).optional(),
  locations: z.array(z.strictObject({ path: absolute, line: z.number().int().min(1).optional() })).optional(),
};
const callUpdate = { toolCallId: z.string().min(1), title: z.string().min(1).optional(), ...toolFields };
const chunk = (name: string) => z.strictObject({ sessionUpdate: z.literal(name), content: text });
const update = z.discriminatedUnion('sessionUpdate', [
  chunk('user_message_chunk'),
  chunk('agent_message_chunk'),
  chunk('agent_thought_chunk'),
  z.strictObject({
    sessionUpdate: z.literal('tool_call'),
    toolCallId: z.string().min(1),
    title: z.string().min(1),
    ...toolFields,
  }),
  z.strictObject({ sessionUpdate: z.literal('tool_call_update'), ...callUpdate }),
  z.strictObject({
    sessionUpdate: z.literal('plan'),
    entries: z.array(
      z.strictObject({
        content: z.string(),
        priority: z.enum(['high', 'medium', 'low']),
        status: z.enum(['pending', 'in_progress', 'completed']),
      }),
    ),
  }),
  z.strictObject({ sessionUpdate: z.literal('current_mode_update'), currentModeId: z.string() }),
  z.strictObject({
    sessionUpdate: z.literal('available_commands_update'),
    availableCommands: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  }),
]);
const modes = z.strictObject({
  currentModeId: z.string(),
  availableModes: z.array(z.strictObject({ id: z.string(), name: z.string(), description: z.string() })),
});

/** Parameters of what the agent sends; the name of its schema is the protocol's own. */
const SENT: Readonly<Record<string, { readonly shape: z.ZodType; readonly name: string }>> = {
  'session/update': {
    shape: z.strictObject({ sessionId: z.string().min(1), update }),
    name: 'SessionNotification',
  },
  'session/request_permission': {
    shape: z.strictObject({
      sessionId: z.string().min(1),
      toolCall: z.strictObject(callUpdate),
      options: z
        .array(
          z.strictObject({
            optionId: z.string().min(1),
            name: z.string().min(1),
            kind: z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always']),
          }),
        )
        .min(1),
    }),
    name: 'RequestPermissionRequest',
  },
  'fs/read_text_file': {
    shape: z.strictObject({ sessionId: z.string(), path: absolute }),
    name: 'ReadTextFileRequest',
  },
  'fs/write_text_file': {
    shape: z.strictObject({ sessionId: z.string(), path: absolute, content: z.string() }),
    name: 'WriteTextFileRequest',
  },
  '$/cancel_request': {
    shape: z.strictObject({ requestId: z.number() }),
    name: 'CancelRequestNotification',
  },
};

/** Results, by the method that was asked. */
const ANSWERED: typeof SENT = {
  initialize: {
    shape: z.strictObject({
      protocolVersion: z.literal(1),
      agentCapabilities: z.strictObject({
        loadSession: z.literal(true),
        promptCapabilities: z.record(z.string(), z.boolean()),
        mcpCapabilities: z.record(z.string(), z.boolean()),
        sessionCapabilities: z.record(z.string(), z.object({})),
      }),
      agentInfo: z.strictObject({ name: z.string(), title: z.string(), version: z.string() }),
      authMethods: z.array(z.never()),
    }),
    name: 'InitializeResponse',
  },
  'session/new': {
    shape: z.strictObject({ sessionId: z.string().min(1), modes }),
    name: 'NewSessionResponse',
  },
  'session/load': { shape: z.strictObject({ modes }), name: 'LoadSessionResponse' },
  'session/prompt': {
    shape: z.strictObject({
      stopReason: z.enum(['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled']),
    }),
    name: 'PromptResponse',
  },
  'session/set_mode': { shape: z.strictObject({}), name: 'SetSessionModeResponse' },
  'session/close': { shape: z.strictObject({}), name: 'CloseSessionResponse' },
  authenticate: { shape: z.strictObject({}), name: 'AuthenticateResponse' },
};

/** What is wrong with parameters that the agent sent, or a result that it gave; undefined: nothing. */
export function faultOf(side: 'sent' | 'answered', method: string, value: unknown): string | undefined {
  const known = (side === 'sent' ? SENT : ANSWERED)[method];
  if (known === undefined) return `${method} is nothing that may be ${side}`;
  const parsed = known.shape.safeParse(value);
  if (!parsed.success) return `${method}: ${parsed.error.message}`;
  const definitions = protocolSchema();
  const schema = definitions?.[known.name];
  if (definitions === undefined || schema === undefined) return undefined;
  const why = against(schema, value, definitions);
  return why === undefined ? undefined : `${method} by the protocol's schema: ${why}`;
}

let loaded: Readonly<Record<string, Schema>> | false | undefined;

/** Definitions of the protocol's own schema; undefined where it is not on this machine. */
export function protocolSchema(): Readonly<Record<string, Schema>> | undefined {
  loaded ??= load();
  return loaded === false ? undefined : loaded;
}

function load(): Readonly<Record<string, Schema>> | false {
  try {
    const file =
      process.env['CODRIVER_ACP_SCHEMA'] ??
      createRequire(import.meta.url).resolve('@agentclientprotocol/sdk/schema/v1/schema.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { $defs: Readonly<Record<string, Schema>> }).$defs;
  } catch {
    return false;
  }
}
