import assert from 'node:assert/strict';
import { findSecrets } from '../../server/guard/secrets.ts';

// Made of parts, so that no scanner takes this file for a leak.
const chosen = [
  'hunter2' + 'secret',
  'Winter' + '2023',
  'tr0ub' + '4dor3',
  's3c' + 'r3t',
  'rabbit42' + 'hole',
  'Blue42' + 'Ocean7',
  'P@ss' + 'w0rd!',
  '!QAZ' + '2wsx',
  'qazwsx' + '12',
  'h0me' + 'Server',
];
const frames = [
  'const password = "$";',
  'password: "$",',
  "db_password = '$'",
  'DB_PASSWORD="$"',
  '{"password": "$"}',
  'String passwd = "$";',
  'pwd := "$"',
  'connect(user="app", password="$")',
  '<password>$</password>',
  '#define DB_PASS "$"',
  'let adminPassword: string = "$";',
];

const base64 = (text: string) => Buffer.from(text).toString('base64');
const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const token = (claims: object) =>
  `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${'aB3dE6gH9'.repeat(4)}`;

const tokens: readonly [string, object, boolean][] = [
  ['names a person and still holds', { sub: '7f1c', exp: 4_000_000_000 }, true],
  ['names a person and has no end', { user_id: 4711, iat: 1_700_000_000 }, true],
  ['says only when it was made', { iat: 1_700_000_000 }, true],
  ['is a service', { role: 'anon', iss: 'supabase' }, true],
  ['is an administrator of somewhere', { sub: 'admin', admin: true }, true],
  ['comes from a real host', { iss: 'https://login.example.com.evil.io', sub: 'x1' }, true],
  ['ended years ago', { sub: '7f1c', exp: 1_500_000_000 }, false],
  ['greets the world', { message: 'hello world' }, false],
  ['is of the manual', { sub: '1234567890', name: 'John Doe', iat: 1_516_239_022 }, false],
  ['comes from a host that nobody has', { iss: 'https://issuer.example', iat: 1 }, false],
];

const ordinary: readonly string[] = [
  `"authorization": "Basic ${base64('username:password')}"`,
  `auth: "Basic ${base64('user:password123')}"`,
  `req.Header.Set("Sec-WebSocket-Key", "${base64('the sample nonce')}")`,
  "'http://example-username:[secure]@example.org/'",
  '"href": "http://foo:%F0%9F%92%A9@example.com/bar"',
  '#define TOKEN_NAME "identifier"',
  'password: !vault',
];

describe('secrets that people choose', () => {
  for (const frame of frames) {
    it(`are found: ${frame}`, () => {
      for (const value of chosen) {
        const text = frame.replace('$', () => value);
        const found = findSecrets(text).some(({ start, end }) => text.slice(start, end).includes(value));
        assert.ok(found, text);
      }
    });
  }

  it('are found behind base64 too', () => {
    const text = `"authorization": "Basic ${base64(`app:${chosen[4]}`)}"`;
    assert.equal(findSecrets(text).length, 1);
  });
});

describe('values that hide nothing', () => {
  for (const line of ordinary)
    it(`leaves alone: ${line.slice(0, 70)}`, () => assert.deepEqual(findSecrets(line), []));

  for (const [what, claims, isSecret] of tokens) {
    it(`a web token that ${what} is ${isSecret ? 'taken out' : 'left'}`, () => {
      const text = `const t = '${token(claims)}'`;
      assert.equal(findSecrets(text).length, isSecret ? 1 : 0);
    });
  }
});
