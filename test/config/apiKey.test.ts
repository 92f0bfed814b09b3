import { strict as assert } from 'node:assert';
import { ApiKeys, maskKey } from '../../server/config/apiKey.ts';
import type { RunResult } from '../../server/base/ports.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

const canary = ['sk', 'canary', '0123456789abcdef'].join('-');
const command = ['pass', 'show', 'openai'];

const home = '/home/dev';

function keysWith(answer: () => Partial<RunResult>, variables: Record<string, string> = {}) {
  const { environment, processes } = createMemoryMachine({ run: answer, variables, home });
  const runs: { argv: readonly string[]; cwd: string | undefined; timeoutMs: number }[] = [];
  const spied: typeof processes = {
    run(argv, options) {
      runs.push({ argv, cwd: options.cwd, timeoutMs: options.timeoutMs });
      return processes.run(argv, options);
    },
  };
  return { keys: new ApiKeys(spied, environment), runs };
}

describe('the key of the endpoint', () => {
  it('comes from the environment before any command, the variable of Codriver first', async () => {
    const { keys, runs } = keysWith(() => ({ stdout: 'other' }), { OPENAI_API_KEY: ` ${canary}\n` });
    assert.deepEqual(await keys.get(command), { ok: true, key: canary, from: 'OPENAI_API_KEY' });
    assert.deepEqual(runs, []);
    const own = keysWith(() => ({}), { OPENAI_API_KEY: 'general', CODRIVER_OPENAI_API_KEY: canary });
    assert.deepEqual(await own.keys.get([]), { ok: true, key: canary, from: 'CODRIVER_OPENAI_API_KEY' });
  });

  it('comes from one run of the command, from home, with a limit, until the configuration changes', async () => {
    const { keys, runs } = keysWith(() => ({ stdout: `${canary}\nuser: someone\n` }));
    const answers = await Promise.all([keys.get(command), keys.get(command), keys.get([...command])]);
    for (const answer of answers) {
      assert.deepEqual(answer, { ok: true, key: canary, from: 'openai.apiKeyCommand' });
    }
    assert.equal(runs.length, 1);
    assert.deepEqual(runs[0]?.argv, command);
    assert.equal(runs[0]?.cwd, home);
    assert.ok((runs[0]?.timeoutMs ?? Infinity) <= 60_000);
    keys.forget();
    await keys.get(command);
    await keys.get(['other']);
    assert.equal(runs.length, 3);
  });

  const failures: readonly (readonly [string, Partial<RunResult>, RegExp])[] = [
    ['fails', { code: 2, stdout: canary, stderr: canary }, /ended with code 2/],
    ['is killed', { code: null, stdout: canary }, /could not be run to its end/],
    ['takes too long', { code: null, timedOut: true, stdout: canary }, /gave no answer within 60 seconds/],
    ['prints nothing', { stdout: ' \n\n' }, /printed nothing/],
    ['prints a sentence', { stdout: `the key is ${canary}` }, /does not hold a key/],
    ['prints control characters', { stdout: `${canary}\u001b[0m` }, /does not hold a key/],
  ];
  for (const [name, answer, words] of failures) {
    it(`is missing, with a reason and without any output, when the command ${name}`, async () => {
      const { keys, runs } = keysWith(() => answer);
      for (const result of [await keys.get(command), await keys.get(command)]) {
        assert.ok(!result.ok && result.why === 'failed');
        assert.match(result.message, words);
        assert.ok(!result.message.includes('canary'));
      }
      assert.equal(runs.length, 1, 'a failure is remembered too');
    });
  }

  it('is missing when the program does not exist', async () => {
    const { keys } = keysWith(() => {
      throw new Error('spawn ENOENT');
    });
    const result = await keys.get(command);
    assert.match(result.ok ? '' : result.message, /could not be started/);
  });

  it('is missing when nobody names one', async () => {
    const { keys, runs } = keysWith(() => ({}), { OPENAI_API_KEY: '  ' });
    const result = await keys.get([]);
    assert.deepEqual([result.ok, result.ok || result.why], [false, 'none']);
    assert.deepEqual(runs, []);
  });

  it('is shown masked', () => {
    assert.equal(maskKey(canary), 'sk-…cdef');
    assert.equal(maskKey('short-key'), '…');
  });
});
