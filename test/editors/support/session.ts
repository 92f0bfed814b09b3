/** One running editor that the steps of a `describe` share, and how a step waits for what it wants to see. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type Editor, type EditorKind, type Way, locate } from './editor.ts';
import { allGone, descendants } from './processes.ts';
import { until } from './wait.ts';
import { Workspace, type WorkspaceOptions } from './workspace.ts';

/** Line and column of the first place where `wanted` begins. */
export function find(text: string, wanted: string): readonly [line: number, character: number] {
  const offset = text.indexOf(wanted);
  assert.ok(offset >= 0, `no "${wanted}" in\n${text}`);
  const before = text.slice(0, offset).split('\n');
  return [before.length - 1, before.at(-1)?.length ?? 0];
}

/** The editor's program; ends the test as skipped, with a line that says why, where it is absent. */
export function programOf(kind: EditorKind, test: Mocha.Context): string {
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
export class Session {
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

  /** Waits until a document whose name matches is in front of the person; gives its path in the workspace. */
  async front(wanted: RegExp): Promise<string> {
    const { editor } = this;
    const shown = await until(
      `a document like ${wanted} is shown`,
      async () => {
        const file = await editor.front();
        return wanted.test(file) && file;
      },
      { state: () => editor.state() },
    );
    return shown.replace(`${editor.workspace.project}/`, '');
  }

  /** Waits until the server's words are shown. `limit` in milliseconds, where programs have to run first. */
  async said(wanted: RegExp, limit?: number): Promise<void> {
    const { editor } = this;
    await until(`the person is told ${wanted}`, async () => wanted.test(await editor.said()), {
      state: () => editor.state(),
      ...(limit === undefined ? {} : { limit }),
    });
  }

  /** Waits until no diagnostic is like that. */
  async noDiagnostic(unwanted: RegExp): Promise<void> {
    const { editor } = this;
    await until(`no diagnostic like ${unwanted}`, async () => !unwanted.test(await editor.diagnostics()), {
      state: () => editor.state(),
    });
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
