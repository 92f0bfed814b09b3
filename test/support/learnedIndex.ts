/** An index with its completer over a machine in memory, as the worker wires them. */
import { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import { createCorpus } from '../../server/index/corpus.ts';
import type { IndexImage } from '../../server/index/image.ts';
import { WorkspaceIndex } from '../../server/index/workspaceIndex.ts';
import type { MemoryMachine } from './memoryMachine.ts';

const breathe = async (): Promise<void> => {};

export interface LearnedIndex {
  readonly index: WorkspaceIndex;
  readonly completer: EmbeddedCompleter;
  /** Paths that the gate refuses. */
  readonly refused: Set<string>;
  readonly crawl: (saved?: IndexImage) => Promise<void>;
  /** Resolves when what was learned is sorted and can be searched. */
  readonly prepared: () => Promise<void>;
  /** Paths that the search finds for a text. */
  readonly search: (text: string) => Promise<string[]>;
}

export function indexOn(
  machine: MemoryMachine,
  scrub: (text: string) => string = text => text,
): LearnedIndex {
  const refused = new Set<string>();
  let preparing: Promise<void> = Promise.resolve();
  const index: WorkspaceIndex = new WorkspaceIndex({
    files: machine.files,
    clock: machine.clock,
    gate: {
      allows: path => !refused.has(path),
      allowedEntries: async (folder, entries) =>
        entries.filter(each => !refused.has(`${folder}/${each.name}`)),
    },
    scrub,
    breathe,
    onChange: () => {
      preparing = completer.prepare(breathe).then(() => index.prepareSearch());
    },
  });
  const completer = new EmbeddedCompleter(createCorpus(index.store));
  const prepared = async (): Promise<void> => {
    for (let seen; seen !== preparing; ) await (seen = preparing);
  };
  return {
    index,
    completer,
    refused,
    prepared,
    async crawl(saved) {
      await index.crawl(['/w'], undefined, async () => saved);
      await prepared();
    },
    async search(text) {
      await prepared();
      const query = { text, languageId: 'typescript', uri: 'file:///w/x.ts', limit: 9 };
      const found = await index.search(query, '/w/x.ts', new AbortController().signal);
      return found.map(each => each.path);
    },
  };
}
