/** codriver/status: told when something changed, together, once, and again when a pause ends by itself. */
import assert from 'node:assert/strict';
import { HandClock } from '../support/plainServer.ts';
import { type Status, StatusNotices } from '../../server/lsp/statusNotice.ts';

const idle: Status = { state: 'idle', engine: 'embedded', today: { requests: 0, tokens: 0 } };

describe('the status for status lines', () => {
  function started(first: Status = idle) {
    const clock = new HandClock();
    const sent: Status[] = [];
    const state = { now: first };
    const notices = new StatusNotices({ clock, look: () => state.now, send: status => sent.push(status) });
    return { clock, sent, state, notices };
  }

  it('tells many changes at once, and nothing that is as it was', () => {
    const { clock, sent, notices } = started();
    for (let i = 0; i < 50; i++) notices.changed();
    clock.advance(1_000);
    assert.deepEqual(sent, [idle]);
    notices.changed();
    clock.advance(1_000);
    assert.equal(sent.length, 1);
    assert.equal(clock.waiting, 0, 'nothing is waited for while nothing happens');
  });

  it('tells the end of a pause, of which nobody speaks', () => {
    const paused: Status = { ...idle, state: 'paused', why: 'The endpoint fails.' };
    const { clock, sent, state, notices } = started(paused);
    notices.changed();
    clock.advance(20_000);
    assert.deepEqual(sent, [paused]);
    state.now = idle;
    clock.advance(20_000);
    assert.deepEqual(sent, [paused, idle]);
    assert.equal(clock.waiting, 0);
  });

  it('says nothing after the end', () => {
    const { clock, sent, notices } = started();
    notices.changed();
    notices.end();
    notices.changed();
    clock.advance(60_000);
    assert.deepEqual(sent, []);
    assert.equal(clock.waiting, 0);
  });
});
