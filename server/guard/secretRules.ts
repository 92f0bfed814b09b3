/**
 * What secrets look like, as data: one row per class. A row is found either by the fixed text its values start with
 * (`prefixes`) or by a fixed text beside them (`anchors`). It must not know what happens to what is found.
 */

import { markedSecrets } from './markedSecrets.ts';
import type { ValueKind } from './secretValues.ts';

export interface SecretRule {
  /** Short name for messages: "GitHub token". Never the value. */
  readonly what: string;
  /** Fixed beginnings of the value, at the start of a word. */
  readonly prefixes?: readonly string[];
  /** Fixed text anywhere, lower case, found in any case; what comes before it is in the expression's lookbehind. */
  readonly anchors?: readonly string[];
  /**
   * Sticky: matched at the prefix or anchor. The group `secret` is what must not leave (then with flag `d`), else
   * the whole match.
   */
  readonly pattern: RegExp;
  /** Least Shannon entropy of the secret in bits per character; keeps words and repeated letters out. */
  readonly entropy?: number;
  /** Judged as a value (see secretValues.ts): placeholders, references and plain words are let through. */
  readonly judged?: ValueKind;
}

/** Secrets with a structure around them. */
const structured: readonly SecretRule[] = [
  {
    // The marker lines stay, so that a reader sees what is there. A key in one string has `\n` for line ends.
    what: 'private key',
    anchors: ['-----begin '],
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\s{0,8}[\w-]{1,30}: [^\n]{0,200}\n){0,6}(?:\\[nr]|[\s"'+,\\]){0,40}(?<secret>[A-Za-z0-9+/=]{24,}(?:(?:\\[nr]|[\s"'+,\\]){1,40}[A-Za-z0-9+/=]{1,100}){0,400})/dy,
  },
  {
    what: 'private key',
    anchors: ['-----end '],
    pattern:
      /(?<=(?<secret>(?:^[ \t]*[A-Za-z0-9+/=]{16,76}\r?\n){0,79}^[ \t]*[A-Za-z0-9+/=]{4,76})\r?\n[ \t]*)-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY/dmy,
  },
  {
    what: 'PuTTY private key',
    anchors: ['private-lines:'],
    pattern: /Private-Lines: \d{1,3}\r?\n(?<secret>(?:[A-Za-z0-9+/=]{1,76}\r?\n?){1,100})/dy,
  },
  {
    what: 'password in a URL',
    anchors: ['://'],
    pattern:
      /(?<=[a-z0-9+.-]):\/\/[^\s:/?#@"'`<>{}[\]$%]{0,100}:(?<secret>[^\s/?#@"'`<>]{3,200})@(?=[\w[.$%{-])/diy,
    judged: 'url',
  },
  {
    what: 'basic or bearer authorisation',
    anchors: ['basic ', 'bearer ', 'token ', 'apikey '],
    pattern:
      /(?<=auth(?:orization)?\\?["'`]?\s{0,3}[:=,]\s{0,3}\\?["'`]?)(?:basic|bearer|token|apikey)\s+(?<secret>[\w+/=.~-]{12,2000})/diy,
    entropy: 3,
    judged: 'bare',
  },
  {
    what: 'Azure storage or service key',
    anchors: ['key='],
    pattern: /(?<=(?:Account|SharedAccess|Access))Key=(?<secret>[A-Za-z0-9+/]{40,100}={0,2})/diy,
    entropy: 3.5,
  },
  {
    what: 'Azure shared access signature',
    anchors: ['sig='],
    pattern: /(?<=[?&])sig=(?<secret>[\w%+/-]{30,100}={0,2})/diy,
    entropy: 3,
  },
  {
    what: 'Azure application secret',
    anchors: ['q~'],
    pattern: /(?<=(?<![\w~.-])[\w~.]{3}\d)Q~(?<secret>[\w~.-]{31,34})(?![\w~.-])/dy,
    entropy: 3.5,
  },
  {
    what: 'password in a connection string',
    anchors: ['pwd=', 'password='],
    pattern: /(?<=;\s{0,5})(?:password|pwd)=(?<secret>[^;"'\s]{3,200})/diy,
    judged: 'url',
  },
  {
    what: 'password in a connection string',
    anchors: ['pwd=', 'password='],
    pattern:
      /(?:password|pwd)=(?<secret>[^;"'\s]{3,200})(?=;\s{0,5}(?:server|host|data ?base|uid|user|initial|data))/diy,
    judged: 'url',
  },
  {
    what: 'AWS secret key',
    anchors: ['aws', 'secret'],
    pattern:
      /(?:aws[\w.-]{0,30}|secret[_-]?access[_-]?key|secret[_-]?key)["']?\]?\s*(?:=>|:=|[:=,(])\s*["'`]?(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/diy,
    entropy: 4,
  },
  {
    what: 'key of a service in a UUID',
    anchors: ['heroku', 'key', 'token', 'secret'],
    pattern:
      /(?:heroku[\w.-]{0,20}|(?<=api[_-]?)key|token|secret)["']?\]?\s{0,4}(?:=>|:=|[:=])\s{0,4}["'`]?(?<secret>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/diy,
    entropy: 2.8,
  },
  {
    what: 'Mailchimp key',
    anchors: ['-us'],
    pattern: /(?<=(?<![\w-])(?<secret>[a-f0-9]{32}))-us\d{1,2}(?!\w)/dy,
    entropy: 2.5,
  },
  {
    what: 'Terraform Cloud token',
    anchors: ['.atlasv1.'],
    pattern: /(?<=[A-Za-z0-9]{14})\.atlasv1\.(?<secret>[\w=-]{60,70})/dy,
    entropy: 3,
  },
  {
    what: 'Telegram bot token',
    anchors: [':aa'],
    pattern: /(?<=(?<![\w:])(?:bot)?\d{8,10}):(?<secret>AA[\w-]{32,34})(?![\w-])/dy,
    entropy: 3.5,
  },
  {
    what: 'chat webhook',
    anchors: ['hooks.slack.com/', '/api/webhooks/', '/webhookb2/'],
    pattern:
      /(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|(?<=discord(?:app)?\.com)\/api\/webhooks\/|(?<=webhook\.office\.com)\/webhookb2\/)(?<secret>[\w/@-]{20,300})/dy,
  },
];

/** Names of things that hold secrets, as the end of a longer name: `DB_PASSWORD`, `clientSecret`, `x-api-key`. */
const secretName =
  '(?:pass(?:word|wd|phrase|code)|passwort|pwd|secret|(?<!public[_-]?key[_-]?)token|credentials?|(?<=_)auth|(?<![A-Za-z\\d])(?:pw|pass)' +
  '|(?<=(?:[_-]|api|access|auth|private|encryption|signing|master|account|storage|client|service|deploy|session|secret|webhook|license|shared|sign|jwt|cookie))key(?:[_-]?id)?)' +
  '(?:[_-]?(?:\\d{1,3}|prod(?:uction)?|dev(?:elopment)?|test|staging|live|base64|b64|value|string|default|main|old|new|admin|root|user|db))?';

const nameAnchors = ['pass', 'pwd', 'secret', 'token', 'key', 'credential', 'auth', 'pw'];

/** `dbPass`, `adminPw`, `rootPass2`: short names that only a capital tells from `bypass` and `compass`. */
const camelName = '(?<=[a-z\\d])P(?:ass|w)\\d{0,3}';

/** Values that are known by the name they are given to; `flag`: `i` where the case of the name does not matter. */
function assignedTo(name: string, anchors: readonly string[], flag: 'i' | ''): readonly SecretRule[] {
  return [
    {
      what: 'secret in an assignment',
      anchors,
      pattern: new RegExp(
        `${name}\\\\?["'\`]?\\]?\\s{0,4}(?::\\s{0,2}[A-Za-z_][\\w.]{0,30}\\s{0,2}=|=>|:=|={1,3}|!==?|:|,|\\()\\s{0,8}[rbufL]{0,2}\\\\?(?<quote>["'\`])(?<secret>[^"'\`\\n]{6,500})\\\\?\\k<quote>`,
        `dy${flag}`,
      ),
      judged: 'quoted',
    },
    {
      what: 'secret in a definition of C',
      anchors,
      pattern: new RegExp(
        `(?<=#[ \\t]{0,8}define[ \\t]+[A-Za-z_]{0,60})${name}[ \\t]{1,40}(?<quote>")(?<secret>[^"\\n]{6,500})\\k<quote>`,
        `dy${flag}`,
      ),
      judged: 'quoted',
    },
    {
      what: 'secret in an XML element',
      anchors,
      pattern: new RegExp(
        `(?<=<[\\w.:-]{0,40})${name}(?: [^<>\\n]{0,100})?>(?<secret>[^<>\\s]{6,300})</`,
        `dy${flag}`,
      ),
      judged: 'quoted',
    },
    {
      // Unquoted, as in .env, YAML, INI and shell: the value is the rest of the line and reads like no code.
      what: 'secret in a setting',
      anchors,
      pattern: new RegExp(
        `${name}[ \\t]{0,4}(?:=|:[ \\t])[ \\t]{0,4}(?<secret>[^\\s"'\`#;,(){}\\[\\]<>]{8,500})[ \\t]*(?:#.*)?\\r?$`,
        `dmy${flag}`,
      ),
      judged: 'bare',
    },
    {
      what: 'secret in a command',
      anchors,
      pattern: new RegExp(
        `(?<=--?[\\w-]{0,30})${name}[ =](?<secret>[^\\s"'\`;|&<>(){}]{8,300})`,
        `dy${flag}`,
      ),
      judged: 'bare',
    },
  ];
}

export const secretRules: readonly SecretRule[] = [
  ...structured,
  ...markedSecrets,
  ...assignedTo(secretName, nameAnchors, 'i'),
  ...assignedTo(camelName, ['pass', 'pw'], ''),
];
