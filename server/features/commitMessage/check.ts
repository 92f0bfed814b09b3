/**
 * Reads a model's answer as a commit message: without fences and chatter, wrapped, and with nothing in it that only
 * a person or a tracker can say. Pure; it must not know engines.
 */
import { hiddenCharacters } from '../../guard/sanitise.ts';
import type { Message } from './compose.ts';

export interface Claims {
  /** Begins the subject; kept letter by letter. */
  readonly typed: string;
  /** What a line of the message must not begin with; empty: anything goes. */
  readonly comment: string;
  /** Text in which ids of trackers may be found: branch, diff, what is typed. */
  readonly known: string;
  readonly most: number;
}

export type Checked =
  | { readonly ok: true; readonly message: Message }
  /** `why` tells the model what to do better. */
  | { readonly ok: false; readonly why: string };

const MAX_BODY_LINES = 60;
const WIDTH = 72;
const CHATTER =
  /^(?:here(?:'s| is| are)\b|sure[,!.]|certainly\b|of course\b|okay[,!.]|below is\b|the commit message\b|commit message:?\s*$|subject:\s*$|note:|this commit message\b|let me know\b|i hope\b|feel free\b)/i;
const SIGNED =
  /^(?:co-authored-by|signed-off-by|reviewed-by|acked-by|tested-by|reported-by|suggested-by|change-id|generated[- ](?:by|with)|assisted-by|🤖)/i;
const IDS = /\b[A-Z][A-Z0-9]{1,9}-\d+\b|(?<![\w&])#\d+\b|\bGH-\d+\b/g;
/** Names of standards and encodings, which look like ids. */
const NO_IDS =
  /^(?:UTF|ISO|SHA|RFC|CVE|CWE|MD|AES|RSA|HTTP|TLS|ES|IPV|UTC|GMT|COVID|BASE|LATIN|WINDOWS|X)-\d+$/;

export function checkReply(reply: string, claims: Claims): Checked {
  if (hiddenCharacters(reply).length > 0) return { ok: false, why: 'It holds invisible characters.' };
  const lines = unwrapped(reply);
  if (lines.some(line => /^(?:diff --git |<<<<<<<|>>>>>>>|@@ )/.test(line)))
    return { ok: false, why: 'Write the message alone, without any diff.' };
  const [first = '', ...rest] = lines;
  const subject = withTyped(cleanSubject(first), claims.typed);
  if (subject === undefined)
    return { ok: false, why: `The first line must begin with exactly "${claims.typed}".` };
  if (subject.trim() === '') return { ok: false, why: 'The first line must be the subject.' };
  if (subject.length > claims.most)
    return {
      ok: false,
      why: `The first line has ${subject.length} characters; it must have at most ${claims.most}.`,
    };
  const body = rest.filter(line => !SIGNED.test(line.trim()) && !CHATTER.test(line.trim()));
  const message = { subject, body: wrapped(body.slice(0, MAX_BODY_LINES), claims.comment) };
  const invented = inventedIds(`${message.subject}\n${message.body}`, claims);
  if (invented.length > 0)
    return { ok: false, why: `${invented.join(', ')} occurs nowhere in the change. Leave such ids out.` };
  if (claims.comment !== '' && subject.startsWith(claims.comment))
    return {
      ok: false,
      why: `The first line must not begin with "${claims.comment}", which marks comments.`,
    };
  return { ok: true, message };
}

/** The answer's lines without what models put around a message. */
function unwrapped(reply: string): string[] {
  let text = reply
    .replaceAll('\r\n', '\n')
    .replace(/<think>[\s\S]*?<\/think>/g, '')
    .trim();
  const fence = /(?:^|\n)(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n\1(?:\n|$)/.exec(text);
  // A fence around the whole, or after a sentence that announces it.
  if (fence && (fence.index === 0 || /^[^\n]*[:.!]\s*$/.test(text.slice(0, fence.index))))
    text = (fence[2] as string).trim();
  const lines = text.split('\n').map(line => line.trimEnd());
  while (lines.length > 0 && (lines[0] === '' || CHATTER.test(lines[0] as string))) lines.shift();
  while (lines.length > 0 && (lines.at(-1) === '' || CHATTER.test(lines.at(-1) as string))) lines.pop();
  return lines;
}

function cleanSubject(line: string): string {
  const bare = line
    .replace(/^(?:subject|commit message|title):\s*/i, '')
    .replace(/^#+\s+/, '')
    .replace(/^\*\*(.+)\*\*$/, '$1')
    .trim();
  const quoted = /^(["'`])(.+)\1$/.exec(bare);
  return quoted && !(quoted[2] as string).includes(quoted[1] as string) ? (quoted[2] as string) : bare;
}

/** What was typed stays as it is; the model goes on from there, or says it again. */
function withTyped(subject: string, typed: string): string | undefined {
  if (typed === '') return subject;
  if (subject.startsWith(typed)) return subject;
  if (subject.toLowerCase().startsWith(typed.toLowerCase())) return typed + subject.slice(typed.length);
  return subject.toLowerCase().startsWith(typed.trim().toLowerCase())
    ? typed.trim() + subject.slice(typed.trim().length)
    : undefined;
}

function inventedIds(text: string, { known, typed }: Claims): readonly string[] {
  const said = `${known}\n${typed}`.toLowerCase();
  return [...new Set(text.match(IDS) ?? [])].filter(
    id => !NO_IDS.test(id) && !said.includes(id.toLowerCase()),
  );
}

/** Paragraphs and lists at 72 columns; code and quoted lines stay. */
function wrapped(lines: readonly string[], comment: string): string {
  const out: string[] = [];
  let inFence = false;
  for (const raw of lines) {
    if (/^\s*(?:`{3,}|~{3,})/.test(raw)) {
      inFence = !inFence;
      continue;
    }
    // Git would take such a line for a comment and drop it.
    const line = comment !== '' && raw.startsWith(comment) ? raw.replace(/^\S+\s*/, '') || '' : raw;
    if (inFence || line.length <= WIDTH || /^(?:\s{4}|\t|>|\|)/.test(line)) {
      out.push(inFence ? `    ${line}` : line);
      continue;
    }
    const [, lead = '', text = ''] = /^(\s*(?:[-*+]|\d+[.)])?\s*)(.*)$/.exec(line) ?? [];
    const indent = ' '.repeat(lead.length);
    let current = lead;
    for (const word of text.split(/\s+/)) {
      const empty = current.trim() === '' || current === lead;
      if (!empty && `${current} ${word}`.length > WIDTH) {
        out.push(current);
        current = indent + word;
      } else current = empty ? current + word : `${current} ${word}`;
    }
    out.push(current);
  }
  return out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
