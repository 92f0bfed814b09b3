import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseReply } from '../../server/edits/parse.ts';
import { matchPath } from '../../server/edits/paths.ts';

function block(path: string, search: readonly string[], replace: readonly string[]): string {
  return [path, '<<<<<<< SEARCH', ...search, '=======', ...replace, '>>>>>>> REPLACE', ''].join('\n');
}

describe('edits: a reply that is cut', () => {
  it('gives a shorter list of whole blocks or nothing, at every byte', () => {
    const blocks = [
      block('src/a.ts', ['const a = 1;'], ['const a = 2;', 'const c = 3;']),
      block('src/b.ts', ['return 0;'], ['return 1;']),
    ];
    const reply = `Here:\n\n${blocks.join('\n')}`;
    const whole = parseReply(reply, { expect: 'blocks', paths: ['src/a.ts', 'src/b.ts'] });
    assert(whole.ok && whole.kind === 'blocks');
    for (let length = 0; length < reply.length; length++) {
      const cut = parseReply(reply.slice(0, length), { expect: 'blocks', paths: ['src/a.ts', 'src/b.ts'] });
      if (cut.ok) {
        assert(cut.kind === 'blocks');
        assert.deepEqual(cut.edits, whole.edits.slice(0, cut.edits.length));
      }
    }
  });

  it('survives any text', () => {
    const piece = fc.constantFrom(
      '<<<<<<< SEARCH',
      '=======',
      '>>>>>>> REPLACE',
      '```',
      '```ts',
      'a.ts',
      '\n',
      '\r\n',
      ' ',
      '"',
      '~~~',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom('blocks', 'range'),
        (pieces, expect) => {
          const parsed = parseReply(pieces.join(''), {
            expect: expect as 'blocks' | 'range',
            paths: ['a.ts'],
          });
          assert(parsed.ok || parsed.retry.length > 10);
        },
      ),
      { numRuns: 500, seed: 4 },
    );
  });
});

describe('edits: paths', () => {
  const documents = [{ path: 'src/a.ts' }, { path: 'lib/a.ts' }, { path: 'src/My File.py' }];
  const rows: [path: string, expected: string][] = [
    ['src/a.ts', 'src/a.ts'],
    ['./lib/a.ts', 'lib/a.ts'],
    ['a/src/a.ts', 'src/a.ts'],
    ['/home/me/project/src/a.ts', 'src/a.ts'],
    ['C:\\project\\lib\\a.ts', 'lib/a.ts'],
    ['a.ts', 'several'],
    ['other/a.ts', 'none'],
    ['src/my file.py', 'src/My File.py'],
    ['', 'several'],
  ];
  for (const [path, expected] of rows) {
    it(path, () => {
      const match = matchPath(path, documents);
      assert.equal(match.kind === 'one' ? match.document.path : match.kind, expected);
    });
  }
});
