/**
 * Whether a change weakened the checks that are to judge it: a comparison of texts before and after, in many languages.
 * Nothing is run. It must not know what a change is for; what a change may do is decided by those who ask.
 */
import { bare, linesOnlyIn } from './code.ts';
import { compareCommands } from './commands.ts';
import { compareTests } from './compareTests.ts';
import { type FileRole, familyOf, isFoundAsTest, roleOf, subjectOf } from './files.ts';
import { allowsMore, loosenedLimit } from './limits.ts';
import { GUARDS, type Sign, SIGNS } from './signs.ts';
import { testBlocksOf } from './testBlocks.ts';
import { type Finding, span, type TextChange } from './types.ts';

/** Everything that the change does to the checks, each once, in the order of paths and lines. */
export function weakenedIn(changes: readonly TextChange[]): readonly Finding[] {
  const findings = [
    ...compareTests(changes),
    ...compareCommands(changes),
    ...signsIn(changes),
    ...changes.flatMap(change => [...limitsIn(change), ...mocksIn(change, changes)]),
    ...guardsIn(changes),
    ...snapshotsIn(changes),
    ...hiddenFrom(changes),
  ];
  const seen = new Set<string>();
  return findings
    .filter(({ kind, path, line }) => {
      const key = `${kind}\n${path}\n${line ?? ''}`;
      return !seen.has(key) && Boolean(seen.add(key));
    })
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : (a.line ?? 0) - (b.line ?? 0)));
}

/** Rust keeps tests beside the code. */
function rolesOf({ path, after, before }: TextChange): readonly FileRole[] {
  const role = roleOf(path);
  const inline = path.endsWith('.rs') && /#\[(?:\w+::)*test\b/.test(`${before ?? ''}${after ?? ''}`);
  return role === 'code' && inline ? ['code', 'test'] : [role];
}

/** The texts of a change without comments and literals, made once. */
type Shapes = (change: TextChange, raw: boolean) => { readonly before: string; readonly after: string };

function shapesOf(): Shapes {
  const kept = new Map<TextChange, ReturnType<Shapes>>();
  return (change, raw) => {
    const { path, before = '', after = '' } = change;
    const family = familyOf(path);
    if (raw || family === undefined) return { before, after };
    const known = kept.get(change) ?? {
      before: bare(before, family, true),
      after: bare(after, family, true),
    };
    kept.set(change, known);
    return known;
  };
}

function signsIn(changes: readonly TextChange[]): readonly Finding[] {
  const shapes = shapesOf();
  return SIGNS.flatMap(sign => {
    const relevant = changes.filter(change => {
      const family = familyOf(change.path);
      if (sign.path && !sign.path.test(change.path)) return false;
      if (sign.families && (family === undefined || !sign.families.includes(family))) return false;
      return rolesOf(change).some(role => sign.roles.includes(role));
    });
    const says = (text: string, path: string) => sign.pattern.test(commented(text, sign, familyOf(path)));
    const count = (which: 'before' | 'after') =>
      relevant.reduce((sum, change) => {
        const text = shapes(change, sign.raw === true)[which];
        return sum + text.split('\n').filter(line => says(line, change.path)).length;
      }, 0);
    // A sign that only moved is none.
    if (relevant.length === 0 || count('after') <= count('before')) return [];
    return relevant.flatMap(change => {
      const { path, before, after } = change;
      if (after === undefined) return [];
      const shape = shapes(change, sign.raw === true);
      const fresh = newTestLines(change);
      const isNew = before === undefined && rolesOf(change).includes('test');
      return linesOnlyIn(shape.after, shape.before)
        .filter(({ text, line }) => says(text, path) && !(sign.oldTestsOnly && (isNew || fresh.has(line))))
        .map(({ line }) => {
          const shown = after.split('\n')[line - 1]?.trim() ?? '';
          const isTold = sign.told === true || sign.reason?.test(shown) === true;
          const isNewConfig =
            sign.kind === 'suppression' && sign.roles.includes('config') && before === undefined;
          return {
            kind: sign.kind,
            path,
            line,
            message: `${span(shown)} ${sign.what}.`,
            blocks: !isTold && !isNewConfig,
          };
        });
    });
  });
}

/** A marker that tools read stands in a comment; in a literal it is somebody's data. */
function commented(text: string, sign: Sign, family: ReturnType<typeof familyOf>): string {
  if (!sign.raw || family === undefined || !sign.roles.includes('code')) return text;
  return text.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, "''");
}

/** Lines of tests that the base does not have. */
function newTestLines({ path, before, after }: TextChange): ReadonlySet<number> {
  const lines = new Set<number>();
  const known = new Set(testBlocksOf(path, before ?? '').map(({ name }) => name));
  for (const { name, start, end } of testBlocksOf(path, after ?? ''))
    if (!known.has(name)) for (let line = start; line <= end; line++) lines.add(line);
  return lines;
}

function limitsIn(change: TextChange): readonly Finding[] {
  const { path, before, after } = change;
  const roles = rolesOf(change);
  if (before === undefined || after === undefined) return [];
  if (
    !roles.some(role => role === 'test' || role === 'config' || role === 'ci') &&
    !/\.(?:ya?ml|toml|json|cfg|ini)$/.test(path)
  )
    return [];
  const gone = linesOnlyIn(before, after);
  const fresh = newTestLines(change);
  const findings: Finding[] = [];
  for (const { line, text } of linesOnlyIn(after, before)) {
    const what = gone.map(old => loosenedLimit(old.text, text)).find(each => each !== undefined);
    const at = { kind: 'limit' as const, path, line, blocks: true };
    if (what !== undefined) findings.push({ ...at, message: `${span(text)} ${what}.` });
    else if (
      roles.includes('test') &&
      allowsMore(text) &&
      !fresh.has(line) &&
      !gone.some(old => allowsMore(old.text))
    )
      findings.push({ ...at, message: `${span(text)} gives a test more time or more tries.` });
  }
  return findings;
}

const MOCK =
  /\b(?:jest|vi|vitest)\.(?:mock|doMock|unstable_mockModule)\(\s*(?:import\()?\s*['"`]([^'"`]+)['"`]|\bmock\.module\(\s*['"`]([^'"`]+)['"`]|\bproxyquire\(\s*['"`]([^'"`]+)['"`]|\b(?:mock\.|mocker\.)?patch\(\s*['"]([\w.]+)['"]|\b(?:sinon\.(?:stub|replace|fake)|jest\.spyOn|vi\.spyOn|mock\.method|mocker\.patch\.object|patch\.object|monkeypatch\.setattr)\(\s*([\w.]+)\s*,/;

/** Stand-ins for what the test is about, or for what was changed. */
function mocksIn(change: TextChange, changes: readonly TextChange[]): readonly Finding[] {
  const { path, before, after } = change;
  if (after === undefined || roleOf(path) !== 'test') return [];
  const about = subjectOf(path);
  const changed = new Set(
    changes.filter(each => roleOf(each.path) === 'code').map(each => subjectOf(each.path)),
  );
  return linesOnlyIn(after, before ?? '').flatMap(({ line, text }) => {
    const match = MOCK.exec(text);
    const target = match?.slice(1).find(each => each !== undefined);
    if (target === undefined || (match?.[1] !== undefined && !/^[.@~#/]|\//.test(target))) return [];
    const parts = target
      .toLowerCase()
      .split(/[./]/)
      .filter(part => part !== '' && !/^(?:[cm]?[jt]sx?|src|index)$/.test(part));
    const isAbout = parts.some(part => part === about);
    const isChanged = parts.some(part => changed.has(part));
    if (
      !isAbout &&
      !(isChanged && /\breturn|Value|=>|mock/i.test(text) && about !== '' && changed.has(about))
    )
      return [];
    return isAbout
      ? [
          {
            kind: 'mock' as const,
            path,
            line,
            message: `${span(text)} replaces what the test is about.`,
            blocks: true,
          },
        ]
      : [];
  });
}

/** Lines that asked for something and are nowhere any more. */
function guardsIn(changes: readonly TextChange[]): readonly Finding[] {
  const settings = changes.filter(({ path }) => ['config', 'ci'].includes(roleOf(path)));
  const now = settings.map(({ after }) => after ?? '').join('\n');
  return settings.flatMap(({ path, before, after }) => {
    if (before === undefined || after === undefined) return [];
    return linesOnlyIn(before, after).flatMap(({ line, text }) => {
      const row = GUARDS.find(each => each.path.test(path) && each.pattern.test(text));
      if (!row) return [];
      const asked = row.pattern.exec(text)?.[0].trim() ?? '';
      if (now.includes(asked) || (row.kind === 'limit' && new RegExp(row.pattern.source).test(after)))
        return [];
      return [
        {
          kind: row.kind,
          path,
          line,
          gone: true as const,
          message: `${span(text)} is gone, which ${row.what}.`,
          blocks: true,
        },
      ];
    });
  });
}

/** Snapshots that were written anew although nothing that they show was changed. */
function snapshotsIn(changes: readonly TextChange[]): readonly Finding[] {
  const rewritten = changes.filter(
    ({ path, before, after }) => roleOf(path) === 'snapshot' && before !== undefined && before !== after,
  );
  const source = changes.some(
    ({ path }) => ['code', 'other', 'config'].includes(roleOf(path)) && !/\.(?:md|txt|rst)$/.test(path),
  );
  if (source) return [];
  return rewritten.map(({ path, after }) => ({
    kind: 'snapshot' as const,
    path,
    message: `${span(path)} ${after === undefined ? 'is gone' : 'was written anew'}, and no code was changed with it.`,
    blocks: true,
  }));
}

/** Tests whose file has a name that no runner finds any more. */
function hiddenFrom(changes: readonly TextChange[]): readonly Finding[] {
  const gone = changes.filter(
    ({ path, before, after }) => before !== undefined && after === undefined && isFoundAsTest(path),
  );
  return changes.flatMap(({ path, before, after }) => {
    if (before !== undefined || after === undefined || isFoundAsTest(path)) return [];
    const from = gone.find(each => (each.before ?? '').trim() !== '' && isMostly(each.before ?? '', after));
    if (!from) return [];
    return [
      {
        kind: 'tests-removed' as const,
        path,
        message: `${span(from.path)} was renamed to a name that no test runner looks for.`,
        blocks: true,
      },
    ];
  });
}

function isMostly(before: string, after: string): boolean {
  const lines = before.split('\n').filter(line => line.trim() !== '');
  const left = new Set(after.split('\n'));
  return lines.filter(line => left.has(line)).length >= lines.length * 0.7;
}
