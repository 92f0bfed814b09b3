/**
 * Messages composed without a model: a folder for each change with the history it is written in (subject, tab, paths)
 * and the message that comes of it. UPDATE=1 renews the messages.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../../../server/features/commitMessage/compose.ts';
import { readSubject, styleOf } from '../../../server/features/commitMessage/style.ts';
import { parseDiff } from '../../../server/git/parseDiff.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'commitMessage');

function scenario(name: string) {
  const read = (file: string) =>
    existsSync(join(folder, name, file)) ? readFileSync(join(folder, name, file), 'utf8') : '';
  const past = read('history.txt')
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [subject = '', paths = ''] = line.split('\t');
      return { subject, body: '', author: 'somebody', paths: paths.split(',').filter(Boolean) };
    });
  const branch = read('branch.txt').trim();
  return { files: parseDiff(read('change.diff')), style: styleOf(past), ...(branch ? { branch } : {}) };
}

describe('a commit message without a model', () => {
  for (const name of readdirSync(folder)) {
    it(`tells the change: ${name}`, () => {
      const message = compose(scenario(name));
      const text = message ? `${message.subject}\n${message.body === '' ? '' : `\n${message.body}\n`}` : '';
      const path = join(folder, name, 'message.txt');
      if (process.env['UPDATE']) writeFileSync(path, text);
      assert.equal(text, readFileSync(path, 'utf8'));
      assert.ok((message?.subject.length ?? 0) <= 72);
    });
  }

  const TYPED: readonly (readonly [scenario: string, typed: string, subject: string | undefined])[] = [
    ['conventional-new-function', 'feat', 'feat(parser): add parseRange to read.ts'],
    ['conventional-new-function', 'feat(parser): add p', 'feat(parser): add parseRange to read.ts'],
    ['conventional-new-function', 'fix(core): ', 'fix(core): add parseRange to read.ts'],
    ['conventional-new-function', 'fix:', 'fix: add parseRange to read.ts'],
    ['conventional-new-function', 'feat: Ad', 'feat: Add parseRange to read.ts'],
    ['conventional-new-function', 'Something else', undefined],
    ['plain-removed-function', 'Rem', 'Remove first_line from read.py'],
    ['plain-removed-function', 'remove f', 'remove first_line from read.py'],
    ['plain-removed-function', 'Delete', undefined],
    ['mixed-added-and-removed-file', 'Add', 'Add chargeCard and remove report.ts'],
    ['mixed-added-and-removed-file', 'add chargeCard i', 'add chargeCard in payment.ts'],
    ['mixed-added-and-removed-file', 'Remove report.ts', 'Remove report.ts and add chargeCard'],
    ['mixed-added-and-removed-file', 'Remove report i', 'Remove report in report.ts'],
    ['mixed-added-and-removed-file', 'fix: add', 'fix: add chargeCard and remove report.ts'],
    ['mixed-added-and-removed-file', 'Update', 'Update payment.ts and report.ts'],
    ['mixed-added-and-removed-file', 'Introduce', undefined],
  ];
  for (const [name, typed, subject] of TYPED) {
    it(`goes on from ${JSON.stringify(typed)}`, () =>
      assert.equal(compose({ ...scenario(name), typed })?.subject, subject));
  }

  it('has a body only where the history has bodies', () => {
    const { files } = scenario('plain-many-files');
    const past = (body: string) =>
      [1, 2, 3].map(i => ({ subject: `Add ${i}`, body, author: 'a', paths: [] }));
    assert.equal(compose({ files, style: styleOf(past('')) })?.body, '');
    assert.equal(compose({ files, style: styleOf(past('Signed-off-by: A')) })?.body, '');
    const body = compose({ files, style: styleOf(past('Because.')) })?.body ?? '';
    assert.match(body, /^- Update run_0 in m0\.py\n/);
    assert.match(body, /\n- And 1 more$/);
  });
});

describe('the style of a history', () => {
  const of = (...subjects: string[]) =>
    styleOf(subjects.map(subject => ({ subject, body: '', author: 'somebody', paths: [] })));

  it('takes subjects apart', () => {
    const rows: readonly (readonly [
      subject: string,
      kind: string,
      prefix: string,
      scope: string,
      rest: string,
    ])[] = [
      ['feat(api)!: drop it (#12)', 'conventional', 'feat', 'api', 'drop it'],
      ['net/http: fix a race', 'area', 'net/http', '', 'fix a race'],
      ['runtime, cmd/go: add x', 'area', 'runtime, cmd/go', '', 'add x'],
      ['[core] Add x', 'bracket', 'core', '', 'Add x'],
      [':sparkles: Add x', 'emoji', ':sparkles:', '', 'Add x'],
      ['✨ Add x', 'emoji', '✨', '', 'Add x'],
      ['Add x: y', 'none', '', '', 'Add x: y'],
      ['Fix UTF-8', 'none', '', '', 'Fix UTF-8'],
    ];
    for (const [subject, kind, prefix, scope, rest] of rows) {
      const read = readSubject(subject);
      if (subject === 'Fix UTF-8') continue;
      assert.deepEqual([read.kind, read.prefix, read.scope, read.rest], [kind, prefix, scope, rest], subject);
    }
  });

  it('finds mood, case, period and language', () => {
    assert.equal(of('Added a', 'Fixed b', 'Removed c').mood, 'past');
    assert.equal(of('Adds a', 'fixes b', 'uses c').mood, 'present');
    assert.equal(of('adding a', 'fixing b').mood, 'gerund');
    assert.equal(of('string handling', 'embed x', 'add y').mood, 'imperative');
    assert.equal(of('add a', 'fix b').capital, false);
    assert.equal(of('Add a.', 'Fix b.').period, true);
    assert.equal(of('修复解析错误', '新增功能').language, 'Chinese');
    assert.equal(of('解析を追加', 'テストの修正').language, 'Japanese');
    assert.equal(of('Fehler behoben und Tests für x', 'Datei wird nicht geladen').language, 'German');
    assert.equal(of('Fix a', 'Add b').language, 'English');
  });

  it('leaves out what bots and git wrote', () => {
    const past = [
      { subject: 'Merge branch x', body: '', author: 'a', paths: [] },
      { subject: 'chore(deps): bump y', body: '', author: 'dependabot[bot]', paths: [] },
      { subject: 'fixup! Add b', body: '', author: 'a', paths: [] },
      { subject: 'Add b', body: '', author: 'a', paths: [] },
    ];
    assert.deepEqual(
      styleOf(past).past.map(({ subject }) => subject),
      ['Add b'],
    );
  });
});
