/** Reads what git's commands print into records. Pure; it must not know how they were run. */

export interface LogEntry {
  readonly hash: string;
  readonly author: string;
  readonly subject: string;
  /** Without the subject; empty: none. */
  readonly body: string;
  /** Paths that it changed. */
  readonly paths: readonly string[];
}

export interface StatusEntry {
  /** Index and working tree as in `git status --short`, for example `M ` or `??`. */
  readonly state: string;
  readonly path: string;
}

/** `git log -z --name-only` with fields between NUL: a record begins with NUL SOH, names follow the third field. */
export function readLog(text: string): readonly LogEntry[] {
  return text
    .split('\0\x01')
    .slice(1)
    .map(record => {
      const [hash = '', author = '', message = '', ...rest] = record.split('\0');
      const [subject = '', ...body] = message.split('\n');
      const paths = rest.map(path => path.replace(/^\n+/, '')).filter(Boolean);
      return { hash, author, subject: subject.trim(), body: body.join('\n').trim(), paths };
    });
}

/** `git status --porcelain=v1 -z` without renames. */
export function readStatus(text: string): readonly StatusEntry[] {
  return text
    .split('\0')
    .filter(row => row.length > 3)
    .map(row => ({ state: row.slice(0, 2), path: row.slice(3) }));
}

export interface TrackedEntry {
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'symlink' | 'submodule';
}

const KINDS: Readonly<Record<string, TrackedEntry['kind']>> = {
  '100755': 'executable',
  '120000': 'symlink',
  '160000': 'submodule',
};

/** `git ls-files --stage -z`; a path in conflict, which is listed up to three times, comes once. */
export function readTracked(text: string): readonly TrackedEntry[] {
  const entries = new Map<string, TrackedEntry>();
  for (const row of text.split('\0')) {
    const [, mode = '', path = ''] = /^(\d+) [0-9a-f]+ \d\t(.+)$/s.exec(row) ?? [];
    if (path !== '') entries.set(path, { path, kind: KINDS[mode] ?? 'file' });
  }
  return [...entries.values()];
}
