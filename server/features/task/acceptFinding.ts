/**
 * The person's word that a finding may be: a task that is meant to remove a test ends with it. The reason is typed in
 * place, stands in the evidence from then on, and counts for exactly the files as they are. It must not know menus.
 */
import { addLog, tickStep } from '../../agent/document/edits.ts';
import { harmlessLine } from '../../agent/document/harmless.ts';
import { editDocument } from '../../agent/tools/steer.ts';
import { adviceFor } from '../../agent/verify/words.ts';
import { ActionError } from '../actions/action.ts';
import type { Services } from '../services.ts';
import type { Decide } from './drive.ts';
import { findingLines, keyOfFinding } from './findings.ts';
import { markRejection, rejectionIn, unmarkRejection } from './rejection.ts';
import { keyOf, placesOf, readRecord, writeRecord } from './store.ts';

/** Accepts the finding of a line with the reason that is typed behind the mark; the first time the mark is made. */
export function accepting(line: number, { clock, files, places, tasks }: Services): Decide {
  return async run => {
    const at = placesOf(tasks.store, keyOf(await files.realPath(places.pathOf(run.uri) ?? '')));
    const record = await readRecord(files, at);
    const text = run.document.text();
    const finding = findingLines(text, record?.findings ?? []).get(line);
    if (record === undefined || finding === undefined)
      throw new ActionError('No finding of the last verification stands here. Put the cursor on its line.');
    const typed = rejectionIn(text, 'Evidence', 'accept');
    const reason = typed?.reason ?? '';
    if (reason === '') {
      if (typed === undefined)
        await editDocument(run.document, now => markRejection(now, 'Evidence', 'accept'));
      throw new ActionError(
        'Write why it may be so behind "> accept:" below "## Evidence", then accept the finding once more.',
      );
    }
    const accepted = [
      ...(record.accepted ?? []),
      { key: keyOfFinding(finding), reason: reason.slice(0, 200) },
    ];
    const rest = record.findings?.filter(each => each !== finding) ?? [];
    await writeRecord(files, at, { ...record, accepted, findings: rest });
    await editDocument(run.document, now => {
      const mark = rejectionIn(now, 'Evidence', 'accept');
      return mark === undefined ? [] : unmarkRejection(now, mark);
    });
    // What was to be done about it is done.
    const words = harmlessLine(adviceFor(finding));
    for (const { id, text: step, ticked } of run.task().steps) {
      if (id === undefined || ticked || step !== words) continue;
      await editDocument(run.document, now => tickStep(now, id, true));
      const time = new Date(clock.now()).toISOString().slice(11, 16);
      await editDocument(run.document, now => addLog(now, time, `${id} done: you accepted it: ${reason}`));
    }
    const { paused, phase } = await run.notice();
    if (paused || phase === 'blocked') await run.post({ type: 'resume' });
  };
}
