/** A task from its goal to the applied change and back, by a person in a real editor. It must not know any one editor. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createNodeMachine } from '../../server/base/node.ts';
import { createTrust } from '../../server/guard/trust.ts';
import { createConsents } from '../../server/store/consents.ts';
import { byStep } from '../agent/scripts.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { type Editor, type EditorKind, locate } from './support/editor.ts';
import { allGone, descendants } from './support/processes.ts';
import { until } from './support/wait.ts';
import { Workspace } from './support/workspace.ts';

const TASK = '.codriver/tasks/tip.task.md';
const GOAL = '---\nkind: change\n---\n\n# Tips\n\n## Goal\n\nTips are added.\n\n## Plan\n';
const KEY = ['test', 'key', 'of', 'no', 'value'].join('-');
const script = byStep(['Add the tip to the net amount'], {
  s1: [
    {
      calls: [
        [
          'edit',
          {
            path: 'src/receipt.ts',
            old: '  return formatMoney(net);',
            new: '  return formatMoney(percentOf(net, 100 + tipPercent));',
          },
        ],
      ],
    },
    { calls: [['create', { path: 'src/tips.ts', text: 'export const USUAL_TIP = 10;\n' }]] },
  ],
});

/** What a person's answer to the question of trust leaves in their state. */
async function trust(workspace: Workspace): Promise<void> {
  const machine = createNodeMachine({ level: 'error' });
  const variables = { ...machine.environment.variables, ...workspace.environment };
  const environment = { ...machine.environment, variables };
  const grants = createConsents({ ...machine, environment });
  await createTrust({ grants, files: machine.files, platform: process.platform }).trustFolder(
    workspace.project,
  );
}

export function tasks(kind: EditorKind): void {
  describe(`${kind.name}, a task`, () => {
    let editor: Editor;
    let workspace: Workspace | undefined;
    let model: ModelServer | undefined;

    before(async function () {
      const program = locate(kind.program);
      if (program === undefined || (kind.needs ?? []).some(each => locate(each) === undefined)) {
        console.log(`    skipped: ${kind.program} not found (set CODRIVER_EDITORS)`);
        return this.skip();
      }
      model = await startModelServer({ models: ['scripted-model'], apiKey: KEY });
      let number = 0;
      model.reply({
        route: 'chat',
        say: ({ body }) => {
          const messages = body['messages'] as readonly { content: string }[];
          const offered = (body['tools'] ?? []) as readonly { function: { name: string } }[];
          const prompt = messages.map(({ content }) => content).join('\n');
          const tools = offered.map(each => each.function.name);
          const { calls = [] } = script({ prompt, system: '', tools, number: number++ });
          return {
            text: '',
            toolCalls: calls.map(([name, args]) => ({ name, arguments: JSON.stringify(args) })),
          };
        },
      });
      workspace = new Workspace({
        endpoint: { baseUrl: model.baseURL, key: KEY, model: 'scripted-model' },
        configuration: { autonomy: 3 },
      });
      await trust(workspace);
      mkdirSync(path.dirname(workspace.path(TASK)), { recursive: true });
      writeFileSync(workspace.path(TASK), GOAL);
      editor = await kind.start(program, workspace);
      await editor.open(TASK);
    });
    after(async () => {
      const below = descendants(editor?.pid ?? 0);
      await editor?.quit();
      await allGone(below);
      workspace?.remove();
      await model?.close();
    });

    const sees = (what: string, wanted: RegExp): Promise<unknown> =>
      until(what, async () => wanted.test(await editor.text()), { state: () => editor.state() });
    const act = (title: RegExp): Promise<unknown> =>
      until(
        `the action ${title}`,
        async () => {
          await editor.place(0, 0);
          return editor.act(title);
        },
        { state: () => editor.state() },
      );

    it('is planned, and its plan is approved', async () => {
      await act(/^Plan this task/);
      await sees('the plan', /state: awaiting-plan\n[\s\S]*- \[ \] \(s1\) Add the tip/);
      await act(/^Approve the plan/);
    });

    it('shows its result as a change-set, and has changed nothing yet', async () => {
      await sees('the change-set', /\+ {2}return formatMoney\(percentOf\(net, 100 \+ tipPercent\)\);/);
      await editor.open('src/receipt.ts');
      assert.doesNotMatch(await editor.text(), /100 \+ tipPercent/);
    });

    it('is approved, applied, and undone', async () => {
      await editor.open(TASK);
      await sees('the evidence', /state: awaiting-approval\n[\s\S]*## Evidence/);
      await act(/^Approve the result/);
      await sees('that it is applied', /state: applied\n/);
      await editor.open('src/receipt.ts');
      await sees('the change', /100 \+ tipPercent/);
      await editor.open('src/tips.ts');
      await sees('the new file', /USUAL_TIP = 10/);
      await editor.open(TASK);
      await act(/^Undo what this task has changed/);
      await editor.open('src/receipt.ts');
      await sees('that it is undone', /return formatMoney\(net\);\n\}\n$/);
    });
  });
}
