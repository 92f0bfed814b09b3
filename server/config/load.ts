/**
 * Reads the settings files and resolves all sources. Cheap to import: the schema comes in on first use, so that the
 * reply to `initialize` never waits for it. It must not know features, and never reads `.env` or any other file.
 */
import * as path from 'node:path';
import type { Environment, Files, ReadFailure } from '../base/ports.ts';
import type { FileSource, SettingSources } from './resolve.ts';
import type { ConfigProblem, ResolvedSettings, SettingSource } from './settings.ts';
import { untouchedSettings } from './untouched.ts';

export interface LoadRequest {
  readonly files: Files;
  readonly environment: Environment;
  readonly initializationOptions?: unknown;
  /** The answer to workspace/configuration or what didChangeConfiguration pushed. */
  readonly workspaceConfiguration?: unknown;
  /** Absolute paths of the folders whose project file counts. */
  readonly trustedFolders?: readonly string[];
}

const maxFileBytes = 1_048_576;

/** Paths follow the platform the port speaks for, not the one the tests run on. */
function pathsOf(environment: Environment): path.PlatformPath {
  return environment.platform === 'win32' ? path.win32 : path.posix;
}

/** The folder of the user's own configuration; XDG_CONFIG_HOME counts only when absolute, as its specification says. */
export function configHome(environment: Environment): string {
  const paths = pathsOf(environment);
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData } = environment.variables;
  if (xdg !== undefined && paths.isAbsolute(xdg)) return xdg;
  if (environment.platform === 'win32' && appData !== undefined && paths.isAbsolute(appData)) return appData;
  return paths.join(environment.home, '.config');
}

/** Where the user file is, whether it exists or not. */
export function userFilePath(environment: Environment): string {
  return pathsOf(environment).join(configHome(environment), 'codriver', 'config.jsonc');
}

/** Where the settings of a project are. */
function projectFilePath(folder: string, environment: Environment): string {
  return pathsOf(environment).join(folder, '.codriver', 'config.jsonc');
}

/** Loads and resolves; problems are data and nothing is thrown. */
export async function loadSettings(request: LoadRequest): Promise<ResolvedSettings> {
  const problems: ConfigProblem[] = [];
  const userFile = await readUserFile(request, problems);
  const projectFiles: FileSource[] = [];
  for (const folder of request.trustedFolders ?? []) {
    const file = await readProjectFile(request, folder, problems);
    if (file !== undefined) projectFiles.push(file);
  }
  const sources: SettingSources = {
    ...(userFile === undefined ? {} : { userFile }),
    environment: request.environment.variables,
    initializationOptions: request.initializationOptions,
    workspaceConfiguration: request.workspaceConfiguration,
    projectFiles,
  };
  const resolved = untouchedSettings(sources) ?? (await import('./resolve.ts')).resolveSettings(sources);
  return { ...resolved, problems: [...problems, ...resolved.problems] };
}

/** A link is followed here: people keep their configuration in a repository of their own. */
async function readUserFile(
  { files, environment }: LoadRequest,
  problems: ConfigProblem[],
): Promise<FileSource | undefined> {
  const file = userFilePath(environment);
  const real = await files.realPath(file).catch(() => undefined);
  if (real !== undefined) return read(files, 'user file', file, real, problems);
  const message = 'The link runs in a circle or leads nowhere; it is ignored.';
  problems.push({ source: 'user file', key: '', file, message });
  return undefined;
}

/** A link is not followed here: a repository must not make the server read a file elsewhere. */
async function readProjectFile(
  { files, environment }: LoadRequest,
  folder: string,
  problems: ConfigProblem[],
): Promise<FileSource | undefined> {
  const file = projectFilePath(folder, environment);
  const realPath = (link: string) => files.realPath(link).catch(() => undefined);
  const expected = projectFilePath((await realPath(folder)) ?? folder, environment);
  if ((await realPath(file)) === expected) return read(files, 'project file', file, expected, problems);
  const message = 'The file or its folder is a link; it is ignored.';
  problems.push({ source: 'project file', key: '', file, message, hint: 'Put a real file there.' });
  return undefined;
}

async function read(
  files: Files,
  source: SettingSource,
  file: string,
  realPath: string,
  problems: ConfigProblem[],
): Promise<FileSource | undefined> {
  const result = await files.readText(realPath, maxFileBytes);
  if (result.ok) return { file, text: result.text };
  if (result.why !== 'missing') {
    problems.push({ source, key: '', file, message: unreadable[result.why], hint: 'It is ignored.' });
  }
  return undefined;
}

const unreadable: Readonly<Record<Exclude<ReadFailure, 'missing'>, string>> = {
  'not-a-file': 'This is not a file.',
  'too-large': 'The file is larger than 1 MiB, too large for settings.',
  binary: 'The file is not UTF-8 text.',
  denied: 'The file cannot be read: permission denied.',
};
