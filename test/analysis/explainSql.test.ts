import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCron, readIsoDuration } from '../../server/analysis/explain/schedules.ts';
import { readSql, sqlAt } from '../../server/analysis/explain/sql.ts';
import { bench, cursor, never } from './bench.ts';
import { testCases } from './explainCases.ts';

describe('analysis/explain SQL', () => {
  testCases([
    [
      'a query',
      'a.ts',
      'db.query(`SELECT u.name, count(*) FROM us$0ers u JOIN orders o ON o.user_id = u.id WHERE o.paid GROUP BY u.name HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 10`);',
      /^Reads `users` and `orders`\.\n\n1\. `FROM` reads `users u JOIN orders o ON o.user_id = u.id`\n2\. `WHERE` keeps rows where `o.paid`\n3\. `GROUP BY` [^\n]*\n4\. `HAVING` [^\n]*\n5\. `SELECT` gives `u.name, count\(\*\)`\n6\. `ORDER BY` sorts by `2 DESC`\n7\. `LIMIT`/,
    ],
    [
      'an update of all',
      'a.py',
      'cur.execute("update users set act$0ive = 0")',
      /Changes `users`[\s\S]*\*\*There is no WHERE: every row of `users` is changed\.\*\*/,
    ],
    [
      'a deletion of all',
      'a.go',
      'package p\nvar q = `DELETE FROM log$0s`',
      /every row of `logs` is deleted/,
    ],
    [
      'a deletion of some',
      'a.java',
      'class A { String q = "DELETE FROM logs WHERE a$0t < ?"; }',
      /^Deletes rows of `logs`\.\n\n1\. `WHERE` keeps rows where `at < \?`$/,
    ],
    [
      'an insertion',
      'a.rb',
      'x = "INSERT INTO items (a, b) VALUES (1, $02)"',
      /Adds rows to `items`[\s\S]*`VALUES` takes the values/,
    ],
    [
      'common table expressions',
      'a.rs',
      'fn f() { let q = "WITH recent AS (SELECT * FROM logs) SELECT * FROM rec$0ent"; }',
      /with `recent` defined in front/,
    ],
    ['a dropped table', 'a.ts', "run('DROP TABLE IF EXISTS us$0ers');", /\*\*Deletes the table `users`\*\*/],
    ['a sentence', 'a.ts', "say('Select a file from the li$0st');", undefined],
    ['a sentence in small letters', 'a.ts', "say('select an item from the me$0nu');", undefined],
    ['a button', 'a.ts', "say('Delete from the li$0st');", undefined],
    ['a command', 'a.ts', "say('update your sett$0ings');", undefined],
    ['a sentence about values', 'a.py', 'x = "select some rows from this ta$0ble."', undefined],
    ['a word', 'a.py', 'x = "sel$0ect"', undefined],
    ['a broken query', 'a.py', 'x = "SELECT (a FROM us$0ers"', undefined],
    ['a query put together', 'a.ts', 'q(`SELECT * FR$0OM ${table}`);', undefined],
  ]);

  it('reads a WHERE in a subquery as no WHERE of the update', () => {
    assert.match(readSql('UPDATE a SET b = (SELECT c FROM d WHERE e = 1)') ?? '', /every row of `a`/);
    assert.doesNotMatch(readSql('UPDATE a SET b = 1 WHERE c = 2') ?? '', /every row/);
  });

  it('does not take functions with FROM for tables', () => {
    assert.match(readSql('SELECT EXTRACT(year FROM at) FROM logs') ?? '', /^Reads `logs`\./);
  });

  it('does not fall for comments, strings and quoted names', () => {
    const text = readSql('UPDATE "from" SET a = \'where\' -- WHERE b\n/* WHERE c */') ?? '';
    assert.match(text, /every row of `from` is changed/);
  });

  it('reads the statement of a file that the cursor is in', () => {
    const file = "-- x; y\nSELECT ';' FROM a;\nDELETE FROM b;\nCREATE TABLE c (d int);\n";
    assert.match(sqlAt(file, file.indexOf('SELECT'))?.markdown ?? '', /^Reads `a`/);
    assert.match(sqlAt(file, file.indexOf('b;'))?.markdown ?? '', /every row of `b`/);
    assert.equal(sqlAt(file, file.indexOf('CREATE')), undefined);
    assert.equal(sqlAt(file, 2), undefined);
    assert.equal(sqlAt(file, file.length), undefined);
  });

  it('is what a hover says in a SQL file, which has no grammar', async () => {
    const { text, position } = cursor('SELECT a FROM t;\n\nDELETE FR$0OM b;\n');
    const made = bench({ 'a.sql': text });
    const said = await made.analysis.explain(made.uri('a.sql'), position, never);
    assert.match(said?.markdown ?? '', /every row of `b`/);
    assert.deepEqual(said?.range.start, { line: 2, character: 0 });
  });

  it('reads any text without failing', () => {
    const pieces = fc.constantFrom(
      'SELECT ',
      'UPDATE ',
      'a',
      ' FROM ',
      ' WHERE ',
      'SET ',
      '=',
      '(',
      ')',
      "'",
      '"',
      '`',
      ',',
      ';',
      '--',
      '/*',
      '*/',
      '\n',
      'WITH ',
      ' AS ',
      'UNION ',
      '.',
      '[',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.nat(80), (parts, offset) => {
        const text = parts.join('');
        readSql(text);
        const found = sqlAt(text, offset);
        if (found) assert.ok(found.start <= offset && offset <= found.end);
      }),
      { numRuns: 500 },
    );
  });

  it('never lets SQL become Markdown', () => {
    const text = readSql('SELECT `a`, "![x](http://e)" FROM "`b`" WHERE c = \'*d*\'') ?? '';
    assert.match(text, /^Reads `` `b` ``\./);
  });
});

describe('analysis/explain schedules', () => {
  testCases([
    ['a time', 'a.ts', "cron.schedule('30 5 * * 1$0', run);", /`30 5 \* \* 1`: at 05:30, on Monday\./],
    ['every few minutes', 'a.py', 'x = "*/15 * * * $0*"', /every 15 minutes\./],
    [
      'working hours',
      'a.go',
      'package p\nvar schedule = "0 9-17 * * MON$0-FRI"',
      /at minute 0, at hour 9 to 17, on Monday to Friday/,
    ],
    [
      'a day each month',
      'a.java',
      'class A { String cron = "0 0 1 $0* *"; }',
      /at 00:00, at day of the month 1/,
    ],
    ['seconds in front', 'a.java', 'class A { String cron = "*/10 * * * * $0?"; }', /every 10 seconds/],
    [
      'a duration',
      'a.java',
      'class A { Object a = Duration.parse("PT1H$030M"); }',
      /`PT1H30M` is one hour and 30 minutes, as an ISO 8601 duration\./,
    ],
    ['days', 'a.py', 'x = "P1DT$012H"', /one day and 12 hours/],
    ['numbers', 'a.py', 'x = "1 2 3 4 $05"', undefined],
    ['a ruler', 'a.py', 'x = "* * * $0* *"', undefined],
    ['what is out of range', 'a.py', 'cron = "99 * * * $0*"', undefined],
    ['words', 'a.py', 'schedule = "run it five times to$0day"', undefined],
    ['a letter', 'a.py', 'x = "P$0"', undefined],
    ['a code', 'a.py', 'x = "PT$0"', undefined],
    ['a part number', 'a.py', 'x = "P100$0X"', undefined],
  ]);

  it('reads any text without failing', () => {
    const field = fc.stringMatching(/^[\d*/,\-?A-Z]{1,6}$/);
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 5, maxLength: 6 }),
        parts => void readCron({ text: parts.join(' '), name: 'cron', callee: '' }),
      ),
    );
    fc.assert(fc.property(fc.stringMatching(/^P[\dTYMDWHS.]{0,10}$/), text => void readIsoDuration(text)));
  });
});
