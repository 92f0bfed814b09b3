/**
 * A small world for confined programs: a folder that they may write to, one of a project with secrets and
 * dependencies, and a home folder. It lies in this repository's build folder, since /tmp is another one inside; for a
 * clone in /tmp in the person's cache folder.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createNodeMachine } from '../../../server/base/node.ts';
import { findConfiner } from '../../../server/sandbox/confiners.ts';
import { createRunner } from '../../../server/sandbox/runner.ts';
import { SHARED_PLACES } from '../../../server/sandbox/secretPlaces.ts';

const folders = process.env['CODRIVER_TEST_PROGRAMS'];
const dist = join(import.meta.dirname, '../../../dist');
const isShared = SHARED_PLACES.some(place => dist.startsWith(`${place}/`));
/** Another user who tests may not write to the build folder. */
const build =
  process.env['CODRIVER_TEST_FOLDER'] ?? (isShared ? join(homedir(), '.cache/codriver-tests') : dist);

export interface World {
  readonly root: string;
  /** May be written to. */
  readonly tree: string;
  readonly project: string;
  readonly home: string;
  readonly runner: ReturnType<typeof createRunner>;
  dispose(): void;
}

export const canary = ['canary', 'that', 'nobody', 'sees'].join('-');

export function createWorld(): World {
  mkdirSync(build, { recursive: true });
  const root = realpathSync(mkdtempSync(join(build, 'confined-')));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put('tree/a.txt', 'a');
  put('tree/.git/config', '[core]\n');
  put('project/.env', canary);
  put('project/node_modules/dep/index.js', 'module.exports = 1');
  put('home/.ssh/id_rsa', canary);
  put('home/.netrc', canary);
  put('home/.config/codriver/config.jsonc', canary);
  put('home/my-secrets.json', canary);
  put('home/notes.txt', 'readable');
  put('outside/file', 'outside');
  const machine = createNodeMachine({ level: 'error' });
  const environment = { ...machine.environment, home: join(root, 'home') };
  const runner = createRunner({
    ...machine,
    environment,
    findConfiner: () =>
      findConfiner({
        ...machine,
        environment,
        cacheFolder: join(root, 'cache'),
        ownFolders: [join(root, 'state')],
        // Such as an unpacked bubblewrap that is not installed: FOLDER:/usr/bin:/bin.
        ...(folders === undefined ? {} : { programFolders: folders.split(':') }),
        isSecret: path => path.endsWith('secrets.json'),
      }),
  });
  return {
    root,
    tree: join(root, 'tree'),
    project: join(root, 'project'),
    home: join(root, 'home'),
    runner,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

export function confinementIn({ tree, project }: World) {
  return {
    writable: [tree],
    bound: [
      { from: join(project, 'node_modules'), at: join(tree, 'node_modules') },
      { from: join(tree, '.git'), at: join(tree, '.git') },
    ],
    hidden: [project],
    network: false,
  };
}
