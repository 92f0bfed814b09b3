/** Each completion filter by a table: what the model wrote, what stands around the cursor, what is left. */
import assert from 'node:assert/strict';
import type { Filter, FilterInput } from '../../../server/features/completion/filters/filter.ts';
import { echoedPrefix } from '../../../server/features/completion/filters/echoedPrefix.ts';
import { filterCompletion } from '../../../server/features/completion/filters/index.ts';
import { limitLines } from '../../../server/features/completion/filters/limitLines.ts';
import { fences } from '../../../server/features/completion/filters/fences.ts';
import { lineEnds } from '../../../server/features/completion/filters/lineEnds.ts';
import { rewritesLineAbove } from '../../../server/features/completion/filters/rewritesLineAbove.ts';
import { specialTokens } from '../../../server/features/completion/filters/specialTokens.ts';
import { thoughts } from '../../../server/features/completion/filters/thoughts.ts';
import { repeatedSuffixLines } from '../../../server/features/completion/filters/repeatedSuffixLines.ts';
import { repetition } from '../../../server/features/completion/filters/repetition.ts';
import { spuriousColon } from '../../../server/features/completion/filters/spuriousColon.ts';
import { suffixOverlap } from '../../../server/features/completion/filters/suffixOverlap.ts';

interface Case {
  readonly what: string;
  /** The document, with `$0` at the cursor. */
  readonly at: string;
  readonly wrote: string;
  readonly left: string;
  readonly maxLines?: number;
}

function input(at: string, maxLines = 10, languageId = 'typescript'): FilterInput {
  const [prefix = '', suffix = ''] = at.split('$0');
  return { prefix, suffix, languageId, maxLines };
}

function check(name: string, filter: Filter, cases: readonly Case[], languageId?: string): void {
  describe(name, () => {
    for (const { what, at, wrote, left, maxLines } of cases) {
      it(what, () => assert.equal(filter(wrote, input(at, maxLines, languageId)), left));
    }
  });
}

describe('completion filters', () => {
  check('limitLines', limitLines, [
    { what: 'keeps a short text', at: '$0', wrote: 'a();', left: 'a();' },
    { what: 'cuts at the limit', at: '$0', wrote: 'a\nb\nc', left: 'a\nb', maxLines: 2 },
    { what: 'drops blank lines at the end', at: '$0', wrote: 'a\n\n  \n', left: 'a' },
  ]);
  check('suffixOverlap', suffixOverlap, [
    { what: 'nothing to the right', at: 'f($0', wrote: 'a)', left: 'a)' },
    { what: 'a closing bracket is there already', at: 'f($0)', wrote: 'a, b)', left: 'a, b' },
    { what: 'a bracket of its own stays', at: 'f($0)', wrote: 'g(x)', left: 'g(x)' },
    { what: 'its own stays, the other goes', at: 'f($0)', wrote: 'g(x))', left: 'g(x)' },
    { what: 'bracket and semicolon', at: 'f($0);', wrote: 'a, b);', left: 'a, b' },
    { what: 'only a part of the closers', at: 'g(f($0));', wrote: 'a)', left: 'a' },
    { what: 'a word overlaps whole or not at all', at: 'const $0total', wrote: 'sum = t', left: 'sum = t' },
    { what: 'a whole word', at: 'const $0total', wrote: 'sum = total', left: 'sum = ' },
    { what: 'a quote', at: "import x from '$0'", wrote: "node:fs'", left: 'node:fs' },
    { what: 'what differs stays', at: 'f($0]', wrote: 'a)', left: 'a)' },
  ]);
  check('repeatedSuffixLines', repeatedSuffixLines, [
    { what: 'the next line again', at: 'a();$0\nb(value);\nc();', wrote: '\nb(value);', left: '' },
    {
      what: 'text, then the next lines',
      at: '{$0\n  return sum;\n}',
      wrote: '\n  add();\n  return sum;\n}',
      left: '\n  add();',
    },
    {
      what: 'a lone bracket in the middle is no repeat',
      at: '{$0\n}\n',
      wrote: 'if (a) {\n}\nb();',
      left: 'if (a) {\n}\nb();',
    },
    { what: 'a lone bracket at the end is', at: 'if (a) {$0\n}\n', wrote: '\n  b();\n}', left: '\n  b();' },
    {
      what: 'the current line equals the next one',
      at: '$0\nreturn value;',
      wrote: 'return value;',
      left: '',
    },
    { what: 'nothing below', at: '$0', wrote: 'a\nb', left: 'a\nb' },
  ]);
  check('repetition', repetition, [
    { what: 'twice is fine', at: '$0', wrote: 'next();\nnext();', left: 'next();\nnext();' },
    { what: 'one line for ever', at: '$0', wrote: 'next();\nnext();\nnext();\nnext();', left: 'next();' },
    { what: 'two lines for ever', at: '$0', wrote: 'aa\nbb\naa\nbb\naa\nbb', left: 'aa\nbb' },
    { what: 'closing brackets repeat with reason', at: '$0', wrote: '}\n}\n}\n}', left: '}\n}\n}\n}' },
  ]);
  check('rewritesLineAbove', rewritesLineAbove, [
    { what: 'the line above again', at: 'total += price;\n$0', wrote: 'total += price;', left: '' },
    {
      what: 'ends like the line above, but the line differs',
      at: 'a(1);\nb $0',
      wrote: 'a(1);',
      left: 'a(1);',
    },
  ]);
  check('echoedPrefix', echoedPrefix, [
    {
      what: 'the comment above the head again, first in the body',
      at: '// Adds up.\nfunction sum(a) {\n  $0\n}',
      wrote: '// Adds up.\n  return a.total;',
      left: 'return a.total;',
    },
    {
      what: 'all of a comment above the head, on lines of their own',
      at: '// Adds up what\n// there is.\nfunction sum(a) {$0\n}',
      wrote: '\n  // Adds up what\n  // there is.\n  return a.total;',
      left: '\n  return a.total;',
    },
    { what: 'nothing but it', at: '// Adds up.\nfunction sum(a) {\n  $0\n}', wrote: '// Adds up.', left: '' },
    {
      what: 'a comment of its own stays',
      at: '// Adds up.\nfunction sum(a) {\n  $0\n}',
      wrote: '// Adds.\n  return a;',
      left: '// Adds.\n  return a;',
    },
    {
      what: 'one of the same body stays',
      at: 'function sum(a) {\n  // @ts-expect-error\n  next();\n  $0\n}',
      wrote: '// @ts-expect-error\n  last();',
      left: '// @ts-expect-error\n  last();',
    },
    {
      what: 'one that stands far above stays',
      at: `// Adds up.\n${'next();\n'.repeat(12)}$0`,
      wrote: '// Adds up.\nsum();',
      left: '// Adds up.\nsum();',
    },
    {
      what: 'code that stands above stays',
      at: 'next();\nif (a) {\n  $0',
      wrote: 'next();\n  b();',
      left: 'next();\n  b();',
    },
  ]);
  check('fences', fences, [
    { what: 'plain code', at: '$0', wrote: 'a < b && c > d', left: 'a < b && c > d' },
    { what: 'a fence around it', at: '$0', wrote: '```ts\nreturn a;\n```', left: 'return a;' },
    {
      what: 'a fence and chatter behind',
      at: '$0',
      wrote: '```\nreturn a;\n```\nThis returns a.',
      left: 'return a;',
    },
    { what: 'a fence below the code', at: '$0', wrote: 'return a;\n```\nmore', left: 'return a;' },
    { what: 'a template string keeps its backticks', at: '$0', wrote: '`a ${b}`', left: '`a ${b}`' },
  ]);
  check('specialTokens', specialTokens, [
    { what: 'plain code', at: '$0', wrote: 'a < b && c > d', left: 'a < b && c > d' },
    { what: 'a token ends it', at: '$0', wrote: 'return a;<|endoftext|>import b', left: 'return a;' },
    { what: 'a middle token', at: '$0', wrote: 'x<fim_middle>y', left: 'x' },
    { what: 'a wide-bar token', at: '$0', wrote: 'x<｜fim▁begin｜>y', left: 'x' },
    { what: 'the beginning of a token', at: '$0', wrote: 'return a;<|fim_mid', left: 'return a;' },
    { what: 'the end of a token', at: '$0', wrote: '_middle|>return a;', left: 'return a;' },
    { what: 'a type parameter stays', at: '$0', wrote: 'new Map<s>()', left: 'new Map<s>()' },
    {
      what: 'a place in a usage message stays',
      at: '$0',
      wrote: '"usage: x <filename>"',
      left: '"usage: x <filename>"',
    },
    {
      what: 'a file about tokens may name one',
      at: "const a = '<fim_prefix>', b = $0",
      wrote: "'<fim_prefix>'",
      left: "'<fim_prefix>'",
    },
  ]);
  check('thoughts', thoughts, [
    { what: 'none', at: '$0', wrote: 'a < think', left: 'a < think' },
    { what: 'finished', at: '$0', wrote: '<think>hm\nhm</think>return a;', left: 'return a;' },
    { what: 'that never end', at: '$0', wrote: '<think>hm', left: '' },
    { what: 'begun in the prompt', at: '$0', wrote: 'hm\n</think>\nreturn a;', left: 'return a;' },
  ]);
  check('lineEnds', lineEnds, [{ what: 'become \\n', at: '$0', wrote: 'a\r\nb\rc', left: 'a\nb\nc' }]);

  check(
    'spuriousColon',
    spuriousColon,
    [
      {
        what: 'a call learned from its def',
        at: 'largest = larg$0',
        wrote: 'est(amounts):',
        left: 'est(amounts)',
      },
      { what: 'and its block', at: 'x = $0', wrote: 'f(a):\n    return a', left: 'f(a)' },
      { what: 'a return', at: '    return $0', wrote: 'total(a):', left: 'total(a)' },
      { what: 'a def keeps it', at: 'def $0', wrote: 'f(a):', left: 'f(a):' },
      { what: 'an if keeps it', at: '    if $0', wrote: 'f(a):', left: 'f(a):' },
      { what: 'async with keeps it', at: 'async with $0', wrote: 'open(a) as b:', left: 'open(a) as b:' },
      { what: 'a lambda keeps it', at: 'f = $0', wrote: 'lambda x:', left: 'lambda x:' },
      { what: 'a dict entry keeps it', at: '    $0', wrote: '"key":', left: '"key":' },
      { what: 'an open bracket may hold a slice', at: 'x = a[$0', wrote: 'f(b):', left: 'f(b):' },
    ],
    'python',
  );

  it('together leave nothing of a text that is all repetition', () => {
    assert.equal(filterCompletion('```\n\n```', input('$0')), '');
    assert.equal(filterCompletion('<|endoftext|>', input('a$0')), '');
  });
});
