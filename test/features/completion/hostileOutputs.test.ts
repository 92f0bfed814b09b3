/**
 * Hundreds of hostile model outputs in a dozen languages through the real pipeline: what reaches the buffer is code
 * of the place or nothing, and what was good in them is mostly kept.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Document } from '../../../server/base/document.ts';
import { defaultSettings } from '../../../server/config/settings.ts';
import type { Engine } from '../../../server/engines/engine.ts';
import { CompletionPipeline } from '../../../server/features/completion/pipeline.ts';
import type { Services } from '../../../server/features/services.ts';
import { createRedactor } from '../../../server/guard/redaction.ts';
import { hiddenCharacters } from '../../../server/guard/sanitise.ts';
import { findSecrets } from '../../../server/guard/secrets.ts';
import { type HostileOutput, hostileOutputs, type HostilePlace } from '../../support/hostileOutputs.ts';
import { HandClock, silentLog } from '../../support/plainServer.ts';

const file = new URL('../../fixtures/completion/hostile.json', import.meta.url);
const places = JSON.parse(readFileSync(file, 'utf8')) as HostilePlace[];
const never = new AbortController().signal;

/** Says one text in small pieces, and counts how much of it was taken. */
function speaker(text: string): Engine & { taken: number } {
  const engine = {
    name: 'hostile',
    origin: 'https://models.example.test',
    capabilities: { completes: true, chats: true, tools: false, contextTokens: 8192 },
    taken: 0,
    async *complete() {
      for (let at = 0; at < text.length; at += 7) {
        engine.taken = Math.min(text.length, at + 7);
        yield { type: 'text' as const, text: text.slice(at, at + 7) };
      }
      yield { type: 'done' as const, reason: 'stop' as const };
    },
    async *chat() {
      yield { type: 'done' as const, reason: 'stop' as const };
    },
    close: () => undefined,
  };
  return engine;
}

const silent = { ...speaker(''), name: 'embedded', origin: 'process' };

interface Shown {
  readonly text: string;
  readonly document: string;
  readonly taken: number;
}

async function show(place: HostilePlace, output: string): Promise<Shown> {
  const before = place.before.join('\n');
  const uri = `file:///w/${place.file}`;
  const document = new Document(uri, place.languageId, 1, before + place.after.join('\n'));
  const engine = speaker(output);
  const services = {
    settings: () => defaultSettings,
    documents: { get: () => document, all: () => [document], isDesynchronised: () => false },
    places: {
      folders: ['/w'],
      pathOf: () => `/w/${place.file}`,
      uriOf: () => uri,
      displayPath: () => place.file,
    },
    gate: () => ({
      checkDocument: async () => ({ allowed: true, place: 'workspace' }),
      check: async () => ({ allowed: true }),
    }),
    redactor: createRedactor(),
    analysis: { preflight: async () => ({ ok: true }) },
    router: { embedded: silent, choose: () => ({ engine }) },
    clock: new HandClock(),
    log: silentLog,
  } as unknown as Services;
  const pipeline = new CompletionPipeline(services);
  const position = { line: place.before.length - 1, character: (place.before.at(-1) as string).length };
  const query = { uri, position, trigger: 'explicit' as const, patience: 'until-done' as const };
  const [suggestion] = (await pipeline.complete(query, never)).suggestions;
  if (suggestion === undefined) return { text: '', document: document.getText(), taken: engine.taken };
  const { range, text } = suggestion;
  document.update([{ range, text }], 2);
  return { text, document: document.getText(), taken: engine.taken };
}

const count = (text: string, part: string): number => text.split(part).length - 1;

/** What must hold of anything that reaches a buffer; a reason when it does not. */
function harm(place: HostilePlace, { text, document }: Shown, kind: string): string | undefined {
  if (text === '') return undefined;
  const lines = text.split('\n');
  const checks: readonly (readonly [string, boolean])[] = [
    ['a fence', /^\s*(?:```|~~~)/m.test(text)],
    [
      'a control token',
      /<[|｜]\w|<fim|\[(?:PREFIX|SUFFIX|MIDDLE|INST)|<(?:PRE|SUF|MID|EOT)>|_of_turn>|<\[/.test(text),
    ],
    ['thoughts', /<\/?(?:think|thinking|reasoning)>/.test(text)],
    [
      'talk',
      /\b(?:Sure|Certainly|Explanation|sorry|As an AI|Hope this|Let me|Here is|Note that|Human:|User:|###)/.test(
        text,
      ),
    ],
    ['hidden characters', hiddenCharacters(text).length > 0 || text.includes('\r')],
    ['a secret', findSecrets(text).length > 0],
    ['a page, a patch or a trace', /<html|<!DOCTYPE|^diff --git|^@@ |Traceback|^>>> /m.test(text)],
    ['too many lines', lines.length > defaultSettings.completion.maxLines],
    [
      'a loop',
      lines.some((line, i) => i > 1 && /\w{2}/.test(line) && line === lines[i - 1] && line === lines[i - 2]),
    ],
    ['endless words', /(\b\w+ )\1{5}/.test(text)],
    ['blanks at line ends', lines.some(line => /\s$/.test(line))],
    [
      'a line from below twice',
      place.after.some(line => line.trim().length > 3 && count(document, line) > 1),
    ],
    [
      'a line from above twice',
      kind === 'echo' &&
        place.before
          .slice(0, -1)
          .some(
            line => line.trim().length > 6 && count(document, line) > count(place.before.join('\n'), line),
          ),
    ],
    [
      'brackets that close nothing',
      // In a shell a bracket may stand alone, so nothing counts them.
      place.languageId !== 'shellscript' && balance(document) < 0,
    ],
    ['nothing to see', !/[\p{L}\p{N}]/u.test(text)],
  ];
  return checks.find(([, broken]) => broken)?.[0];
}

/** Opened brackets less closed ones; below zero when something closes nothing. */
function balance(text: string): number {
  const code = text.replace(/"[^"\n]*"|'[^'\n]*'/g, '');
  return (
    count(code, '(') +
    count(code, '[') +
    count(code, '{') -
    count(code, ')') -
    count(code, ']') -
    count(code, '}')
  );
}

describe('hostile model outputs', () => {
  const byKind = new Map<string, { shown: number; savable: number }>();

  for (const place of places) {
    const outputs = hostileOutputs(place);
    it(`${place.languageId}: none of ${outputs.length} harms the buffer`, async () => {
      assert.ok(outputs.length >= 200);
      const harmed: string[] = [];
      for (const output of outputs) {
        const shown = await show(place, output.text);
        const why = harm(place, shown, output.kind);
        if (why !== undefined)
          harmed.push(
            `${output.kind}: ${why}\n${JSON.stringify(output.text.slice(0, 200))}\n→ ${JSON.stringify(shown.text)}`,
          );
        note(output, shown.document === place.before.join('\n') + place.good + place.after.join('\n'));
      }
      assert.deepEqual(harmed, []);
    });
  }

  function note({ kind, savable }: HostileOutput, isGood: boolean): void {
    if (!savable) return;
    const entry = byKind.get(kind) ?? { shown: 0, savable: 0 };
    byKind.set(kind, { shown: entry.shown + (isGood ? 1 : 0), savable: entry.savable + 1 });
  }

  it('keeps what was good in them, in nine of ten', () => {
    const kinds = [...byKind].map(([kind, { shown, savable }]) => `${kind} ${shown}/${savable}`);
    for (const [kind, { shown, savable }] of byKind)
      assert.ok(shown / savable >= 0.9, `${kind}: ${shown} of ${savable} (${kinds.join(', ')})`);
  });

  it('shows the good text alone as it is', async () => {
    for (const place of places)
      assert.equal((await show(place, place.good)).text, place.good, place.languageId);
  });

  it('does not listen to a loop to its end', async () => {
    const [place] = places as [HostilePlace];
    const endless = Array.from({ length: 1000 }, () => place.good).join('\n  ');
    assert.ok((await show(place, endless)).taken < 1000);
  });
});
