/**
 * Which checks the scripts and CI of a project run, before a change and after it, by the commands that stand in them.
 * It must not run anything.
 */
import { roleOf } from './files.ts';
import { type Finding, span, type TextChange } from './types.ts';

type Kind = 'tests' | 'lint' | 'types' | 'build';

/** Commands by what they check. What stands for a whole script is told by its name. */
const COMMANDS: readonly (readonly [Kind, RegExp])[] = [
  [
    'tests',
    /\b(?:npm|pnpm|yarn|bun|deno)(?: run)?(?: -\S+)* (?:t|test\S*)\b|\bnpx? (?:jest|vitest|mocha|ava|tap|playwright test|cypress run)\b|\b(?:jest|vitest|mocha|ava|nyc|c8|playwright|cypress)\b|\bnode\b[^&|;"']* --test\b|\bpytest\b|\bpy\.test\b|\btox\b|\bnox\b|\bunittest\b|\bgo test\b|\bgotestsum\b|\bcargo (?:\+\S+ )?(?:test|nextest|hack test)\b|\bmvnw? .*\b(?:test|verify|install)\b|\bgradlew? .*\b(?:test|check|build)\b|\brspec\b|\brake(?: test)?\b|\bphpunit\b|\bpest\b|\bmix test\b|\bdotnet test\b|\bctest\b|\bmake (?:-\S+ )*(?:test|check)\S*|\bjust test\b|\bswift test\b|\bbats\b/,
  ],
  [
    'lint',
    /\b(?:npm|pnpm|yarn|bun)(?: run)? lint\S*|\b(?:eslint|biome|oxlint|xo|standard|tslint|stylelint|ruff|flake8|pylint|golangci-lint|staticcheck|clippy|rubocop|phpcs|credo|shellcheck|pre-commit|hadolint|checkstyle|spotbugs|detekt|ktlint|swiftlint)\b|\bgo vet\b|\bmake lint\b/,
  ],
  [
    'types',
    /\b(?:npm|pnpm|yarn|bun)(?: run)? (?:typecheck|type-check|types|check-types|tsc)\S*|\b(?:tsc|vue-tsc|tsd|mypy|pyright|basedpyright|ty check|pytype|sorbet|dialyzer|phpstan|psalm)\b/,
  ],
];

/** Checks that are no longer run, or whose script does something else. */
export function compareCommands(changes: readonly TextChange[]): readonly Finding[] {
  return [...scripts(changes), ...continuous(changes)];
}

function scripts(changes: readonly TextChange[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { path, before, after } of changes) {
    if (!/(?:^|\/)package\.json$/.test(path) || before === undefined || after === undefined) continue;
    const [old, now] = [scriptsIn(before), scriptsIn(after)];
    const all = Object.values(now).join('\n');
    for (const [name, script] of Object.entries(old)) {
      const line = lineOf(after, `"${name}"`);
      const is = now[name];
      if (is === script) continue;
      // A whole that was split is still run by its parts.
      const whole = is === undefined ? '' : followed(is, now);
      const lost = kindsIn(script).filter(kind => !kindsIn(whole).includes(kind));
      const renamed =
        is === undefined && Object.entries(now).some(([other, text]) => !(other in old) && text === script);
      const isCheck = /test|lint|check|type|tsc|verify|ci\b|coverage/i.test(name);
      if (renamed || (lost.length === 0 && !(isCheck && is === undefined && kindsIn(script).length > 0)))
        continue;
      if (is === undefined && kindsIn(script).every(kind => kindsIn(all).includes(kind)) && !isCheck)
        continue;
      findings.push({
        kind: 'check-removed',
        path,
        ...(line === undefined ? {} : { line }),
        message: `The script ${span(name)} no longer runs what it did: ${span(script)} became ${is === undefined ? 'nothing' : span(is)}.`,
        blocks: true,
      });
    }
  }
  return findings;
}

function scriptsIn(text: string): Readonly<Record<string, string>> {
  try {
    const { scripts: found } = (JSON.parse(text) ?? {}) as { readonly scripts?: unknown };
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(
      Object.entries(found).filter(([, value]) => typeof value === 'string'),
    ) as Record<string, string>;
  } catch {
    return {};
  }
}

/** A script with those that it calls. */
function followed(script: string, all: Readonly<Record<string, string>>): string {
  const called = [
    ...script.matchAll(
      /\b(?:npm|pnpm|yarn|bun)(?: run)?(?: -s| --silent)? ([\w:.-]+)|\b(?:run-[sp]|npm-run-all)\s+([^&|;]*)/g,
    ),
  ];
  const names = called.flatMap(([, one, many]) => (one === undefined ? (many ?? '').split(/\s+/) : [one]));
  return [script, ...names.map(name => all[name] ?? '')].join('\n');
}

function kindsIn(text: string): readonly Kind[] {
  return COMMANDS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
}

function lineOf(text: string, needle: string): number | undefined {
  const at = text.split('\n').findIndex(line => line.includes(needle));
  return at < 0 ? undefined : at + 1;
}

/** Commands of CI and of makefiles, by kind, all files of the change together. */
function continuous(changes: readonly TextChange[]): readonly Finding[] {
  const files = changes.filter(
    ({ path }) => roleOf(path) === 'ci' || /(?:^|\/)(?:gnu)?makefile$|(?:^|\/)justfile$/i.test(path),
  );
  const findings: Finding[] = [];
  for (const [kind, pattern] of COMMANDS) {
    const count = (text: string | undefined) => callsIn(text, pattern).length;
    const after = files.reduce((sum, each) => sum + count(each.after), 0);
    const before = files.reduce((sum, each) => sum + count(each.before), 0);
    if (after >= before) continue;
    const lost = files.flatMap(({ path, before: old, after: now }) => {
      const left = callsIn(now, pattern).map(({ text }) => text);
      return callsIn(old, pattern)
        .filter(({ text }) => !left.includes(text))
        .map(each => ({ ...each, path }));
    });
    const [first] = lost;
    if (!first) continue;
    findings.push({
      kind: 'check-removed',
      path: first.path,
      line: first.line,
      gone: true,
      message: `${WORDS[kind]} run in fewer places than before: ${span(first.text)} is gone.`,
      // What is still run somewhere may have been put together.
      blocks: after === 0,
    });
  }
  return findings;
}

const WORDS: Readonly<Record<Kind, string>> = {
  tests: 'Tests',
  lint: 'Linters',
  types: 'Type checks',
  build: 'Builds',
};

function callsIn(
  text: string | undefined,
  pattern: RegExp,
): readonly { readonly text: string; readonly line: number }[] {
  return (text ?? '').split('\n').flatMap((line, i) => {
    // Names of jobs, comments and what is installed are no calls.
    if (/^\s*(?:#|-?\s*(?:name|uses|key|path|needs|id):)|\b(?:install|add|require)\b/.test(line)) return [];
    return pattern.test(line) && !/^[\w.-]+\s*:/.test(line)
      ? [{ text: line.replace(/^\s*-?\s*(?:run:|script:)?\s*/, '').trim(), line: i + 1 }]
      : [];
  });
}
