/**
 * Whole outputs of which a prompt shows head and tail, with a pointer to the rest. Pointers are read by the tool that
 * reads files. It must not know whose outputs they are.
 */
import { posix } from 'node:path';
import { snapToCodePoint } from '../base/text.ts';
import type { Files } from '../base/ports.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import type { Outputs } from './ports.ts';

/** Most that is kept of one output, in UTF-16 units. */
const MOST_KEPT = 4 * 1024 * 1024;
/** The tail of an output tells more than its head: that is where it failed. */
const HEAD_SHARE = 0.35;
const ID = /^o\d{1,6}$/;

/** Outputs as private files of the task's own folder. */
export function folderOutputs(files: Files, folder: string): Outputs {
  let next: Promise<number> | undefined;

  async function highest(): Promise<number> {
    const names = await files.list(folder).catch(() => []);
    return Math.max(0, ...names.map(({ name }) => Number(/^o(\d{1,6})\.txt$/.exec(name)?.[1] ?? 0)));
  }

  return {
    async keep(text) {
      next = (next ?? highest()).then(number => number + 1);
      const id = `o${await next}`;
      await files.writePrivate(posix.join(folder, `${id}.txt`), text.slice(0, MOST_KEPT));
      return id;
    },
    async read(id) {
      if (!ID.test(id)) return undefined;
      const found = await files.readText(posix.join(folder, `${id}.txt`), 4 * MOST_KEPT);
      return found.ok ? found.text : undefined;
    },
  };
}

/**
 * The text where it is short enough, else its head and tail with a pointer to the whole. Redacted before it is cut,
 * so that no cut can halve a secret and let its halves through.
 */
export async function bounded(
  text: string,
  redact: (text: string) => Redacted,
  most: number,
  outputs: Outputs,
): Promise<Redacted> {
  const whole = redact(text);
  if (whole.length <= most) return whole;
  const id = redact(await outputs.keep(text));
  const raw = whole.text;
  const head = snapToCodePoint(raw, Math.floor(most * HEAD_SHARE));
  const tail = snapToCodePoint(raw, raw.length - Math.floor(most * (1 - HEAD_SHARE)));
  const lines = raw.split('\n').length;
  return redacted`${whole.slice(0, head)}\n[cut: ${tail - head} of ${raw.length} characters left out; all ${lines} lines: read output:${id}]\n${whole.slice(tail)}`;
}
