/**
 * What a person does in an editor, once for every editor and once for each engine. The steps of one session follow
 * one another in one running editor; buffers are what is asserted. It must not know any one editor.
 */
import assert from 'node:assert/strict';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { generatedTests, pair } from './pair.ts';
import { type EditorKind, version } from './support/editor.ts';
import { KEY, MODEL, branch, modelReplies } from './support/replies.ts';
import { type Identity, allGone, descendants } from './support/processes.ts';
import { Session, find, programOf } from './support/session.ts';
import { until } from './support/wait.ts';

interface CodeAction {
  readonly title: string;
  readonly disabled?: { readonly reason: string };
}

/** With nothing set up: no key, no network. */
function embedded(kind: EditorKind): void {
  describe(`${kind.name}, embedded engine`, () => {
    const session = new Session();
    before(async function () {
      await session.start(kind, programOf(kind, this), {});
      await session.editor.open('src/receipt.ts');
    });
    after(() => session.remove());

    for (const way of kind.ways) {
      it(`accepts a completion, ${way}`, async () => {
        const line = await session.complete('const tax =', `  const ${way} = addM`, /oney\(net, tax\)/, way);
        assert.equal(line, `  const ${way} = addMoney(net, tax);`);
      });
    }

    if (kind.hovers) {
      it('shows what a name is', async () => {
        await session.hover('percentOf(net', [/percentOf/, /Takes a part of an amount/]);
      });
    }

    it('fixes a misspelt name that it found by itself', async () => {
      await session.diagnostic(/formatMony/);
      await session.act('formatMony', /^Fix: .*formatMoney/);
      const text = await session.buffer('the name is mended', now => !now.includes('formatMony('));
      assert.ok(text.includes('`Total ${formatMoney(gross)}`'), text);
    });

    it('says why an AI! comment cannot be followed, or does not offer it', async () => {
      const [line] = find(await session.editor.text(), 'export function tip');
      await session.editor.write(line, '  // AI! add the tip to the net amount');
      await session.editor.place(line + 1, 8);
      await session.editor.actions();
      const answer = session.editor.workspace.trace.answers('textDocument/codeAction').at(-1);
      const follow = ((answer?.result ?? []) as readonly CodeAction[]).filter(action =>
        /comment/.test(action.title),
      );
      for (const action of follow)
        assert.match(action.disabled?.reason ?? '', /model|key|endpoint/i, action.title);
    });

    describe('in Python', () => {
      before(() => session.editor.open('tools/report.py'));

      if (kind.hovers) {
        it('shows what a name is', async () => {
          await session.hover('average_cents(amounts)', [/average_cents/, /The mean of some amounts/]);
        });
      }

      it('fixes a misspelt name', async () => {
        await session.diagnostic(/largst_cents/);
        await session.act('largst_cents', /^Fix: .*largest_cents/);
        const text = await session.buffer('the name is mended', now => !now.includes('largst'));
        assert.ok(text.includes('return f"peak {largest_cents(amounts)}"'), text);
      });

      it('accepts a completion', async () => {
        const wanted = /est_cents\(amounts\)/;
        const line = await session.complete('    average = average', '    biggest = larg', wanted, 'menu');
        assert.equal(line, '    biggest = largest_cents(amounts)');
      });
    });

    it('hints at the next edit and applies it', async () => {
      await session.editor.open('tools/shape.py');
      const [line] = find(await session.editor.text(), 'size,');
      await session.editor.write(line, '        color,');
      await session.diagnostic(/next edit: keep `color`/);
      await session.act('self.done', /^Apply next edit/);
      const text = await session.buffer('the parameter is kept', now => now.includes('self.color'));
      assert.ok(
        text.includes('        self.size = size\n        self.color = color\n        self.done'),
        text,
      );
    });

    // Some editors show what they are told until the next key only, so that is looked at first.
    it('reviews a file; what is dismissed does not come back', async () => {
      session.editor.workspace.write('src/same.ts', 'export const same = (a: number) => a === a;\n');
      await session.editor.open('src/same.ts');
      await session.editor.command('codriver.review');
      await session.said(/reviewed src\/same\.ts: one finding/);
      await session.diagnostic(/Both sides of/);
      await session.act('a === a', /^Dismiss the finding .*: not a problem$/);
      await session.noDiagnostic(/Both sides of/);
      await session.editor.command('codriver.review');
      await session.said(/reviewed src\/same\.ts: no findings/);
      assert.doesNotMatch(await session.editor.diagnostics(), /Both sides of/);
    });

    it('says why nothing was completed', async () => {
      await session.editor.command('codriver.why');
      await session.said(/Codriver.*(?:shown|complet)/);
    });

    describe('at the end', () => {
      it('leaves nothing behind', () => session.end());
    });
  });
}

/** With an OpenAI-compatible endpoint of the person's own. */
function model(kind: EditorKind): void {
  describe(`${kind.name}, scripted model server`, () => {
    const session = new Session();
    let server: ModelServer;
    before(async function () {
      const program = programOf(kind, this);
      server = await startModelServer({ models: [MODEL], apiKey: KEY, replies: modelReplies });
      await session.start(kind, program, {
        endpoint: { baseUrl: server.baseURL, key: KEY, model: MODEL },
        configuration: { privacy: { automatic: 'allow' } },
        checker: kind.severalServers,
      });
      await session.editor.open('src/receipt.ts');
    });
    after(async () => {
      await session.remove();
      await server?.close();
    });

    for (const way of kind.ways) {
      it(`accepts the model's completion, ${way}`, async () => {
        const wanted = /oney\(tax, net\)/;
        const line = await session.complete('const tax =', `  const ${way} = addM`, wanted, way);
        assert.equal(line, `  const ${way} = addMoney(tax, net);`);
      });
    }

    for (const way of kind.ways) {
      it(`accepts the model's block as it is, ${way}`, async () => {
        const start = '  if (basket.isEm';
        await session.complete('const tax =', start, /pty\(\)\) \{/, way);
        const text = await session.editor.text();
        assert.ok(text.includes(`${start}${branch.join('\n')}\n`), text);
      });
    }

    if (kind.hovers) {
      it('shows what a name is', async () => {
        await session.hover('percentOf(net', [/percentOf/, /Takes a part of an amount/]);
      });
    }

    if (kind.severalServers) {
      it("fixes another server's diagnostic with the model", async () => {
        await session.diagnostic(/declared but its value is never read/);
        await session.act('tipPercent', /^Fix with /);
        await session.buffer('the model has mended it', now =>
          now.includes('return formatMoney(percentOf(net, 100 + tipPercent));'),
        );
      });
    }

    it('does what an AI! comment says, in an unsaved buffer', async () => {
      const [line] = find(await session.editor.text(), 'return [`Net');
      await session.editor.write(line - 1, '  // AI! keep the sum of net and tax in `sum`');
      await session.act('// AI! keep', /^Do what this comment says/);
      const text = await session.buffer('the comment is followed', now => !now.includes('AI!'));
      assert.ok(text.includes('  const sum = addMoney(net, tax);\n  return [`Net'), text);
      assert.ok(
        !session.editor.workspace.read('src/receipt.ts').includes('const sum ='),
        'nothing was saved',
      );
    });

    it('leaves nothing behind', () => session.end());
  });
}

/** The editor is gone without a word: killed, or its machine's terminal closed. */
function killed(kind: EditorKind): void {
  describe(`${kind.name}, killed`, () => {
    const session = new Session();
    before(async function () {
      await session.start(kind, programOf(kind, this), { direct: true });
    });
    after(() => session.remove());

    it('ends with the editor', async () => {
      await session.editor.open('tools/report.py');
      const below: readonly Identity[] = await until('the server runs', () => {
        const found = descendants(session.editor.pid);
        return found.length > 0 && found;
      });
      await session.editor.kill();
      await allGone(below);
    });
  });
}

/**
 * All scenarios for one editor. `quick`: without those that run programs, which take long and show nothing new in a
 * second client of the same editor.
 */
export function scenarios(kind: EditorKind, { quick = false } = {}): void {
  describe(`${kind.name}, version`, () => {
    it(`is ${kind.minimum.join('.')} or later`, function () {
      const [major, minor] = version(programOf(kind, this));
      const [wantedMajor, wantedMinor] = kind.minimum;
      assert.ok(
        major > wantedMajor || (major === wantedMajor && minor >= wantedMinor),
        `found ${major}.${minor}`,
      );
    });
  });
  embedded(kind);
  model(kind);
  pair(kind);
  if (!quick) generatedTests(kind);
  killed(kind);
}
