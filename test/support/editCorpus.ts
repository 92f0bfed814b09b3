/**
 * The corpora of edits: large valid ones in every form, and bad ones of every class, over real files. The judge's
 * verdict on each is compared with what must be.
 */
import { BAD } from './badEdits.ts';
import { type Change, makeChange, pick, type RawFile } from './editChanges.ts';
import { FORMS, write } from './editForms.ts';
import { judge, type Verdict } from './editJudge.ts';
import { seeded } from './syntheticSecrets.ts';

export interface Judged {
  /** The form of a valid edit, the class of a bad one. */
  readonly kind: string;
  readonly path: string;
  readonly reply: string;
  readonly right: boolean;
  readonly verdict: Verdict;
}

/** `count` large valid edits; right where exactly the meant text comes out. */
export async function judgeValid(
  files: readonly RawFile[],
  count: number,
  seed = 1,
): Promise<readonly Judged[]> {
  const random = seeded(seed);
  const judged: Judged[] = [];
  for (let tries = 0; judged.length < count && tries < count * 40; tries++) {
    const change = makeChange(pick(random, files), random);
    const form = FORMS[judged.length % FORMS.length];
    if (change === undefined || form === undefined || !isOwn(change)) continue;
    const written = write(change, form, random);
    const verdict = await judge({ path: change.path, before: change.before, ...written });
    const right = verdict.ok && verdict.text === change.after;
    judged.push({ kind: form, path: change.path, reply: told(written), right, verdict });
  }
  return judged;
}

/** `count` bad edits, as many of each class as can be; right where refused. */
export async function judgeBad(
  files: readonly RawFile[],
  count: number,
  seed = 1,
): Promise<readonly Judged[]> {
  const random = seeded(seed);
  const makers = Object.entries(BAD);
  const judged: Judged[] = [];
  for (let tries = 0; judged.length < count && tries < count * 60; tries++) {
    const [kind, make] = makers[judged.length % makers.length] ?? [];
    const change = makeChange(pick(random, files), random, 8);
    if (kind === undefined || make === undefined || change === undefined || !isOwn(change)) continue;
    const written = make(change, random);
    if (written === undefined) continue;
    const verdict = await judge({ path: change.path, before: change.before, ...written });
    judged.push({ kind, path: change.path, reply: told(written), right: !verdict.ok, verdict });
  }
  return judged;
}

function told(written: { readonly reply: string; readonly calls: readonly unknown[] }): string {
  return written.calls.length > 0 ? JSON.stringify(written.calls) : written.reply;
}

/** Files that hold the words of edit formats cannot be told from them, as files about edits do. */
function isOwn({ before, after }: Change): boolean {
  return before !== after && !/^(?:<{5,}|={5,}|>{5,}|@@|\*{3} |[-+]{3} |diff --git)/m.test(before);
}
