/**
 * A change-set document made: a diff that `git apply` and editors read, below comments that say what it is. What such
 * a document could not carry byte by byte is refused instead of shown almost right. Pure.
 */
import { createHash } from 'node:crypto';
import { plainLine } from '../../guard/sanitise.ts';
import { unifiedDiff } from '../unifiedDiff.ts';
import { fileLine, quoted } from './paths.ts';
import { placeAll, textOf } from './place.ts';
import { readChangeSet } from './read.ts';
import { applyEdits } from '../lines.ts';

/** A file before and after; null: there is none. With `from` it is renamed too, and `before` is that file's text. */
export interface ChangedFile {
  /** Relative to the workspace folder, with `/`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly from?: string;
}

export interface NewChangeSet {
  /** What it does, in a few words. */
  readonly title: string;
  /** Who made it: a model's name. */
  readonly origin: string;
  /** What it was made against, for the person; a commit for example. */
  readonly base: string;
  readonly files: readonly ChangedFile[];
  /** Further `# key: value` lines; keys in lower case. One line each. */
  readonly extras?: Readonly<Record<string, string>>;
}

export type Written =
  | { readonly ok: true; readonly text: string }
  /** `why` is for the person. */
  | { readonly ok: false; readonly why: string };

/** Key of the title, which in the header is read in lower case. */
export const TITLE = 'Change-set by Codriver';
const NONE = '0'.repeat(40);
const HELP = [
  'Nothing below is in your files yet. Code actions accept or reject the hunk at the cursor, a file, or all.',
  'Lines with "+" may be edited before. To say why you reject a hunk, write a line above its @@ that begins with',
  '"# reject:" and goes on with the reason; then "Try again with the reasons" asks for another one.',
  'Without Codriver: git apply FILE',
];

/** The name git gives to a text: SHA-1 of a blob. */
export function blobHash(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export function writeChangeSet({ title, origin, base, files, extras = {} }: NewChangeSet): Written {
  const keys = Object.entries({ [TITLE]: title, by: origin, base, ...extras });
  const head = keys.map(([key, value]) => `# ${key}: ${plainLine(value, 2_000)}\n`);
  const sections = writeFiles(files);
  if (!sections.ok) return sections;
  const text = `${head.join('')}#\n${HELP.map(line => `# ${line}\n`).join('')}#\n${sections.text}`;
  return { ok: true, text };
}

/** The diffs alone, each as a section of a document; refused unless every file comes out of its section as it should be. */
export function writeFiles(files: readonly ChangedFile[]): Written {
  const sections: string[] = [];
  for (const file of files) {
    if (file.before === file.after && file.from === undefined) continue;
    const section = sectionOf(file);
    const why = flaw(file, section);
    if (why !== undefined) return { ok: false, why: `${file.path} cannot be shown as a diff: ${why}` };
    sections.push(section);
  }
  if (sections.length === 0) return { ok: false, why: 'nothing is changed' };
  return { ok: true, text: sections.join('') };
}

function sectionOf({ path, before, after, from = path }: ChangedFile): string {
  const head = [
    `diff --git ${quoted(`a/${from}`)} ${quoted(`b/${path}`)}`,
    ...(before === null ? ['new file mode 100644'] : []),
    ...(after === null ? ['deleted file mode 100644'] : []),
    ...(from === path ? [] : [`rename from ${quoted(from)}`, `rename to ${quoted(path)}`]),
    `index ${before === null ? NONE : blobHash(before)}..${after === null ? NONE : blobHash(after)}`,
  ];
  const diff = unifiedDiff('', before ?? '', after ?? '');
  if (diff === '') return `${head.join('\n')}\n`;
  const names = [
    before === null ? '--- /dev/null' : fileLine('---', `a/${from}`),
    after === null ? '+++ /dev/null' : fileLine('+++', `b/${path}`),
  ];
  return `${[...head, ...names].join('\n')}\n${diff.slice(diff.indexOf('@@'))}`;
}

/** What gets lost on the way through the document. */
function flaw({ path, before, after, from }: ChangedFile, section: string): string | undefined {
  if ((before ?? '').includes('\0') || (after ?? '').includes('\0')) return 'it is no text';
  const [file, ...more] = readChangeSet(section).files;
  const isPlain = !/\p{C}/u.test(`${path}${from ?? ''}`);
  const isSame = isPlain && file?.path === path && more.length === 0 && file.from === (from ?? path);
  if (!file || !isSame) return 'its name has characters that a diff cannot hold';
  if (file.kind === 'create') return textOf(file) === after ? undefined : ENDS;
  if (file.kind === 'delete') return textOf(file, '-') === before ? undefined : ENDS;
  const placed = placeAll(file.hunks, before ?? '', before ?? '');
  const isWhole = placed.refused.length === 0 && applyEdits(before ?? '', placed.edits) === after;
  return isWhole ? undefined : ENDS;
}

const ENDS = 'it changes line ends that a diff cannot hold';
