/** Reads cron expressions and ISO 8601 durations aloud. It must not know where they stand, but for the name given. */
import { code, count, list } from './markdown.ts';
import { type Place, wordsOf } from './place.ts';

interface Field {
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const fields: readonly Field[] = [
  { unit: 'minute', min: 0, max: 59, names: [] },
  { unit: 'hour', min: 0, max: 23, names: [] },
  { unit: 'day of the month', min: 1, max: 31, names: [] },
  { unit: 'month', min: 1, max: 12, names: ['', ...months] },
  { unit: 'day of the week', min: 0, max: 7, names: days },
];
const second: Field = { unit: 'second', min: 0, max: 59, names: [] };

/** Five fields, or six with seconds in front; undefined unless it is a schedule beyond doubt. */
export function readCron(place: Pick<Place, 'text' | 'name' | 'callee'>): string | undefined {
  const text = place.text.trim();
  if (text.length > 100) return undefined;
  const words = text.split(/\s+/);
  if (words.length !== 5 && words.length !== 6) return undefined;
  const around = wordsOf(`${place.name} ${place.callee}`);
  const sure = around.some(word => /^(?:cron|crontab|schedule[dr]?|cronjob)$/.test(word));
  // Stars alone may be a ruler, numbers alone may be anything.
  if (!sure && !(text.includes('*') && /\d/.test(text))) return undefined;
  if (!sure && words.length === 6) return undefined;
  const shape = words.length === 6 ? [second, ...fields] : fields;
  const read = words.map((word, at) => readField(word, shape[at] as Field));
  if (read.includes(undefined)) return undefined;
  const [seconds, minute, hour, day, month, weekday] = words.length === 6 ? read : ['', ...read];
  const last = words.slice(-5);
  const clock = /^\d+$/.test(last[0] as string) && /^\d+(?:,\d+)*$/.test(last[1] as string) && !seconds;
  const time = clock
    ? `at ${list((last[1] as string).split(',').map(at => `${at.padStart(2, '0')}:${(last[0] as string).padStart(2, '0')}`))}`
    : [seconds, minute, hour].filter(Boolean).join(', ') || 'every minute';
  const both = day && weekday ? `${day} or ${weekday}` : day || weekday;
  const when = [time, both || (clock ? 'every day' : ''), month].filter(Boolean).join(', ');
  return `The schedule ${code(text)}: ${when}.`;
}

/** A field in words; empty: any value; undefined: not a field. */
function readField(text: string, field: Field): string | undefined {
  if (text === '*' || text === '?') return '';
  const parts = text.split(',').map(part => readPart(part, field));
  if (parts.includes(undefined)) return undefined;
  const on = field.names.length > 0 ? (field.unit === 'month' ? 'in' : 'on') : `at ${field.unit}`;
  const plain = parts.every(part => !part?.startsWith('every'));
  return plain ? `${on} ${list(parts as string[])}` : list(parts as string[]);
}

function readPart(text: string, field: Field): string | undefined {
  const found = /^(\*|\w{1,9})(?:-(\w{1,9}))?(?:\/(\d{1,3}))?$/.exec(text);
  if (!found) return undefined;
  const [, from = '', to, step] = found;
  const named = (value: string): string | undefined => {
    const index = field.names.findIndex(
      name => name !== '' && name.slice(0, 3).toUpperCase() === value.toUpperCase(),
    );
    const number = index >= 0 ? index : /^\d{1,2}$/.test(value) ? Number(value) : -1;
    if (number < field.min || number > field.max) return undefined;
    return field.names[number] ?? String(number);
  };
  if (from === '*' && to) return undefined;
  const first = from === '*' ? '' : named(from);
  const last = to === undefined ? '' : named(to);
  if (first === undefined || last === undefined || step === '0') return undefined;
  const range = first && last ? `${first} to ${last}` : first;
  if (!step) return range || undefined;
  const every =
    Number(step) === 1 ? `every ${field.unit}` : `every ${step} ${field.unit.replace(/^\w+/, '$&s')}`;
  return range ? `${every} ${last ? 'from' : 'starting at'} ${range}` : every;
}

const iso =
  /^P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?)?$/;
const isoUnits = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];

/** `P1DT2H` as one day and two hours; undefined for other texts. */
export function readIsoDuration(text: string): string | undefined {
  const found = text.length > 60 ? null : iso.exec(text);
  if (!found) return undefined;
  const parts = found
    .slice(1)
    .flatMap((number, at) => (number === undefined ? [] : [count(Number(number), isoUnits[at] as string)]));
  return `${code(text)} is ${list(parts, 7)}, as an ISO 8601 duration.`;
}
