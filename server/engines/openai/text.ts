/**
 * Small filters through which streamed text passes before anybody sees it: thoughts, stop tokens, half characters,
 * line and size limits. Each holds back only what it cannot decide yet. Pure.
 */

export interface TextFilter {
  /** What may go on. */
  push(text: string): string;
  /** What was held back, at the end of the stream. */
  end(): string;
  /** Set once nothing more is wanted, with the reason. */
  readonly over: 'stop' | 'stopped-early' | 'length' | undefined;
}

/** One after the other; over as soon as one is. */
export function chain(filters: readonly TextFilter[]): TextFilter {
  const over = (): TextFilter['over'] => filters.find(filter => filter.over !== undefined)?.over;
  return {
    push: text => filters.reduce((rest, filter) => (rest === '' ? '' : filter.push(rest)), text),
    end: () => filters.reduce((rest, filter) => (rest === '' ? '' : filter.push(rest)) + filter.end(), ''),
    get over() {
      return over();
    },
  };
}

/** Drops NUL, repairs lone surrogates, and keeps a pair together that was cut between two pieces. */
export function wellFormed(): TextFilter {
  let held = '';
  return {
    over: undefined,
    push: text => {
      const whole = held + text;
      held = /[\ud800-\udbff]$/.test(whole) ? whole.slice(-1) : '';
      return repair(held === '' ? whole : whole.slice(0, -1));
    },
    end: () => repair(held),
  };
}

const repair = (text: string): string =>
  text
    .replaceAll('\0', '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

const thoughtTags = ['<think>', '<thinking>', '<reasoning>', '<thought>', '[THINK]'];

const closing = (tag: string): string => tag.replace(/^[<[]/, opener => `${opener}/`);

/** Drops one block of thoughts at the start, with the blank lines after it. */
export function withoutThoughts(): TextFilter {
  let state: 'before' | 'inside' | 'after' | 'through' = 'before';
  let held = '';
  let close = '';
  const push = (text: string): string => {
    if (state === 'through') return text;
    held += text;
    if (state === 'before') {
      const start = held.trimStart();
      const tag = thoughtTags.find(candidate => start.startsWith(candidate));
      if (tag !== undefined) {
        state = 'inside';
        close = closing(tag);
        held = start.slice(tag.length);
      } else if (!thoughtTags.some(candidate => candidate.startsWith(start))) {
        state = 'through';
        return release();
      }
    }
    if (state === 'inside') {
      const at = held.indexOf(close);
      if (at < 0) {
        held = held.slice(-(close.length - 1));
        return '';
      }
      state = 'after';
      held = held.slice(at + close.length);
    }
    if (state === 'after') {
      held = held.replace(/^\s+/, '');
      if (held !== '') {
        state = 'through';
        return release();
      }
    }
    return '';
  };
  const release = (): string => {
    const text = held;
    held = '';
    return text;
  };
  return { over: undefined, push, end: () => (state === 'before' ? release() : '') };
}

/** Ends before the first of `stops`, which may be cut between pieces. */
export function untilStop(stops: readonly string[]): TextFilter {
  let held = '';
  let over: TextFilter['over'];
  return {
    get over() {
      return over;
    },
    push: text => {
      if (over !== undefined) return '';
      held += text;
      const at = firstOf(held, stops);
      if (at >= 0) {
        over = 'stop';
        const before = held.slice(0, at);
        held = '';
        return before;
      }
      const keep = possibleStart(held, stops);
      const free = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return free;
    },
    end: () => {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

function firstOf(text: string, stops: readonly string[]): number {
  const found = stops.map(stop => text.indexOf(stop)).filter(at => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** Length of the longest end of `text` that begins a stop. */
function possibleStart(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--)
      if (text.endsWith(stop.slice(0, length))) longest = length;
  return longest;
}

/** Ends at the line break after `lines` lines; the break itself is dropped. */
export function firstLines(lines: number): TextFilter {
  let left = lines;
  let over: TextFilter['over'];
  return {
    get over() {
      return over;
    },
    push: text => {
      if (over !== undefined) return '';
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
        if (--left > 0) continue;
        over = 'stopped-early';
        return text.slice(0, at).replace(/\r$/, '');
      }
      return text;
    },
    end: () => '',
  };
}

const window = 2048;

/** Ends by `length` after `most` UTF-16 units, or when the last 2,048 only repeat a piece of at most 200. */
export function bounded(most: number): TextFilter {
  let size = 0;
  let tail = '';
  let checkedAt = 0;
  let over: TextFilter['over'];
  return {
    get over() {
      return over;
    },
    push: text => {
      if (over !== undefined) return '';
      size += text.length;
      tail = (tail + text).slice(-window);
      const due = size - checkedAt >= window;
      if (due) checkedAt = size;
      if (size > most || (due && repeats(tail))) over = 'length';
      return size > most ? text.slice(0, Math.max(0, text.length - (size - most))) : text;
    },
    end: () => '',
  };
}

/** Whether `text` has a period of at most 200, by the prefix function of Knuth, Morris and Pratt (1977). */
function repeats(text: string): boolean {
  const border = new Uint16Array(text.length);
  for (let i = 1, k = 0; i < text.length; i++) {
    while (k > 0 && text[i] !== text[k]) k = border[k - 1] ?? 0;
    if (text[i] === text[k]) k++;
    border[i] = k;
  }
  const period = text.length - (border[text.length - 1] ?? 0);
  return text.length >= window && period <= 200;
}
