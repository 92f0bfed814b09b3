/**
 * Reads the buffer in which a commit message is written: what is typed, what the version control says in comments,
 * and the diff below the scissors. Pure; it must not know git's commands or the editor.
 */
import type { DiffStatus } from '../../git/parseDiff.ts';

/** `git`, Jujutsu, Mercurial, or the input box of an editor, which holds nothing but the message. */
export type MessageSystem = 'git' | 'jj' | 'hg' | 'box';

export interface ListedFile {
  readonly status: DiffStatus;
  readonly path: string;
  readonly oldPath?: string;
}

export interface MessageBuffer {
  readonly system: MessageSystem;
  /** What a comment line begins with; empty: there are none. */
  readonly comment: string;
  /** The message's own lines end before this line. */
  readonly end: number;
  readonly subject: string;
  /** Between subject and trailers; empty: none. */
  readonly body: string;
  /** Lines such as `Signed-off-by: …` at the end, which are somebody's word and are kept. */
  readonly trailers: readonly string[];
  /**
   * `fresh`: nothing is typed. `written`: something is. `fixed`: made by a command (fixup, squash) and to be left
   * alone. `merge`: written by git for a merge. `combined`: several messages to be made into one.
   */
  readonly state: 'fresh' | 'written' | 'fixed' | 'merge' | 'combined';
  readonly branch?: string;
  /** What the comments say will be committed. */
  readonly files: readonly ListedFile[];
  /** The diff that the buffer holds itself (`git commit --verbose`). */
  readonly diff?: string;
}

const LANGUAGES: Readonly<Record<string, MessageSystem>> = {
  gitcommit: 'git',
  'git-commit': 'git',
  jjdescription: 'jj',
  'jj-commit': 'jj',
  hgcommit: 'hg',
  scminput: 'box',
};
/** Names that git gives to what it lets the person write. */
const GIT_FILES = /(?:^|[\\/])(?:COMMIT_EDITMSG|MERGE_MSG|SQUASH_MSG)$/;
const JJ_FILES = /\.jjdescription$/;
const HG_FILES = /(?:^|[\\/])hg-editor-[^\\/]*\.(?:commit\.hg\.)?txt$/;

/** Which system's message a document is; undefined: none. Editors differ in what they call it, or do not know it. */
export function messageSystem(uri: string, languageId: string): MessageSystem | undefined {
  if (uri.startsWith('vscode-scm:')) return 'box';
  const path = uri.replace(/[?#].*$/, '');
  if (GIT_FILES.test(path)) return 'git';
  if (JJ_FILES.test(path)) return 'jj';
  if (HG_FILES.test(path)) return 'hg';
  const known = LANGUAGES[languageId];
  // The same language serves tags, notes and branch descriptions, which hold no change.
  return known === 'git' && /(?:TAG_EDITMSG|NOTES_EDITMSG|EDIT_DESCRIPTION|git-rebase-todo)$/.test(path)
    ? undefined
    : known;
}

/** A diff is read to this length, in UTF-16 units. */
const MAX_DIFF = 4_000_000;
const SCISSORS = /^(\S{1,8}) -{24} >8 -{24}$/;
const LISTED = /^(\S{1,8})\t[^\t:]{3,40}: {2,}\S/;
const TRAILER = /^(?:[A-Za-z][A-Za-z0-9-]*-by|Change-Id|Cc|Fixes|Closes|Refs?|Bug|Issue|Link|See-also): \S/i;

export function readMessage(text: string, system: MessageSystem): MessageBuffer {
  const lines = text.split(/\r\n|\r|\n/);
  const comment = commentOf(lines, system);
  const isComment = (line: string) => comment !== '' && line.startsWith(comment);
  const scissors = lines.findIndex(line =>
    system === 'jj'
      ? line.startsWith('JJ: ignore-rest')
      : comment !== '' && SCISSORS.exec(line)?.[1] === comment,
  );
  const above = scissors < 0 ? lines : lines.slice(0, scissors);
  const first = above.findIndex(isComment);
  const end = first < 0 ? above.length : first;
  const own = above.slice(0, end).join('\n').trim();
  const rest =
    first < 0
      ? ''
      : above
          .slice(first)
          .filter(line => !isComment(line))
          .join('\n')
          .trim();
  const { subject, body, trailers } = parts(own);
  const comments = above.filter(isComment).map(line => line.slice(comment.length));
  const branch = branchOf(comments, system);
  const diff = scissors < 0 ? undefined : diffBelow(lines.slice(scissors + 1));
  return {
    system,
    comment,
    end,
    subject,
    body,
    trailers,
    state: stateOf(subject, body, rest),
    ...(branch ? { branch } : {}),
    files: listed(comments, system),
    ...(diff ? { diff } : {}),
  };
}

function stateOf(subject: string, body: string, rest: string): MessageBuffer['state'] {
  if (/^(?:fixup|squash|amend)! /.test(subject)) return 'fixed';
  if (/^Merge (?:branch|branches|tag|tags|commit|commits|remote-tracking|pull request|HEAD)\b/.test(subject))
    return 'merge';
  if (rest !== '') return 'combined';
  return subject === '' && body === '' ? 'fresh' : 'written';
}

/** Git's own sign wherever its lines show one, since the person may have chosen another. */
function commentOf(lines: readonly string[], system: MessageSystem): string {
  if (system === 'jj') return 'JJ:';
  if (system === 'hg') return 'HG:';
  if (system === 'box') return '';
  for (const line of lines) {
    const sign = SCISSORS.exec(line)?.[1] ?? LISTED.exec(line)?.[1];
    if (sign !== undefined) return sign;
  }
  return '#';
}

function parts(own: string): Pick<MessageBuffer, 'subject' | 'body' | 'trailers'> {
  const lines = own.split('\n');
  let from = lines.length;
  while (from > 0 && TRAILER.test(lines[from - 1] as string)) from--;
  // A paragraph of its own, or everything there is.
  const apart = from === 0 || lines[from - 1]?.trim() === '';
  const trailers = apart ? lines.slice(from) : [];
  const message = (apart ? lines.slice(0, from) : lines).join('\n').trim();
  const [subject = '', ...body] = message.split('\n');
  return { subject, body: body.join('\n').trim(), trailers };
}

function branchOf(comments: readonly string[], system: MessageSystem): string | undefined {
  const pattern = system === 'hg' ? /^ branch '?([^']+?)'?$/ : /^ On branch (\S+)$/;
  for (const line of comments) {
    const name = pattern.exec(line)?.[1];
    if (name) return name;
  }
  return undefined;
}

const WORDS: Readonly<Record<string, DiffStatus>> = {
  'new file': 'added',
  added: 'added',
  deleted: 'deleted',
  removed: 'deleted',
  renamed: 'renamed',
  copied: 'copied',
  a: 'added',
  d: 'deleted',
  r: 'renamed',
  c: 'copied',
};

function listed(comments: readonly string[], system: MessageSystem): readonly ListedFile[] {
  if (system === 'jj' || system === 'hg') return comments.flatMap(line => listedByWord(line));
  // The first section with entries, or the one git names in English; translations keep the order.
  const named = comments.findIndex(line => /^ Changes to be committed:$/.test(line));
  const from = named >= 0 ? named + 1 : comments.findIndex(line => /^\t[^\t:]+: {2,}/.test(line));
  const files: ListedFile[] = [];
  for (const line of from < 0 ? [] : comments.slice(from)) {
    const match = /^\t([^\t:]+): +(.+)$/.exec(line);
    if (!match) {
      if (/^\t|^ +\(/.test(line)) continue;
      break;
    }
    files.push(entry(WORDS[(match[1] as string).toLowerCase()] ?? 'modified', match[2] as string));
  }
  return files;
}

function listedByWord(line: string): ListedFile[] {
  const match = /^\s+(added|changed|modified|removed|[AMDRC]) (.+)$/.exec(line);
  if (!match) return [];
  return [entry(WORDS[(match[1] as string).toLowerCase()] ?? 'modified', match[2] as string)];
}

function entry(status: DiffStatus, name: string): ListedFile {
  const braces = /^(.*)\{(.*) => (.*)\}(.*)$/.exec(name);
  const [, before = '', from = '', to = '', after = ''] = braces ?? [];
  const moved: readonly [string, string] | undefined = braces
    ? [`${before}${from}${after}`.replace('//', '/'), `${before}${to}${after}`.replace('//', '/')]
    : / -> /.test(name)
      ? (name.split(' -> ', 2) as [string, string])
      : undefined;
  if (!moved) return { status, path: name };
  return { status: status === 'copied' ? 'copied' : 'renamed', path: moved[1], oldPath: moved[0] };
}

/** Up to where `git commit -v -v` goes on with what is not committed. */
function diffBelow(lines: readonly string[]): string | undefined {
  const start = lines.findIndex(line => line.startsWith('diff --git '));
  if (start < 0) return undefined;
  const end = lines.findIndex((line, i) => i > start && /^-{50}$/.test(line));
  return lines
    .slice(start, end < 0 ? undefined : end)
    .join('\n')
    .slice(0, MAX_DIFF);
}
