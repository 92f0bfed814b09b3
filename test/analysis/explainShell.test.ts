import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readShell } from '../../server/analysis/explain/shell.ts';
import { testCases } from './explainCases.ts';

describe('analysis/explain shell', () => {
  testCases([
    [
      'a pipeline',
      'a.sh',
      'ps -ef | gr$0ep -iv "foo" 2>/dev/null | head -n 5 >> out.txt\n',
      /^1\. `ps -ef`: lists processes: of everybody and with details\n2\. `grep -iv "foo"`: from its output, prints the lines that match: ignoring case and that do not match \(errors thrown away\)\n3\. `head -n 5`: [^\n]*`5` lines \(output added to the end of `out\.txt`\)$/,
    ],
    [
      'a dangerous flag',
      'a.sh',
      'sudo rm -r$0f build\n',
      /as root, deletes files: \*\*folders with all that is in them\*\* and without asking/,
    ],
    [
      'an archive',
      'a.sh',
      'tar xz$0f a.tgz -C out\n',
      /unpacks, with gzip, the archive `a\.tgz` and in the folder `out`/,
    ],
    ['find', 'a.sh', "find . -name '*.o' -del$0ete\n", /called `'\*\.o'` and \*\*deletes each\*\*/],
    ['sh -c in a list', 'a.py', 'run(["sh", "-c", "sort -u a | wc -$0l"])', /counts: lines/],
    ['execSync', 'a.ts', "execSync('du -sh . | sort$0 -h');", /sorts lines: by readable sizes/],
    ['os.system', 'a.py', 'os.system("cp -r a b$0")', /copies files: folders/],
    ['a program that is not known', 'a.sh', 'frobnicate -x$0 | wc -l\n', undefined],
    ['a lone program', 'a.sh', 'ls$0\n', undefined],
    ['a keyword', 'a.sh', 'wh$0ile true; do ls; done\n', undefined],
    ['a comment', 'a.sh', '# grep -i $0x\n', undefined],
    ['an ordinary string', 'a.ts', "say('sort -u a | wc -$0l');", undefined],
    ['a string with an open quote', 'a.py', 'os.system("cat -n \'a$0")', undefined],
    ['a here document', 'a.py', 'os.system("cat -n <<E$0OF")', undefined],
  ]);

  it('reads redirections in their order', () => {
    assert.match(
      readShell('make -j4 >log 2>&1') ?? '',
      /output to `log` and errors to where the output goes/,
    );
    assert.match(
      readShell('sort -n <a || echo no') ?? '',
      /input from `a`[\s\S]*2\. `echo no`: if that failed, prints/,
    );
  });

  it('reads any text without failing', () => {
    const pieces = fc.constantFrom(
      'grep',
      ' ',
      '-i',
      '|',
      '&',
      '&&',
      ';',
      '>',
      '<',
      '2>&1',
      '"',
      "'",
      '`',
      '$(',
      ')',
      '\\',
      '\n',
      '#',
      'constructor',
      'sudo',
      '-',
      '=',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), parts => void readShell(parts.join(''))),
      { numRuns: 500 },
    );
  });
});
