/** What every tool writes, as it was recorded (or as its documentation shows it), and what is read from it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Output, Report } from '../../../server/analysis/checks/check.ts';
import * as json from '../../../server/analysis/checks/jsonReports.ts';
import * as text from '../../../server/analysis/checks/textReports.ts';

type Parse = (output: Output) => readonly Report[];
type Expected = readonly [
  path: string,
  start: string,
  end: string,
  severity: string,
  code: string,
  message: RegExp,
];

interface Row {
  readonly tool: string;
  readonly parse: Parse;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly expected: readonly Expected[];
}

const rows: readonly Row[] = [
  {
    tool: 'tsc',
    parse: text.tscReports,
    stdout:
      "a.ts(1,24): error TS2322: Type 'string' is not assignable to type 'number'.\nsrc/b (old).ts(3,1): error TS2769: No overload matches this call.\n  Overload 1 of 2, '(x: number): void', gave the following error.\nerror TS18003: No inputs were found in config file.\n",
    expected: [
      ['a.ts', '0:23', '', 'error', 'TS2322', /^Type 'string'/],
      ['src/b (old).ts', '2:0', '', 'error', 'TS2769', /No overload .* Overload 1 of 2/],
    ],
  },
  {
    tool: 'eslint',
    parse: json.eslintReports,
    stdout: JSON.stringify([
      {
        filePath: '/p/a.js',
        messages: [
          {
            ruleId: 'no-undef',
            severity: 2,
            message: "'x' is not defined.",
            line: 1,
            column: 1,
            endLine: 1,
            endColumn: 2,
          },
          {
            ruleId: null,
            fatal: true,
            severity: 2,
            message: 'Parsing error: Unexpected token',
            line: 4,
            column: 3,
          },
          // What it says of a file that is ignored has no place.
          { ruleId: null, severity: 1, message: 'File ignored because of a matching ignore pattern.' },
          { ruleId: 'semi', severity: 1, message: 'Missing semicolon.', line: 2, column: 5 },
        ],
      },
    ]),
    expected: [
      ['/p/a.js', '0:0', '0:1', 'error', 'no-undef', /is not defined/],
      ['/p/a.js', '3:2', '', 'error', '', /^Parsing error/],
      ['/p/a.js', '1:4', '', 'warning', 'semi', /semicolon/],
    ],
  },
  {
    tool: 'biome',
    parse: json.rdjsonReports,
    stdout:
      '{"source":{"name":"Biome"},"diagnostics":[{"code":{"url":"https://biomejs.dev/linter/rules/no-debugger","value":"lint/suspicious/noDebugger"},"location":{"path":"a.ts","range":{"end":{"column":10,"line":2},"start":{"column":1,"line":2}}},"message":"This is an unexpected use of the debugger statement.","severity":"ERROR","suggestions":[]}]}',
    expected: [['a.ts', '1:0', '1:9', 'error', 'lint/suspicious/noDebugger', /unexpected use/]],
  },
  {
    tool: 'oxlint',
    parse: json.oxlintReports,
    stdout:
      '{ "diagnostics": [{"message": "`debugger` statement is not allowed","code": "eslint(no-debugger)","severity": "warning","url": "https://oxc.rs/x.html","help": "Remove the debugger statement","filename": "b.ts","labels": [{"span": {"offset": 20,"length": 9,"line": 1,"column": 21}}]}],\n "number_of_files": 1 }',
    expected: [['b.ts', '0:20', '0:29', 'warning', 'eslint(no-debugger)', /not allowed Remove/]],
  },
  {
    tool: 'ruff',
    parse: json.ruffReports,
    stdout: JSON.stringify([
      {
        code: 'F821',
        filename: '/p/a.py',
        location: { row: 2, column: 5 },
        end_location: { row: 2, column: 8 },
        message: 'Undefined name `foo`',
        url: 'https://docs.astral.sh/ruff/rules/undefined-name',
      },
      {
        code: 'E501',
        filename: '/p/a.py',
        location: { row: 3, column: 89 },
        end_location: { row: 3, column: 99 },
        message: 'Line too long',
      },
      {
        code: null,
        filename: '/p/a.py',
        location: { row: 4, column: 1 },
        end_location: { row: 4, column: 2 },
        message: 'SyntaxError: Expected an expression',
      },
    ]),
    expected: [
      ['/p/a.py', '1:4', '1:7', 'error', 'F821', /Undefined name/],
      ['/p/a.py', '2:88', '2:98', 'warning', 'E501', /too long/],
      ['/p/a.py', '3:0', '3:1', 'error', '', /SyntaxError/],
    ],
  },
  {
    tool: 'pyright',
    parse: json.pyrightReports,
    stdout: JSON.stringify({
      version: '1.1.400',
      generalDiagnostics: [
        {
          file: '/p/a.py',
          severity: 'error',
          message: '"foo" is not defined',
          range: { start: { line: 0, character: 6 }, end: { line: 0, character: 9 } },
          rule: 'reportUndefinedVariable',
        },
      ],
      summary: { errorCount: 1 },
    }),
    expected: [['/p/a.py', '0:6', '0:9', 'error', 'reportUndefinedVariable', /not defined/]],
  },
  {
    tool: 'mypy',
    parse: text.mypyReports,
    stdout:
      'a.py:2:10:2:12: error: Incompatible return value type (got "str", expected "int")  [return-value]\na.py:2:10:2:12: note: See https://example.invalid\nb.py:7: error: Name "y" is not defined  [name-defined]\n',
    expected: [
      [
        'a.py',
        '1:9',
        '1:12',
        'error',
        'return-value',
        /^Incompatible return value type \(got "str", expected "int"\)$/,
      ],
      ['b.py', '6', '', 'error', 'name-defined', /is not defined$/],
    ],
  },
  {
    tool: 'flake8',
    parse: text.flake8Reports,
    stdout:
      "./a.py:1:1: F401 'os' imported but unused\nC:\\p\\a.py:3:80: E501 line too long (90 > 79 characters)\n",
    expected: [
      ['./a.py', '0:0', '', 'warning', 'F401', /imported but unused/],
      ['C:\\p\\a.py', '2:79', '', 'warning', 'E501', /too long/],
    ],
  },
  {
    tool: 'go vet',
    parse: text.goReports,
    stderr:
      '# x\n# [x]\nvet: ./main.go:7:14: cannot use "a" (untyped string constant) as int value in variable declaration\nsub/s.go:6:14: fmt.Printf format %d has arg "é" of wrong type string\n',
    expected: [
      ['./main.go', '6:13', '', 'error', '', /^cannot use "a"/],
      ['sub/s.go', '5:13', '', 'error', '', /^fmt.Printf/],
    ],
  },
  {
    tool: 'golangci-lint',
    parse: text.goReports,
    stdout:
      'main.go:3:2: ineffectual assignment to err (ineffassign)\n\terr = nil\n\t^\n1 issues:\n* ineffassign: 1\n',
    expected: [['main.go', '2:1', '', 'error', 'ineffassign', /^ineffectual assignment to err/]],
  },
  {
    tool: 'staticcheck',
    parse: json.staticcheckReports,
    stdout:
      '{"code":"S1000","severity":"error","location":{"file":"/p/a.go","line":4,"column":2},"end":{"file":"/p/a.go","line":6,"column":3},"message":"should use a simple channel send"}\n',
    expected: [['/p/a.go', '3:1', '5:2', 'error', 'S1000', /channel send/]],
  },
  {
    tool: 'cargo check',
    parse: json.cargoReports,
    stdout: `${JSON.stringify({
      reason: 'compiler-message',
      message: {
        level: 'error',
        message: 'mismatched types',
        code: { code: 'E0308', explanation: 'long' },
        children: [{ level: 'help', message: 'try parse()', spans: [] }],
        spans: [
          {
            is_primary: false,
            file_name: 'src/main.rs',
            line_start: 2,
            line_end: 2,
            column_start: 26,
            column_end: 29,
          },
          {
            is_primary: true,
            file_name: 'src/main.rs',
            line_start: 2,
            line_end: 2,
            column_start: 32,
            column_end: 33,
            label: 'expected `i32`, found `&str`',
          },
        ],
      },
    })}\n{"reason":"compiler-message","message":{"level":"failure-note","message":"For more","spans":[]}}\n{"reason":"build-finished","success":false}\n`,
    expected: [
      [
        'src/main.rs',
        '1:31',
        '1:32',
        'error',
        'E0308',
        /^mismatched types\nexpected `i32`, found `&str`\ntry parse\(\)$/,
      ],
    ],
  },
  {
    tool: 'javac',
    parse: text.javacReports,
    stderr:
      'M.java:2: error: incompatible types: String cannot be converted to int\n\tString s = "é"; int x = "a"; return y; } }\n\t                        ^\nM.java:2: warning: [cast] redundant cast to int\n\tString s = "é"; int x = "a"; return y; } }\n\t                                    ^\n  symbol:   variable y\n2 errors\n',
    expected: [
      ['M.java', '1:25', '', 'error', '', /^incompatible types/],
      ['M.java', '1:37', '', 'warning', 'cast', /redundant cast/],
    ],
  },
  {
    tool: 'maven',
    parse: text.mavenReports,
    stdout:
      '[ERROR] COMPILATION ERROR : \n[ERROR] /p/src/main/java/A.java:[12,5] cannot find symbol\n[ERROR]   symbol:   variable y\n[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin\n',
    expected: [['/p/src/main/java/A.java', '11:4', '', 'error', '', /^cannot find symbol$/]],
  },
  {
    tool: 'dotnet',
    parse: text.dotnetReports,
    stdout: "/p/A.cs(5,9): error CS0103: The name 'x' does not exist in the current context [/p/a.csproj]\n",
    expected: [['/p/A.cs', '4:8', '', 'error', 'CS0103', /current context$/]],
  },
  {
    tool: 'gcc',
    parse: text.gccReports,
    stderr:
      "c.c: In function 'main':\nc.c:3:32: error: 'y' undeclared (first use in this function)\n    3 |         char *s = \"é\"; int x = y;\n      |                                ^\nc.c:3:32: note: each undeclared identifier is reported only once\nc.c:3:28: warning: unused variable 'x' [-Wunused-variable]\nd.c:1:10: fatal error: x.h: No such file or directory\n",
    expected: [
      ['c.c', '2:31', '', 'error', '', /undeclared/],
      ['c.c', '2:27', '', 'warning', '-Wunused-variable', /^unused variable 'x'$/],
      ['d.c', '0:9', '', 'error', '', /No such file/],
    ],
  },
  {
    tool: 'clang',
    parse: text.clangReports,
    stderr: "<stdin>:4:2: error: use of undeclared identifier 'y'\n  y\n  ^\n1 error generated.\n",
    expected: [['', '3:1', '', 'error', '', /undeclared identifier/]],
  },
  {
    tool: 'zig',
    parse: text.zigReports,
    stderr: '<stdin>:2:5: error: unused local constant\n    const a = 1;\n',
    expected: [['', '1:4', '', 'error', '', /unused local/]],
  },
  {
    tool: 'ruby',
    parse: text.rubyReports,
    stderr:
      "-:3: syntax error, unexpected end-of-input, expecting `end'\n-:1: warning: assigned but unused variable - a\n",
    expected: [
      ['', '2', '', 'error', '', /unexpected end-of-input/],
      ['', '0', '', 'warning', '', /unused variable/],
    ],
  },
  {
    tool: 'rubocop',
    parse: json.rubocopReports,
    stdout: JSON.stringify({
      files: [
        {
          path: 'a.rb',
          offenses: [
            {
              severity: 'convention',
              message: 'Missing frozen string literal.',
              cop_name: 'Style/FrozenStringLiteralComment',
              location: { start_line: 1, start_column: 1, last_line: 1, last_column: 3, line: 1, column: 1 },
            },
          ],
        },
      ],
    }),
    expected: [['a.rb', '0:0', '0:3', 'warning', 'Style/FrozenStringLiteralComment', /frozen/]],
  },
  {
    tool: 'php',
    parse: text.phpReports,
    stdout:
      'PHP Parse error:  syntax error, unexpected token "}" in Standard input code on line 3\nErrors parsing Standard input code\n',
    expected: [['', '2', '', 'error', '', /unexpected token/]],
  },
  {
    tool: 'phpstan',
    parse: json.phpstanReports,
    stdout: JSON.stringify({
      totals: {},
      files: {
        '/p/a.php': {
          errors: 1,
          messages: [
            { message: 'Undefined variable: $x', line: 5, ignorable: true, identifier: 'variable.undefined' },
          ],
        },
      },
      errors: [],
    }),
    expected: [['/p/a.php', '4', '', 'error', 'variable.undefined', /Undefined variable/]],
  },
  {
    tool: 'shellcheck',
    parse: json.shellcheckReports,
    stdout: JSON.stringify({
      comments: [
        {
          file: '-',
          line: 2,
          endLine: 2,
          column: 6,
          endColumn: 8,
          level: 'info',
          code: 2086,
          message: 'Double quote to prevent globbing and word splitting.',
        },
      ],
    }),
    expected: [['', '1:5', '1:7', 'information', 'SC2086', /Double quote/]],
  },
  {
    tool: 'luac',
    parse: text.luacReports,
    stderr:
      "luac: stdin:3: '=' expected near 'x'\n/usr/bin/luac5.4: a.lua:1: unexpected symbol near '<eof>'\n",
    expected: [
      ['', '2', '', 'error', '', /expected near/],
      ['a.lua', '0', '', 'error', '', /unexpected symbol/],
    ],
  },
  {
    tool: 'luacheck',
    parse: text.luacheckReports,
    stdout: "    a.lua:3:7-10: (W211) unused variable 'x'\n",
    expected: [['a.lua', '2:6', '2:10', 'warning', 'W211', /unused variable/]],
  },
  {
    tool: 'pytest',
    parse: text.plainReports,
    stdout: 'p.py:2: in test_a\n    assert 1 == 2\nE   assert 1 == 2\nFAILED p.py::test_a - assert 1 == 2\n',
    expected: [['p.py', '1', '', 'error', '', /in test_a/]],
  },
];

const shown = (report: Report) => {
  const place = (at: Report['end']) =>
    at ? [at.line, at.column].filter(each => each !== undefined).join(':') : '';
  return [report.path, place(report.start), place(report.end), report.severity, report.code ?? ''];
};

const PARSERS: readonly Parse[] = [...new Set(rows.map(({ parse }) => parse))];

describe('checks: reports', () => {
  for (const { tool, parse, stdout = '', stderr = '', expected } of rows) {
    it(`reads what ${tool} writes`, () => {
      const reports = parse({ code: 1, stdout, stderr });
      assert.deepEqual(
        reports.map(shown),
        expected.map(each => each.slice(0, 5)),
      );
      for (const [index, [, , , , , message]] of expected.entries())
        assert.match((reports[index] as Report).message, message);
    });

    it(`keeps to the lines of ${tool} where they end in CR LF and noise is around them`, () => {
      const noisy = (output: string) =>
        output.includes('{"') || output.startsWith('{ ')
          ? output
          : `\r\n${output.replaceAll('\n', '\r\n')}garbage: 1\r\n`;
      const reports = parse({ code: 1, stdout: noisy(stdout), stderr: noisy(stderr) });
      assert.deepEqual(
        reports.map(shown),
        expected.map(each => each.slice(0, 5)),
      );
    });
  }

  it('keeps an explanation only where it is an address of the web', () => {
    const said = (url: string) =>
      json.ruffReports({
        code: 1,
        stderr: '',
        stdout: JSON.stringify([
          { code: 'F401', filename: 'a.py', location: { row: 1, column: 1 }, message: 'm', url },
        ]),
      })[0]?.url;
    assert.equal(said('https://docs.astral.sh/x'), 'https://docs.astral.sh/x');
    assert.equal(said('command:evil'), undefined);
  });

  it('never throws, and never reports without a line and words, whatever is written', () => {
    const scrap = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .constantFrom(...rows.flatMap(({ stdout = '', stderr = '' }) => [stdout, stderr]))
        .chain(output =>
          fc
            .tuple(fc.nat(output.length), fc.nat(output.length), fc.string())
            .map(([a, b, middle]) => output.slice(0, a) + middle + output.slice(b)),
        ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...PARSERS), scrap, scrap, (parse, stdout, stderr) => {
        for (const { start, message, path } of parse({ code: 1, stdout, stderr })) {
          assert.ok(
            Number.isInteger(start.line) && start.line >= 0 && message !== '' && typeof path === 'string',
          );
          assert.ok(start.column === undefined || (Number.isInteger(start.column) && start.column >= 0));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('takes the time of the output and no more, also for lines made to be slow', () => {
    // Every pattern is tried on every line; a pattern that backtracks would not come back at all.
    const evil = [
      'a:'.repeat(1_900),
      'a.go'.repeat(990),
      ` (${'a'.repeat(3_900)}`,
      `x(${'1,'.repeat(1_900)}`,
      '['.repeat(3_900),
    ];
    for (const parse of PARSERS) {
      for (const line of evil)
        assert.deepEqual(
          parse({ code: 1, stdout: `${line}\n`.repeat(20), stderr: `${line}\n`.repeat(20) }),
          [],
        );
    }
  });
});
