/** Which editors are there and whether their configuration names Codriver. It reads their files and nothing more. */
import * as path from 'node:path';
import type { Environment, Files } from '../../base/ports.ts';
import { configHome } from '../../config/load.ts';
import type { EditorName } from '../command.ts';
import { findProgram } from '../places.ts';
import type { Examination, Finding } from './doctor.ts';

interface Editor {
  readonly name: string;
  readonly programs: readonly string[];
  readonly setup: EditorName;
  /** Files or folders that may name Codriver; folders are searched for files of `endings`. */
  places(environment: Environment): readonly string[];
  readonly endings: RegExp;
}

const editors: readonly Editor[] = [
  {
    name: 'Neovim',
    programs: ['nvim'],
    setup: 'neovim',
    places: environment => [
      path.join(configHome(environment), environment.variables['NVIM_APPNAME'] ?? 'nvim'),
    ],
    endings: /\.(lua|vim)$/,
  },
  {
    name: 'Helix',
    programs: ['hx', 'helix'],
    setup: 'helix',
    places: environment => [path.join(configHome(environment), 'helix', 'languages.toml')],
    endings: /\.toml$/,
  },
  {
    name: 'Emacs',
    programs: ['emacs'],
    setup: 'emacs-eglot',
    places: environment => [
      path.join(environment.home, '.emacs'),
      path.join(environment.home, '.emacs.el'),
      path.join(environment.home, '.emacs.d', 'init.el'),
      path.join(environment.home, '.emacs.d', 'lisp'),
      path.join(environment.home, '.doom.d'),
      path.join(configHome(environment), 'emacs'),
      path.join(configHome(environment), 'doom'),
    ],
    endings: /\.el$/,
  },
  {
    name: 'VS Code',
    programs: ['code', 'codium'],
    setup: 'vscode',
    places: environment => [path.join(configHome(environment), 'Code', 'User', 'settings.json')],
    endings: /\.json$/,
  },
  {
    name: 'Kakoune',
    programs: ['kak'],
    setup: 'kakoune',
    places: environment => [path.join(configHome(environment), 'kak')],
    endings: /(kakrc|\.kak|\.toml)$/,
  },
  {
    name: 'Vim',
    programs: ['vim'],
    setup: 'vim',
    places: environment => [
      path.join(environment.home, '.vimrc'),
      path.join(environment.home, '.vim', 'vimrc'),
      path.join(environment.home, '.vim', 'coc-settings.json'),
    ],
    endings: /(vimrc|\.vim|\.json)$/,
  },
];

/** An editor's configuration is small; a plugin tree below it is not ours to read whole. */
const maxFiles = 200;
const maxDepth = 4;

export async function checkEditors({ context }: Examination): Promise<readonly Finding[]> {
  const { files, environment } = context.machine;
  const findings: Finding[] = [];
  for (const editor of editors) {
    const program = await findFirst(editor.programs, environment, files);
    const file = await findMention(editor, environment, files);
    if (file !== undefined) findings.push({ status: 'ok', message: `${editor.name}: set up in ${file}` });
    else if (program !== undefined) {
      const advice = `To set it up: codriver setup ${editor.setup}`;
      findings.push({
        status: 'note',
        message: `${editor.name} is here, but no configuration names Codriver.`,
        advice,
      });
    }
  }
  if (findings.length > 0) return findings;
  return [{ status: 'note', message: 'None of the editors that doctor looks for was found.' }];
}

async function findFirst(
  programs: readonly string[],
  environment: Environment,
  files: Files,
): Promise<string | undefined> {
  for (const name of programs) {
    const found = await findProgram(name, environment, files);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findMention(
  editor: Editor,
  environment: Environment,
  files: Files,
): Promise<string | undefined> {
  let left = maxFiles;
  const search = async (at: string, depth: number): Promise<string | undefined> => {
    const real = await files.realPath(at).catch(() => at);
    const stat = await files.stat(real);
    if (stat?.kind === 'file' && left > 0) {
      left--;
      const text = await files.readText(real);
      return text.ok && /codriver/i.test(text.text) ? at : undefined;
    }
    if (stat?.kind !== 'directory' || depth === maxDepth) return undefined;
    for (const { name, kind } of await files.list(real)) {
      if (kind === 'file' && !editor.endings.test(name)) continue;
      const found = await search(path.join(at, name), depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const place of editor.places(environment)) {
    const found = await search(place, 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
