/** URIs, paths and workspace folders: where a document is, and what a person calls it. No disk is touched here. */
import { basename, relative, sep } from 'node:path';
import { URI } from 'vscode-uri';
import { isCell } from '../base/cells.ts';
import type { Places } from './services.ts';

export class WorkspacePlaces implements Places {
  #folders: string[] = [];

  /** Absolute paths of the workspace folders. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    const gone = new Set(removed.flatMap(uri => this.pathOf(uri) ?? []));
    const fresh = added.flatMap(uri => this.pathOf(uri) ?? []).map(withoutSlash);
    const kept = this.#folders.filter(folder => !gone.has(folder) && !gone.has(`${folder}${sep}`));
    this.#folders = [...new Set([...kept, ...fresh])];
  }

  pathOf(uri: string): string | undefined {
    try {
      const parsed = URI.parse(uri, true);
      if (parsed.scheme !== 'file' || parsed.path.includes('\0')) return undefined;
      return parsed.fsPath;
    } catch {
      return undefined;
    }
  }

  uriOf(path: string): string {
    return URI.file(path).toString();
  }

  displayPath(uri: string): string {
    // A cell is shown as the notebook it stands in.
    const path = this.pathOf(isCell(uri) ? uri.replace(/^[\w-]+:/, 'file:').replace(/[?#].*$/, '') : uri);
    if (path === undefined) {
      const name = /[^/\\:]*$/.exec(uri)?.[0];
      return name || 'untitled';
    }
    const folder = this.#containing(path);
    return folder ? relative(folder, path).split(sep).join('/') : basename(path);
  }

  folderOf(uri: string): string | undefined {
    const path = this.pathOf(uri);
    return (path === undefined ? undefined : this.#containing(path)) ?? this.#folders[0];
  }

  #containing(path: string): string | undefined {
    return this.#folders
      .filter(folder => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))
      .sort((a, b) => b.length - a.length)[0];
  }
}

/** Clients differ about a trailing slash of a root; a file system's root keeps it. */
function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
}
