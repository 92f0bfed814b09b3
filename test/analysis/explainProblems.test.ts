/** What messages of compilers and checkers mean: real messages of each tool, as data. */
import assert from 'node:assert/strict';
import { whyWrong } from '../../server/analysis/explain/problems.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

const cases: readonly [message: string, code: string | number | undefined, meaning: RegExp | undefined][] = [
  ["Cannot find name 'foo'. Did you mean 'fob'?", 2552, /is called `foo`: it is misspelt/],
  ["Cannot find name 'foo'.", undefined, /is called `foo`/],
  ["Cannot find module './a' or its corresponding type declarations.", 2307, /package `\.\/a` was found/],
  ["'x' is possibly 'undefined'.", 18048, /may be missing/],
  ["Object is possibly 'null'.", undefined, /may be missing/],
  ["Type 'string' is not assignable to type 'number'.", 2322, /innermost one/],
  ["'a' is defined but never used.", 'no-unused-vars', /never read/],
  ['Promises must be awaited.', '@typescript-eslint/no-floating-promises', /failure is lost/],
  ['"upper" is not a known attribute of "None"', 'reportOptionalMemberAccess', /may be None/],
  ['Import "numpy" could not be resolved', 'reportMissingImports', /interpreter or virtual environment/],
  ['Undefined name `foo`', 'F821', /Nothing in scope/],
  ['borrow of moved value: `a`', 'E0382', /was moved away before/],
  ['mismatched types\nexpected `()`, found `u8`', 'E0308', /The types differ/],
  ['cannot borrow `a` as mutable more than once at a time', 'E0499', /only one/],
  ['declared and not used: x', 'UnusedVar', /never read/],
  ['x declared and not used', undefined, /never read/],
  ['undefined: frob', 'UndeclaredName', /called `frob`/],
  ["implicit declaration of function 'f'", '-Wimplicit-function-declaration', /Include its header/],
  ["use of undeclared identifier 'x'", 'undeclared_var_use', /Nothing before this line/],
  ['incompatible types: String cannot be converted to int', 'compiler.err.prob.found.req', /cast or convert/],
  ['unreported exception IOException; must be caught or declared to be thrown', undefined, /`throws`/],
  ["Cannot find name 'a`b'.", 2304, undefined],
  ['Something that no tool says', 'X1', undefined],
  ['', undefined, undefined],
];

describe('analysis/explain/problems', () => {
  for (const [message, code, meaning] of cases) {
    it(`${code ?? 'no code'}: ${message.slice(0, 60)}`, () => {
      const said = whyWrong({ range, message, ...(code === undefined ? {} : { code }) });
      if (meaning) assert.match(said ?? '', meaning);
      else assert.equal(said, undefined);
      assert.doesNotMatch(said ?? '', /\$1/);
    });
  }
});
