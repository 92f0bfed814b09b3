/**
 * C and C++ by the project's own compiler: a compilation database says how each file is compiled, and the same
 * command without its outputs checks it. It must not know where the compiler is.
 */
import type { Check } from './check.ts';
import { endingOf, type Signs } from './signs.ts';
import { clangReports, gccReports } from './textReports.ts';

const ENDINGS = ['.c', '.cc', '.cpp', '.cxx', '.m', '.mm'];
const DATABASES = ['compile_commands.json', 'build/compile_commands.json', 'out/compile_commands.json'];
/** Nothing else of a database is run: it could name any program. */
const COMPILER = /^(?:[\w.+-]+-)?(?:cc|c\+\+|gcc|g\+\+|clang|clang\+\+)(?:-\d+(?:\.\d+)*)?(?:\.exe)?$/;
/** Arguments that write files, with the number of arguments that follow them. */
const OUTPUTS: ReadonlyMap<string, number> = new Map([
  ['-o', 1],
  ['-c', 0],
  ['-S', 0],
  ['-MD', 0],
  ['-MMD', 0],
  ['-MP', 0],
  ['-MG', 0],
  ['-MF', 1],
  ['-MT', 1],
  ['-MQ', 1],
  ['-save-temps', 0],
  ['-gsplit-dwarf', 0],
]);

/** How one file is compiled. */
export interface Compilation {
  readonly compiler: string;
  /** Absolute, or as the database writes it. */
  readonly directory: string;
  readonly arguments: readonly string[];
}

/** The check that a compilation database makes possible; its arguments come from `compilationOf`. */
export function compilerCheck(signs: Signs, file: string | undefined): readonly Check[] {
  const evidence = DATABASES.find(each => signs.has(each));
  if (evidence === undefined || (file !== undefined && !ENDINGS.includes(endingOf(file)))) return [];
  return [
    {
      id: 'compiler',
      tool: 'compiler',
      kind: 'types',
      covers: 'file',
      cost: 'quick',
      folder: '',
      endings: ENDINGS,
      program: { name: 'cc', local: [] },
      arguments: [],
      evidence,
      parse: gccReports,
    },
  ];
}

/**
 * The command of a file in a database, made to check only; undefined where there is none, or where it is no
 * compiler's. `isFile` says whether an entry, by its `directory` and `file`, is the file that is meant.
 */
export function compilationOf(
  database: string,
  isFile: (directory: string, file: string) => boolean,
): Compilation | undefined {
  let entries: unknown;
  try {
    entries = JSON.parse(database);
  } catch {
    return undefined;
  }
  if (!Array.isArray(entries)) return undefined;
  for (const entry of entries as readonly (Readonly<Record<string, unknown>> | null)[]) {
    const { directory, file, command, arguments: given } = entry ?? {};
    if (typeof directory !== 'string' || typeof file !== 'string' || !isFile(directory, file)) continue;
    const argv = Array.isArray(given) ? given.filter(each => typeof each === 'string') : words(command);
    return checkOnly(argv as readonly string[], directory, file);
  }
  return undefined;
}

function checkOnly(argv: readonly string[], directory: string, file: string): Compilation | undefined {
  // A cache in front of the compiler is left out.
  const at = argv.findIndex(each => COMPILER.test(each.replace(/^.*[\\/]/, '')));
  const compiler = argv[at];
  if (compiler === undefined || at > 1) return undefined;
  const args: string[] = [];
  for (let i = at + 1; i < argv.length; i++) {
    const each = argv[i] as string;
    const taken = OUTPUTS.get(each);
    if (taken !== undefined) i += taken;
    // Plugins and response files could do more than compile.
    else if (/^-(?:fplugin|Xclang|load|wrapper|B)|^@/.test(each)) return undefined;
    else if (!/^-(?:o|MF|MT|MQ)./.test(each) && each !== file) args.push(each);
  }
  return { compiler, directory, arguments: [...args, '-fsyntax-only', '-fdiagnostics-color=never', file] };
}

/** The words of a shell's line, with quotes and backslashes; nothing is expanded. */
function words(command: unknown): readonly string[] {
  if (typeof command !== 'string') return [];
  const found = command.match(/(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'\\])+/g) ?? [];
  return found.map(word =>
    word.replace(
      /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g,
      (_, single?: string, double?: string, escaped?: string) =>
        single ?? escaped ?? (double ?? '').replace(/\\(["\\$`])/g, '$1'),
    ),
  );
}

/** Which of the two families a compiler belongs to decides how its columns count. */
export function compilerReports(compiler: string): Check['parse'] {
  return /clang/.test(compiler) ? clangReports : gccReports;
}
