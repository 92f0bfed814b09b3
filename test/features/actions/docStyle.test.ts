/** The style of documentation comments: counted, told apart, and kept to. */
import assert from 'node:assert/strict';
import { againstStyle, onlyDocuments, styleOfTexts } from '../../../server/features/actions/docStyle.ts';

const google =
  '    """Reads.\n\n    Args:\n        path: where\n\n    Returns:\n        The text.\n    """\n';
const numpy =
  '    """Reads.\n\n    Parameters\n    ----------\n    path : str\n        Where.\n\n    Returns\n    -------\n    str\n    """\n';
const sphinx = '    """Reads.\n\n    :param path: where\n    :returns: the text\n    """\n';
const epytext = '    """Reads.\n\n    @param path: where\n    @return: the text\n    """\n';
const jsdoc = '/**\n * Reads.\n * @param {string} path - where\n * @returns {string} the text\n */\n';
const tsdoc = '/**\n * Reads.\n * @param path - where\n * @returns the text\n */\n';
const at = '/**\n * @brief Reads.\n * @param path where\n */\n';
const backslash = '/**\n * \\brief Reads.\n * \\param path where\n */\n';

const styles: readonly [
  what: string,
  languageId: string,
  texts: readonly string[],
  name: string | undefined,
][] = [
  ['Google', 'python', [google], 'Google style'],
  ['NumPy', 'python', [numpy], 'NumPy style'],
  ['reStructuredText', 'python', [sphinx], 'reStructuredText style'],
  ['Epytext', 'python', [epytext], 'Epytext style'],
  ['most files', 'python', [google, numpy, numpy, numpy], 'NumPy style'],
  ['no habit: as many of each', 'python', [google, numpy, sphinx], undefined],
  ['nothing to count', 'python', ['    """Reads."""\n'], undefined],
  ['one place is no habit', 'python', ['    :param path: where\n'], undefined],
  ['a dictionary is no docstring', 'python', ['x = {\n  "Args": 1,\n  "Returns": 2,\n}\n'], undefined],
  ['types in braces', 'javascript', [jsdoc], 'JSDoc with types'],
  ['no types', 'typescript', [tsdoc], 'TSDoc without types'],
  ['@', 'cpp', [at], 'Doxygen with @'],
  ['backslashes', 'c', [backslash], 'Doxygen with backslashes'],
  [
    'an arguments section',
    'rust',
    ['/// Reads.\n///\n/// # Arguments\n///\n/// * `a`\n//! # Arguments\n'],
    'rustdoc with an "# Arguments" section',
  ],
  ['Javadoc', 'java', [at.replace('brief Reads.', 'return x')], 'Javadoc'],
  ['YARD', 'ruby', ['# @param a [String] what\n# @return [String] what\n'], 'YARD'],
  ['a language with one way', 'go', ['// F does.\n// G does.\n'], undefined],
];

describe('the style of documentation comments', () => {
  for (const [what, languageId, texts, name] of styles) {
    it(`is counted: ${what}`, () => assert.equal(styleOfTexts(texts, languageId)?.name, name));
  }

  it('is kept to, or it is said what is usual', () => {
    const style = styleOfTexts([numpy], 'python');
    assert.ok(style);
    const before = 'def f(path):\n    return path\n';
    const after = (doc: string) => `def f(path):\n${doc}    return path\n`;
    assert.equal(againstStyle(style, 'python', before, after(numpy)), undefined);
    assert.equal(
      againstStyle(style, 'python', before, after('    """Reads."""\n')),
      undefined,
      'short ones have no style',
    );
    assert.equal(
      againstStyle(style, 'python', before, after(google)),
      'This project documents in NumPy style, and your comment is in Google style.',
    );
    // What was there before is nobody's fault.
    assert.equal(againstStyle(style, 'python', google + before, google + after(numpy)), undefined);
  });
});

const documented: readonly [
  what: string,
  languageId: string,
  before: string,
  after: string,
  only: boolean,
][] = [
  ['a block comment', 'typescript', 'f();\n', '/** Does. */\nf();\n', true],
  ['a docstring', 'python', 'def f():\n    pass\n', 'def f():\n    """Does."""\n    pass\n', true],
  ['lines', 'rust', 'fn f() {}\n', '/// Does.\nfn f() {}\n', true],
  ['another string', 'python', 'a = "x"\n', 'a = "y"\n', false],
  ['another name', 'typescript', 'f();\n', '/** Does. */\ng();\n', false],
  ['a statement beside it', 'go', 'func f() {}\n', '// f does.\nfunc f() { g() }\n', false],
  ['a docstring in place of code', 'python', 'def f():\n    pass\n', 'def f():\n    """Does."""\n', false],
  ['a language that is not known so well', 'elixir', 'def f, do: 1\n', '@doc "x"\ndef f, do: 1\n', true],
];

describe('an edit that documents', () => {
  for (const [what, languageId, before, after, only] of documented) {
    it(`${only ? 'may be' : 'is not'} ${what} (${languageId})`, () =>
      assert.equal(onlyDocuments(languageId, before, after), only));
  }
});
