/** What kind of file a path is, and what a person calls it. By name alone; it must not know contents. */
import { languageOfPath } from '../../base/languages.ts';

export type FileKind = 'code' | 'test' | 'docs' | 'ci' | 'manifest' | 'lock' | 'config' | 'asset';

const TEST =
  /(?:^|\/)(?:tests?|specs?|__tests__|testdata|e2e|fixtures)\/|[._-](?:test|tests|spec)\.\w+$|(?:^|\/)test_[^/]+\.py$|(?:^|\/)conftest\.py$|[a-z](?:Tests?|Spec|IT)\.\w+$/;
const DOCS =
  /\.(?:md|mdx|markdown|rst|adoc|txt|tex)$|(?:^|\/)docs?\/|(?:^|\/)(?:LICEN[CS]E|AUTHORS|CONTRIBUTORS|COPYING|CHANGELOG|CHANGES|NEWS|README|HISTORY)[^/]*$/i;
const CI =
  /^\.github\/(?:workflows|actions)\/|^\.gitlab-ci|^\.circleci\/|(?:^|\/)Jenkinsfile$|azure-pipelines|^\.travis|^\.appveyor|^\.cirrus|^\.buildkite\//;
const LOCK =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|poetry\.lock|uv\.lock|composer\.lock|Gemfile\.lock|go\.sum|flake\.lock|Pipfile\.lock|pdm\.lock|mix\.lock|pubspec\.lock|packages\.lock\.json|gradle\.lockfile|Package\.resolved)$/;
const MANIFEST =
  /(?:^|\/)(?:package\.json|Cargo\.toml|go\.mod|pyproject\.toml|setup\.(?:py|cfg)|requirements[^/]*\.(?:txt|in)|Pipfile|Gemfile|[^/]+\.gemspec|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml|composer\.json|mix\.exs|pubspec\.yaml|[^/]+\.csproj|Directory\.(?:Build|Packages)\.props|Package\.swift|[^/]+\.cabal|pnpm-workspace\.yaml)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/;
const ASSET =
  /\.(?:png|jpe?g|gif|svg|ico|webp|avif|pdf|woff2?|ttf|otf|eot|mp[34]|wav|ogg|zip|gz|tgz|bin|wasm|snap)$/i;
const CONFIG =
  /(?:^|\/)\.[^/]+$|(?:^|\/)\.[\w-]+\/|\.(?:ya?ml|toml|ini|cfg|conf|jsonc?|json5|properties|lock|env|editorconfig)$|(?:^|\/)(?:Makefile|GNUmakefile|Dockerfile|Containerfile|CMakeLists\.txt|Justfile|justfile|Rakefile|Procfile|BUILD|WORKSPACE|MODULE)[^/]*$|\.config\.\w+$/;

export function kindOf(path: string): FileKind {
  if (CI.test(path)) return 'ci';
  if (LOCK.test(path)) return 'lock';
  if (MANIFEST.test(path)) return 'manifest';
  if (TEST.test(path)) return 'test';
  if (DOCS.test(path)) return 'docs';
  if (ASSET.test(path)) return 'asset';
  if (CONFIG.test(path)) return 'config';
  return languageOfPath(path)?.prose === true ? 'docs' : 'code';
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The name without its last extension and without what marks it as a test. */
export function stemOf(path: string): string {
  const base = baseOf(path);
  const stem = base.replace(/(?<=.)\.[^.]+$/, '');
  return stem.replace(/[._-](?:test|tests|spec)$|^test_/, '') || base;
}

/** How a sentence names a file: the folder too where the name alone says nothing. */
export function calledFile(path: string): string {
  const base = baseOf(path);
  if (/^README(?:\.\w+)?$/i.test(base)) return folderOf(path) ? `${baseOf(folderOf(path))} README` : 'README';
  if (/^(?:CHANGELOG|CHANGES|NEWS|HISTORY)(?:\.\w+)?$/i.test(base)) return 'changelog';
  if (
    /^(?:index|mod|main|lib|init|__init__|package|default|types|utils|setup)\.\w+$/.test(base) &&
    folderOf(path)
  )
    return `${baseOf(folderOf(path))}/${base}`;
  return base;
}

/** The folder that holds all paths; empty: the top. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map(path => folderOf(path).split('/'));
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === first[same]) same++;
    length = same;
  }
  return first.slice(0, length).join('/');
}
