/**
 * Asking a model for an edit: the form its name calls for, its whole answer with the calls of tools, and the way back
 * to it when the edit does not fit. A cut answer never gets further than this. It must not know where edits go.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import { formFor } from '../../edits/form.ts';
import type { ToolCall } from '../../edits/toolCalls.ts';
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import { EDIT_TOOL_SPECS, inForm, type PromptForm } from '../../prompts/editForms.ts';
import { retryPrompt } from '../../prompts/retry.ts';
import type { Services } from '../services.ts';
import { type ActionArguments, ActionError } from './action.ts';

/** Tokens an edit may have. */
const MAX_EDIT_TOKENS = 4_000;
/** Most UTF-16 units of a text that is written anew as a whole: what fits into an answer with room to grow. */
const MAX_REWRITE = 10_000;
/** Share of an engine's room that a text may take if it is to come back whole. */
const REWRITE_SHARE = 0.2;
const CHARACTERS_PER_TOKEN = 4;

export interface EditReply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

/** What is asked for: `range` is set where one block that replaces it is the answer. */
export interface EditQuestion {
  readonly messages: readonly ChatMessage[];
  readonly form: PromptForm;
}

/** The form for one edit, and the lines that it may be about as a whole. */
export interface ChosenForm {
  readonly form: PromptForm;
  readonly range?: Range;
}

/** Throws an `ActionError` where a selection that must be written anew is too long to come back whole. */
export async function chooseForm(
  services: Pick<Services, 'analysis' | 'settings'>,
  document: Document,
  target: ActionArguments,
  engine: Engine,
  replacesRange: boolean,
  signal: AbortSignal,
): Promise<ChosenForm> {
  const most = mostRewritten(engine);
  if (replacesRange) {
    const length = lengthOf(document, target.range);
    if (length > most) {
      const lines = target.range.end.line - target.range.start.line + 1;
      throw new ActionError(
        `These ${lines} lines are too long for ${engine.name} to write anew at once. Select a smaller part and try again.`,
      );
    }
    return { form: 'range', range: target.range };
  }
  const setting = services.settings().edits.format;
  const form = setting === 'auto' ? formFor(modelOf(engine)) : setting;
  if (form === 'tools' && !engine.capabilities.tools) return { form: 'blocks' };
  if (form !== 'whole' || document.length <= most) return { form };
  const { uri } = document;
  const declaration = await services.analysis.declarationAt(uri, target.range, signal).catch(() => undefined);
  const range = declaration?.range;
  const holds = range !== undefined && contains(range, target.range) && lengthOf(document, range) <= most;
  return holds ? { form: 'range', range } : { form: 'blocks' };
}

/** The messages in that form; a prompt with a form of its own keeps it. */
export function question(messages: readonly ChatMessage[], form: PromptForm): EditQuestion {
  if (form === 'blocks') return { messages, form };
  const changed = inForm(messages, form);
  return changed === undefined ? { messages, form: 'blocks' } : { messages: changed, form };
}

function mostRewritten(engine: Engine): number {
  const room = engine.capabilities.contextTokens * REWRITE_SHARE * CHARACTERS_PER_TOKEN;
  return Math.min(MAX_REWRITE, Math.floor(room));
}

/** `openai qwen2.5-coder` → `qwen2.5-coder`. */
function modelOf({ name }: Engine): string {
  return name.slice(name.indexOf(' ') + 1);
}

function lengthOf(document: Document, { start, end }: Range): number {
  return document.offsetAt(end) - document.offsetAt(start);
}

function contains(outer: Range, inner: Range): boolean {
  return outer.start.line <= inner.start.line && outer.end.line >= inner.end.line;
}

/** Reads an answer to its end; whatever is not a whole answer is an `ActionError` with words for the person. */
export async function askForEdit(
  engine: Engine,
  { messages, form }: EditQuestion,
  progress: Progress,
): Promise<EditReply> {
  progress.report(`asking ${engine.name}`);
  const tools = form === 'tools' ? { tools: EDIT_TOOL_SPECS } : {};
  const calls: ToolCall[] = [];
  let text = '';
  for await (const event of engine.chat(
    { messages, maxTokens: MAX_EDIT_TOKENS, ...tools },
    progress.signal,
  )) {
    if (event.type === 'text') text += event.text;
    else if (event.type === 'tool-call') calls.push(event);
    else if (event.type === 'error') throw new ActionError(event.error.message);
    else if (event.type === 'aborted') throw new ActionError('Cancelled.');
    else if (event.type === 'done') {
      if (event.reason === 'length') {
        throw new ActionError(
          `${engine.name} ran out of room before it was done, so its edit was not used. Ask for a smaller change, or select less.`,
        );
      }
      if (event.reason === 'refusal' || event.reason === 'content-filter') {
        throw new ActionError(`${engine.name} refused to answer.`);
      }
      if (text.trim() === '' && calls.length === 0) {
        throw new ActionError(`${engine.name} gave an empty answer.`);
      }
      return { text, calls };
    }
  }
  throw new ActionError(`${engine.name} ended without an answer.`);
}

/**
 * The same question with the refused answer and the reason. Calls of tools go back by name only: what was malformed
 * is not shown to the model as if it had been a call.
 */
export function questionAgain(
  { redactor }: Pick<Services, 'redactor'>,
  asked: EditQuestion,
  reply: EditReply,
  error: string,
  budget: number,
): EditQuestion {
  const said =
    reply.calls.length > 0 ? `${reply.text}\n[${reply.calls.length} tool calls]`.trim() : reply.text;
  const messages = retryPrompt({
    messages: asked.messages,
    reply: redactor.redact(said),
    error: redactor.redact(error),
    budget,
  });
  return { messages, form: asked.form };
}

/** Whether two answers say the same, so that asking on is of no use. */
export function sameReply(a: EditReply, b: EditReply): boolean {
  const calls = (reply: EditReply) => JSON.stringify(reply.calls.map(call => [call.name, call.arguments]));
  return a.text === b.text && calls(a) === calls(b);
}
