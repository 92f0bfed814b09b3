/**
 * Puts a written edit through the whole engine, as the actions do: parse, locate, checks, and the real pre-flight over
 * the text with its grammar.
 */
import { proposeFromReply } from '../../server/edits/propose.ts';
import { applyEdits } from '../../server/edits/lines.ts';
import { findSecrets } from '../../server/guard/secrets.ts';
import { Document } from '../../server/base/document.ts';
import { bench } from '../analysis/bench.ts';
import type { Call, Form } from './editForms.ts';

export interface Question {
  readonly path: string;
  readonly before: string;
  readonly form: Form;
  readonly reply: string;
  readonly calls: readonly Call[];
}

export type Verdict =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: string; readonly retry: string };

const IDS: Readonly<Record<string, string>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'typescriptreact',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  py: 'python',
  rs: 'rust',
  go: 'go',
  c: 'c',
  java: 'java',
  cs: 'csharp',
  md: 'markdown',
};

/** One analysis for all questions: loading grammars costs more than asking. */
const set = bench({});

export async function judge({ path, before, form, reply, calls }: Question): Promise<Verdict> {
  const uri = set.uri(path);
  const id = IDS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'plaintext';
  set.documents.set(uri, new Document(uri, id, 1, before));
  try {
    const proposal = await proposeFromReply({
      reply,
      calls,
      finished: true,
      wholeFiles: form === 'whole',
      documents: [{ uri, path, version: 1, text: before }],
      newFile: name => (name.includes('..') || name.startsWith('/') ? undefined : set.uri(name)),
      restore: text => ({ ok: true, text }),
      findSecrets,
      preflight: async (where, edits, signal) =>
        where === uri ? set.analysis.preflight(where, edits, signal) : { ok: true, problems: [] },
      signal: new AbortController().signal,
    });
    if (!proposal.ok) return proposal;
    const change = proposal.change.find(each => each.uri === uri);
    return { ok: true, text: change === undefined ? before : applyEdits(before, change.edits) };
  } finally {
    set.documents.delete(uri);
    set.analysis.documentClosed(uri);
  }
}
