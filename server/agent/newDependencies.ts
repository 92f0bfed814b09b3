/**
 * Names of packages that a change brings in, by manifests and imports of many ecosystems, and whether a lock file of the
 * project knew them before. A made-up name is listed like any other; nothing is fetched and nobody is asked.
 */
import { nodeModules } from '../analysis/data/nodeModules.ts';
import { standardModules } from '../analysis/data/pythonNames.ts';
import { linesOnlyIn } from './integrity/code.ts';
import { familyOf } from './integrity/files.ts';
import type { TextChange } from './integrity/types.ts';

export interface NewName {
  readonly ecosystem: string;
  readonly name: string;
  /** Relative, with `/`. */
  readonly path: string;
  /** From 1, in the result. */
  readonly line: number;
  readonly from: 'manifest' | 'import';
  /** A lock file of the base names it. */
  readonly locked: boolean;
}

interface Manifest {
  readonly ecosystem: string;
  readonly file: RegExp;
  /** Group 1 is the name. */
  readonly line: RegExp;
  /** Lines that look alike and name no package. */
  readonly not?: RegExp;
}

const MANIFESTS: readonly Manifest[] = [
  {
    ecosystem: 'npm',
    file: /(?:^|\/)package\.json$/,
    line: /["']((?:@[\w.~-]+\/)?[\w.~-]+)["']\s*:\s*["'](?:[~^<>=*\dvx]|npm:|file:|git|https?:|github:|workspace:|link:|latest|next)/g,
    not: /["'](?:version|node|npm|pnpm|yarn|packageManager|main|module|types)["']\s*:/,
  },
  {
    ecosystem: 'PyPI',
    file: /(?:^|\/)(?:requirements[^/]*\.(?:txt|in)|constraints[^/]*\.txt)$/,
    line: /^\s*([A-Za-z][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:[=<>!~@;].*)?$/g,
  },
  {
    ecosystem: 'PyPI',
    file: /(?:^|\/)(?:pyproject\.toml|setup\.(?:py|cfg)|Pipfile)$/,
    line: /^\s*["']([A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?:[=<>!~@;][^"']*)?["']\s*,?\s*$|^\s*([A-Za-z][\w.-]*)\s*=\s*(?:["'][\^~=<>*\d]|\{\s*(?:version|git|path|url))|(?:install_requires|dependencies|requires)\s*=\s*\[\s*["']([A-Za-z][\w.-]*)/g,
    not: /^\s*(?:version|python|requires-python|name|target-version|python_version)\s*=/,
  },
  {
    ecosystem: 'crates.io',
    file: /(?:^|\/)Cargo\.toml$/,
    line: /^\s*([A-Za-z][\w-]*)\s*=\s*(?:["'][\^~=<>*\d]|\{\s*(?:version|git|path|workspace|package))|^\s*\[(?:[\w.'"-]+\.)?(?:dev-|build-)?dependencies\.([\w-]+)\]/g,
    not: /^\s*(?:version|edition|rust-version|resolver)\s*=/,
  },
  { ecosystem: 'Go', file: /(?:^|\/)go\.mod$/, line: /^\s*(?:require\s+)?([\w.-]+\.[a-z]+\/\S+)\s+v\S+/g },
  {
    ecosystem: 'RubyGems',
    file: /(?:^|\/)(?:Gemfile|[^/]+\.gemspec)$/,
    line: /\b(?:gem|add(?:_runtime|_development)?_dependency)\s*\(?\s*["']([\w.-]+)["']/g,
  },
  { ecosystem: 'Packagist', file: /(?:^|\/)composer\.json$/, line: /["']([\w.-]+\/[\w.-]+)["']\s*:\s*["']/g },
  { ecosystem: 'Maven', file: /(?:^|\/)pom\.xml$/, line: /<artifactId>\s*([\w.-]+)\s*<\/artifactId>/g },
  {
    ecosystem: 'Maven',
    file: /(?:^|\/)build\.gradle(?:\.kts)?$/,
    line: /\b(?:implementation|api|compileOnly|runtimeOnly|testImplementation|testRuntimeOnly|annotationProcessor|kapt|classpath)\s*\(?\s*["']([\w.-]+:[\w.-]+)/g,
  },
  {
    ecosystem: 'NuGet',
    file: /\.(?:csproj|fsproj|vbproj|props)$/,
    line: /<Package(?:Reference|Version)\s+[^>]*\bInclude="([\w.-]+)"/g,
  },
  { ecosystem: 'Hex', file: /(?:^|\/)mix\.exs$/, line: /\{\s*:(\w+)\s*,\s*["'~>]/g },
  {
    ecosystem: 'pub',
    file: /(?:^|\/)pubspec\.yaml$/,
    line: /^ {2}([a-z_][a-z\d_]*):\s*(?:[\^"'<>\d]|any\b)/g,
    not: /^\s*(?:sdk|flutter|version):/,
  },
];

/** Lock files; the name stands in them as it is installed. */
export function isLockFile(path: string): boolean {
  return /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|Cargo\.lock|go\.sum|Gemfile\.lock|composer\.lock|packages\.lock\.json|gradle\.lockfile|mix\.lock|pubspec\.lock)$/.test(
    path,
  );
}

/** Files in which a project names what it depends on. */
export function isManifest(path: string): boolean {
  return MANIFESTS.some(({ file }) => file.test(path));
}

const IMPORTS: Readonly<Record<string, { readonly ecosystem: string; readonly line: RegExp }>> = {
  script: {
    ecosystem: 'npm',
    line: /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)["']((?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(?:\/[^"']*)?["']/g,
  },
  python: {
    ecosystem: 'PyPI',
    line: /^\s*(?:from\s+([A-Za-z_]\w*)[\w.]*\s+import\b|import\s+([A-Za-z_]\w*))/g,
  },
  go: { ecosystem: 'Go', line: /^\s*(?:import\s+)?(?:[\w.]+\s+)?"([\w-]+\.[\w.-]+\/[^"]+)"/g },
  rust: { ecosystem: 'crates.io', line: /^\s*(?:pub\s+)?(?:use|extern\s+crate)\s+(?:::)?([a-z_]\w*)/g },
  ruby: { ecosystem: 'RubyGems', line: /^\s*require\s+["']([\w-]+)/g },
};
/** What a language brings itself, and words for one's own code. */
const OWN: ReadonlySet<string> = new Set([
  ...'std core alloc crate self super test proc_macro bun deno __future__'.split(' '),
  ...'set json date time digest erb fileutils forwardable logger monitor open3 openssl optparse ostruct pp securerandom singleton socket stringio strscan tempfile timeout tsort uri yaml zlib English benchmark bigdecimal csv delegate etc matrix observer prime pstore psych rbconfig rexml ripper'.split(
    ' ',
  ),
  ...standardModules.trim().split(/\s+/),
  ...nodeModules.map(([module]) => module),
]);

/**
 * Names in added lines that the base does not name. `known` are the texts of manifests and lock files of the base by
 * path; `paths` are the files of the result, whose modules are the project's own.
 */
export function newNamesIn(
  changes: readonly TextChange[],
  known: ReadonlyMap<string, string>,
  paths: readonly string[],
): readonly NewName[] {
  const locks = [...known].filter(([path]) => isLockFile(path)).map(([, text]) => text);
  const manifests = [...known].filter(([path]) => isManifest(path)).map(([, text]) => text);
  const own = new Set(paths.flatMap(path => path.split('/').map(part => part.replace(/\..*$/, ''))));
  const found = new Map<string, NewName>();
  const add = (each: Omit<NewName, 'locked'>) => {
    const key = `${each.ecosystem}\n${each.name}`;
    if (!found.has(key)) found.set(key, { ...each, locked: locks.some(text => names(text, each.name)) });
  };
  for (const { path, before = '', after } of changes) {
    if (after === undefined || isLockFile(path)) continue;
    const added = linesOnlyIn(after, before);
    for (const { ecosystem, file, line: pattern, not } of MANIFESTS) {
      if (!file.test(path)) continue;
      for (const { line, text } of added)
        if (!not?.test(text))
          for (const match of text.matchAll(pattern)) {
            const name = match.slice(1).find(each => each !== undefined);
            // A name that was there has another version now.
            if (name !== undefined && !names(before, name))
              add({ ecosystem, name, path, line, from: 'manifest' });
          }
    }
    const imports = IMPORTS[familyOf(path) ?? ''];
    for (const { line, text } of imports ? added : [])
      for (const match of text.matchAll(imports?.line ?? /$^/g)) {
        const name = match.slice(1).find(each => each !== undefined) ?? '';
        const isKnown =
          name === '' || OWN.has(name) || own.has(name) || manifests.some(each => names(each, name));
        if (!isKnown && !/^node:|^\./.test(name))
          add({ ecosystem: imports?.ecosystem ?? '', name, path, line, from: 'import' });
      }
  }
  return [...found.values()].sort((a, b) => (a.ecosystem + a.name < b.ecosystem + b.name ? -1 : 1));
}

/** Whether a text names a package; `_` and `-` are the same in most registries. */
function names(text: string, name: string): boolean {
  const plain = (each: string) => each.toLowerCase().replaceAll('_', '-');
  const [hay, needle] = [plain(text), plain(name)];
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1))
    if (!/[\w-]/.test(hay[at - 1] ?? ' ') && !/[\w-]/.test(hay[at + needle.length] ?? ' ')) return true;
  return false;
}
