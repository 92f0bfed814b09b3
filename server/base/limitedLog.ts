/**
 * A log that cannot flood: level threshold, at most 20 messages a second, repeats collapsed, control characters
 * out, one record per message. Where the lines go is the caller's; this only decides which ones.
 */
import { stripControls } from './controls.ts';
import type { Clock, Log, LogLevel } from './ports.ts';

const rank: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

const messagesPerSecond = 20;
const longestMessage = 4000;
/** A repeated message is mentioned again, with its count, at most this often. */
const repeatNoticeMs = 10_000;

/**
 * `sink` gets finished lines without the line end. Lines of one message after the first are indented, so that
 * text from outside cannot pass for a record of its own.
 */
export function createLimitedLog(clock: Clock, level: LogLevel, sink: (line: string) => void): Log {
  let windowStart = Number.NEGATIVE_INFINITY;
  let written = 0;
  let dropped = 0;
  let last = '';
  let lastAt = 0;
  let repeats = 0;

  function emit(messageLevel: LogLevel, message: string): void {
    sink(`${new Date(clock.now()).toISOString()} ${messageLevel} ${message}`);
  }

  function nextWindow(now: number): void {
    if (now - windowStart < 1000 && now >= windowStart) return;
    windowStart = now;
    written = 0;
    if (dropped > 0) {
      emit('warn', `${dropped} messages left out: more than ${messagesPerSecond} in one second`);
      written++;
      dropped = 0;
    }
  }

  function tellRepeats(): void {
    if (repeats === 0) return;
    emit('info', `the last message came ${repeats} more times`);
    written++;
    repeats = 0;
  }

  return {
    write(messageLevel, message) {
      if (rank[messageLevel] > rank[level]) return;
      const now = clock.now();
      const key = `${messageLevel} ${message}`;
      if (key === last) {
        repeats++;
        if (now - lastAt < repeatNoticeMs) return;
        lastAt = now;
        nextWindow(now);
        tellRepeats();
        return;
      }
      nextWindow(now);
      if (written >= messagesPerSecond) {
        dropped++;
        return;
      }
      tellRepeats();
      last = key;
      lastAt = now;
      written++;
      const cut =
        message.length > longestMessage ? `${message.slice(0, longestMessage)}… (shortened)` : message;
      emit(messageLevel, stripControls(cut).trimEnd().replaceAll('\n', '\n    '));
    },
  };
}
