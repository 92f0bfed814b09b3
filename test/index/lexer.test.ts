import assert from 'node:assert/strict';
import fc from 'fast-check';
import { languageOf, languageOfPath } from '../../server/base/languages.ts';
import { idOf, tokenKind } from '../../server/base/tokens.ts';
import { Lexer } from '../../server/index/lexer.ts';
import { WordTable } from '../../server/index/vocabulary.ts';

/** Tokens of the lines, `·` before those with white space before them; lines joined by ` | `. */
function lex(languageId: string, text: string, cut = false): string {
  const words = new WordTable();
  const lexer = new Lexer(languageOf(languageId, ''), words);
  let state = 0;
  const lines = text.split('\n').map(line => {
    const lexed = lexer.line(line, state, cut);
    state = lexed.state;
    return Array.from(lexed.tokens, token => {
      const id = idOf(token);
      return ((token & 1) === 1 ? '·' : '') + (id === 1 ? '?' : words.textOf(id));
    }).join(' ');
  });
  return lines.join(' | ');
}

const cases: readonly (readonly [languageId: string, text: string, expected: string])[] = [
  ['typescript', 'const x = a?.b ?? 1.5; // note', 'const ·x ·= ·a ?. b ·?? ·1.5 ;'],
  ['typescript', 'const url = "http://x.y"; // z', 'const ·url ·= ·" http : // x . y " ;'],
  ['typescript', '/* a\nb */ let c', ' | let ·c'],
  ['typescript', 'const t = `a\n  ${b}`;', 'const ·t ·= ·` a | ${ b } ` ;'],
  ['typescript', 'it’s = $el', 'it ’ s ·= ·$el'],
  ['python', 'def f(x): # why\n  return "a\\"b"', 'def ·f ( x ) : | return ·" a \\" b "'],
  ['python', '  """Doc\n  more text\n  """\n  x = 1', ' |  |  | x ·= ·1'],
  ['python', "s = '''a\nb'''", "s ·= ·''' a | b '''"],
  ['rust', "fn f<'a>(x: &'a str) -> i32 {", "fn ·f < ' a > ( x : ·& ' a ·str ) ·-> ·i32 ·{"],
  ['rust', '/* a /* b */ c */ d', 'd'],
  ['go', 'r := `a\\`', 'r ·:= ·` a \\ `'],
  ['c', '#include <stdio.h> /* x */', '# include ·< stdio . h >'],
  ['ruby', '@name = x.nil? # c', '@name ·= ·x . nil?'],
  ['lua', 'local x = 1 -- c\n--[[ a\nb ]] y = 2', 'local ·x ·= ·1 |  | y ·= ·2'],
  ['elisp', '(defun my-fun (x) ; c', '( defun ·my-fun ·( x )'],
  ['sql', "SELECT 'it''s' -- c", "SELECT ·' it s '"],
  ['shellscript', 'echo ${#a} # c', 'echo ·${ # a }'],
  ['markdown', "It's - here", "It ' s ·- ·here"],
  ['vim', 'let g:x = 1\n" comment', 'let ·g:x ·= ·1 | '],
  ['haskell', "foldl' f {- x -} 0", "foldl' ·f ·0"],
  ['css', '.my-class { margin-left: 2px }', '. my-class ·{ ·margin-left : ·2px ·}'],
  ['unknown-language', 'a = "b" # c', 'a ·= ·" b " ·# ·c'],
  // What was taken out of a string for secrecy must not leave a blank one to learn.
  ['typescript', 'f("a", "        ")', 'f ( " a " , ·" ? ·" )'],
  ['typescript', 'f("u:        @h", " ")', 'f ( " u : ? ·@ h " , ·" ·" )'],
  ['typescript', 't = `a\n        b`', 't ·= ·` a | b `'],
  ['typescript', '変数 = größe', '変数 ·= ·größe'],
];

describe('lexer', () => {
  for (const [languageId, text, expected] of cases) {
    it(`${languageId}: ${JSON.stringify(text)}`, () => {
      assert.equal(lex(languageId, text), expected);
    });
  }

  for (const [languageId, text, expected] of [
    ['typescript', 'f(); // a', 'comment'],
    ['typescript', 'f(); /* a', 'comment'],
    ['typescript', '/* a\n * b', 'comment'],
    ['typescript', '/* a\n */ ', 'closed-comment'],
    ['typescript', 'f(/* a */ ', 'closed-comment'],
    ['typescript', '/* a */ f', 'code'],
    ['typescript', 'f("// a', 'code'],
    ['typescript', '', 'code'],
    ['python', '"""Doc\n  more', 'comment'],
    ['python', '"""Doc\n  more"""', 'closed-comment'],
    ['python', 'x = """a', 'code'],
    ['rust', '/* a /* b */ c', 'comment'],
    ['markdown', '# a', 'code'],
  ] as const) {
    it(`${languageId}: ${JSON.stringify(text)} ends in ${expected}`, () => {
      const lexer = new Lexer(languageOf(languageId, ''), new WordTable());
      let state = 0;
      let end = '';
      for (const line of text.split('\n')) ({ state, end } = lexer.line(line, state, true));
      assert.equal(end, expected);
    });
  }

  it('takes a quote without its partner for the beginning of a string at the cursor only', () => {
    const words = new WordTable();
    const lexer = new Lexer(languageOf('typescript', ''), words);
    const last = (cut: boolean): number =>
      words.kindOf(idOf(lexer.line("import x from '", 0, cut).tokens.at(-1) ?? 0));
    assert.equal(last(true), tokenKind.open);
    assert.equal(last(false), tokenKind.operator);
  });

  it('gives any text in any language back as tokens in order, and ends', () => {
    const ids = ['typescript', 'python', 'rust', 'elisp', 'sql', 'markdown', 'vim', 'nix', 'yaml'];
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.array(fc.string({ unit: 'binary' })), (id, lines) => {
        const words = new WordTable();
        const lexer = new Lexer(languageOf(id, ''), words);
        let state = 0;
        for (const line of lines) {
          const lexed = lexer.line(line, state);
          let at = 0;
          for (const token of lexed.tokens) {
            if (idOf(token) === 1) continue;
            const found = line.indexOf(words.textOf(idOf(token)), at);
            assert.ok(found >= at, 'every token stands in the line, after the one before');
            at = found;
          }
          state = lexed.state;
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe('languageOf', () => {
  const table: readonly (readonly [languageId: string, path: string, expected: string])[] = [
    ['typescript', 'a.txt', 'typescript'],
    ['plaintext', '/w/a.rs', 'rust'],
    ['', '/w/Makefile', 'makefile'],
    ['sh', '', 'shellscript'],
    ['never-heard-of', '/w/a.zig', 'zig'],
    ['never-heard-of', '/w/a.xyz', 'never-heard-of'],
    ['', 'C:\\w\\a.PY', 'python'],
  ];
  for (const [languageId, path, expected] of table) {
    it(`'${languageId}' '${path}' is ${expected}`, () => {
      assert.equal(languageOf(languageId, path).id, expected);
    });
  }

  it('knows nothing of files without a name in the table', () => {
    assert.equal(languageOfPath('/w/photo.jpeg'), undefined);
  });
});
