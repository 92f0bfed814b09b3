/**
 * `@diff`: what is staged, or the difference between two revisions, from git in a folder that the person trusts. A
 * file that the gate keeps back is named and not shown.
 */
import { join } from 'node:path';
import type { FileDiff } from '../../git/parseDiff.ts';
import { redacted } from '../../guard/redacted.ts';
import type { Services } from '../services.ts';
import type { Resolved } from './resolve.ts';

const REVISIONS = /^[\w][\w./~^@-]{0,100}(?:\.\.\.?[\w][\w./~^@-]{0,100})?$/;

/** `revisions` empty: what is staged; else `a..b` or one commit. */
export async function diffText(
  revisions: string,
  services: Services,
  signal: AbortSignal,
): Promise<Resolved> {
  const { gateFor, git, places, redactor } = services;
  const [folder] = places.folders;
  if (folder === undefined) return { ok: false, why: 'no folder is open' };
  if (revisions !== '' && !REVISIONS.test(revisions)) {
    return { ok: false, why: `"${revisions}" is no revision or range; write @diff or @diff:main..HEAD` };
  }
  const repository = await git.repositoryOf(join(folder, '.'), signal);
  if (!repository.ok) return { ok: false, why: repository.message };
  const { value } = repository;
  const diff = await (revisions === '' ? value.stagedDiff({}, signal) : value.diff(revisions, signal));
  if (!diff.ok) return { ok: false, why: diff.message };
  if (diff.value.length === 0) {
    const why =
      revisions === '' ? 'nothing is staged; stage it, or name revisions: @diff:main..HEAD' : 'it is empty';
    return { ok: false, why };
  }
  const gate = gateFor(value.root);
  const shown = await Promise.all(
    diff.value.map(async file => {
      const verdict = await gate.check(join(value.root, file.path));
      return verdict.allowed ? written(file) : `${file.path}: ${file.status}, contents left out`;
    }),
  );
  const path = redactor.redact(revisions === '' ? 'staged' : revisions);
  return { ok: true, title: redacted`diff`, path, text: redactor.redact(shown.join('\n\n')) };
}

function written({ path, oldPath, status, hunks, binary }: FileDiff): string {
  const head = `${path}: ${status}${oldPath ? ` from ${oldPath}` : ''}${binary ? ', binary' : ''}`;
  const body = hunks.map(
    ({ newStart, heading, lines }) => `@@ line ${newStart} @@ ${heading}\n${lines.join('\n')}`,
  );
  return [head, ...body].join('\n');
}
