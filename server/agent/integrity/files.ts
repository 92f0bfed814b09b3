/**
 * What a file is for a check, by its path alone: a test, a snapshot, CI, a checker's configuration, code. Tables of
 * names; it must not know what stands in files.
 */

export type FileRole = 'test' | 'snapshot' | 'ci' | 'config' | 'code' | 'other';

export type Family =
  | 'script'
  | 'python'
  | 'go'
  | 'rust'
  | 'jvm'
  | 'dotnet'
  | 'ruby'
  | 'php'
  | 'c'
  | 'swift'
  | 'elixir'
  | 'dart'
  | 'shell';

const FAMILIES: readonly (readonly [Family, RegExp])[] = [
  ['script', /\.(?:[cm]?[jt]sx?|vue|svelte)$/],
  ['python', /\.pyi?$/],
  ['go', /\.go$/],
  ['rust', /\.rs$/],
  ['jvm', /\.(?:java|kts?|scala|groovy)$/],
  ['dotnet', /\.(?:cs|fs|vb)$/],
  ['ruby', /\.rb$/],
  ['php', /\.php$/],
  ['c', /\.(?:c|cc|cpp|cxx|h|hh|hpp|mm?)$/],
  ['swift', /\.swift$/],
  ['elixir', /\.exs?$/],
  ['dart', /\.dart$/],
  ['shell', /\.(?:sh|bash|bats|zsh)$/],
];

const SNAPSHOT =
  /(?:^|\/)(?:__(?:image_)?snapshots__|snapshots|__snapshot__|goldens?|golden[-_]files)\/|\.(?:snap|snapshot|golden|ambr|storyshot|approved\.\w+|expected)$/i;
const CI =
  /(?:^|\/)(?:\.github\/(?:workflows|actions)\/.*|\.gitlab-ci(?:\.\w+)*\.ya?ml|\.gitlab\/ci\/.*|\.circleci\/.*|\.buildkite\/.*|\.travis\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.yml|jenkinsfile[^/]*|\.?appveyor\.ya?ml|\.drone\.ya?ml|\.cirrus\.ya?ml|\.woodpecker[^/]*(?:\/.*)?)$/i;
const CONFIG =
  /(?:^|\/)(?:package\.json|deno\.jsonc?|(?:ts|js)config[^/]*\.json|(?:jest|vitest|vite|karma|ava|playwright|cypress|wdio|web-test-runner)[^/]*\.config\.[^/]+|jest\.config[^/]*|vitest\.(?:workspace|setup)[^/]*|\.mocharc[^/]*|\.nycrc[^/]*|\.c8rc[^/]*|\.taprc|eslint\.config\.[^/]+|\.eslintrc[^/]*|\.eslintignore|biome\.jsonc?|\.oxlintrc\.json|\.prettierignore|pytest\.ini|tox\.ini|noxfile\.py|setup\.cfg|pyproject\.toml|\.?mypy\.ini|\.?ruff\.toml|\.flake8|\.pylintrc|pyrightconfig\.json|\.coveragerc|codecov\.ya?ml|\.codecov\.ya?ml|\.golangci\.[^/]+|cargo\.toml|\.?clippy\.toml|\.?nextest\.toml|makefile|gnumakefile|justfile|taskfile\.ya?ml|rakefile|pom\.xml|build\.gradle(?:\.kts)?|checkstyle[^/]*\.xml|pmd[^/]*\.xml|directory\.build\.props|[^/]*\.csproj|\.rspec|\.rubocop[^/]*\.yml|phpunit\.xml(?:\.dist)?|phpstan\.neon(?:\.dist)?|psalm\.xml|mix\.exs|\.credo\.exs|cmakelists\.txt|analysis_options\.yaml|\.pre-commit-config\.yaml|\.swiftlint\.yml|lerna\.json|nx\.json|turbo\.json)$/i;
const TEST_BASE =
  /(?:\.(?:test|tests|spec|e2e|cy|unit)\.[cm]?[jt]sx?|(?:^|\/)test_[^/]*\.py|(?:^|\/)tests?\.py|(?:^|\/)conftest\.py|_test\.(?:py|go|rb|exs|dart|cc|cpp|cxx|c|ts|js)|_spec\.rb|_tests?\.rs|(?:^|\/)tests?\.rs|[a-z\d](?:Test|Tests|TestCase|IT|Spec)\.(?:java|kts?|scala|groovy|cs|fs|swift|php)|\.bats)$/;
const TEST_FOLDER =
  /(?:^|\/)(?:tests?|specs?|__tests__|e2e|cypress|integration[-_]tests?|unit[-_]tests?|testing|unittests)\//i;

export function familyOf(path: string): Family | undefined {
  return FAMILIES.find(([, endings]) => endings.test(path))?.[0];
}

export function roleOf(path: string): FileRole {
  if (CI.test(path)) return 'ci';
  if (SNAPSHOT.test(path)) return 'snapshot';
  if (CONFIG.test(path)) return 'config';
  const family = familyOf(path);
  if (family === undefined) return 'other';
  return TEST_BASE.test(path) || TEST_FOLDER.test(path) ? 'test' : 'code';
}

/** Whether a test runner would find tests in a file of this name; a helper beside tests is none. */
export function isFoundAsTest(path: string): boolean {
  if (TEST_BASE.test(path)) return true;
  return /(?:^|\/)(?:tests?|specs?|__tests__)\//i.test(path) && /\.(?:[cm]?[jt]sx?|rs|php)$/.test(path);
}

/** What a file is about: its base name without ending and without the words for tests. `foo.test.ts` → `foo`. */
export function subjectOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const stem = base.replace(/^([^.]+)\..*$/, '$1');
  return stem.replace(/^test_|_tests?$|_spec$|(?<=[a-z\d])(?:Tests?|TestCase|IT|Spec)$/g, '').toLowerCase();
}
