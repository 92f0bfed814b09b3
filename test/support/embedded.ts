/** The embedded completer over files given as text, and requests with a `$0` cursor. */
import { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import type { EmbeddedRequest } from '../../server/engines/embedded/types.ts';
import { createCorpus } from '../../server/index/corpus.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';

export type Files = Readonly<Record<string, string>>;
export const breathe = async (): Promise<void> => {};

/** A completer that has learned files. */
export async function completerOf(files: Files): Promise<EmbeddedCompleter> {
  const store = new TokenStore();
  for (const [path, text] of Object.entries(files)) store.add(path, text.split('\n'));
  store.seal();
  const completer = new EmbeddedCompleter(createCorpus(store));
  await completer.prepare(breathe);
  return completer;
}

/** A request at `$0`. */
export function at(marked: string, options: Partial<EmbeddedRequest> = {}): EmbeddedRequest {
  const [prefix = '', suffix = ''] = marked.split('$0');
  return {
    uri: 'file:///w/src/new.ts',
    languageId: 'typescript',
    prefix,
    suffix,
    maxLines: 1,
    trigger: 'explicit',
    ...options,
  };
}
