/**
 * Which variables a program that is not ours gets: an allow-list of what programs need to start and to find their
 * own tools. It must not know which program is run.
 */
import { posix, win32 } from 'node:path';
import type { Environment } from '../base/ports.ts';

/** Who and where, and how text is written. */
const ORDINARY = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
];

/** Folders of tool chains: where they lie, never what they are told. */
const TOOL_FOLDERS = [
  'ANDROID_HOME',
  'ANDROID_SDK_ROOT',
  'BUN_INSTALL',
  'CARGO_HOME',
  'COMPOSER_HOME',
  'CONDA_PREFIX',
  'DENO_DIR',
  'DEVELOPER_DIR',
  'DOTNET_ROOT',
  'FNM_DIR',
  'GEM_HOME',
  'GEM_PATH',
  'GOBIN',
  'GOCACHE',
  'GOMODCACHE',
  'GOPATH',
  'GOROOT',
  'GRADLE_HOME',
  'GRADLE_USER_HOME',
  'JAVA_HOME',
  'M2_HOME',
  'MAVEN_HOME',
  'MIX_HOME',
  'HEX_HOME',
  'NVM_DIR',
  'PNPM_HOME',
  'PUB_CACHE',
  'PYENV_ROOT',
  'RBENV_ROOT',
  'RUSTUP_HOME',
  'SDKMAN_DIR',
  'SDKROOT',
  'SWIFTLY_HOME_DIR',
  'VIRTUAL_ENV',
  'VOLTA_HOME',
];

/** Windows: without these no program starts. */
const WINDOWS = [
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
  'USERPROFILE',
  'USERNAME',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
  'ProgramFiles(x86)',
  'CommonProgramFiles',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
];

/** `LC_` and a category that the locale knows: `LC_` alone is a prefix anyone may use. */
const LOCALE =
  /^LC_(?:ALL|ADDRESS|COLLATE|CTYPE|IDENTIFICATION|MEASUREMENT|MESSAGES|MONETARY|NAME|NUMERIC|PAPER|TELEPHONE|TIME)$/;

const ORDINARY_NAMES = new Set([...ORDINARY, ...TOOL_FOLDERS]);
const WINDOWS_NAMES = new Set([...ORDINARY, ...TOOL_FOLDERS, ...WINDOWS].map(name => name.toUpperCase()));

/**
 * The variables for a program: those of ours that the allow-list names, PATH without relative folders, a terminal
 * that can do nothing, and then `additions`, which win.
 */
export function environmentFor(
  { variables, platform }: Pick<Environment, 'variables' | 'platform'>,
  additions: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const windows = platform === 'win32';
  const rules = windows ? win32 : posix;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined || value.includes('\0')) continue;
    const upper = name.toUpperCase();
    if (windows ? upper === 'PATH' : name === 'PATH') {
      // A relative folder would be one of the folder that the program happens to run in.
      kept['PATH'] = value
        .split(rules.delimiter)
        .filter(folder => rules.isAbsolute(folder))
        .join(rules.delimiter);
    } else if (windows ? WINDOWS_NAMES.has(upper) : ORDINARY_NAMES.has(name) || LOCALE.test(name)) {
      kept[name] = value;
    }
  }
  return { ...kept, TERM: 'dumb', ...additions };
}
