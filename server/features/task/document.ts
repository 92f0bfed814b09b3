/**
 * A task's document as the person has it: the editor's text where it is open, else the file. Every edit is versioned,
 * so that what is typed meanwhile is never overwritten. It must not know what is written into it.
 */
import { applyEdits } from '../../edits/lines.ts';
import type { TaskDocument } from '../../agent/ports.ts';
import type { Services } from '../services.ts';
import { currentText } from '../changes/images.ts';

/** How long an editor may take to tell of a change that it has applied, in steps of ms. */
const STEP_MS = 50;
const STEPS = 40;

type Ports = Pick<Services, 'clock' | 'documents' | 'files' | 'host' | 'places'>;

/** Undefined where the document cannot be read. */
export async function taskDocument(uri: string, services: Ports): Promise<TaskDocument | undefined> {
  const { clock, documents, host } = services;
  const first = await currentText(uri, services);
  if (typeof first !== 'object' || first === null) return undefined;
  /** What it holds as far as is known, where it is not open. */
  let known = first.text;
  const pause = () => new Promise<void>(resolve => void clock.after(STEP_MS, resolve));

  function text(): string {
    const open = documents.isDesynchronised(uri) ? undefined : documents.get(uri);
    if (open) known = open.getText();
    return known;
  }

  /** The editor tells of the change that it has taken; until then its text is older than what we know. */
  async function told(wanted: string, version: number | null): Promise<void> {
    for (let i = 0; i < STEPS; i++) {
      const open = documents.get(uri);
      const now = open ? undefined : await currentText(uri, services);
      if (open ? open.version !== version : typeof now === 'object' && now?.text === wanted) break;
      await pause();
    }
    known = documents.get(uri)?.getText() ?? wanted;
  }

  return {
    text,
    async edit(edits) {
      const before = text();
      const version = documents.get(uri)?.version ?? null;
      if (version === null) {
        const now = await currentText(uri, services);
        if (typeof now !== 'object' || now === null || now.text !== before || now.version !== null) {
          if (typeof now === 'object' && now !== null) known = now.text;
          await pause();
          return false;
        }
      }
      const change = { uri, version, edits };
      const outcome = await host.apply({ label: 'Codriver: task', documents: [change] });
      if (!outcome.applied) {
        await pause();
        return false;
      }
      await told(applyEdits(before, edits), version);
      return true;
    },
  };
}
