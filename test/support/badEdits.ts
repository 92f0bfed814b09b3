/**
 * Edits that would do harm, made from good ones of real files: one class for each way in which models go wrong. A
 * class returns nothing where a file does not offer what it needs. Always the same for the same seed.
 */
import { below, type Change, commentLine, pick, type Random } from './editChanges.ts';
import {
  block,
  call,
  fenced,
  type Form,
  type Hunk,
  hunksOf,
  newText,
  prefixed,
  write,
  type Written,
} from './editForms.ts';

type Maker = (change: Change, random: Random) => Written | undefined;

const text = (form: Form, reply: string): Written => ({ form, reply, calls: [] });

/** One block of the change, damaged, among its whole ones. */
function damagedBlock(
  change: Change,
  random: Random,
  damage: (hunk: Hunk) => string | undefined,
): Written | undefined {
  const hunks = hunksOf(change, 1);
  const chosen = pick(random, hunks);
  const damaged = damage(chosen);
  if (damaged === undefined) return undefined;
  const blocks = hunks.map(hunk =>
    hunk === chosen ? damaged : block(change.path, hunk.search, hunk.replace),
  );
  return text('blocks', blocks.join('\n'));
}

const LEFT_OUT: readonly string[] = [
  '... existing code ...',
  '... rest of the code ...',
  'rest of the function unchanged',
  'The rest of the file remains the same',
  '... (unchanged)',
  '…',
  'existing code here',
  '... other methods ...',
  'remaining implementation unchanged',
  '[rest of the implementation]',
  '... keep existing code ...',
  'Keep the rest of the code as is',
  '... same as before ...',
  'code omitted for brevity',
  'previous code stays the same',
  '... snip ...',
  'rest of your code here',
  'unchanged',
];

/** New text of which some lines are a remark instead. */
function lazy(lines: readonly string[], path: string, random: Random): readonly string[] | undefined {
  if (lines.length < 6) return undefined;
  const from = 1 + below(random, lines.length - 4);
  const to = Math.min(lines.length - 1, from + 2 + below(random, 40));
  const indent = /^[ \t]*/.exec(lines[from] ?? '')?.[0] ?? '';
  return [...lines.slice(0, from), indent + commentLine(path, pick(random, LEFT_OUT)), ...lines.slice(to)];
}

const hidden = ['\u202e', '\u2066', '\u200b', '\u{e0041}', '\u2060', '\u202d'];

/** One line of the new ones, changed. */
function withLine(hunk: Hunk, random: Random, change: (line: string) => string): readonly string[] {
  const at = below(random, Math.max(1, hunk.replace.length));
  return hunk.replace.map((line, i) => (i === at ? change(line) : line));
}

function ungroundedLine(line: string): string | undefined {
  const word = /\b[A-Za-z]{4,}\b/.exec(line)?.[0];
  return word === undefined ? undefined : line.replace(word, `${word}Elsewhere`);
}

export const BAD: Readonly<Record<string, Maker>> = {
  'lazy block': (change, random) =>
    damagedBlock(change, random, hunk => {
      const replace = lazy(hunk.replace, change.path, random);
      return replace && block(change.path, hunk.search, replace);
    }),
  'lazy whole file': (change, random) => {
    const replace = lazy(newText(change).split('\n'), change.path, random);
    return replace && text('whole', `${change.path}\n${fenced(replace.join('\n'))}`);
  },
  'elided old text': (change, random) =>
    damagedBlock(change, random, hunk => {
      const search = lazy(hunk.search, change.path, random);
      return search && block(change.path, search, hunk.replace);
    }),
  'cut blocks': (change, random) => {
    const { reply } = write(change, 'blocks');
    const last = reply.lastIndexOf('<<<<<<< SEARCH');
    // Inside of the last block, so that it is open at the end.
    const to = last + 15 + below(random, Math.max(1, reply.lastIndexOf('>>>>>>>') - last - 15));
    return text('blocks', reply.slice(0, to));
  },
  'cut fences': (change, random) => {
    const { form, reply } = write(change, pick(random, ['whole', 'diff'] as const));
    return text(form, reply.slice(0, Math.floor(reply.length * (0.3 + random() * 0.6))));
  },
  'cut patch': (change, random) => {
    const { reply } = write(change, 'patch');
    return text('patch', reply.slice(0, Math.floor((reply.length - 16) * (0.3 + random() * 0.7))));
  },
  'end missing': change => {
    const lines = newText(change).split('\n');
    // More than a third of the old text goes, whatever was added to the rest.
    const from = Math.floor(change.lines.length * 0.6);
    const mark = change.lines.slice(from).find(line => lines.indexOf(line) === lines.lastIndexOf(line)) ?? '';
    const last = lines.indexOf(mark);
    return last <= 0
      ? undefined
      : text('whole', `${change.path}\n${fenced(lines.slice(0, last).join('\n'))}`);
  },
  'beginning missing': change => {
    const lines = newText(change).split('\n');
    return text('whole', `${change.path}\n${fenced(lines.slice(Math.floor(lines.length * 0.5)).join('\n'))}`);
  },
  'wrong file': (change, random) => {
    const path = pick(random, ['src/other.ts', '../../outside.py', '/etc/hosts', 'lib/unknown/name.go']);
    return write({ ...change, path }, pick(random, ['blocks', 'diff', 'patch', 'tools'] as const));
  },
  ungrounded: (change, random) => {
    const hunks = hunksOf(change, 2);
    const chosen = pick(random, hunks);
    const at = chosen.search.findIndex(line => ungroundedLine(line) !== undefined);
    if (at === -1) return undefined;
    const search = chosen.search.map((line, i) => (i === at ? (ungroundedLine(line) ?? line) : line));
    return text('blocks', block(change.path, search, chosen.replace));
  },
  'ungrounded diff': (change, random) => {
    const hunk = pick(random, hunksOf(change, 3));
    const lines = change.lines.map((line, i) => (i >= hunk.start ? (ungroundedLine(line) ?? line) : line));
    if (lines[hunk.start] === change.lines[hunk.start]) return undefined;
    const body = ['@@ -1,9 +1,9 @@', ...prefixed(hunk, lines)].join('\n');
    return text('diff', fenced(`--- a/${change.path}\n+++ b/${change.path}\n${body}`, 'diff'));
  },
  ambiguous: ({ path, lines }, random) => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    const several = lines.filter(line => line.trim() !== '' && (counts.get(line) ?? 0) > 1);
    if (several.length === 0) return undefined;
    const line = pick(random, several);
    const fresh = `${line} ${commentLine(path, 'changed')}`;
    if (random() < 0.3)
      return { form: 'tools', reply: '', calls: [call('1', 'edit_file', { path, old: line, new: fresh })] };
    return text('blocks', block(path, [line], [fresh]));
  },
  overlap: (change, random) => {
    const hunk = pick(random, hunksOf(change, 1));
    const other = hunk.replace.map(line =>
      line.trim() === '' ? line : `${line} ${commentLine(change.path, 'too')}`,
    );
    return text(
      'blocks',
      block(change.path, hunk.search, hunk.replace) + block(change.path, hunk.search, other),
    );
  },
  'no change': (change, random) => {
    const hunk = pick(random, hunksOf(change, 2));
    if (random() < 0.5) return text('whole', `${change.path}\n${fenced(change.lines.join('\n'))}`);
    return text('blocks', block(change.path, hunk.search, hunk.search));
  },
  'conflict markers': (change, random) => {
    const lines = newText(change).split('\n');
    const at = below(random, lines.length);
    const marked = [
      ...lines.slice(0, at),
      '<<<<<<< HEAD',
      'a',
      '=======',
      'b',
      '>>>>>>> main',
      ...lines.slice(at),
    ];
    return text('whole', `${change.path}\n${fenced(marked.join('\n'))}`);
  },
  'hidden characters': (change, random) =>
    damagedBlock(change, random, hunk =>
      block(
        change.path,
        hunk.search,
        withLine(hunk, random, line => `${line} ${commentLine(change.path, `x${pick(random, hidden)}y`)}`),
      ),
    ),
  secret: (change, random) => {
    const secret = [
      'gh',
      'p_',
      ...Array.from({ length: 36 }, () =>
        pick(random, 'abcdefghijkmnpqrstuvwxyzABCDEFGHJK23456789'.split('')),
      ),
    ].join('');
    return damagedBlock(change, random, hunk =>
      block(change.path, hunk.search, [...hunk.replace, commentLine(change.path, `token ${secret}`)]),
    );
  },
  'broken code': (change, random) => {
    if (!/\.(?:[cm]?[jt]sx?|py|rs|go|c|java|cs)$/.test(change.path)) return undefined;
    const lines = newText(change).split('\n');
    const closing = lines.flatMap((line, i) => (/^\s*[)\]}]+[;,)]*$/.test(line) ? [i] : []));
    if (closing.length === 0) return undefined;
    const at = pick(random, closing);
    return text('whole', `${change.path}\n${fenced(lines.filter((_, i) => i !== at).join('\n'))}`);
  },
  'malformed call': (change, random) => {
    const { calls } = write(change, 'tools');
    const [first] = calls;
    if (first === undefined) return undefined;
    const given = JSON.parse(first.arguments) as Record<string, unknown>;
    const bad = pick<readonly string[]>(random, [
      ['edit_file', first.arguments.slice(0, -2 - below(random, first.arguments.length - 3))],
      ['edit_file', JSON.stringify({ ...given, force: true })],
      ['edit_file', JSON.stringify({ ...given, new: undefined })],
      ['edit_file', JSON.stringify({ ...given, old: [given['old']] })],
      ['edit_file', first.arguments.replace('{', '{"__proto__":{"path":"x"},')],
      ['edit_file', JSON.stringify([given])],
      ['edit_file', `${first.arguments}${first.arguments}`],
      ['delete_file', JSON.stringify({ path: change.path })],
      ['create_file', JSON.stringify({ path: change.path, text: 'x' })],
      ['edit_file', JSON.stringify({ ...given, path: '' })],
      ['toString', first.arguments],
      ['edit_file', 'null'],
    ]);
    const damaged = { id: first.id, name: bad[0] ?? '', arguments: bad[1] ?? '' };
    return { form: 'tools', reply: '', calls: [...calls.slice(1), damaged] };
  },
  'deletes or moves': ({ path, lines }, random) => {
    const first = lines.find(line => line.trim() !== '') ?? '';
    return pick(random, [
      text('patch', `*** Begin Patch\n*** Delete File: ${path}\n*** End Patch\n`),
      text(
        'patch',
        `*** Begin Patch\n*** Update File: ${path}\n*** Move to: x.ts\n@@\n-${first}\n+y\n*** End Patch\n`,
      ),
      text('diff', `--- a/${path}\n+++ /dev/null\n@@ -1 +0,0 @@\n-${first}\n`),
      text(
        'diff',
        `diff --git a/${path} b/x.ts\nrename from ${path}\nrename to x.ts\n--- a/${path}\n+++ b/x.ts\n@@ -1 +1 @@\n-${first}\n+y\n`,
      ),
    ]);
  },
  'broken block': (change, random) => {
    const hunk = pick(random, hunksOf(change, 1));
    const good = block(change.path, hunk.search, hunk.replace);
    return text(
      'blocks',
      pick(random, [
        good.replace('\n=======\n', '\n'),
        good.replace('\n=======\n', '\n=======\nx\n=======\n'),
        good.replace('>>>>>>> REPLACE', '<<<<<<< SEARCH'),
        good.replace('<<<<<<< SEARCH\n', ''),
        good + good.replace('<<<<<<< SEARCH\n', ''),
      ]),
    );
  },
  'no edit': (change, random) =>
    text(
      'blocks',
      pick(random, ['', 'I cannot do that.', fenced(change.lines.slice(0, 20).join('\n')), '   \n']),
    ),
  'half a character': (change, random) =>
    damagedBlock(change, random, hunk =>
      block(
        change.path,
        hunk.search,
        withLine(hunk, random, line => `${line} ${commentLine(change.path, '\ud83d')}`),
      ),
    ),
};
