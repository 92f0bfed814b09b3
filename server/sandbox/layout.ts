/**
 * What a confined program sees of the file system, as a list of steps that every way of confining carries out in its
 * own words. It must not know which way that is.
 */
import { posix } from 'node:path';
import type { Files } from '../base/ports.ts';
import type { Confinement } from './command.ts';
import { secretPlacesOf, SHARED_PLACES, SHOWN_AGAIN, SHOWN_FOR_NETWORK } from './secretPlaces.ts';

/**
 * One change to a file system that is read-only as a whole. `empty`: an empty folder of its own; `blank`: an empty
 * file; `write`: may be written to; `show`: `from` is seen at `at`, read-only. Paths are real and absolute.
 */
export type Step =
  | { readonly do: 'empty' | 'blank' | 'write'; readonly at: string }
  | { readonly do: 'show'; readonly from: string; readonly at: string };

export interface LayoutPorts {
  readonly files: Pick<Files, 'stat' | 'list' | 'realPath'>;
  readonly home: string;
  /** Of the person's: they may say where secrets lie. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** More that nobody is shown: Codriver's own folders. */
  readonly ownFolders: readonly string[];
  /** Whether a file or folder holds secrets by its name; asked of what lies in the home folder and its `.config`. */
  readonly isSecret: (path: string, kind: 'file' | 'directory') => boolean;
}

/** Steps in the order in which they must be carried out: what is deeper comes later, and so is seen. */
export async function layoutOf(confinement: Confinement, ports: LayoutPorts): Promise<readonly Step[]> {
  const { files, home, variables } = ports;
  const moved = variables['XDG_CONFIG_HOME'] ?? '';
  const real = (path: string) => files.realPath(path);
  const steps = new Map<string, Step>();
  const put = (step: Step) => steps.set(step.at, step);

  for (const place of SHARED_PLACES) {
    const at = await real(place).catch(() => undefined);
    if (at !== undefined && (await files.stat(at))?.kind === 'directory') put({ do: 'empty', at });
  }
  const secrets = [
    ...secretPlacesOf(home, variables),
    ...ports.ownFolders,
    ...(await secretsIn(home, ports)),
    ...(await secretsIn(posix.join(home, '.config'), ports)),
    ...(posix.isAbsolute(moved) ? await secretsIn(moved, ports) : []),
    ...(confinement.hidden ?? []),
  ];
  await Promise.all(
    secrets.map(async place => {
      const at = await real(place).catch(() => undefined);
      // What cannot even be looked at by us cannot be by the program.
      const kind = at === undefined ? undefined : (await files.stat(at))?.kind;
      if (at === undefined || at === '/' || kind === undefined) return;
      put({ do: kind === 'directory' ? 'empty' : 'blank', at });
    }),
  );
  for (const place of [...SHOWN_AGAIN, ...(confinement.network ? SHOWN_FOR_NETWORK : [])]) {
    if ((await files.stat(place)) === undefined) continue;
    const from = await real(place).catch(() => undefined);
    if (from !== undefined) put({ do: 'show', from, at: place });
  }
  for (const path of confinement.writable) {
    if (!posix.isAbsolute(path) || posix.normalize(path) === '/')
      throw new Error(`${JSON.stringify(path)} is no folder that a program may be let write to.`);
    put({ do: 'write', at: await real(path) });
  }
  for (const { from, at } of confinement.bound ?? []) {
    const place = posix.join(await real(posix.dirname(at)), posix.basename(at));
    put({ do: 'show', from: await real(from), at: place });
  }
  const depth = ({ at }: Step) => at.split('/').length;
  return [...steps.values()].sort((a, b) => depth(a) - depth(b) || (a.at < b.at ? -1 : 1));
}

async function secretsIn(folder: string, { files, isSecret }: LayoutPorts): Promise<readonly string[]> {
  return (await files.list(folder)).flatMap(({ name, kind }) => {
    const path = posix.join(folder, name);
    // Behind a link may be either.
    const secret = (['file', 'directory'] as const).some(
      each => (kind === each || kind === 'symlink') && isSecret(path, each),
    );
    return secret ? [path] : [];
  });
}
