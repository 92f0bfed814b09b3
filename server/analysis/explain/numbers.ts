/**
 * Reads numbers and colours aloud: what they are in plain decimal, and what they stand for where the name or the
 * call around them says so (permissions, status codes, ports, times, durations). It must not know the tree.
 */
import { code, list } from './markdown.ts';
import { type Place, wordsOf } from './place.ts';
import { ports, statuses } from './wellKnown.ts';

/** A number in other words; undefined where the number says it all. */
export function readNumber(text: string, place?: Place): string | undefined {
  const number = parse(text);
  if (!number) return undefined;
  const { value, base } = number;
  const told = place && meaning(number, new Set(wordsOf(place.name)), place);
  if (told) return `${code(text)} is ${told}.`;
  const facts: string[] = [];
  const rewritten = base !== 10 || /e/i.test(number.bare);
  if (rewritten ? value >= 8n : value >= 10_000n && !/[_']/.test(text)) facts.push(grouped(value));
  const power = value > 0n && (value & (value - 1n)) === 0n ? value.toString(2).length - 1 : 0;
  if (power >= 10) facts.push(`2 to the power of ${power}`);
  if (base === 16 || base === 2) facts.push(...bits(value));
  if (value >= 1024n && value % 1024n === 0n && (power > 0 || value % 1_048_576n === 0n))
    facts.push(`${size(value)} if it counts bytes`);
  const duration = value % 60_000n === 0n && value >= 60_000n ? wholeDuration(Number(value)) : undefined;
  if (duration) facts.push(`${duration} if it counts milliseconds`);
  else if (value === 86_400n || value === 3600n || value === 604_800n)
    facts.push(`${durationWords(Number(value) * 1000)} if it counts seconds`);
  return facts.length > 0 ? `${code(text)} is ${facts.join('; ')}.` : undefined;
}

interface Read {
  readonly value: bigint;
  readonly base: 2 | 8 | 10 | 16;
  /** Without separators and suffixes. */
  readonly bare: string;
}

/** A whole number of any of the languages; undefined for fractions, which say what they are. */
function parse(text: string): Read | undefined {
  if (text.length > 80) return undefined;
  const plain = text.replace(/[_']/g, '').replace(/(?:[iu](?:8|16|32|64|128|size))$/, '');
  const hex = /^0x/i.test(plain);
  const bare = plain.replace(hex ? /[uUlLn]+$/ : /[nlLuUmM]+$/, '');
  if (/^0x[\da-f]+$/i.test(bare)) return { value: BigInt(bare), base: 16, bare };
  if (/^0b[01]+$/i.test(bare)) return { value: BigInt(bare), base: 2, bare };
  const octal = /^0o?([0-7]+)$/i.exec(bare)?.[1];
  if (octal) return { value: BigInt(`0o${octal}`), base: 8, bare };
  if (/^(?:0|[1-9]\d*)$/.test(bare)) return { value: BigInt(bare), base: 10, bare };
  const value = /^\d+(?:\.\d+)?e\+?\d{1,2}$/i.test(bare) ? Number(bare) : Number.NaN;
  return Number.isSafeInteger(value) ? { value: BigInt(value), base: 10, bare } : undefined;
}

/** What the surroundings say it is. */
function meaning({ value, base, bare }: Read, name: ReadonlySet<string>, place: Place): string | undefined {
  const number = Number(value);
  const called = new Set(wordsOf(place.callee));
  const either = (...words: readonly string[]): boolean =>
    words.some(word => name.has(word) || called.has(word));
  if (base === 8 && number > 0 && number <= 0o7777) {
    if (either('umask')) return `the permissions taken from new files: ${permissions(number)}`;
    if (
      either(
        'chmod',
        'fchmod',
        'lchmod',
        'mkdir',
        'mode',
        'perm',
        'perms',
        'permission',
        'permissions',
        'open',
      )
    )
      return `${permissionString(number)}: ${permissions(number)}`;
  }
  if (base === 16 && isColourName(name) && bare.length === 8) return colourWords(`#${bare.slice(2)}`);
  if (base !== 10) return undefined;
  const http = either('status', 'http', 'response', 'send') || (name.has('code') && name.size <= 2);
  if (http && !either('exit', 'error', 'errno', 'char', 'key', 'zip', 'country', 'process')) {
    const words = statuses[number];
    if (words && (either('status', 'http') || number !== 200)) return `the HTTP status ${code(words)}`;
  }
  if (either('port', 'ports', 'listen') && ports[number]) return `the usual port of ${ports[number]}`;
  return timeMeaning(number, name, called, either);
}

function timeMeaning(
  value: number,
  name: ReadonlySet<string>,
  called: ReadonlySet<string>,
  either: (...words: readonly string[]) => boolean,
): string | undefined {
  const moment = either(
    'time',
    'timestamp',
    'date',
    'epoch',
    'expires',
    'expiry',
    'created',
    'updated',
    'since',
    'until',
    'at',
  );
  const ms = value >= 946_684_800_000 && value < 4_102_444_800_000;
  const seconds = value >= 946_684_800 && value < 4_102_444_800;
  if (moment && (ms || seconds)) {
    const unit = ms ? 'milliseconds' : 'seconds';
    return `the time ${new Date(ms ? value : value * 1000)
      .toISOString()
      .replace('T', ' ')
      .replace(/(?:\.000)?Z$/, '')} UTC, in ${unit} since 1970`;
  }
  const inMs =
    name.has('ms') ||
    name.has('millis') ||
    name.has('milliseconds') ||
    ['timeout', 'interval'].some(word => called.has('set') && called.has(word));
  if (inMs && value >= 1000) return `${durationWords(value)}, in milliseconds`;
  const inSeconds = ['seconds', 'secs', 'sec'].some(word => name.has(word));
  return inSeconds && value >= 60 ? `${durationWords(value * 1000)}, in seconds` : undefined;
}

function bits(value: bigint): readonly string[] {
  const digits = value.toString(2);
  if (digits.length > 128 || value === 0n) return [];
  const set: number[] = [];
  for (let at = digits.length - 1; at >= 0; at--) if (digits[at] === '1') set.push(digits.length - 1 - at);
  const [first = 0] = set;
  const last = set.at(-1) ?? 0;
  if (set.length >= 3 && last - first === set.length - 1) return [`bits ${first} to ${last} set`];
  if (set.length > 4) return [];
  return [`${set.length === 1 ? 'bit' : 'bits'} ${list(set.map(String))} set`];
}

function grouped(value: bigint): string {
  return value.toString().replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function size(value: bigint): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let rest = value / 1024n;
  let unit = 0;
  while (rest % 1024n === 0n && rest > 0n && unit < units.length - 1) {
    rest /= 1024n;
    unit++;
  }
  return `${grouped(rest)} ${units[unit]}`;
}

const units = [
  [604_800_000, 'week'],
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const;

function wholeDuration(ms: number): string | undefined {
  const unit = units.find(([length]) => ms % length === 0);
  return unit && ms / unit[0] <= 1000 ? durationWords(ms) : undefined;
}

/** A time in its largest whole unit, or in the largest one with a decimal. */
function durationWords(ms: number): string {
  const largest = units.find(([length]) => ms >= length);
  const exact = largest && Number.isInteger((ms * 100) / largest[0]);
  const unit = exact ? largest : (units.find(([length]) => ms % length === 0) ?? largest);
  if (!unit) return `${ms} milliseconds`;
  const number = Math.round((ms / unit[0]) * 100) / 100;
  const about = number * unit[0] === ms ? '' : 'about ';
  return `${about}${number.toLocaleString('en-US')} ${unit[1]}${number === 1 ? '' : 's'}`;
}

/** `rwxr-xr-x` with the special bits as `ls` shows them. */
function permissionString(mode: number): string {
  const special = mode >> 9;
  return [6, 3, 0]
    .map((shift, at) => {
      const three = (mode >> shift) & 7;
      const extra = special & (4 >> at);
      const letter = at === 2 ? 't' : 's';
      const run = three & 1;
      const last = extra ? (run ? letter : letter.toUpperCase()) : run ? 'x' : '-';
      return `${three & 4 ? 'r' : '-'}${three & 2 ? 'w' : '-'}${last}`;
    })
    .join('');
}

/** Who may do what, those who may do the same together. */
export function permissions(mode: number): string {
  const verbs = (three: number): string =>
    list(['read', 'write', 'run'].filter((_, at) => three & (4 >> at))) || 'do nothing';
  const who = new Map<string, string[]>();
  for (const [name, shift] of [
    ['the owner', 6],
    ['the group', 3],
    ['others', 0],
  ] as const) {
    const may = verbs((mode >> shift) & 7);
    who.set(may, [...(who.get(may) ?? []), name]);
  }
  return [...who].map(([may, names]) => `${list(names)} may ${may}`).join('; ');
}

function isColourName(name: ReadonlySet<string>): boolean {
  return ['color', 'colour', 'colors', 'background', 'fill', 'tint', 'stroke', 'foreground'].some(word =>
    name.has(word),
  );
}

/** `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa` in other words; undefined for what is none. */
export function readColour(text: string): string | undefined {
  const words = colourWords(text);
  return words && `${code(text)} is ${words}.`;
}

function colourWords(text: string): string | undefined {
  const digits = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.exec(text)?.[1];
  if (!digits) return undefined;
  const pairs =
    digits.length < 6 ? digits.split('').map(digit => digit + digit) : (digits.match(/../g) ?? []);
  const [red = 0, green = 0, blue = 0, alpha = 255] = pairs.map(pair => Number.parseInt(pair, 16));
  const high = Math.max(red, green, blue) / 255;
  const low = Math.min(red, green, blue) / 255;
  const light = (high + low) / 2;
  const spread = high - low;
  const saturation = spread === 0 ? 0 : spread / (1 - Math.abs(2 * light - 1));
  const hue = hueOf(red / 255, green / 255, blue / 255, high, spread);
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  const through = alpha < 255 ? `, ${percent(alpha / 255)} opaque` : '';
  return `a colour: ${toneOf(hue, saturation, light)}, red ${red}, green ${green}, blue ${blue} (hue ${Math.round(hue)}°, saturation ${percent(saturation)}, lightness ${percent(light)})${through}`;
}

function hueOf(red: number, green: number, blue: number, high: number, spread: number): number {
  if (spread === 0) return 0;
  if (high === red) return (((green - blue) / spread + 6) % 6) * 60;
  return high === green ? ((blue - red) / spread + 2) * 60 : ((red - green) / spread + 4) * 60;
}

function toneOf(hue: number, saturation: number, light: number): string {
  if (light > 0.97) return light === 1 ? 'white' : 'nearly white';
  if (light < 0.04) return light === 0 ? 'black' : 'nearly black';
  const depth = light < 0.3 ? 'dark ' : light > 0.75 ? 'light ' : '';
  if (saturation < 0.1) return `${depth}grey`;
  const names = 'red orange yellow green green green cyan blue blue violet magenta magenta'.split(' ');
  return `${depth}${names[Math.floor(((hue + 15) % 360) / 30)]}`;
}
