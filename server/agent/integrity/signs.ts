/**
 * What weakens a check when a line says it: one row a sign, for many languages and tools. Data only; it must not know
 * how changes are compared.
 */
import type { Family, FileRole } from './files.ts';
import type { FindingKind } from './types.ts';

export interface Sign {
  readonly kind: FindingKind;
  /** Ends the sentence "it …". */
  readonly what: string;
  readonly roles: readonly FileRole[];
  /** Absent: all. */
  readonly families?: readonly Family[];
  readonly path?: RegExp;
  /** Tried on added lines; in code and tests on lines without comments and literals, unless `raw`. */
  readonly pattern: RegExp;
  readonly raw?: true;
  /** It is none in a test that is new: that one weakens nothing that was there. */
  readonly oldTestsOnly?: true;
  /** A line that gives a reason behind the rule it names is only told. */
  readonly reason?: RegExp;
  /** Told alone: what Codriver measures does not depend on it. */
  readonly told?: true;
}

const tests: readonly FileRole[] = ['test'];
const codes: readonly FileRole[] = ['code', 'test'];
const settings: readonly FileRole[] = ['config', 'ci', 'other'];

export const SIGNS: readonly Sign[] = [
  {
    kind: 'skip',
    what: 'runs only this one and none of the others',
    roles: tests,
    pattern:
      /\b(?:it|test|describe|context|suite|specify|bench)(?:\.\w+)*\.only\b|\b(?:fit|fdescribe|fcontext|ftest|ddescribe|iit)\s*\(|\bonly:\s*true\b|:focus\b|\bfocus:\s*true\b|@tag\s+:?only\b/,
  },
  {
    kind: 'skip',
    what: 'skips tests',
    roles: codes,
    families: ['script'],
    pattern:
      /\b(?:it|test|describe|context|suite|specify)(?:\.\w+)*\.(?:skip|todo|skipIf|runIf|failing|fails|fixme)\b|\bx(?:it|describe|context|test|specify)\s*\(|\b(?:this|t|ctx|context)\.(?:skip|todo)\s*\(|\b(?:skip|todo):\s*(?:true|['"`]|!|process|is[A-Z])/,
    oldTestsOnly: true,
  },
  {
    kind: 'skip',
    what: 'skips tests',
    roles: codes,
    families: ['python'],
    pattern:
      /@(?:pytest\.mark|unittest|mark)\.(?:skip\w*|xfail|expectedFailure)\b|@(?:skip\w*|expectedFailure|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\(|\.skipTest\(|\braise\s+(?:unittest\.)?SkipTest\b|\bpytestmark\s*=.*\b(?:skip|xfail)|\bcollect_ignore\w*\s*=|\b__test__\s*=\s*False|\bpytest_(?:collection_modifyitems|ignore_collect|runtest_call|pyfunc_call|runtest_makereport)\b/,
    oldTestsOnly: true,
  },
  {
    kind: 'skip',
    what: 'skips tests',
    roles: tests,
    families: ['go'],
    pattern: /\b[tb]\.Skip(?:f|Now)?\(|\btesting\.Short\(\)/,
    oldTestsOnly: true,
  },
  {
    kind: 'skip',
    what: 'leaves the file out of the build',
    roles: tests,
    families: ['go'],
    pattern: /^\/\/\s*(?:go:build|\+build)\s+\S/,
    raw: true,
  },
  {
    kind: 'skip',
    what: 'skips tests',
    roles: codes,
    families: ['rust'],
    pattern:
      /#\[(?:\w+\()?\s*ignore\b|#\[should_panic\]|#\[cfg\(\s*(?:any\(\)|FALSE|false|never)\s*\)\]|#\[cfg_attr\(.*\bignore\b/,
    oldTestsOnly: true,
  },
  {
    kind: 'skip',
    what: 'skips tests',
    roles: tests,
    families: ['jvm', 'dotnet', 'swift', 'c', 'dart'],
    pattern:
      /@(?:Disabled\w*|Ignore|Enabled(?:If|On)\w*)\b|\bassume(?:True|False|That|Not)\w*\s*\(|\[Ignore\b|\b(?:Skip|Explicit)\s*=|\bAssert\.(?:Ignore|Inconclusive)\(|\bXCTSkip\w*\b|\bGTEST_SKIP\b|\bDISABLED_\w+|\bskip:\s*(?:true|['"])|enabled\s*=\s*false/,
    oldTestsOnly: true,
  },
  {
    kind: 'skip',
    what: 'skips tests',
    roles: tests,
    families: ['ruby', 'php', 'elixir'],
    pattern:
      /^\s*(?:skip|pending)\b|\bx(?:it|describe|context|specify)\b|\bskip:\s|:skip\b|\bmarkTest(?:Skipped|Incomplete)\(|->(?:skip|todo)\(|@(?:module)?tag\s+:?(?:skip|pending)|#\[(?:Requires|Group)\b/,
    oldTestsOnly: true,
  },
  {
    kind: 'swallowed',
    what: 'leaves a test before it has asked anything, or catches what it says',
    roles: tests,
    pattern:
      /^\s*if\s*\(?\s*(?:true|True|process\.env\.\w+|os\.environ\b.*|os\.getenv\(.*\))\s*\)?:?\s*(?:\{\s*)?return;?\s*\}?\s*$|\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}|^\s*except(?:\s+[\w., ()]+)?(?:\s+as\s+\w+)?:\s*(?:pass|return|\.\.\.)\s*$|\bcontextlib\.suppress\(|\bwith\s+suppress\(|\brescue\s*(?:=>\s*\w+|Exception|StandardError)?\s*$|\.catch\(\(\w*\)\s*=>\s*(?:\{\s*\}|undefined|null)\)/,
    oldTestsOnly: true,
  },
  {
    kind: 'swallowed',
    what: 'ends the program as if all were well',
    roles: ['test', 'config', 'ci'],
    pattern:
      /\bprocess\.exit\(\s*0?\s*\)|\b(?:sys|os)\._?exit\(\s*0?\s*\)|\bos\.Exit\(0\)|\bstd::process::exit\(0\)|\bSystem\.exit\(0\)|\bprocess\.exitCode\s*=\s*0/,
    oldTestsOnly: true,
  },
  {
    kind: 'trivial',
    what: 'makes everything equal',
    roles: codes,
    families: ['python', 'ruby', 'jvm', 'dotnet'],
    pattern:
      /def\s+__(?:eq|ne)__\(.*\)\s*(?:->\s*\w+\s*)?:\s*return\s+(?:True|not)\b|\bequals\(.*\)\s*\{\s*return\s+true/,
  },
  {
    kind: 'suppression',
    what: 'takes the file out of the types',
    roles: codes,
    families: ['script', 'python'],
    pattern:
      /@ts-nocheck\b|#\s*mypy:\s*(?:ignore-errors|disable)|^\s*#\s*(?:type:\s*ignore\s*$|pyright:\s*(?:basic|ignore|strict=false))/,
    raw: true,
    reason: /@ts-nocheck\s*:?\s+\S+\s+\S+\s+\S+/,
  },
  {
    kind: 'suppression',
    what: 'silences every type error of the line',
    roles: ['code'],
    families: ['script', 'python'],
    pattern: /@ts-[i]gnore\b|\S\s*#\s*(?:type:\s*ignore(?!\[)|pyright:\s*ignore(?!\[))/,
    raw: true,
    reason: /@ts-[i]gnore\s*:?\s+\S+\s+\S+\s+\S+|ignore\s+#\s*\S/,
  },
  {
    kind: 'suppression',
    what: 'silences a type error',
    roles: codes,
    families: ['script', 'python', 'php'],
    pattern:
      /@ts-[e]xpect-error\b|#\s*type:\s*ignore\[|#\s*pyright:\s*ignore\[|@(?:phpstan|psalm)-(?:ignore|suppress)\b/,
    raw: true,
    oldTestsOnly: true,
    reason: /@ts-[e]xpect-error\s*:?\s*\S+|ignore\[[^\]]+\]/,
  },
  {
    kind: 'suppression',
    what: 'silences a linter',
    roles: codes,
    pattern:
      /\b(?:eslint-disable|biome-ignore|oxlint-disable|tslint:disable|jshint\s+ignore|stylelint-disable|rubocop:disable|pylint:\s*disable|phpcs:ignore|swiftlint:disable|NOLINT\w*|NOSONAR|checkstyle:off)\b|#\s*(?:noqa|nosec)\b|\/\/\s*nolint\b|#!?\[allow\(|@SuppressWarnings\b|@Suppress\(|#pragma\s+warning\s+disable|\[SuppressMessage\b|credo:disable/,
    raw: true,
    reason:
      /eslint-disable\S*\s+\S+.*\s--\s*\S|(?:biome|oxlint)\S*\s+\S+.*:\s*\S|noqa:\s*[A-Z]|nosec\s+B|nolint:\s*\w+|pylint:\s*disable=\w|rubocop:disable\s+[A-Z]|#!?\[allow\([\w:, ]+\)|@Suppress\w*\(|NOLINT\w*\(|oxlint-disable-next-line\s+\S|eslint-disable-(?:next-)?line\s+\S|phpcs:ignore\s+\S|swiftlint:disable:\S|warning\s+disable\s+\S|SuppressMessage\(/,
  },
  {
    kind: 'suppression',
    what: 'hides code from coverage',
    told: true,
    roles: codes,
    pattern:
      /#\s*pragma:\s*no\s*(?:cover|branch)|\b(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)|@codeCoverageIgnore|coverage:ignore|LCOV_EXCL|#\[(?:coverage\(off\)|no_coverage)|:nocov:|@ExcludeFromCodeCoverage|@Generated\b|\[ExcludeFromCodeCoverage/,
    raw: true,
  },
  {
    kind: 'swallowed',
    what: 'goes on when it fails',
    roles: settings,
    pattern:
      /\|\|\s*(?:true|:|exit\s+0|echo\b|return\s+0|cd\s)|;\s*(?:true|exit\s+0)\s*["']?\s*,?$|\bset\s+\+e\b|\bcontinue-on-error:\s*true|\ballow_failure:\s*true|--passWithNoTests\b|--pass-with-no-tests\b|--exit-zero\b|--no-fail\b|--suppress-tests|\bignoreFailures\s*=\s*true|testFailureIgnore>?\s*[=>]?\s*true|-Dmaven\.test\.failure\.ignore|\bfail_ci_if_error:\s*false|--if-present\b|\bfailOnError>?\s*[=>]?\s*false|^\t-\s*\S|\bContinueOnError\s*[=:]\s*"?true|--allow-(?:empty|no-tests)\b|\bsucceed(?:_|-)?always\b/i,
    path: /(?:package\.json|makefile|justfile|taskfile\.ya?ml|\.(?:ya?ml|toml|cfg|ini|xml|gradle|kts|sh|bash|cjs|mjs|js|ts|py|json)|jenkinsfile\S*|rakefile)$/i,
    raw: true,
  },
  {
    kind: 'check-removed',
    what: 'leaves tests out',
    roles: settings,
    pattern:
      /-DskipTests\b|-Dmaven\.test\.skip|<skip(?:Tests)?>\s*true|\s-x\s+test\b|--ignore(?:-glob)?[= ]\S|--deselect\b|\s-k\s*["']?not\b|-m\s*["']not\b|--testPathIgnorePatterns\b|--exclude(?:-tests?)?[= ]['"]?\S*test|--no-run\b|\btestPathIgnorePatterns\b|\bcollect_ignore\b|\bnorecursedirs\s*=|--skip\s+\S|-run\s*=?\s*['"]?\^\$|--grep\b|--invert\b|--exclude-tag|--no-verify(?![\w-])|--bail\s*=\s*0|\benabled\s*=\s*false|\bexclude(?:Categories|Groups|Tags)\b/,
    raw: true,
  },
  {
    kind: 'check-removed',
    what: 'does not run any more',
    roles: ['ci'],
    pattern:
      /^\s*-?\s*if:\s*["']?(?:\$\{\{\s*)?false\b|\bwhen:\s*["']?(?:never|manual)\b|^\s*#\s*-?\s*(?:run|script|uses):/,
    raw: true,
  },
  {
    kind: 'suppression',
    what: 'switches a rule off',
    roles: ['config'],
    pattern:
      /["'][@\w/:.-]+["']\s*:\s*\[?\s*(?:["']off["']|0)\s*[,\]}]?|:\s*["']?off["']?\s*,?$|["']?(?:strict\w*|noImplicit\w*|noUnused\w*|noUnchecked\w*|noFallthrough\w*|exactOptional\w*|alwaysStrict|checkJs|useUnknownInCatchVariables)["']?\s*:\s*false|\bignore_errors\s*=\s*[Tt]rue|\b(?:disallow|warn|check|strict|no_implicit)\w*\s*=\s*[Ff]alse|\bEnabled:\s*false|=\s*["']allow["']|\blevel\s*=\s*["']allow["']|["']?(?:ignoreErrors|skipLibCheck|ignoreBuildErrors|ignoreDuringBuilds|isolatedModules|noEmitOnError["']?\s*:\s*false)\b["']?\s*:?\s*true|typeCheckingMode["']?\s*:\s*["']off|follow_imports\s*=\s*["']?skip|^\s*-?\s*disable(?:-all)?\s*[:=]/,
    path: /(?:^|\/)(?!package\.json|pom\.xml)[^/]*$/,
    raw: true,
  },
  {
    kind: 'suppression',
    what: 'takes files out of a checker',
    roles: ['config', 'other'],
    pattern: /./,
    path: /(?:^|\/)\.(?:eslintignore|prettierignore|stylelintignore|lintignore|flake8ignore)$/,
    raw: true,
  },
];

/** What must not disappear from configuration; tried on lines of the base that no file has any more. */
export const GUARDS: readonly {
  readonly kind: FindingKind;
  readonly what: string;
  readonly path: RegExp;
  readonly pattern: RegExp;
}[] = [
  {
    kind: 'suppression',
    what: 'asked for strict types',
    path: /(?:tsconfig[^/]*\.json|mypy\.ini|setup\.cfg|pyproject\.toml|pyrightconfig\.json)$/i,
    pattern:
      /["']?(?:strict\w*|noImplicit\w*|noUnused\w*|noUnchecked\w*|exactOptional\w*|checkJs|typeCheckingMode)["']?\s*[:=]\s*(?:true|True|["']strict["'])|\b(?:disallow|warn|check|no_implicit)_\w+\s*=\s*[Tt]rue/,
  },
  {
    kind: 'limit',
    what: 'asked for coverage',
    path: /(?:package\.json|\.nycrc[^/]*|\.c8rc[^/]*|jest\.config[^/]*|vitest[^/]*|vite\.config[^/]*|setup\.cfg|pyproject\.toml|\.coveragerc|tox\.ini|codecov\.ya?ml|\.github\/.*|makefile)$/i,
    pattern:
      /\bfail_under\b|--cov-fail-under|\bcoverageThreshold\b|\bthresholds?\b["']?\s*[:=]|check-coverage|\bminimum_coverage\b/,
  },
  {
    kind: 'check-removed',
    what: 'ran CI for changes that are proposed',
    path: /(?:^|\/)\.github\/workflows\//,
    pattern: /^\s*(?:-\s*)?pull_request\b|\bon:\s*.*\bpull_request\b/,
  },
  {
    kind: 'suppression',
    what: 'made warnings errors',
    path: /./,
    pattern:
      /--max-warnings[= ]0\b|-D\s*warnings\b|-Werror\b|<TreatWarningsAsErrors>true|warnings_as_errors:?\s*true|deny\(warnings\)|--deny-warnings\b|filterwarnings\s*=\s*\[?\s*["']?error/,
  },
];
