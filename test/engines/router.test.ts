/**
 * Who serves what: the rules of consent as a table.
 */
import assert from 'node:assert/strict';
import type { Router } from '../../server/engines/router.ts';
import { never } from '../support/endpoint.ts';
import { bench, origin, type Situation } from '../support/fakeEndpoint.ts';

const hostile = { userOrigins: ['https://api.openai.com'] };

describe('router: who may', () => {
  type Expectation =
    | 'endpoint'
    | 'embedded'
    | 'embedded?'
    | 'no-endpoint'
    | 'endpoint-not-accepted'
    | 'endpoint-not-accepted?'
    | 'automatic-not-allowed'
    | 'automatic-not-allowed?';
  // situation → [completion explicit, completion automatic, hover explicit, hover automatic, action explicit]; `?` comes with a question
  const table: readonly [string, Situation, readonly Expectation[]][] = [
    [
      'own endpoint, never asked',
      {},
      ['endpoint', 'embedded?', 'endpoint', 'automatic-not-allowed?', 'endpoint'],
    ],
    ['own endpoint, yes', { automatic: true }, ['endpoint', 'endpoint', 'endpoint', 'endpoint', 'endpoint']],
    [
      'own endpoint, no',
      { automatic: false },
      ['endpoint', 'embedded', 'endpoint', 'automatic-not-allowed', 'endpoint'],
    ],
    [
      'own endpoint, setting allow',
      { settings: { automatic: 'allow' } },
      ['endpoint', 'endpoint', 'endpoint', 'endpoint', 'endpoint'],
    ],
    [
      'own endpoint, setting deny beats a yes',
      { automatic: true, settings: { automatic: 'deny' } },
      ['endpoint', 'embedded', 'endpoint', 'automatic-not-allowed', 'endpoint'],
    ],
    [
      'own endpoint, completion embedded',
      { automatic: true, settings: { completionEngine: 'embedded' } },
      ['embedded', 'embedded', 'endpoint', 'endpoint', 'endpoint'],
    ],
    [
      'own endpoint, completion openai',
      { settings: { completionEngine: 'openai' } },
      ['endpoint', 'automatic-not-allowed?', 'endpoint', 'automatic-not-allowed?', 'endpoint'],
    ],
    [
      'editor names the user’s origin',
      { source: 'editor' },
      ['endpoint', 'embedded?', 'endpoint', 'automatic-not-allowed?', 'endpoint'],
    ],
    [
      'editor names another origin',
      { source: 'editor', settings: hostile },
      [
        'embedded?',
        'embedded?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
      ],
    ],
    [
      'editor names another origin, automatic yes is not enough',
      { source: 'editor', settings: hostile, automatic: true },
      [
        'embedded?',
        'embedded?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
      ],
    ],
    [
      'editor names another origin, setting allow is not enough',
      { source: 'editor', settings: { ...hostile, automatic: 'allow' } },
      [
        'embedded?',
        'embedded?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
      ],
    ],
    [
      'editor names another origin, accepted',
      { source: 'editor', settings: hostile, accepted: true },
      ['endpoint', 'embedded?', 'endpoint', 'automatic-not-allowed?', 'endpoint'],
    ],
    [
      'editor names another origin, declined',
      { source: 'editor', settings: hostile, accepted: false },
      ['embedded', 'embedded', 'endpoint-not-accepted', 'endpoint-not-accepted', 'endpoint-not-accepted'],
    ],
    [
      'found on loopback',
      { source: 'loopback' },
      [
        'embedded?',
        'embedded?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
        'endpoint-not-accepted?',
      ],
    ],
    [
      'found on loopback, accepted',
      { source: 'loopback', accepted: true },
      ['endpoint', 'embedded?', 'endpoint', 'automatic-not-allowed?', 'endpoint'],
    ],
    [
      'found on loopback, accepted, automatic yes',
      { source: 'loopback', accepted: true, automatic: true },
      ['endpoint', 'endpoint', 'endpoint', 'endpoint', 'endpoint'],
    ],
  ];
  const asks = [
    ['completion', 'explicit'],
    ['completion', 'automatic'],
    ['hover', 'explicit'],
    ['hover', 'automatic'],
    ['action', 'explicit'],
  ] as const;
  const inAWord = (router: Router, [feature, trigger]: (typeof asks)[number]): string => {
    const choice = router.choose(feature, trigger);
    const word =
      choice.engine === undefined
        ? choice.reason
        : choice.engine.origin === 'process'
          ? 'embedded'
          : 'endpoint';
    return word + (choice.question === undefined ? '' : '?');
  };
  for (const [name, situation, expected] of table)
    it(name, () => {
      const { router } = bench(situation);
      assert.deepEqual(
        asks.map(ask => inAWord(router, ask)),
        expected,
      );
    });
  it('nothing configured', () => {
    const { router } = bench();
    router.configure({ userOrigins: [], completionEngine: 'auto', automatic: 'allow' }, undefined);
    assert.deepEqual(
      asks.map(ask => inAWord(router, ask)),
      ['embedded', 'embedded', 'no-endpoint', 'no-endpoint', 'no-endpoint'],
    );
  });
  it('says in words why not, naming the origin', () => {
    const choice = bench({ source: 'editor', settings: hostile }).router.choose('action', 'explicit');
    assert.ok(choice.engine === undefined && choice.why.includes(origin));
    assert.equal(choice.question?.kind, 'endpoint');
  });
  it('warms only where text may go by itself', async () => {
    for (const [situation, checks] of [
      [{}, 0],
      [{ automatic: true }, 1],
      [{ source: 'loopback', automatic: true }, 0],
    ] as const) {
      const { router, engine } = bench(situation);
      await router.warm(never);
      assert.equal(engine.checks, checks);
    }
  });
});
