/**
 * Which files are worth learning from: source text that people write, not what machines made or others wrote.
 * Judged by name first, so that most of the rest is never opened. It must not know how files are read.
 */
import { languageOfPath } from '../base/languages.ts';

/**
 * Folders of dependencies and of what tools made. Names that also hold sources in some projects (`bin`, `build`,
 * `out`) are left to the ignore files.
 */
const skippedFolders = new Set(
  'node_modules bower_components vendor vendored third_party thirdparty third-party .git .hg .svn .jj .yarn .pnpm-store .venv venv __pycache__ .tox .nox .mypy_cache .pytest_cache .ruff_cache site-packages dist target .next .nuxt .svelte-kit .output .cache .gradle .idea .vs .terraform .direnv .zig-cache zig-cache zig-out _build elm-stuff .stack-work dist-newstyle coverage htmlcov .nyc_output Pods DerivedData Carthage .dart_tool .bloop .metals CMakeFiles __snapshots__ generated __generated__'.split(
    ' ',
  ),
);
/** Lock files, minified and generated ones. */
const skippedNames =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock|composer\.lock|Gemfile\.lock|go\.sum|flake\.lock|Pipfile\.lock|packages\.lock\.json|.*\.min\.(?:js|css)|.*[.-](?:bundle|chunk)\.(?:js|css)|.*\.map|.*\.snap|.*\.d\.ts\.map|.*[._]pb2?(?:_grpc)?\.(?:go|py|js|ts)|.*\.pb\.(?:cc|h)|.*\.g\.(?:dart|cs)|.*\.designer\.cs|.*\.generated\..*|.*_generated\..*|.*\.svg)$/i;
const generatedMark = /@generated|generated (?:by|from|file|code)|do not (?:edit|modify)|auto-?generated/i;

/** Terminal escape sequences from which on text is recorded output. */
const terminalMarks = 20;

/** Files larger than this are not read, in bytes. */
export const largestFile = 512 * 1024;

/** Whether a folder of this name is looked into. */
export function isFolderWorthOpening(name: string): boolean {
  return !skippedFolders.has(name);
}

/** Whether a file may be worth learning from, by its path alone. */
export function isPathWorthReading(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return languageOfPath(path) !== undefined && !skippedNames.test(name);
}

/** Whether text is worth learning from: neither generated nor minified. */
export function isTextWorthLearning(text: string): boolean {
  if (text.length === 0) return false;
  if (generatedMark.test(text.slice(0, 600)) && looksGenerated(text)) return false;
  const sample = text.slice(0, 20_000);
  // What a terminal was sent: recorded output, not source.
  if (sample.split('\u001b[', terminalMarks + 1).length > terminalMarks) return false;
  let lines = 1;
  for (let at = sample.indexOf('\n'); at >= 0; at = sample.indexOf('\n', at + 1)) lines++;
  return sample.length / lines < 200;
}

/** The mark stands in the comment at the head of the file, not somewhere in its code. */
function looksGenerated(text: string): boolean {
  return text
    .slice(0, 600)
    .split('\n')
    .some(line => generatedMark.test(line) && /^\s*(?:\/\/|\/\*|\*|#|--|;|<!--|%|")/.test(line));
}
