/**
 * What a setup intends, as data, and the means that several editors share: a block between markers that is renewed
 * in place, and files that are Codriver's own. It must not write anything.
 */
import type { CliContext } from '../context.ts';

/** New content of a file, or why it is better left to the person. */
export type Edited = { readonly text: string } | { readonly refuse: string };

export interface PlannedFile {
  /** Absolute path, which need not exist. */
  readonly path: string;
  /** What is printed without --write: Codriver's part alone. */
  readonly snippet: string;
  /** The whole file with Codriver's part; `current` is undefined where there is no file yet. */
  edit(current: string | undefined): Edited;
}

export interface SetupPlan {
  readonly files: readonly PlannedFile[];
  /** What the person should know or do, one sentence each. */
  readonly notes: readonly string[];
}

/** How one editor is set up. `command` is the argv that starts the server. */
export type Planner = (context: CliContext, command: readonly string[]) => Promise<SetupPlan>;

const startWords = '>>> codriver (written by "codriver setup"; renewed by it)';
const endWords = '<<< codriver';

/** Puts `block` between markers, at the place of an earlier one or at the end; the rest stays byte for byte. */
export function upsertBlock(current: string | undefined, comment: string, block: string): Edited {
  const start = `${comment} ${startWords}`;
  const end = `${comment} ${endWords}`;
  const eol = current?.includes('\r\n') === true ? '\r\n' : '\n';
  const marked = `${start}\n${block.trimEnd()}\n${end}\n`.replaceAll('\n', eol);
  if (current === undefined || current === '') return { text: marked };
  const from = current.indexOf(start);
  if (from < 0) {
    const gap = current.endsWith('\n') ? eol : eol + eol;
    return { text: current + gap + marked };
  }
  const to = current.indexOf(end, from);
  if (to < 0)
    return { refuse: `The line "${end}" is missing after "${start}". Put it back, or remove both.` };
  return { text: current.slice(0, from) + marked + current.slice(to + end.length).replace(/^\r?\n/, '') };
}

/** The text with the marked block made blank: what the person wrote, at the offsets it has in the file. */
export function blankBlock(current: string, comment: string): string {
  const from = current.indexOf(`${comment} ${startWords}`);
  const end = `${comment} ${endWords}`;
  const to = from < 0 ? -1 : current.indexOf(end, from);
  if (to < 0) return current;
  const block = current.slice(from, to + end.length);
  return current.slice(0, from) + block.replace(/[^\r\n]/g, ' ') + current.slice(to + end.length);
}

/** A file that is Codriver's as a whole; one of the same name that a person wrote is left alone. */
export function ownFile(comment: string, content: string): Pick<PlannedFile, 'snippet' | 'edit'> {
  const header = `${comment} Written by "codriver setup", which renews it; remove this line to keep your own version.\n`;
  const text = header + content;
  return {
    snippet: text,
    edit: current =>
      current === undefined || current.startsWith(header.trimEnd())
        ? { text }
        : { refuse: 'The file exists and was not written by setup. Compare it with what setup prints.' },
  };
}

/** A text in double quotes as Lua, Emacs Lisp, TOML, Vim script and JSON all read it. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
