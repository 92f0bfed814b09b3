/**
 * What writes messages without a model, as one module that is loaded when the first message is opened. Pure; it must
 * not know services, documents or engines.
 */
import type { FileDiff } from '../../git/parseDiff.ts';
import { baseOf, stemOf } from './files.ts';
import { symbolsOf } from './symbols.ts';

export { parseDiff } from '../../git/parseDiff.ts';
export { checkReply } from './check.ts';
export { compose, namesOf } from './compose.ts';
export { styleOf } from './style.ts';

/** Names that a message about this change may want to mention, the likeliest first. */
export function mentionable(files: readonly FileDiff[]): readonly string[] {
  const found = new Set<string>();
  for (const file of files) {
    const { added, removed, changed } = symbolsOf(file);
    for (const { name } of [...added, ...removed, ...changed]) found.add(name);
  }
  for (const { path, oldPath } of files) {
    for (const each of [path, oldPath ?? path]) {
      found.add(baseOf(each));
      found.add(stemOf(each));
      if (each.includes('/')) found.add(each);
    }
  }
  return [...found];
}
