/** What is in dist/: each file finds what it requires, and no module is in two files of one thread. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '..', 'dist');
const ROOTS = ['lsp.cjs', 'commandLine.cjs', 'agentShell.cjs', 'worker.cjs'];

/** The texts of all files that a thread may load which begins with this bundle, as the launcher would resolve them. */
function threadOf(root: string): ReadonlyMap<string, string> {
  const first = readFileSync(join(dist, root), 'utf8');
  const lent = new Set([...first.matchAll(/"(\.\/[^"/]+\.cjs)":\(\)=>\(\{/g)].map(([, id]) => id));
  const texts = new Map([[root, first]]);
  for (const text of texts.values()) {
    for (const [, id = ''] of text.matchAll(/require\("(\.\/[^"/]+\.cjs)"\)/g)) {
      const name = id.slice(2);
      if (lent.has(id) || texts.has(name)) continue;
      assert.ok(existsSync(join(dist, name)), `${name} is required and is not there`);
      texts.set(name, readFileSync(join(dist, name), 'utf8'));
    }
  }
  return texts;
}

describe('the bundles', () => {
  for (const root of ROOTS) {
    it(`${root} and what comes later find each other`, () => {
      assert.ok(threadOf(root).size > 1);
    });
  }

  // One sentence or name for a module; those that hold state or a class that is told by instanceof.
  for (const [module, mark] of [
    ['guard/redacted', 'Redacted text is made by guard/ only'],
    ['features/actions/action', 'The document is not open any more, so nothing was done.'],
    ['engines/router', 'No model endpoint is configured. Set OPENAI_API_KEY'],
    ['vscode-jsonrpc', 'Pending response rejected since connection got disposed'],
  ] as const) {
    for (const root of ['lsp.cjs', 'commandLine.cjs', 'agentShell.cjs'])
      it(`${module} is at most once in a thread with ${root}`, () => {
        const holders = [...threadOf(root)].flatMap(([name, text]) =>
          text
            .split(mark)
            .slice(1)
            .map(() => name),
        );
        assert.ok(holders.length <= 1, holders.join(', '));
      });
  }

  it('the protocol server begins without what only acts of a person need', () => {
    const first = readFileSync(join(dist, 'lsp.cjs'), 'utf8');
    assert.ok(!first.includes('Review what is staged'));
  });
});
