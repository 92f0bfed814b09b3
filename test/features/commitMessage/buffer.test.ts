/** Message buffers as git, Jujutsu and Mercurial write them, and documents that are none. */
import assert from 'node:assert/strict';
import { messageSystem, readMessage } from '../../../server/features/commitMessage/buffer.ts';

const list = (comment: string) =>
  [
    ` Please enter the commit message for your changes. Lines starting`,
    ``,
    ` On branch feature/abc-12`,
    ` Changes to be committed:`,
    `\tmodified:   lib/a file.ts`,
    `\tnew file:   b.ts`,
    `\trenamed:    old.ts -> lib/new.ts`,
    `\tdeleted:    gone.ts`,
    ``,
    ` Changes not staged for commit:`,
    `\tmodified:   other.ts`,
    ``,
    ` Untracked files:`,
    `\tnotes.txt`,
  ]
    .map(line => comment + line)
    .join('\n');
const files = [
  { status: 'modified', path: 'lib/a file.ts' },
  { status: 'added', path: 'b.ts' },
  { status: 'renamed', path: 'lib/new.ts', oldPath: 'old.ts' },
  { status: 'deleted', path: 'gone.ts' },
];
const scissors = (comment: string) => `${comment} ------------------------ >8 ------------------------`;
const diff = 'diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b';

describe('the buffer of a commit message', () => {
  it('is told by its name or by what the editor calls it', () => {
    const rows: readonly (readonly [uri: string, languageId: string, system: string | undefined])[] = [
      ['file:///r/.git/COMMIT_EDITMSG', 'gitcommit', 'git'],
      ['file:///r/.git/COMMIT_EDITMSG', 'git-commit', 'git'],
      ['file:///r/.git/COMMIT_EDITMSG', 'plaintext', 'git'],
      ['file:///r/.git/worktrees/w/COMMIT_EDITMSG', 'text', 'git'],
      ['file:///r/.git/MERGE_MSG', 'git-commit', 'git'],
      ['file:///C%3A/r/.git/COMMIT_EDITMSG', '', 'git'],
      ['file:///tmp/editor-a1.jjdescription', 'jjdescription', 'jj'],
      ['file:///tmp/hg-editor-x.commit.hg.txt', 'hgcommit', 'hg'],
      ['vscode-scm:git/scm0/input?rootUri%3Dfile%3A%2F%2F%2Fr', 'scminput', 'box'],
      ['file:///r/.git/TAG_EDITMSG', 'gitcommit', undefined],
      ['file:///r/.git/NOTES_EDITMSG', 'gitcommit', undefined],
      ['file:///r/.git/rebase-merge/git-rebase-todo', 'gitrebase', undefined],
      ['file:///r/notes.txt', 'plaintext', undefined],
      ['file:///r/MY_COMMIT_EDITMSG.md', 'markdown', undefined],
    ];
    for (const [uri, languageId, system] of rows) assert.equal(messageSystem(uri, languageId), system, uri);
  });

  for (const comment of ['#', ';', '//']) {
    it(`lists what will be committed behind ${comment}`, () => {
      const read = readMessage(
        `\n${list(comment)}\n${scissors(comment)}\n${comment} below\n${diff}\n`,
        'git',
      );
      assert.equal(read.comment, comment);
      assert.deepEqual(read.files, files);
      assert.equal(read.branch, 'feature/abc-12');
      assert.equal(read.diff, `${diff}\n`);
      assert.deepEqual([read.state, read.end], ['fresh', 1]);
    });
  }

  it('reads a list in another language', () => {
    const german = [
      '',
      '# Auf Branch main',
      '# Zum Commit vorgemerkte Änderungen:',
      '#\tgeändert:       a.ts',
      '#\tumbenannt:      b.ts -> c.ts',
      '#',
      '# Unversionierte Dateien:',
      '#\td.ts',
    ].join('\n');
    assert.deepEqual(readMessage(german, 'git').files, [
      { status: 'modified', path: 'a.ts' },
      { status: 'renamed', path: 'c.ts', oldPath: 'b.ts' },
    ]);
  });

  it('reads what Jujutsu and Mercurial write', () => {
    const jj =
      'Fix it\n\nJJ: This commit contains the following changes:\nJJ:     M src/a.ts\nJJ:     A b.ts\nJJ:     R {old => new}/c.ts\nJJ: ignore-rest\n';
    const read = readMessage(`${jj}${diff}\n`, 'jj');
    assert.deepEqual(read.files, [
      { status: 'modified', path: 'src/a.ts' },
      { status: 'added', path: 'b.ts' },
      { status: 'renamed', path: 'new/c.ts', oldPath: 'old/c.ts' },
    ]);
    assert.deepEqual([read.subject, read.end, read.diff], ['Fix it', 2, `${diff}\n`]);
    const hg = readMessage(
      "\n\nHG: Enter commit message.\nHG: branch 'default'\nHG: added a\nHG: changed b c\n",
      'hg',
    );
    assert.deepEqual(hg.files, [
      { status: 'added', path: 'a' },
      { status: 'modified', path: 'b c' },
    ]);
    assert.equal(hg.branch, 'default');
  });

  it('knows what state the message is in', () => {
    const rows: readonly (readonly [text: string, state: string, subject: string, body: string])[] = [
      ['\n# c', 'fresh', '', ''],
      ['', 'fresh', '', ''],
      ['\n\nSigned-off-by: A <a@b>\n# c', 'fresh', '', ''],
      ['Add x\n# c', 'written', 'Add x', ''],
      ['Add x\n\nWhy.\n\nSigned-off-by: A\n# c', 'written', 'Add x', 'Why.'],
      ['Add x\n\nNote: this stays\n# c', 'written', 'Add x', 'Note: this stays'],
      ['fixup! Add x\n# c', 'fixed', 'fixup! Add x', ''],
      ["Merge branch 'x'\n\n# Conflicts:", 'merge', "Merge branch 'x'", ''],
      ['# This is a combination of 2 commits.\nAdd x\n\n# second:\nAdd y\n', 'combined', '', ''],
    ];
    for (const [text, state, subject, body] of rows) {
      const read = readMessage(text, 'git');
      assert.deepEqual([read.state, read.subject, read.body], [state, subject, body], text);
    }
    assert.deepEqual(readMessage('\n\nSigned-off-by: A <a@b>\n# c', 'git').trailers, [
      'Signed-off-by: A <a@b>',
    ]);
    assert.deepEqual(readMessage('#1 is fixed', 'box').subject, '#1 is fixed');
  });

  it('stops at what is not committed', () => {
    const two = `\n${scissors('#')}\n${diff}\n${'-'.repeat(50)}\nChanges not staged for commit:\ndiff --git i/y w/y\n`;
    assert.equal(readMessage(two, 'git').diff, diff);
  });
});
