import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ErrorCode } from '../../server/lsp/gatekeeper.ts';
import { Gate } from '../support/gate.ts';

type Step = 'initialize' | 'request' | 'notify' | 'shutdown' | 'exit' | 'answer';
type Stage = 'new' | 'initializing' | 'running' | 'shutdown' | 'over';

/** What the specification says, for a library that answers one request at a time when told to. */
class Model {
  stage: Stage = 'new';
  shutdownSeen = false;
  readonly answers: [number, number | 'ok'][] = [];
  delivered: (number | string)[] = [];
  #pending: { id: number; method: Step }[] = [];
  #exiting = false;
  #held: { id: number; step: Step }[] = [];

  step(step: Step, id: number): void {
    if (this.stage === 'over') return;
    if (step === 'exit') this.#exiting = true;
    else this.#take(step, id);
    if (this.#exiting && !this.#owesShutdown()) this.stage = 'over';
  }

  #take(step: Step, id: number): void {
    if (step === 'answer') this.#answer();
    else if (step === 'notify') this.#notify(id);
    else this.#request(step, id);
  }

  /** A client may write shutdown and exit in one go: the first is still answered. */
  #owesShutdown(): boolean {
    const held = this.stage === 'initializing' && this.#held.some(({ step }) => step === 'shutdown');
    return held || this.#pending.some(({ method }) => method === 'shutdown');
  }

  #request(step: Step, id: number): void {
    const refuse = (code: number) => void this.answers.push([id, code]);
    if (this.stage === 'new' && step !== 'initialize') return refuse(ErrorCode.serverNotInitialized);
    if (this.stage === 'shutdown') return refuse(ErrorCode.invalidRequest);
    if (this.stage !== 'new' && step === 'initialize') return refuse(ErrorCode.invalidRequest);
    if (this.stage === 'initializing') return void this.#held.push({ id, step });
    if (step === 'initialize') this.stage = 'initializing';
    if (step === 'shutdown') {
      this.stage = 'shutdown';
      this.shutdownSeen = true;
      for (const pending of this.#pending) this.answers.push([pending.id, ErrorCode.requestCancelled]);
      this.#pending = [];
    }
    this.#pending.push({ id, method: step });
    this.delivered.push(step);
  }

  #notify(id: number): void {
    if (this.stage === 'initializing') this.#held.push({ id, step: 'notify' });
    else if (this.stage === 'running') this.delivered.push('notify');
  }

  #answer(): void {
    const first = this.#pending.shift();
    if (first === undefined) return;
    this.answers.push([first.id, 'ok']);
    if (first.method !== 'initialize') return;
    this.stage = 'running';
    const held = this.#held;
    this.#held = [];
    for (const { id, step } of held) this.#take(step, id);
  }
}

const methods: Record<string, string> = { initialize: 'initialize', request: 'test/a', shutdown: 'shutdown' };

describe('gatekeeper, lifecycle', () => {
  it('does what the specification says in any order of messages', () => {
    const step = fc.constantFrom<Step>(
      'initialize',
      'request',
      'request',
      'notify',
      'shutdown',
      'exit',
      'answer',
      'answer',
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), steps => {
        const gate = new Gate();
        const model = new Model();
        const answered = new Set<number>();
        steps.forEach((one, id) => {
          model.step(one, id);
          if (one === 'answer') {
            const cancelled = new Set(
              gate.delivered
                .filter(m => m.method === '$/cancelRequest')
                .map(m => (m.params as { id: number }).id),
            );
            const next = gate.delivered.find(
              m => m.id !== undefined && !answered.has(m.id) && !cancelled.has(m.id),
            );
            if (next?.id !== undefined) {
              answered.add(next.id);
              gate.answer(next.id, {});
            }
          } else if (one === 'exit') gate.notify('exit');
          else if (one === 'notify') gate.notify('test/b');
          else gate.request(id, methods[one], {});
        });
        assert.deepEqual(gate.codes, model.answers);
        const delivered = gate.delivered.map(m => m.method).filter(method => method !== '$/cancelRequest');
        const expected = model.delivered.map(one => (one === 'notify' ? 'test/b' : methods[one]));
        assert.deepEqual(delivered, expected);
        assert.equal(gate.exits, model.stage === 'over' ? 1 : 0);
        assert.equal(gate.keeper.shutdownReceived, model.shutdownSeen);
      }),
      { numRuns: 10_000, seed: 1 },
    );
  });
});
