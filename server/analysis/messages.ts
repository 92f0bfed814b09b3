/**
 * What other servers' diagnostics say, as far as a repair needs it: which name they miss, what they suggest. One row
 * per wording; wordings of several versions of a tool may stand side by side. It must not know repairs.
 */
import type { Problem } from './analysis.ts';

/** What a diagnostic complains of. */
export interface Complaint {
  readonly about: 'unknown-name' | 'unknown-member' | 'unused' | 'syntax' | 'unknown-module';
  /** The name in question, if the message says it. */
  readonly name: string | undefined;
  /** What the other server thinks was meant. */
  readonly suggestion: string | undefined;
}

interface Row {
  readonly about: Complaint['about'];
  readonly pattern: RegExp;
}

const name = String.raw`['"\x60‘’“”]?(?<name>[\p{L}_$][\p{L}\p{N}_$:.]*)['"\x60‘’“”]?`;
const row = (about: Complaint['about'], pattern: string): Row => ({
  about,
  pattern: new RegExp(pattern.replace('NAME', name), 'iu'),
});

/** TypeScript, ESLint and their kin; pyright, mypy, pyflakes, ruff, pylint; rustc; gopls; clangd; others. */
const rows: readonly Row[] = [
  row(
    'unused',
    'NAME is (?:declared|defined|assigned|imported)[^.]* but (?:its value is )?never (?:read|used)',
  ),
  row('unused', 'NAME imported but unused'),
  row('unused', 'import (?:of )?NAME (?:from .*)?is (?:not accessed|unused|never used)'),
  row('unused', 'import NAME is not accessed'),
  row('unused', 'NAME is not accessed'),
  row('unused', '(?:unused|redundant) (?:import|imports|imported)[ :]+(?:of )?NAME'),
  row('unused', 'NAME imported and not used|all imports in import declaration are unused|unused import'),
  row(
    'unknown-module',
    '(?:cannot find module|import|no module named|could not be resolved|unresolved import)[ :]+NAME',
  ),
  row('unknown-member', 'property NAME does not exist on type'),
  row('unknown-member', 'no member named NAME'),
  row('unknown-member', '(?:cannot access attribute|has no attribute|no attribute) NAME'),
  row(
    'unknown-member',
    "no (?:field|method|function or associated item|variant or associated item)[^`']* (?:named )?NAME",
  ),
  row('unknown-member', 'has no (?:field|method|member|field or method|associated item) NAME'),
  row('unknown-member', 'NAME does not exist in type'),
  row('unknown-member', 'module .* has no (?:exported )?member NAME'),
  row('unknown-member', 'has no exported member (?:named )?NAME'),
  row('unknown-member', 'NAME is unknown import symbol'),
  row('unknown-member', 'undefined \\(type .* has no field or method (?<name>\\w+)'),
  row('unknown-member', "instance of '.*' has no NAME member"),
  row('unknown-name', 'cannot find name NAME'),
  row(
    'unknown-name',
    "cannot find (?:value|function|type|struct|trait|macro|crate|module|attribute)[^`']*NAME",
  ),
  row('unknown-name', "use of undeclared (?:identifier|type|crate or module|lifetime name)[^`'\\w]*NAME"),
  row('unknown-name', 'unknown type name NAME'),
  row('unknown-name', 'undeclared name: NAME'),
  row('unknown-name', 'undeclared identifier NAME'),
  row('unknown-name', 'undefined (?:name|variable|symbol|local variable or method)[: ]+NAME'),
  row('unknown-name', 'undefined: NAME'),
  row('unknown-name', 'name NAME is (?:not defined|possibly unbound)'),
  row('unknown-name', 'name NAME used when not defined'),
  row('unknown-name', 'NAME is (?:not defined|undefined|unbound|possibly unbound)'),
  row('unknown-name', 'no value exists in scope for the shorthand property NAME'),
  row(
    'unknown-name',
    '(?:the variable|the name|symbol|identifier) NAME (?:is undeclared|is undefined|does not exist in the current context|could not be found|cannot be resolved)',
  ),
  row('unknown-name', 'NAME cannot be resolved'),
  row('unknown-name', 'cannot resolve (?:symbol|method) NAME'),
  row('unknown-name', 'cannot find symbol[: ]+NAME'),
  row('unknown-name', 'unresolved (?:reference|name)[: ]+NAME'),
  row('unknown-name', 'undefined global NAME'),
  row(
    'syntax',
    '(?:\\w+ )?expected\\b|unexpected token|invalid syntax|syntax ?error|unterminated|was never closed|unclosed|mismatched|unmatched|missing (?:closing|opening)|is not closed|parsing error|to match this',
  ),
];

const suggestions: readonly RegExp[] = [
  /did you mean (?:to write |the (?:static|instance) member )?(?:the )?['"`‘“]?(?:self\.|this\.)?(?<name>[\p{L}_$][\p{L}\p{N}_$]*)/iu,
  /(?:a|an|another) (?:\w+ ){1,5}(?:with a )?similar(?:ly)?(?: named?| name)?[^:`'"]*(?:exists)?[: ]+['"`](?<name>[\p{L}_$][\p{L}\p{N}_$]*)/iu,
  /(?:maybe|perhaps) (?:you meant )?['"`](?<name>[\p{L}_$][\p{L}\p{N}_$]*)['"`]/iu,
];

/** Codes that say it when the words do not, by tool. */
const codes: Readonly<Record<string, Complaint['about']>> = {
  '2304': 'unknown-name',
  '2552': 'unknown-name',
  '2503': 'unknown-name',
  '2551': 'unknown-member',
  '2339': 'unknown-member',
  '2305': 'unknown-member',
  '2724': 'unknown-member',
  '2307': 'unknown-module',
  '6133': 'unused',
  '6192': 'unused',
  '6196': 'unused',
  F401: 'unused',
  F821: 'unknown-name',
  E999: 'syntax',
  'no-undef': 'unknown-name',
  'no-unused-vars': 'unused',
  '@typescript-eslint/no-unused-vars': 'unused',
  'unused-import': 'unused',
  'undefined-variable': 'unknown-name',
  reportUndefinedVariable: 'unknown-name',
  reportAttributeAccessIssue: 'unknown-member',
  reportUnusedImport: 'unused',
  unused_imports: 'unused',
  E0425: 'unknown-name',
  E0433: 'unknown-name',
  E0412: 'unknown-name',
  E0599: 'unknown-member',
  E0609: 'unknown-member',
  UndeclaredName: 'unknown-name',
  MissingFieldOrMethod: 'unknown-member',
  UnusedImport: 'unused',
  undeclared_var_use: 'unknown-name',
  undeclared_var_use_suggest: 'unknown-name',
  no_member: 'unknown-member',
  no_member_suggest: 'unknown-member',
};

/** What a diagnostic says; undefined if no row knows it. */
export function readProblem(problem: Problem): Complaint | undefined {
  const message = problem.message.replace(/\s+/g, ' ');
  const found = suggestions.map(pattern => pattern.exec(message)?.groups?.name).find(Boolean);
  for (const { about, pattern } of rows) {
    const match = pattern.exec(message);
    if (match) return { about, name: lastPart(match.groups?.name), suggestion: lastPart(found) };
  }
  const about = problem.code === undefined ? undefined : codes[String(problem.code)];
  return about && { about, name: undefined, suggestion: lastPart(found) };
}

/** `std::foo` and `a.b` are about their last part. */
function lastPart(text: string | undefined): string | undefined {
  return text?.split(/::|\./).findLast(Boolean);
}
