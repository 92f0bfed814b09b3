import assert from 'node:assert/strict';
import { readProblem } from '../../server/analysis/messages.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

describe('analysis/messages', () => {
  const cases: readonly (readonly [message: string, about: string, name?: string, suggestion?: string])[] = [
    ["Cannot find name 'fooo'. Did you mean 'foo'?", 'unknown-name', 'fooo', 'foo'],
    [
      "Cannot find name 'process'. Do you need to install type definitions for node?",
      'unknown-name',
      'process',
    ],
    [
      "Property 'lenght' does not exist on type 'string'. Did you mean 'length'?",
      'unknown-member',
      'lenght',
      'length',
    ],
    ["'fs' is declared but its value is never read.", 'unused', 'fs'],
    ["'x' is defined but never used.", 'unused', 'x'],
    ["'foo' is not defined.", 'unknown-name', 'foo'],
    ['"foo" is not defined', 'unknown-name', 'foo'],
    ['Import "os" is not accessed', 'unused', 'os'],
    ['"sys" is not accessed', 'unused', 'sys'],
    ["undefined name 'pth'", 'unknown-name', 'pth'],
    ['Undefined name `pth`', 'unknown-name', 'pth'],
    ["'os' imported but unused", 'unused', 'os'],
    ['`os.path` imported but unused', 'unused', 'path'],
    ["Undefined variable 'foo'", 'unknown-name', 'foo'],
    ['Name "foo" is not defined', 'unknown-name', 'foo'],
    ['"Foo" has no attribute "bra"; maybe "bar"?', 'unknown-member', 'bra', 'bar'],
    ['Cannot access attribute "appendd" for class "list[int]"', 'unknown-member', 'appendd'],
    [
      'cannot find value `conut` in this scope\nhelp: a local variable with a similar name exists: `count`',
      'unknown-name',
      'conut',
      'count',
    ],
    ['cannot find function `foo` in this scope', 'unknown-name', 'foo'],
    ['no field `nmae` on type `User`', 'unknown-member', 'nmae'],
    ['no method named `psuh` found for struct `Vec<_>`', 'unknown-member', 'psuh'],
    ['unused import: `std::fs`', 'unused', 'fs'],
    ['undefined: Pritnln', 'unknown-name', 'Pritnln'],
    ['undefined: fmt.Pritnln', 'unknown-name', 'Pritnln'],
    ['"os" imported and not used', 'unused', 'os'],
    ['x.nmae undefined (type T has no field or method nmae)', 'unknown-member', 'nmae'],
    ["use of undeclared identifier 'coutn'; did you mean 'count'?", 'unknown-name', 'coutn', 'count'],
    ["no member named 'sise' in 'std::vector<int>'; did you mean 'size'?", 'unknown-member', 'sise', 'size'],
    ["The name 'foo' does not exist in the current context", 'unknown-name', 'foo'],
    ["Unresolved reference 'foo'", 'unknown-name', 'foo'],
    ["')' expected.", 'syntax'],
    ["SyntaxError: '(' was never closed", 'syntax'],
    ['Parsing error: Unexpected token', 'syntax'],
  ];
  for (const [message, about, name, suggestion] of cases)
    it(message.slice(0, 60), () =>
      assert.deepEqual(readProblem({ range, message }), { about, name, suggestion }),
    );

  it('goes by the code where the words are unknown', () =>
    assert.equal(readProblem({ range, message: 'неизвестное имя', code: 2304 })?.about, 'unknown-name'));

  it('leaves what it does not know', () =>
    assert.equal(readProblem({ range, message: 'Line too long (120 > 88)' }), undefined));
});
