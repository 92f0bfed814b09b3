/**
 * Git for features, wired to the machine and to the person's trust: the wrapper is loaded when it is first needed,
 * and a folder is asked about once in a session. It must not know what is read.
 */
import type { Machine } from './base/ports.ts';
import type { GitAccess } from './features/services.ts';
import type { Git } from './git/git.ts';

export interface RepositoriesParts {
  readonly machine: Machine;
  readonly trusted: (folder: string) => Promise<boolean>;
  /** Puts the question of trust to the person; absent where nobody can be asked. */
  readonly ask?: (folder: string) => Promise<boolean>;
}

export function createRepositories({ machine, trusted, ask }: RepositoriesParts): GitAccess {
  const { files } = machine;
  const load = () => import('./git/access.ts');
  let git: Git | undefined;
  const asked = new Set<string>();
  return {
    locate: async path => (await load()).locate(path, files),
    pendingIndexes: async ({ gitDirectory }) => (await load()).pendingIndexes(gitDirectory, files),
    reflogSubjects: async ({ gitDirectory }) => (await load()).reflogSubjects(gitDirectory, files),
    async repositoryOf(path, signal) {
      git ??= (await load()).createGit({ ...machine, trusted });
      return git.repositoryOf(path, signal);
    },
    async askTrust(folder) {
      if (!ask || asked.has(folder)) return false;
      asked.add(folder);
      return ask(folder);
    },
  };
}
