/** What happens to a task as lines for a terminal or a log of CI. It must not know how they are written. */
import type { Watcher } from '../agent/ports.ts';

/** Phases in words. */
const WORDS: Readonly<Record<string, string>> = {
  planning: 'makes a plan',
  'awaiting-plan': 'the plan waits for approval',
  working: 'works',
  verifying: 'verifies the result',
  'awaiting-approval': 'the result waits for approval',
  applying: 'applies the result',
  discarding: 'discards',
  blocked: 'waits for you',
  applied: 'applied',
  archived: 'archived',
  discarded: 'discarded',
};

export function eventLines(line: (text: string) => void): Watcher {
  let phase = '';
  let step: string | undefined;
  return {
    call: (name, args) => {
      const what = [args['path'], args['from'], args['name'], args['text'], args['argv']].find(
        each => typeof each === 'string' || Array.isArray(each),
      );
      const words = Array.isArray(what) ? what.join(' ') : typeof what === 'string' ? what : '';
      return ({ ok }) => line(`  ${name} ${words.split('\n', 1)[0] ?? ''}${ok ? '' : ': failed'}`);
    },
    changed: () => undefined,
    recorded({ event, state }) {
      const now = state.paused ? 'paused' : state.phase;
      if (now !== phase) line(`codriver: ${WORDS[now] ?? now}`);
      phase = now;
      if (state.step !== step && state.step !== undefined) line(`codriver: step ${state.step}`);
      step = state.step;
      if (event.type === 'not-verified') line(`codriver: not verified: ${event.why}`);
    },
  };
}
