import assert from 'node:assert/strict';
import { Document } from '../../../server/base/document.ts';
import { checkNewFile, newFileUri } from '../../../server/features/actions/newFile.ts';
import { WorkspacePlaces } from '../../../server/features/places.ts';
import { createReadGate } from '../../../server/guard/readGate.ts';
import { createMemoryMachine } from '../../support/memoryMachine.ts';

const machine = createMemoryMachine({
  files: {
    '/w/src/a.ts': 'a',
    '/w/.git/HEAD': 'ref',
    '/w/docs': { link: '/w/.git' },
    '/w/link': { link: '/w/src' },
    '/w/dangling.ts': { link: '/w/nothing.ts' },
  },
});
const places = new WorkspacePlaces();
places.changeFolders(['file:///w', 'file:///w/nested'], []);

function given(open: readonly string[]) {
  const opened = open.map(uri => new Document(uri, 'typescript', 1, ''));
  const gate = createReadGate({ ...machine, roots: places.folders });
  return {
    files: machine.files,
    places,
    gate: () => gate,
    documents: {
      get: (uri: string) => opened.find(document => document.uri === uri),
      all: () => opened,
      isDesynchronised: () => false,
    },
  };
}

/** What becomes of a file that a model wants to have made while `open` are open. */
async function told(path: string, open: readonly string[] = []): Promise<string> {
  const uri = newFileUri({ places }, 'file:///w/src/a.ts', path);
  if (uri === undefined) return 'asked again';
  return checkNewFile(given(open), uri).then(
    () => 'made',
    (error: Error) => error.message,
  );
}

describe('new files by a model', () => {
  for (const [name, path, open, says] of [
    ['anywhere in the folder', 'src/new/b.ts', [], /^made$/],
    ['with blanks and other letters', 'src/grüße und so.ts', [], /^made$/],
    ['in a nested workspace folder', 'nested/b.ts', [], /^made$/],
    ['beside an open one', 'src/b.ts', ['file:///w/src/c.ts', 'untitled:src/b.ts'], /^made$/],
    ['outside', '../b.ts', [], /^asked again$/],
    ['through a parent', 'src/../b.ts', [], /^asked again$/],
    ['at an absolute path', '/w/b.ts', [], /^asked again$/],
    ['at home', '~/b.ts', [], /may not make: only paths relative/],
    ['at a drive', 'C:/b.ts', [], /may not make/],
    [
      'that grants authority',
      '.github/workflows/x.yml',
      [],
      /make \.github\/workflows\/x\.yml,.*protected.*CI/,
    ],
    [
      'that grants authority, in other letters',
      '.VSCode/tasks.json',
      [],
      /make \.VSCode\/tasks\.json,.*editor/,
    ],
    [
      'that grants authority, behind a link',
      'docs/hooks/update',
      [],
      /make docs\/hooks\/update,.*version control/,
    ],
    ['that exists', 'src/a.ts', [], /exists/],
    ['that is a link to nothing', 'dangling.ts', [], /exists/],
    ['that is open and not saved', 'src/b.ts', ['file:///w/src/b.ts'], /open already/],
    ['that is open behind a link', 'src/b.ts', ['file:///w/link/b.ts'], /open already/],
    ['that is open in other letters', 'src/b.ts', ['file:///w/src/B.ts'], /open already/],
    ['that is open by another URI', 'src/b.ts', ['file:///w/src/%62.ts'], /open already/],
  ] as const) {
    it(`${says.source === '^made$' ? 'are made' : 'are refused'} ${name}`, async () =>
      assert.match(await told(path, open), says));
  }
});
