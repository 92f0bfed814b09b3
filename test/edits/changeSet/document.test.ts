/** Change-set documents: what is written is read again, byte by byte, also by git; and people may edit them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';
import { placeAll, placeHunk, textOf } from '../../../server/edits/changeSet/place.ts';
import {
  acceptedOf,
  markAccepted,
  markRejected,
  markUndecided,
  rejectedOf,
  type Target,
} from '../../../server/edits/changeSet/marks.ts';
import { type DiffFile, readChangeSet, undecided } from '../../../server/edits/changeSet/read.ts';
import { blobHash, type ChangedFile, writeChangeSet } from '../../../server/edits/changeSet/write.ts';

const apply = (text: string, edits: readonly TextEdit[]) =>
  TextDocument.applyEdits(TextDocument.create('', '', 0, text), [...edits]);

function write(...files: readonly ChangedFile[]): string {
  const written = writeChangeSet({ title: 'T', origin: 'a model', base: 'b', files });
  assert.ok(written.ok, written.ok ? '' : written.why);
  return written.text;
}

const refusal = (file: ChangedFile) => {
  const written = writeChangeSet({ title: 'T', origin: 'o', base: 'b', files: [file] });
  return written.ok ? '' : written.why;
};

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`);

/** A text with some lines taken away and some put in, as far as lines can differ. */
const line = fc.constantFrom(
  'a\n',
  'b\n',
  '\n',
  '-- x\n',
  '++ y\n',
  '@@ z\n',
  '# reject: no\n',
  'diff --git a b\n',
  ' c\n',
  '\\ No\n',
);
const text = (lines: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.array(lines, { maxLength: 30 }), fc.constantFrom('', 'end', '-- a'))
    .map(([all, end]) => all.join('') + end);
const crlf = line.map(each => each.replace('\n', '\r\n'));
const texts = fc.oneof(text(line), text(crlf), text(fc.oneof(line, crlf)));

describe('a change-set document', () => {
  it('gives every file back as it was made', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts), { minLength: 1, maxLength: 3 }), pairs => {
        const files = pairs
          .map(([before, after], i) => ({ path: `d/f ${i}.ts`, before, after }))
          .filter(({ before, after }) => before !== after);
        if (files.length === 0) return;
        const written = writeChangeSet({ title: 'T', origin: 'o', base: 'b', files });
        // Changes of line ends alone are the one thing that it cannot hold.
        if (!written.ok) return assert.match(written.why, /line ends/);
        const set = readChangeSet(written.text);
        assert.deepEqual(set.errors, []);
        assert.deepEqual(
          set.files.map(({ path, kind }) => [path, kind]),
          files.map(({ path }) => [path, 'change']),
        );
        for (const [i, { before, after }] of files.entries()) {
          const { hunks } = set.files[i] as DiffFile;
          const { edits, refused } = placeAll(hunks, before, before);
          assert.deepEqual(refused, []);
          assert.equal(apply(before, edits), after);
        }
      }),
      { numRuns: 600, seed: 5 },
    );
  });

  it('refuses only what a diff cannot hold, and says so', () => {
    const mixed = refusal({ path: 'a', before: 'a\r\nb\n', after: 'a\nb\n' });
    assert.match(mixed, /^a cannot be shown as a diff: it changes line ends/);
    assert.match(refusal({ path: 'a', before: 'a\n', after: 'a\0\n' }), /no text/);
    assert.match(refusal({ path: 'a\u0001\nb', before: 'a\n', after: 'b\n' }), /name/);
    assert.match(refusal({ path: 'a', before: 'a\n', after: 'a\n' }), /nothing is changed/);
    for (const [before, after] of [
      ['a\r\nb\r\n', 'a\r\nc\r\n'],
      ['a', 'b'],
      ['a', 'a\n'],
      ['a\nb\n', 'a\nb'],
      ['', 'x'],
      ['x', ''],
    ])
      assert.equal(refusal({ path: 'ü "q".ts', before: before ?? '', after: after ?? '' }), '');
  });

  it('holds new, deleted and renamed files', () => {
    const set = readChangeSet(
      write(
        { path: 'new.ts', before: null, after: 'a\r\nb' },
        { path: 'old.ts', before: 'x\ny\n', after: null },
        { path: 'to.ts', from: 'sub/from.ts', before: 'm\nn\n', after: 'm\nN\n' },
        { path: 'same.ts', from: 'moved.ts', before: 'm\n', after: 'm\n' },
      ),
    );
    const [made, gone, renamed, moved] = set.files as [DiffFile, DiffFile, DiffFile, DiffFile];
    assert.deepEqual([made.kind, textOf(made)], ['create', 'a\r\nb']);
    assert.deepEqual([gone.kind, gone.path, textOf(gone, '-')], ['delete', 'old.ts', 'x\ny\n']);
    assert.deepEqual([renamed.kind, renamed.from, renamed.path], ['rename', 'sub/from.ts', 'to.ts']);
    assert.deepEqual(
      [moved.kind, moved.from, moved.path, moved.hunks],
      ['rename', 'moved.ts', 'same.ts', []],
    );
  });

  it('is applied by git, with its comments, and is hashed as git hashes', function () {
    this.timeout(10_000);
    const git = (cwd: string, args: readonly string[], input?: string) =>
      spawnSync('git', args, { cwd, encoding: 'utf8', ...(input === undefined ? {} : { input }) });
    const folder = mkdtempSync(join(tmpdir(), 'codriver-changeset-'));
    try {
      const lines = numbered(60);
      const files: readonly ChangedFile[] = [
        { path: 'a b/c.ts', before: lines.join(''), after: lines.with(3, 'three\n').with(50, '').join('') },
        { path: 'win.txt', before: 'a\r\nb\r\n', after: 'a\r\nB\r\n' },
        { path: 'end.txt', before: 'a\nb', after: 'a\nb\n' },
        { path: 'new/ü.txt', before: null, after: 'new' },
        { path: 'gone.txt', before: 'gone\n', after: null },
        { path: 'to.txt', from: 'from.txt', before: 'm\nn\no\np\n', after: 'm\nN\no\np\n' },
      ];
      for (const { path, from = path, before } of files) {
        if (before === null) continue;
        mkdirSync(dirname(join(folder, from)), { recursive: true });
        writeFileSync(join(folder, from), before);
      }
      assert.equal(
        git(folder, ['hash-object', '--stdin', '--no-filters'], 'x\n').stdout.trim(),
        blobHash('x\n'),
      );
      const document = write(...files);
      writeFileSync(join(folder, 'set.changes.diff'), document);
      const made = git(folder, [
        '-c',
        'core.autocrlf=false',
        'apply',
        '--whitespace=nowarn',
        'set.changes.diff',
      ]);
      assert.equal(made.status, 0, made.stderr);
      for (const { path, from, after } of files) {
        if (after === null) assert.ok(!existsSync(join(folder, path)));
        else assert.equal(readFileSync(join(folder, path), 'utf8'), after, path);
        if (from !== undefined) assert.ok(!existsSync(join(folder, from)));
      }
      // What is left after a part was accepted is for git too, with the person's own edit of another part.
      const set = readChangeSet(document);
      const [first, second] = (set.files[0] as DiffFile).hunks;
      assert.ok(first && second);
      const edited = document.replace('-line 50\n', '-line 50\n+mine\n+also mine\n');
      const targets = readChangeSet(edited).files.flatMap(file =>
        file.path === 'a b/c.ts' ? [{ file, hunk: file.hunks[0] }] : [{ file, hunk: undefined }],
      );
      writeFileSync(join(folder, 'rest.changes.diff'), apply(edited, markAccepted(edited, targets, 'c1')));
      writeFileSync(join(folder, 'a b/c.ts'), lines.with(3, 'three\n').join(''));
      const rest = git(folder, ['apply', 'rest.changes.diff']);
      assert.equal(rest.status, 0, rest.stderr);
      assert.match(readFileSync(join(folder, 'a b/c.ts'), 'utf8'), /line 49\nmine\nalso mine\nline 51\n/);
      assert.equal(git(folder, ['apply', '--check', '-R', 'rest.changes.diff']).status, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('where a hunk goes', () => {
  const lines = numbered(30);
  const before = lines.join('');
  const after = lines.with(10, 'TEN\n').join('');
  const hunk = () => undecided(readChangeSet(write({ path: 'f', before, after })))[0]?.hunk ?? assert.fail();
  const rows: readonly [name: string, current: string, known: boolean, expected: string | RegExp][] = [
    ['above is typed', `new\n${before}`, true, `new\n${after}`],
    ['above is typed, the base forgotten', `new\n${before}`, false, `new\n${after}`],
    [
      'in its context is typed',
      before.replace('line 8\n', 'line 8!\n'),
      true,
      after.replace('line 8\n', 'line 8!\n'),
    ],
    [
      'in its context is typed, the base forgotten',
      before.replace('line 8\n', 'line 8!\n'),
      false,
      /not in the file any more/,
    ],
    ['in its lines is typed', before.replace('line 10\n', 'line 10!\n'), true, /not in the file any more/],
    ['it is there already', after, false, /has these lines already/],
    ['it is there already, the base known', after, true, /has these lines already/],
    ['its lines are there twice', before + before, false, /2 places/],
    ['its lines are there twice, the base known', `${before}--\n${before}`, true, /2 places/],
    ['line ends are others', before.replaceAll('\n', '\r\n'), false, after.replaceAll('\n', '\r\n')],
    [
      'blanks at line ends are others',
      before.replace('line 9\n', 'line 9  \n'),
      false,
      after.replace('line 9\n', 'line 9  \n'),
    ],
    ['the file is empty', '', false, /not in the file any more/],
  ];
  for (const [name, current, known, expected] of rows) {
    it(name, () => {
      const placed = placeHunk(hunk(), current, known ? before : undefined);
      if (typeof expected === 'string') {
        assert.ok(placed.ok, placed.ok ? '' : placed.why);
        assert.equal(apply(current, placed.edits), expected);
      } else assert.match(placed.ok ? apply(current, placed.edits) : placed.why, expected);
    });
  }

  it('is never a copy of the place that was changed by hand', () => {
    const block = 'x\ny\nz\nQ\nx2\ny2\nz2\n';
    const base = `${block}--\n${block}`;
    const made = base.replace('Q', 'R');
    const [only] = undecided(readChangeSet(write({ path: 'f', before: base, after: made })));
    const typed = base.replace('Q', 'mine');
    const placed = placeHunk(only?.hunk ?? assert.fail(), typed, base);
    assert.ok(!placed.ok);
  });
});

describe('a change-set that a person edits', () => {
  const before = numbered(60).join('');
  const after = before
    .replace('line 5\n', 'FIVE\n')
    .replace('line 30\n', '')
    .replace('line 50\n', 'line 50\nmore\n');
  const document = write({ path: 'f.ts', before, after }, { path: 'n.ts', before: null, after: 'n\n' });
  const targets = (of: string): readonly Target[] => undecided(readChangeSet(of));

  it('takes its own "+" lines, whatever the counts say', () => {
    const edited = document.replace('+FIVE\n', '+FIVE\n+AND A HALF\n').replace('+more\n', '');
    const set = readChangeSet(edited);
    assert.deepEqual(set.errors, []);
    const placed = placeAll((set.files[0] as DiffFile).hunks, before, before);
    assert.deepEqual(
      placed.refused.map(({ why }) => why),
      ['it changes nothing'],
    );
    assert.match(apply(before, placed.edits), /line 4\nFIVE\nAND A HALF\nline 6\n/);
  });

  it('is rejected by a comment, also a longer one and one of its own hand', () => {
    const head = document.indexOf('@@ -');
    const byHand = `${document.slice(0, head)}#reject: too loud,\n# and in capitals\n${document.slice(head)}`;
    const [first, ...more] = rejectedOf(byHand);
    assert.equal(first?.reason, 'too loud, and in capitals');
    assert.match(first?.hunk ?? '', /^@@ [^]*\+FIVE/);
    assert.deepEqual(more, []);
    assert.equal(undecided(readChangeSet(byHand)).length, 3);
    const lost = readChangeSet(`${document}# reject: of nothing\n`);
    assert.deepEqual(
      lost.errors.map(({ message }) => message.slice(0, 19)),
      ['Nothing is rejected'],
    );
    assert.equal(readChangeSet(`${document}what?\n`).errors.length, 1);
  });

  it('rejects and forgets it without a trace', () => {
    for (const target of targets(document)) {
      const rejected = apply(document, markRejected(document, [target]));
      assert.equal(rejectedOf(rejected).length, 1);
      const set = readChangeSet(rejected);
      const again = set.files
        .flatMap(file => file.hunks.map(hunk => ({ file, hunk })))
        .filter(({ hunk }) => hunk.rejected !== undefined);
      assert.equal(apply(rejected, markUndecided(rejected, again)), document);
    }
    const whole = readChangeSet(document).files[1] as DiffFile;
    const rejected = apply(document, markRejected(document, [{ file: whole, hunk: undefined }]));
    assert.match(rejected, /\n# reject: \ndiff --git a\/n\.ts/);
    assert.deepEqual(
      rejectedOf(rejected).map(({ path }) => path),
      ['n.ts'],
    );
  });

  it('remembers what was accepted and keeps the rest as it was', () => {
    const [first, second, third, made] = targets(document) as [Target, Target, Target, Target];
    let text = apply(document, markAccepted(document, [second], 'c1'));
    assert.deepEqual(acceptedOf(text), [{ path: 'f.ts', added: 0, removed: 1, change: 'c1' }]);
    assert.deepEqual(
      targets(text).map(({ hunk }) => hunk?.lines),
      [first, third, made].map(({ hunk }) => hunk?.lines),
    );
    text = apply(text, markAccepted(text, targets(text), 'c2'));
    assert.deepEqual(readChangeSet(text).files, []);
    assert.deepEqual(readChangeSet(text).errors, []);
    assert.deepEqual(
      acceptedOf(text).map(({ path, change }) => [path, change]),
      [
        ['f.ts', 'c2'],
        ['n.ts', 'c2'],
        ['f.ts', 'c1'],
      ],
    );
  });

  it('survives any random text, and the loss of blanks at line ends', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 30 }), lines => {
        const set = readChangeSet(lines.join(''));
        for (const target of undecided(set)) markAccepted(lines.join(''), [target], 'c1');
      }),
      { numRuns: 500 },
    );
    const blank = { path: 'f', before: 'a\n\nb\n\nc\n', after: 'a\n\nB\n\nc\n' };
    const stripped = write(blank).replace(/[ \t]+$/gm, '');
    const [only] = undecided(readChangeSet(stripped));
    const placed = placeHunk(only?.hunk ?? assert.fail(), blank.before);
    assert.ok(placed.ok);
    assert.equal(apply(blank.before, placed.edits), blank.after);
  });
});
