import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redacted } from '../../server/guard/redacted.ts';
import { createRedactor } from '../../server/guard/redaction.ts';
import { findSecrets } from '../../server/guard/secrets.ts';
import { syntheticSecrets } from '../support/syntheticSecrets.ts';
import { ordinaryLines } from '../fixtures/guard/ordinaryLines.ts';

const corpus = syntheticSecrets(20);

/** Nothing of the secret may be left, line by line for those of several lines. */
function leaks(secret: string, output: string): boolean {
  return secret.split(/\n|\\n/).some(line => line.length >= 8 && output.includes(line));
}

describe('secrets', () => {
  it('has 30 classes of 20', () => {
    assert.ok(new Set(corpus.map(entry => entry.what)).size >= 30);
    assert.ok(corpus.length >= 600);
  });

  it('finds at least 95 % of them, and at least 80 % of every class', () => {
    const missed = corpus.filter(({ secret, text }) => leaks(secret, createRedactor().redact(text).text));
    assert.ok(missed.length <= corpus.length * 0.05, `${missed.length} of ${corpus.length}`);
    const byClass = new Map<string, number>();
    for (const { what } of missed) byClass.set(what, (byClass.get(what) ?? 0) + 1);
    for (const [what, count] of byClass) assert.ok(count <= 4, `${what}: ${count} of 20 missed`);
  });

  it('finds them inside a large file too', () => {
    const redactor = createRedactor();
    const filler = `${ordinaryLines.join('\n')}\n`.repeat(3);
    const text = corpus
      .slice(0, 100)
      .map(entry => filler + entry.text)
      .join('');
    const { text: redacted } = redactor.redact(text);
    const missed = corpus.slice(0, 100).filter(({ secret }) => leaks(secret, redacted));
    assert.ok(missed.length <= 5, `${missed.length}`);
  });

  for (const line of ordinaryLines) {
    it(`leaves alone: ${line.slice(0, 70)}`, () => assert.deepEqual(findSecrets(line), []));
  }

  // Put together here, so that no scanner takes this file for a leak.
  const chosen = `Tr0ub${'4dor'}&3x`;
  const held: readonly string[] = [
    'const dbPass = "$";',
    'const adminPw = "$";',
    'const pw = "$";',
    "pass = '$'",
    'let pwd = "$";',
    'passwd: "$",',
    'auth: { user: "app", pass: "$" }',
    'settings.dbPass2 = "$"',
    '  smtpPass: $',
    'PW=$',
    'db-pass: $',
    '<dbPass>$</dbPass>',
  ];
  for (const line of held) {
    it(`finds: ${line}`, () => {
      const text = line.replace('$', () => chosen);
      assert.ok(!createRedactor().redact(text).text.includes(chosen));
      // What an index keeps is scrubbed.
      assert.ok(!createRedactor().scrub(text).includes(chosen));
    });
  }

  it('takes linear time on text made to be slow', () => {
    const hostile = [
      '-----BEGIN PRIVATE KEY-----' + 'ab: c\n'.repeat(20_000),
      'password'.repeat(20_000),
      'password = "'.repeat(10_000),
      '://a:'.repeat(30_000),
      `${'A'.repeat(150_000)}=`,
      'eyJ'.repeat(50_000),
      `key${' '.repeat(100_000)}=`,
      '-----END '.repeat(15_000),
      'token: '.repeat(20_000),
      'sk-'.repeat(50_000),
      `<${'password'.repeat(10_000)}`,
    ];
    const random = fc.sample(fc.stringMatching(/^[\w"'`:=/ \n.-]*$/), { numRuns: 200, seed: 7 });
    // What is tested is that it ends: exponential or quadratic matching would run into mocha's limit.
    for (const text of [...hostile, ...random.map(part => part.repeat(200))])
      assert.ok(findSecrets(text).length >= 0);
  });
});

describe('redaction', () => {
  const key = `gh` + `p_${'a1B2c3D4e5'.repeat(3)}F6g7H8`;
  const other = `gh` + `p_${'z9Y8x7W6v5'.repeat(3)}U4t3S2`;

  it('keeps the code around a secret parseable and the same value under one name', () => {
    const redactor = createRedactor();
    const { text } = redactor.redact(`const a = "${key}"; const b = "${other}"; const c = "${key}";`);
    assert.equal(
      text,
      'const a = "CODRIVER_SECRET_1"; const b = "CODRIVER_SECRET_2"; const c = "CODRIVER_SECRET_1";',
    );
    assert.equal(redactor.redact(`x = "${other}"`).text, 'x = "CODRIVER_SECRET_2"');
  });

  it('keeps the marker lines of a key and the rest of an address', () => {
    const block = corpus.find(entry => entry.what === 'private key')?.text ?? '';
    assert.match(
      createRedactor().redact(block).text,
      /-----BEGIN RSA PRIVATE KEY-----\nCODRIVER_SECRET_1\n-----END/,
    );
    const url = `DATABASE_URL=postgres://app:${'x7Kq2mW9pL4'}@db:5432/app`;
    assert.equal(
      createRedactor().redact(url).text,
      'DATABASE_URL=postgres://app:CODRIVER_SECRET_1@db:5432/app',
    );
  });

  it('restores what it took, whatever else the text is (property)', () => {
    const secrets = corpus.map(entry => entry.text);
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(...secrets),
      fc.constantFrom(
        'CODRIVER_SECRET_1',
        'codriver_secret',
        'CODRIVER_SECRET_12x',
        'CodriverSecret3',
        '"',
        '\n',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const text = pieces.join('');
        const redactor = createRedactor();
        const { text: redacted } = redactor.redact(text);
        const restored = redactor.restore(redacted);
        // A text that itself ends like a cut placeholder is refused rather than guessed at.
        return restored.ok ? restored.text === text : /CODRIVER_\w*$/.test(redacted);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  const refused = [
    'CODRIVER_SECRET_99',
    'codriver_secret_1',
    'CODRIVER_SECRET_1x',
    'CODRIVER_SECRET_',
    'Codriver Secret 1',
    'x = CODRIVER_SEC',
  ];
  for (const answer of refused) {
    it(`refuses an answer with ${answer}`, () => {
      const redactor = createRedactor();
      redactor.redact(`a = "${key}"`);
      const restored = redactor.restore(`token = "${answer}`);
      assert.equal(restored.ok, false);
    });
  }

  it('restores into an answer that moved the placeholder', () => {
    const redactor = createRedactor();
    redactor.redact(`a = "${key}"`);
    assert.deepEqual(redactor.restore('connect("CODRIVER_SECRET_1")'), {
      ok: true,
      text: `connect("${key}")`,
    });
  });

  it('does not give one session’s values to another', () => {
    createRedactor().redact(`a = "${key}"`);
    assert.equal(createRedactor().restore('CODRIVER_SECRET_1').ok, false);
  });

  it('cuts without letting a secret through in halves (property)', () => {
    const text = `before\ntoken = "${key}"\nafter = "${other}"\n`;
    const whole = createRedactor().redact(text).text;
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 4 }), places => {
        const cuts = [...places].sort((a, b) => a - b);
        const parts = createRedactor().redactParts(text, cuts);
        const joined = parts.map(part => part.text).join('');
        return (
          parts.length === cuts.length + 1 &&
          joined === whole &&
          parts.every(part => part instanceof Redacted)
        );
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('scrubs for learning without moving anything (property)', () => {
    const redactor = createRedactor();
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(...corpus.map(entry => entry.text)))),
        pieces => {
          const text = pieces.join('\n');
          const scrubbed = redactor.scrub(text);
          const lineEnds = (of: string): string =>
            Array.from(of.matchAll(/\n/g), match => match.index).join();
          return scrubbed.length === text.length && lineEnds(scrubbed) === lineEnds(text);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
    const leaked = corpus.filter(({ secret, text }) => leaks(secret, redactor.scrub(text)));
    assert.ok(leaked.length <= corpus.length * 0.05);
  });

  it('scrubs a long text in steps, and takes out the same', () => {
    const redactor = createRedactor();
    const long = corpus.map(({ text }) => `${text}\nconst filler = [1, 2, 3];\n`.repeat(3)).join('');
    const work = redactor.scrubInSlices(long);
    let steps = 1;
    let last = work.next();
    for (; !last.done; last = work.next()) steps++;
    assert.equal(last.value, redactor.scrub(long));
    assert.ok(steps > long.length / 40_000, `${steps} steps for ${long.length} characters`);
    assert.equal(redactor.scrubInSlices('const short = 1;').next().done, true);
  });

  it('does not show its text by accident', () => {
    const redacted = createRedactor().redact('plain words');
    assert.equal(String(redacted), '[redacted text]');
    assert.equal(JSON.stringify({ redacted }), '{"redacted":{}}');
  });
});
