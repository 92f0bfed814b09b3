/** The question about trust in an editor, with every workspace folder in it. */
import assert from 'node:assert/strict';
import { createTrust } from '../../server/guard/trust.ts';
import { trustFolders } from '../../server/lsp/trustFolders.ts';
import { createConsents } from '../../server/store/consents.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';

interface Told {
  readonly asked: string[];
  readonly replies: string[];
  readonly trusted: string[];
  readonly changed: boolean;
}

/** `answers`: by the folder that the question names; without one the question is put away. */
async function given(
  folders: readonly string[],
  answers: Readonly<Record<string, string>>,
  before: readonly string[] = [],
): Promise<Told> {
  const machine = createMemoryMachine({
    home: '/home/dev',
    files: {
      '/home/dev/a/x': '',
      '/home/dev/b/x': '',
      '/home/dev/c/x': '',
      '/link': { link: '/home/dev/b' },
      '/athome': { link: '/home/dev' },
    },
  });
  const { files, environment } = machine;
  const trust = createTrust({ grants: createConsents(machine), files, platform: 'linux' });
  for (const folder of before) await trust.trustFolder(folder);
  const asked: string[] = [];
  const replies: string[] = [];
  const host = {
    reply: (_level: string, message: string) => void replies.push(message),
    ask: async (message: string) => {
      const folder = /^Trust (\S+)\?/.exec(message)?.[1] ?? '';
      asked.push(folder);
      return answers[folder];
    },
  };
  const changed = await trustFolders({ folders, trust, host, files, environment });
  const trusted: string[] = [];
  for (const folder of folders) if (await trust.folderTrusted(folder)) trusted.push(folder);
  return { asked, replies, trusted, changed };
}

const [a, b, c] = ['/home/dev/a', '/home/dev/b', '/home/dev/c'] as const;
const yes = 'Trust this folder';

describe('trusting folders in an editor', () => {
  it('asks for each folder, and keeps each answer', async () => {
    const { asked, trusted, changed, replies } = await given([a, b, c], { [a]: yes, [b]: 'No', [c]: yes });
    assert.deepEqual(asked, [a, b, c]);
    assert.deepEqual(trusted, [a, c]);
    assert.equal(changed, true);
    assert.equal(replies.length, 1);
    assert.match(String(replies[0]), /\/a and \/home\/dev\/c are trusted/);
  });

  it('ends when a question is put away', async () => {
    const { asked, trusted } = await given([a, b, c], { [a]: yes });
    assert.deepEqual(asked, [a, b]);
    assert.deepEqual(trusted, [a]);
  });

  it('does not ask for what is trusted', async () => {
    const { asked, trusted, changed } = await given([a, b], { [b]: 'No' }, [a]);
    assert.deepEqual(asked, [b]);
    assert.deepEqual(trusted, [a]);
    assert.equal(changed, false);
    assert.match(String((await given([a], {}, [a])).replies[0]), /trusted already/);
  });

  it('names the real folder', async () => {
    const { asked, trusted } = await given(['/link'], { [b]: yes });
    assert.deepEqual(asked, [b]);
    assert.deepEqual(trusted, ['/link']);
  });

  it('refuses home and what is around it, and goes on', async () => {
    const { asked, trusted, replies } = await given(['/home/dev', '/', '/home', '/athome', a], { [a]: yes });
    assert.deepEqual(asked, [a]);
    assert.deepEqual(trusted, [a]);
    assert.equal(replies.filter(each => /holds everything you have/.test(each)).length, 4);
  });

  it('says so when nothing is open', async () => {
    assert.match(String((await given([], {})).replies[0]), /no folder is open/);
  });
});
