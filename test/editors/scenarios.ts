/**
 * What a person does in an editor, once for every editor and once for each engine. The steps of one session follow
 * one another in one running editor; buffers are what is asserted. It must not know any one editor.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { type Editor, type EditorKind, type Way, locate, version } from './support/editor.ts';
import { branch, modelReplies } from './support/replies.ts';
import { type Identity, allGone, descendants } from './support/processes.ts';
import { until } from './support/wait.ts';
import { Workspace, type WorkspaceOptions } from './support/workspace.ts';

const MODEL = 'scripted-model';
const KEY = ['test', 'key', 'of', 'no', 'value'].join('-');

/** Line and column of the first place where `wanted` begins. */
function find(text: string, wanted: string): readonly [line: number, character: number] {
  const offset = text.indexOf(wanted);
  assert.ok(offset >= 0, `no "${wanted}" in\n${text}`);
  const before = text.slice(0, offset).split('\n');
  return [before.length - 1, before.at(-1)?.length ?? 0];
}

/** The editor's program; ends the test as skipped, with a line that says why, where it is absent. */
function programOf(kind: EditorKind, test: Mocha.Context): string {
  const program = locate(kind.program);
  for (const [name, found] of [
    [kind.program, program],
    ...(kind.needs ?? []).map(each => [each, locate(each)]),
  ]) {
    if (found === undefined) {
      console.log(`    skipped: ${name} not found (set CODRIVER_EDITORS)`);
      return test.skip();
    }
  }
  return program ?? test.skip();
}

/** One running editor that the steps of a `describe` share. */
class Session {
  editor!: Editor;
  private workspace: Workspace | undefined;

  async start(kind: EditorKind, program: string, options: WorkspaceOptions): Promise<void> {
    this.workspace = new Workspace(options);
    this.editor = await kind.start(program, this.workspace);
  }

  /** Waits until the buffer is as wanted; shows what the person sees when it never is. */
  async buffer(what: string, wanted: (text: string) => boolean): Promise<string> {
    const { editor } = this;
    return await until(
      what,
      async () => {
        const text = await editor.text();
        return wanted(text) && text;
      },
      { state: () => editor.state() },
    );
  }

  /** Runs the action at a place as soon as it is offered there. */
  async act(at: string, title: RegExp): Promise<void> {
    const { editor } = this;
    await until(
      `the action ${title} is offered at "${at}"`,
      async () => {
        await editor.place(...find(await editor.text(), at));
        return await editor.act(title);
      },
      { state: () => editor.state() },
    );
  }

  async diagnostic(wanted: RegExp): Promise<void> {
    const { editor } = this;
    await until(`a diagnostic like ${wanted}`, async () => wanted.test(await editor.diagnostics()), {
      state: () => editor.state(),
    });
  }

  async hover(at: string, wanted: readonly RegExp[]): Promise<void> {
    const { editor } = this;
    await until(
      `hover about "${at}" shows ${wanted.join(' ')}`,
      async () => {
        await editor.place(...find(await editor.text(), at));
        const shown = await editor.hover();
        return shown !== undefined && wanted.every(part => part.test(shown));
      },
      { state: () => editor.state() },
    );
  }

  /** Types below the line that holds `after`, accepts what is offered, and gives the line that came of it. */
  async complete(after: string, typed: string, wanted: RegExp, way: Way): Promise<string> {
    const [line] = find(await this.editor.text(), after);
    await this.editor.complete(line, typed, wanted, way);
    return (await this.editor.text()).split('\n')[line + 1] ?? '';
  }

  /** Ends the editor as a person does: nothing of it may be left, and only frames may have been on stdout. */
  async end(): Promise<void> {
    const { editor, workspace } = this;
    const below = descendants(editor.pid);
    assert.ok(below.length > 0, 'the server runs below the editor');
    await editor.quit();
    await allGone(below);
    const stray = workspace?.trace.entries().filter(entry => entry.stray !== undefined);
    assert.deepEqual(stray, []);
  }

  async remove(): Promise<void> {
    if (this.editor !== undefined && existsSync(`/proc/${this.editor.pid}`)) {
      await this.editor.kill().catch(() => undefined);
    }
    this.workspace?.remove();
  }
}

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

    it('makes a new file', async () => {
      const [line] = find(await session.editor.text(), 'import { Basket }');
      await session.editor.write(line, '// AI! put the greeting into a file of its own, src/greeting.ts');
      await session.act('// AI! put', /^Do what this comment says/);
      await session.buffer('the comment is followed', now =>
        now.includes("import { greeting } from './greeting.ts';"),
      );
      await session.editor.open('src/greeting.ts');
      const text = await session.buffer('the new file has its text', now => now.includes('greeting'));
      assert.ok(text.includes("export const greeting = 'Thank you for your visit';"), text);
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

/** All scenarios for one editor. */
export function scenarios(kind: EditorKind): void {
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
  killed(kind);
}
