import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readColour, readNumber } from '../../server/analysis/explain/numbers.ts';
import { parseRegex } from '../../server/analysis/explain/regexParse.ts';
import { readRegex } from '../../server/analysis/explain/regex.ts';
import { testCases } from './explainCases.ts';

describe('analysis/explain regular expressions', () => {
  testCases([
    [
      'a literal in JavaScript',
      'a.js',
      'x.match(/^v(\\d+)\\.$0(\\d+)$/g)',
      /- `\(\\d\+\)`: \(one or more digits\)/,
    ],
    [
      'a short one in a sentence',
      'a.ts',
      'const a = /[a-z]+$0?/y;',
      /Matches one or more small letters, as few as possible \(only where the last match ended\)\./,
    ],
    [
      'a literal in Ruby',
      'a.rb',
      'x =~ /\\Ahel$0lo\\z/m',
      /the start of the text, then `hello`, then the very end of the text \(`\.` also matches line ends\)/,
    ],
    ['a Ruby literal in braces', 'a.rb', 'x = %r{^/us$0ers}i', /the start, then `\/users` \(ignoring case\)/],
    [
      're.compile',
      'a.py',
      'import re\nre.compile(r"(?P<key>\\w+)=$0", re.I)',
      /\(one or more word characters\) as `key`, then `=` \(ignoring case\)/,
    ],
    ['re.sub with a plain string', 'a.py', 'import re\nre.sub("\\\\d$0+", "", x)', /one or more digits/],
    [
      'regexp.MustCompile',
      'a.go',
      'package p\nvar a = regexp.MustCompile(`^\\s*$0#`)',
      /the start, then any number of white space, then `#`/,
    ],
    [
      'Regex::new',
      'a.rs',
      'fn f() { let a = Regex::new(r"^\\d{4$0}-\\d{2}$"); }',
      /4 × digits, then `-`, then 2 × digits/,
    ],
    [
      'Pattern.compile',
      'a.java',
      'class A { Object a = Pattern.compile("a|b\\\\s$0", Pattern.CASE_INSENSITIVE); }',
      /`a`, or `b`, then white space \(ignoring case\)/,
    ],
    [
      'new RegExp',
      'a.ts',
      'const a = new RegExp("^x$0+", "gi");',
      /one or more `x` \(every match, ignoring case\)/,
    ],
    ['Regex.IsMatch', 'a.cs', 'class A { bool b = Regex.IsMatch(text, @"\\d$0+"); }', /one or more digits/],
    ['what repeats itself', 'a.ts', 'const a = /^(a+)+$0$/;', /take it very long/],
    [
      'alternatives, one a line',
      'a.ts',
      'const a = /^(?:get|set) \\w+$|^del$0 \\d+$|^x$/;',
      /- `\^\(\?:get\|set\) \\w\+\$`: the start[\s\S]*\n- or `\^x\$`/,
    ],
    ['references to groups', 'a.ts', 'const a = /(["\']).*?$0\\1/;', /the same as group 1/],
    [
      'looks',
      'a.ts',
      'const a = /(?<!\\w)$0x(?=y)/;',
      /not preceded by \(a word character\), then `x`, then followed by \(`y`\)/,
    ],
    ['an ordinary string', 'a.py', 'x = find(r"\\d$0+")', undefined],
    ['the replacement', 'a.py', 'import re\nre.sub(r"a", r"\\1$0b", x)', undefined],
    ['the text of an f-string', 'a.py', 'import re\nre.compile(f"a+$0{b}")', undefined],
    ['a Ruby literal with an interpolation', 'a.rb', 'x = /a+$0#{b}/', undefined],
    ['a division', 'a.ts', 'const c = a /$0 b / d;', undefined],
    ['a broken pattern', 'a.py', 'import re\nre.compile(r"(a$0")', undefined],
    ['two quantifiers', 'a.go', 'package p\nvar a = regexp.MustCompile(`*$0a`)', undefined],
    ['a template', 'a.ts', 'new RegExp(`a+$0${b}`)', undefined],
  ]);

  it('does not warn of repeats where the engine never goes back', () => {
    assert.doesNotMatch(readRegex('(a+)+', '', 'go') ?? '', /long/);
    assert.match(readRegex('(a+)+', '', 'python') ?? '', /long/);
    assert.doesNotMatch(readRegex('(a+b)+', '', 'python') ?? '', /long/);
  });

  it('reads any text without failing and keeps every character of it', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '|',
      '\\',
      '*',
      '+',
      '?',
      '^',
      '$',
      '.',
      'a',
      '1',
      ',',
      '(?:',
      '(?<n>',
      '[[:',
      ':]',
      '\\k<',
      '\\p{',
      '😀',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.boolean(), (parts, extended) => {
        const pattern = parts.join('');
        const tree = parseRegex(pattern, extended);
        if (tree && !extended && tree.flags === '')
          assert.equal(
            tree.branches.map(branch => branch.map(item => item.source).join('')).join('|'),
            pattern,
          );
        readRegex(pattern, extended ? 'x' : 'gimsuy', 'ruby');
      }),
      { numRuns: 600 },
    );
  });

  it('reads what the language reads', () => {
    for (const pattern of ['a{2,1}', '(', '[a', '+', 'a)', '(?<a', '\\'])
      assert.equal(readRegex(pattern, ''), undefined, pattern);
    for (const pattern of ['a{', 'x{,3}', ']', '}', '[^]', '\\u{1F600}', '(?:)', 'a||b'])
      assert.ok(readRegex(pattern, ''), pattern);
  });

  it('gives up on what is nested or long beyond reading', () => {
    assert.equal(readRegex('('.repeat(900) + ')'.repeat(900), ''), undefined);
    assert.equal(readRegex('a'.repeat(3_000), ''), undefined);
    assert.ok((readRegex('(a)|'.repeat(400), '') ?? '').split('\n').length <= 12);
  });
});

describe('analysis/explain numbers', () => {
  testCases([
    ['hexadecimal', 'a.rs', 'fn f() { let a = 0xff$0u8; }', /`0xffu8` is 255; bits 0 to 7 set\./],
    ['a mask', 'a.go', 'package p\nconst a = 0x8$0001', /is 32,769; bits 0 and 15 set/],
    ['binary', 'a.py', 'x = 0b10$0010', /is 18; bits 1 and 4 set/],
    [
      'sizes',
      'a.java',
      'class A { int size = 1048$0576; }',
      /2 to the power of 20; 1 MiB if it counts bytes/,
    ],
    ['sizes that are no powers', 'a.c', 'int limit = 10$0485760;', /10 MiB if it counts bytes/],
    [
      'chmod',
      'a.py',
      'os.chmod(path, 0o7$055)',
      /rwxr-xr-x: the owner may read, write and run; the group and others may read and run/,
    ],
    [
      'a mode',
      'a.js',
      'fs.writeFileSync(p, d, { mode: 0o6$000 });',
      /rw-------: the owner may read and write; the group and others may do nothing/,
    ],
    ['Go’s Chmod', 'a.go', 'package p\nfunc f() { os.Chmod(p, 06$044) }', /rw-r--r--/],
    ['a umask', 'a.py', 'os.umask(0o0$022)', /taken from new files/],
    ['a moment', 'a.py', 'created_at = 170000$00000', /the time 2023-11-14 22:13:20 UTC, in seconds/],
    [
      'a moment in ms',
      'a.ts',
      'const time = new Date(170000$00000000);',
      /2023-11-14 22:13:20 UTC, in milliseconds/,
    ],
    ['an HTTP status', 'a.ts', 'if (res.status === 4$004) {}', /the HTTP status `Not Found`/],
    ['a status in Python', 'a.py', 'if r.status_code == 5$003: pass', /Service Unavailable/],
    ['a status that is sent', 'a.js', 'res.sendStatus(2$004);', /No Content/],
    ['a well-known port', 'a.go', 'package p\nvar dbPort = 54$032', /the usual port of PostgreSQL/],
    ['a port with a type', 'a.rs', 'const PORT: u16 = 6$0379;', /the usual port of Redis/],
    ['a duration by its name', 'a.ts', 'const timeoutMs = 150$0000;', /2\.5 minutes, in milliseconds/],
    ['a timer’s time', 'a.ts', 'setTimeout(run, 5$0000);', /5 seconds, in milliseconds/],
    ['seconds by name', 'a.py', 'max_age_seconds = 7$0200', /2 hours, in seconds/],
    ['a colour in CSS', 'a.css', 'a { color: #ff$08800; }', /a colour: orange, red 255, green 136, blue 0/],
    ['a colour in a string', 'a.ts', "const a = '#3$0366cc80';", /blue, [\s\S]*50 % opaque/],
    ['a colour as a number', 'a.java', 'class A { int backgroundColor = 0xFF$00000; }', /a colour: red/],
    ['small numbers', 'a.ts', 'const a = 4$02;', undefined],
    ['404 of something else', 'a.ts', 'const rows = 40$04;', undefined],
    ['an exit code', 'a.ts', 'const exitCode = 20$00;', undefined],
    ['80 that is no port', 'a.ts', 'const report = 8$00;', undefined],
    ['an import that is no port', 'a.ts', 'const important = 44$03;', undefined],
    ['fractions', 'a.py', 'x = 3.1$04', undefined],
    ['decimal 755', 'a.py', 'os.chmod(path, 75$05)', undefined],
    ['the zero', 'a.c', 'int a = 0$0;', undefined],
    ['a word with a hash', 'a.ts', "const a = '#chan$0nel';", undefined],
    ['an issue number', 'a.ts', "const a = 'see #1$023456';", undefined],
  ]);

  it('reads any text without failing', () => {
    fc.assert(fc.property(fc.string(), text => void [readNumber(text), readColour(text)]));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n }), value => {
        for (const text of [
          `${value}`,
          `0x${value.toString(16)}`,
          `0b${value.toString(2)}`,
          `0o${value.toString(8)}`,
        ])
          readNumber(text);
      }),
    );
  });
});
