/** What a change of manifests says: dependencies added, removed and updated, and the project's own version. Pure. */
import type { FileDiff } from '../../git/parseDiff.ts';
import type { Fact } from './facts.ts';
import { baseOf, kindOf } from './files.ts';

interface Named {
  readonly name: string;
  readonly version: string;
}

const VERSION = String.raw`[~^<>=! v]*\d[\w.+*-]*`;
/** How manifests write a name with a version; the line's blanks at both ends are gone. */
const FORMS: readonly RegExp[] = [
  // "name": "^1.2", with or without a comma
  new RegExp(String.raw`^"([@\w./-]+)"\s*:\s*"(?:npm:|workspace:)?(${VERSION})"?,?$`),
  // name = "1.2" and name = { version = "1.2", … }
  new RegExp(String.raw`^"?([\w.-]+)"?\s*=\s*(?:\{.*?\bversion\s*=\s*)?"(${VERSION})".*$`),
  // name==1.2 ; "name>=1.2",
  new RegExp(
    String.raw`^["']?([A-Za-z][\w.-]*)(?:\[[\w,-]+\])?\s*((?:[=<>~!]=|[<>])\s*${VERSION})[^"']*["']?,?.*$`,
  ),
  // require github.com/x/y v1.2.3
  /^(?:require\s+)?([\w-]+(?:\.[\w-]+)+\/[\w./-]+)\s+(v\d[\w.+-]*).*$/,
  // gem "name", "~> 1.2"
  new RegExp(String.raw`^(?:gem|s\.add_\w+)\s*\(?["']([\w-]+)["'],\s*["'](${VERSION})["'].*$`),
  // group:artifact:1.2 in quotes
  /^.*["']([\w.-]+:[\w.-]+):(\d[\w.+-]*)["'].*$/,
  // <PackageReference Include="Name" Version="1.2" />
  /^<PackageReference\s+Include="([^"]+)"\s+Version="([^"]+)".*$/,
  // uses: owner/action@v4
  /^-?\s*uses:\s*([\w.-]+\/[\w./-]+)@(v?\d[\w.]*|[0-9a-f]{40}).*$/,
];
const OWN_VERSION =
  /^(?:"version"\s*:|version\s*=|__version__\s*=|VERSION\s*=|<version>|\.version\s*=|version:)\s*["']?(\d+\.\d+[\w.+-]*)/;

function read(line: string): Named | undefined {
  const text = line.slice(1).trim();
  for (const form of FORMS) {
    const match = form.exec(text);
    if (match && match[1] !== 'version' && match[2])
      return { name: match[1] as string, version: match[2].replace(/^[~^<>=! ]+/, '') };
  }
  return undefined;
}

function named(file: FileDiff, mark: '+' | '-'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { lines } of file.hunks) {
    for (const line of lines) {
      const entry = line.startsWith(mark) ? read(line) : undefined;
      if (entry) found.set(entry.name, entry.version);
    }
  }
  return found;
}

/** The project's own version, raised by exactly one line. */
function ownVersion(file: FileDiff): { from: string; to: string } | undefined {
  const versions = (mark: string) =>
    file.hunks.flatMap(({ lines }) =>
      lines.flatMap(line =>
        line.startsWith(mark) ? (OWN_VERSION.exec(line.slice(1).trim())?.[1] ?? []) : [],
      ),
    );
  const [[from], [to]] = [versions('-'), versions('+')];
  return from !== undefined && to !== undefined && from !== to ? { from, to } : undefined;
}

function list(names: readonly string[]): string {
  return names.length <= 3
    ? names.join(', ').replace(/, ([^,]+)$/, ' and $1')
    : `${names.length} dependencies`;
}

/** Facts of manifests and workflows whose changed lines are dependencies or a version, each file told once. */
export function dependencyFacts(files: readonly FileDiff[]): readonly Fact[] {
  const facts: Fact[] = [];
  const updated = new Map<string, string>();
  const [added, removed, paths] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const file of files) {
    const kind = kindOf(file.path);
    const mayHoldVersion = kind === 'manifest' || /version/i.test(baseOf(file.path));
    const version = mayHoldVersion && file.status === 'modified' ? ownVersion(file) : undefined;
    if (version) {
      facts.push({
        verb: 'bump',
        objects: [`version to ${version.to}`],
        type: 'chore',
        weight: 30,
        paths: [file.path],
        version,
      });
      continue;
    }
    if ((kind !== 'manifest' && kind !== 'ci') || file.status !== 'modified') continue;
    const [plus, minus] = [named(file, '+'), named(file, '-')];
    if (plus.size + minus.size === 0) continue;
    // A manifest in which more else has changed is told by what else has changed.
    if (plus.size + minus.size < (file.added + file.removed) * 0.5) continue;
    paths.add(file.path);
    for (const [name, to] of plus) {
      if (!minus.has(name)) added.add(name);
      else if (minus.get(name) !== to) updated.set(name, to);
    }
    for (const name of minus.keys()) if (!plus.has(name)) removed.add(name);
  }
  const fact = (verb: Fact['verb'], objects: readonly string[], weight: number): void => {
    facts.push({ verb, objects, type: 'build', weight, paths: [...paths] });
  };
  const short = (name: string) => (name.length > 30 ? baseOf(name) : name);
  const [only] = [...updated];
  if (updated.size === 1 && only) {
    const to = /^[0-9a-f]{40}$/.test(only[1]) ? only[1].slice(0, 7) : only[1];
    fact('update', [`${short(only[0])} to ${to}`, short(only[0])], 9);
  } else if (updated.size > 1) fact('update', [list([...updated.keys()].map(short)), 'dependencies'], 9);
  if (added.size > 0)
    fact(
      'add',
      [
        `${list([...added].map(short))}${added.size > 3 ? '' : ' dependency'.replace(/y$/, added.size > 1 ? 'ies' : 'y')}`,
      ],
      8,
    );
  if (removed.size > 0)
    fact(
      'remove',
      [
        `${list([...removed].map(short))}${removed.size > 3 ? '' : removed.size > 1 ? ' dependencies' : ' dependency'}`,
      ],
      7,
    );
  return facts;
}
