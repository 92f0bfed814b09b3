/**
 * A commit message by a model: prompt → whole answer → check, with one more try when the answer does not fit. It must
 * not know the buffer's edits or who asked.
 */
import type { Progress } from '../../base/host.ts';
import type { ChatMessage, Engine } from '../../engines/engine.ts';
import type { FileDiff } from '../../git/parseDiff.ts';
import { commitPrompt } from '../../prompts/commitMessage.ts';
import { retryPrompt } from '../../prompts/retry.ts';
import { ActionError } from '../actions/action.ts';
import { chat } from '../actions/askModel.ts';
import type { Services } from '../services.ts';
import type { Message } from './compose.ts';
import type { Situation } from './situation.ts';

const MAX_TOKENS = 800;
/** Share of an engine's room for the prompt, and most of it. */
const PROMPT_SHARE = 0.6;
const MAX_PROMPT_TOKENS = 12_000;
const EXAMPLES = 12;
/** A file with more changed lines than this is told by its counts and its first hunks. */
const HUNKS_PER_FILE = 8;
const MOST = 72;

export async function modelMessage(
  services: Services,
  situation: Situation,
  typed: string,
  engine: Engine,
  progress: Progress,
): Promise<Message> {
  const { redactor } = services;
  const budget = Math.min(MAX_PROMPT_TOKENS, Math.floor(engine.capabilities.contextTokens * PROMPT_SHARE));
  const messages = promptOf(services, situation, typed, budget);
  const known = [
    situation.branch ?? '',
    ...situation.files.flatMap(({ path, hunks }) => [path, ...hunks.flatMap(({ lines }) => lines)]),
  ].join('\n');
  const claims = { typed, comment: situation.buffer.comment, known, most: Math.max(MOST, typed.length + 20) };
  const check = (reply: string) => {
    const restored = redactor.restore(reply);
    // A message is public: what stands for a secret must not be in it at all.
    if (!restored.ok || restored.text !== reply)
      return { ok: false, why: 'Leave names like CODRIVER_SECRET_1 out.' } as const;
    return situation.offline.checkReply(reply, claims);
  };
  let asked: readonly ChatMessage[] = messages;
  for (let tries = 0; ; tries++) {
    const { text } = await chat(engine, asked, MAX_TOKENS, progress);
    const checked = check(text);
    if (checked.ok) return checked.message;
    if (tries > 0) throw new ActionError(`${engine.name} wrote no usable commit message: ${checked.why}`);
    asked = retryPrompt({
      messages,
      reply: redactor.redact(text),
      error: redactor.redact(checked.why),
      budget,
    });
  }
}

function promptOf(
  { redactor }: Services,
  { files, withheld, style, branch }: Situation,
  typed: string,
  budget: number,
): readonly ChatMessage[] {
  const left = new Map(withheld.map(({ path, why }) => [path, why]));
  return commitPrompt({
    files: files.map(file => redactor.redact(fileLine(file, left.get(file.path)))),
    hunks: hunksOf(files).map(({ path, text }) => ({
      path: redactor.redact(path),
      text: redactor.redact(text),
    })),
    style: styleRules(style).map(rule => redactor.redact(rule)),
    examples: examplesOf(style, files).map(subject => redactor.redact(subject)),
    ...(branch ? { branch: redactor.redact(branch) } : {}),
    ...(typed ? { typed: redactor.redact(typed) } : {}),
    limit: MOST,
    budget,
  });
}

function fileLine(file: FileDiff, withheld: string | undefined): string {
  const from = file.oldPath ? ` from ${file.oldPath}` : '';
  const counts = file.binary
    ? ' (binary)'
    : file.added + file.removed > 0
      ? ` (+${file.added} -${file.removed})`
      : '';
  return `${file.status} ${file.path}${from}${counts}${withheld ? ` [contents left out: ${withheld}]` : ''}`;
}

/** Hunk by hunk over all files, so that a budget cuts the later hunks of each before the whole of any. */
function hunksOf(files: readonly FileDiff[]): readonly { readonly path: string; readonly text: string }[] {
  const found: { path: string; text: string }[] = [];
  for (let at = 0; at < HUNKS_PER_FILE; at++) {
    for (const { path, hunks } of files) {
      const hunk = hunks[at];
      if (hunk) found.push({ path, text: [`@@ ${hunk.heading}`.trim(), ...hunk.lines].join('\n') });
    }
  }
  return found;
}

function styleRules(style: Situation['style']): readonly string[] {
  if (style.commits === 0) return ['- Imperative mood, capital first letter, no period at the end.'];
  const { prefix, types, scopes, capital, period, mood, bodies, language } = style;
  const rules: string[] = [];
  const list = (items: readonly string[]) => items.slice(0, 8).join(', ');
  if (prefix === 'conventional') {
    const scoped =
      style.scoped >= 0.4 && scopes.length > 0
        ? `(scope): with scopes such as ${list(scopes)}`
        : ': without scope';
    rules.push(`- Conventional Commits: type${scoped}; types in use: ${list(types)}.`);
  } else if (prefix === 'area')
    rules.push(`- The subject begins with the area and a colon; areas in use: ${list(types)}.`);
  else if (prefix === 'bracket')
    rules.push(`- The subject begins with the area in brackets; in use: ${list(types)}.`);
  else if (prefix === 'emoji')
    rules.push(`- The subject begins with an emoji as its kind; in use: ${list(types)}.`);
  else rules.push('- No prefix before the subject.');
  const moods = { imperative: '"Add"', past: '"Added"', present: '"Adds"', gerund: '"Adding"' };
  rules.push(
    `- The verb is in the form of ${moods[mood]}, its first letter ${capital ? 'a capital' : 'small'}${period ? ', with a period at the end' : ', no period at the end'}.`,
  );
  rules.push(
    bodies >= 0.5
      ? '- A short body that says why, wrapped at 72 characters.'
      : '- Only the subject, unless the change needs an explanation.',
  );
  if (language !== 'English') rules.push(`- In ${language}.`);
  return rules;
}

/** Subjects of commits that touched the same files first, then the newest. */
function examplesOf(style: Situation['style'], files: readonly FileDiff[]): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  const near = style.past.filter(commit => commit.paths.some(path => paths.has(path)));
  return [...new Set([...near, ...style.past].map(({ subject }) => subject.slice(0, 120)))].slice(
    0,
    EXAMPLES,
  );
}
