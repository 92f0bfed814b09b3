/**
 * What shows that a project uses a tool: a file by its name, sometimes with what stands in it. Reads nothing itself;
 * it must not know tools.
 */
import type { ProjectFiles } from './check.ts';

/** A file's base name; or one that must also hold something. */
export type Sign = string | { readonly file: string; readonly holds: RegExp };

/** A place where a sign was found. */
export interface Evidence {
  /** The folder that holds it, '' for the project itself. */
  readonly folder: string;
  /** Path within the project. */
  readonly path: string;
  /** Text, where it was read. */
  readonly text: string;
}

export const ESLINT_CONFIGURATIONS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map(
  each => `eslint.config.${each}`,
);

/** Files whose text decides something; all are small in any sane project. */
const TELLING = new Set([
  'package.json',
  'tsconfig.json',
  'pyproject.toml',
  'setup.cfg',
  'tox.ini',
  'Cargo.toml',
  'Makefile',
  'makefile',
  'GNUmakefile',
  'composer.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Rakefile',
  'deno.json',
]);

/** Whether the text of a file helps to say which tools a project uses. */
export function isTelling(path: string): boolean {
  return TELLING.has(baseOf(path));
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The ending of a base name with its dot, '' without one. */
export function endingOf(path: string): string {
  const base = baseOf(path);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot) : '';
}

/** Whether a path lies in a folder of the project or is below it. */
export function isBelow(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** A project's files by base name, asked many times. */
export class Signs {
  readonly #byBase = new Map<string, string[]>();
  readonly #project: ProjectFiles;

  constructor(project: ProjectFiles) {
    this.#project = project;
    for (const path of project.paths) {
      const known = this.#byBase.get(baseOf(path));
      if (known) known.push(path);
      else this.#byBase.set(baseOf(path), [path]);
    }
  }

  has(path: string): boolean {
    return this.#byBase.get(baseOf(path))?.includes(path) === true;
  }

  /** Whether a file of the project has one of these endings. */
  someWith(endings: readonly string[]): boolean {
    for (const base of this.#byBase.keys()) if (endings.includes(endingOf(base))) return true;
    return false;
  }

  /** One place a folder, that of the first sign which fits; folders near the root first. */
  find(signs: readonly Sign[]): readonly Evidence[] {
    const found = new Map<string, Evidence>();
    for (const sign of signs) {
      const [file, holds] = typeof sign === 'string' ? [sign, undefined] : [sign.file, sign.holds];
      for (const path of this.#byBase.get(file) ?? []) {
        const folder = folderOf(path);
        if (found.has(folder)) continue;
        const text = this.#project.text(path) ?? '';
        if (!holds || holds.test(text)) found.set(folder, { folder, path, text });
      }
    }
    return [...found.values()].sort(
      (a, b) => depth(a.folder) - depth(b.folder) || (a.folder < b.folder ? -1 : 1),
    );
  }

  /** The places that count: the nearest above a file, or without a file those that no other is above of. */
  that(signs: readonly Sign[], file: string | undefined): readonly Evidence[] {
    const found = this.find(signs);
    if (file !== undefined) return found.filter(({ folder }) => isBelow(folder, file)).slice(-1);
    return found.filter(
      ({ folder }) => !found.some(other => other.folder !== folder && isBelow(other.folder, folder)),
    );
  }
}

function depth(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}
