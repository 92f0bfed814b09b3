/**
 * Synthetic secrets for tests: thirty classes, each made from a seed in the form its issuer uses, inside a line as
 * it stands in real files. Put together piece by piece, so that no scanner takes this file for a leak.
 */

export interface SyntheticSecret {
  readonly what: string;
  /** The value that must not be in the output. */
  readonly secret: string;
  /** A line or block that holds it. */
  readonly text: string;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const hex = `${digits}abcdef`;
const alphanumeric = lower + upper + digits;
const base64 = `${alphanumeric}+/`;
const urlSafe = `${alphanumeric}-_`;

/** A small seeded generator (mulberry32), so that every run sees the same values. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Maker = (of: (alphabet: string, length: number) => string, pick: <T>(from: readonly T[]) => T) => string;

const uuid: Maker = of => [8, 4, 4, 4, 12].map(length => of(hex, length)).join('-');
const pem = (kind: string, of: (alphabet: string, length: number) => string): string =>
  Array.from({ length: 12 }, () => of(base64, 64)).join('\n') + (kind === '' ? '' : '\n');

/** Class → how the value is made, and the frames it stands in (`$` is the value). */
const classes: Readonly<Record<string, { make: Maker; frames: readonly string[] }>> = {
  'AWS access key id': {
    make: (of, pick) => pick(['AK', 'AS']) + 'IA' + of(`${upper}234567`, 16),
    frames: ['aws_access_key_id = $', 'const id = "$";', '  accessKeyId: $', '// was $ before'],
  },
  'AWS secret key': {
    make: of => of(base64, 40),
    frames: [
      'aws_secret_access_key = $',
      'secretAccessKey: "$",',
      'AWS_SECRET_ACCESS_KEY=$',
      "'secret_key' => '$',",
    ],
  },
  'GitHub token': {
    make: (of, pick) => `gh${pick(['p', 'o', 'u', 's', 'r'])}_${of(alphanumeric, 36)}`,
    frames: [
      'token: $',
      'git clone https://$@github.com/o/r',
      'headers = {"Authorization": "token $"}',
      '\\n$',
    ],
  },
  'GitHub fine-grained token': {
    make: of => `github_` + `pat_${of(alphanumeric, 22)}_${of(alphanumeric, 59)}`,
    frames: ['GH=$', '"$"', '# $'],
  },
  'GitLab token': { make: of => `glp` + `at-${of(urlSafe, 20)}`, frames: ['PRIVATE-TOKEN: $', 'x = "$"'] },
  'OpenAI key': {
    make: (of, pick) =>
      pick([`sk` + `-${of(alphanumeric, 48)}`, `sk` + `-proj-${of(alphanumeric, 20)}_${of(urlSafe, 60)}`]),
    frames: ['OPENAI_API_KEY=$', 'client = OpenAI(api_key="$")', 'Bearer $'],
  },
  'Anthropic key': {
    make: of => `sk-` + `ant-api03-${of(urlSafe, 93)}AA`,
    frames: ['ANTHROPIC_API_KEY=$', "x-api-key: '$'"],
  },
  'Google API key': {
    make: of => `AI` + `za${of(urlSafe, 35)}`,
    frames: ['key=$', 'apiKey: "$",', '?key=$&q=1'],
  },
  'GCP service account': {
    make: of => pem('', of).replaceAll('\n', '\\n'),
    frames: [`"private_key": "-----BEGIN ` + `PRIVATE KEY-----\\n$\\n-----END ` + `PRIVATE KEY-----\\n",`],
  },
  'Slack token': {
    make: (of, pick) =>
      `xox${pick(['b', 'p', 'a', 's'])}-${of(digits, 12)}-${of(digits, 12)}-${of(alphanumeric, 24)}`,
    frames: ['SLACK=$', 'new WebClient("$")'],
  },
  'Slack webhook': {
    make: of => `T${of(upper + digits, 8)}/B${of(upper + digits, 8)}/${of(alphanumeric, 24)}`,
    frames: ['url: https://hooks.slack.com/services/$', 'curl "https://hooks.slack.com/services/$"'],
  },
  'Stripe key': {
    make: (of, pick) => `${pick(['sk', 'rk'])}_` + `${pick(['live', 'test'])}_${of(alphanumeric, 24)}`,
    frames: ['stripe.api_key = "$"', 'STRIPE=$'],
  },
  'Twilio key': { make: of => `S` + `K${of(hex, 32)}`, frames: ['TWILIO_KEY=$', 'twilio("$", x)'] },
  'SendGrid key': {
    make: of => `S` + `G.${of(urlSafe, 22)}.${of(urlSafe, 43)}`,
    frames: ['sgMail.setApiKey("$")', 'SENDGRID=$'],
  },
  'npm token': {
    make: of => `np` + `m_${of(alphanumeric, 36)}`,
    frames: ['//registry.npmjs.org/:_authToken=$', 'NPM=$'],
  },
  'PyPI token': {
    make: of => `pypi-` + `AgEIcHlwaS5vcmc${of(urlSafe, 150)}`,
    frames: ['password = $', 'twine -p $'],
  },
  'Azure storage key': {
    make: of => `${of(base64, 86)}==`,
    frames: ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=$;EndpointSuffix=core.windows.net'],
  },
  'JSON web token': {
    make: of => `ey` + `J${of(alphanumeric, 33)}.ey` + `J${of(alphanumeric, 60)}.${of(urlSafe, 43)}`,
    frames: ['const t = "$"', 'Authorization: Bearer $', 'cookie: session=$'],
  },
  'private key': {
    make: of => pem('k', of).trimEnd(),
    frames: [
      `-----BEGIN ` + `RSA PRIVATE KEY-----\n$\n-----END ` + `RSA PRIVATE KEY-----`,
      `-----BEGIN ` + `EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n$\n-----END ` + `EC PRIVATE KEY-----`,
    ],
  },
  'SSH key': {
    make: of => `b3BlbnNzaC1rZXktdjE${of(base64, 51)}\n${of(base64, 70)}\n${of(base64, 30)}==`,
    frames: [`-----BEGIN ` + `OPENSSH PRIVATE KEY-----\n$\n-----END ` + `OPENSSH PRIVATE KEY-----`],
  },
  'password in a URL': {
    make: of => of(alphanumeric, 14),
    frames: ['https://deploy:$@git.example.org/r.git', 'curl ftp://u:$@host/f'],
  },
  'database URL': {
    make: (of, pick) => of(alphanumeric, 11) + pick(['', '!', '$1', '%21']),
    frames: [
      'DATABASE_URL=postgres://app:$@db:5432/app',
      '"mongodb+srv://app:$@c0.mongodb.net/x"',
      'redis://:$@r:6379',
    ],
  },
  'password in code': {
    make: of => of(`${alphanumeric}!#%&*+=?`, 13) + of(digits, 2),
    frames: [
      'password = "$"',
      "const dbPassword = '$';",
      'password: "$"',
      '"password": "$",',
      'if (pwd == "$") {',
    ],
  },
  'password in an environment file': {
    make: of => of(alphanumeric, 14) + of(digits, 2),
    frames: ['DB_PASSWORD=$', 'export MYSQL_PWD=$', 'ENV ADMIN_PASSWORD=$', '  password: $'],
  },
  'Heroku key': { make: uuid, frames: ['HEROKU_API_KEY=$', 'heroku_key: "$"'] },
  'DigitalOcean token': { make: of => `dop` + `_v1_${of(hex, 64)}`, frames: ['DO=$', 'token = "$"'] },
  'Telegram bot token': {
    make: of => `${of('123456789', 10)}:` + `AA${of(urlSafe, 33)}`,
    frames: ['bot = Bot("$")', 'https://api.telegram.org/bot$/sendMessage'],
  },
  'Discord bot token': {
    make: (of, pick) =>
      `${pick(['M', 'N', 'O'])}T${of(alphanumeric, 24)}.${of(urlSafe, 6)}.${of(urlSafe, 38)}`,
    frames: ['client.login("$")', 'DISCORD=$'],
  },
  'Mailgun key': { make: of => `ke` + `y-${of(hex, 32)}`, frames: ['api:$', 'MAILGUN="$"'] },
  'Shopify token': {
    make: of => `shp` + `at_${of(hex, 32)}`,
    frames: ['X-Shopify-Access-Token: $', 's = "$"'],
  },
  'Square token': { make: of => `sq0` + `atp-${of(urlSafe, 22)}`, frames: ['SQUARE=$', 'square("$")'] },
  'Databricks token': { make: of => `da` + `pi${of(hex, 32)}`, frames: ['DATABRICKS_TOKEN=$', 'dbx("$")'] },
  'Hugging Face token': { make: of => `h` + `f_${of(alphanumeric, 34)}`, frames: ['login("$")', 'HF=$'] },
  'Cloudflare token': { make: of => of(urlSafe, 40), frames: ['CLOUDFLARE_API_TOKEN=$', 'api_token = "$"'] },
  'age key': {
    make: of => `AGE-SECRET-` + `KEY-1${of(upper + digits, 58)}`,
    frames: ['$', 'key: $'],
  },
  'generic key': {
    make: of => of(alphanumeric, 32),
    frames: [
      'api_key = "$"',
      'clientSecret: "$"',
      'SECRET_KEY=$',
      'auth_token: $',
      '--api-key $',
      '<apiKey>$</apiKey>',
    ],
  },
};

/** `perClass` secrets of every class, always the same ones for the same seed. */
export function syntheticSecrets(perClass: number, seed = 1): readonly SyntheticSecret[] {
  const random = seeded(seed);
  const of = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Object.entries(classes).flatMap(([what, { make, frames }]) =>
    Array.from({ length: perClass }, (_, i) => {
      const secret = make(of, pick);
      const frame = frames[i % frames.length] ?? '$';
      return { what, secret, text: `# a file\n${frame.split('$').join(secret)}\nnext = 1\n` };
    }),
  );
}
