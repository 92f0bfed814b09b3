/** Sessions of agent shells from prompt to applied change, with a strict client and a scripted model. */
import assert from 'node:assert/strict';
import { resultContent } from '../../server/acp/activity.ts';
import { sessionClient } from '../../server/acp/client.ts';
import type { AgentRefusal, Permission } from '../support/acpClient.ts';
import { feature, shop } from '../agent/scripts.ts';
import { removeWorlds, type Script } from '../agent/world.ts';
import { type Shell, startShell, type ShellOptions } from './shell.ts';

/** What the person clicks on, by the beginning of the question's title. */
const clicks =
  (table: Readonly<Record<string, string>>) =>
  ({ title }: Permission): string | undefined =>
    Object.entries(table).find(([start]) => title.startsWith(start))?.[1];
const YES = clicks({ 'Approve the plan': 'approve', 'Apply the result': 'approve' });

const asks: Script = ({ prompt, tools }) => {
  if (tools.includes('plan')) return { calls: [['plan', { steps: ['Add the tax'] }]] };
  if (!prompt.includes('nineteen') && !prompt.includes('20 %\n'))
    return { calls: [['ask', { question: 'Which rate?', options: ['19 %', 'nineteen percent'] }]] };
  return { calls: [['finish_step', { summary: 'done' }]] };
};

async function started(options: ShellOptions = {}): Promise<Shell & { id: string }> {
  const shell = startShell({ files: shop, script: feature(), checks: { tests: () => ({}) }, ...options });
  await shell.client.initialize();
  const id = await shell.client.newSession(shell.world.root);
  return { ...shell, id };
}

async function ended({ client, served }: Shell): Promise<void> {
  client.end();
  await served;
  client.judge();
}

describe('acp sessions', () => {
  after(removeWorlds);

  it('work from a prompt over plan and permission to an applied change', async () => {
    const shell = await started({ permit: YES });
    const { client, id, world } = shell;
    assert.equal(await client.prompt(id, 'Prices have taxes.'), 'end_turn');
    assert.deepEqual(
      client.permissions.map(({ title }) => title),
      ['Approve the plan', 'Apply the result: 5 files'],
    );
    const [, result] = client.permissions;
    assert.deepEqual(
      result?.content.filter(({ type }) => type === 'diff').map(({ path }) => path),
      ['README.md', 'src/price.ts', 'src/receipt.ts', 'src/tax.ts', 'test/price.test.ts'].map(
        path => `${world.root}/${path}`,
      ),
    );
    assert.equal(world.applied.length, 1);
    const plans = client
      .of('plan')
      .map(({ entries }) => (entries as { status: string }[]).map(e => e.status));
    assert.deepEqual(plans.at(0), ['pending', 'pending', 'pending']);
    assert.deepEqual(plans.at(-1), ['completed', 'completed', 'completed']);
    assert.ok(plans.some(each => each.includes('in_progress')));
    const edits = client.of('tool_call').filter(({ kind }) => kind === 'edit');
    assert.ok(edits.length > 0);
    const ends = client
      .of('tool_call_update')
      .filter(({ content }) =>
        (content as { type: string }[] | undefined)?.some(({ type }) => type === 'diff'),
      );
    assert.ok(ends.length >= 5);
    assert.match(client.words, /The result is applied: .*`src\/tax.ts`/);
    await ended(shell);
  });

  it('show every call that they begin as ended', async () => {
    const shell = await started({ permit: YES });
    const { client, id } = shell;
    await client.prompt(id, 'Prices have taxes.');
    const last = new Map<unknown, unknown>();
    for (const { status, toolCallId } of [...client.of('tool_call'), ...client.of('tool_call_update')])
      last.set(toolCallId, status);
    const open = [...last].filter(([, status]) => status !== 'completed' && status !== 'failed');
    assert.deepEqual(open, []);
    await ended(shell);
  });

  it('change nothing when the plan or the result is denied, and take the next words as the reason', async () => {
    const table: Record<string, string> = { 'Approve the plan': 'reject' };
    const script = feature();
    const shell = await started({
      permit: permission => clicks(table)(permission),
      script: question =>
        question.tools.includes('plan') && question.prompt.includes('Without the documentation')
          ? { calls: [['plan', { steps: ['Add tax to src/price.ts', 'Test it'] }]] }
          : script(question),
    });
    const { client, id, world } = shell;
    const before = world.snapshot(world.root);
    assert.equal(await client.prompt(id, 'Prices have taxes.'), 'end_turn');
    assert.match(client.words, /The plan waits/);
    assert.deepEqual(world.snapshot(world.root), before);
    table['Approve the plan'] = 'approve';
    table['Apply the result'] = 'reject';
    assert.equal(await client.prompt(id, 'Without the documentation, please.'), 'end_turn');
    assert.ok(
      world.records.some(({ event }) => event.type === 'plan-rejected' && event.why.startsWith('Without')),
    );
    assert.match(client.words, /The result waits/);
    assert.deepEqual(world.applied, []);
    table['Apply the result'] = 'approve';
    await client.prompt(id, 'Name it properly.');
    assert.ok(
      world.records.some(({ event }) => event.type === 'rejected' && event.why === 'Name it properly.'),
    );
    assert.equal(world.applied.length, 1);
    await ended(shell);
  });

  it('take an option that was not offered, or silence, for no word', async () => {
    for (const said of ['allow_everything', undefined]) {
      const shell = await started({ permit: () => said });
      await shell.client.prompt(shell.id, 'Prices have taxes.');
      assert.equal(shell.world.records.at(-1)?.state.phase, 'awaiting-plan');
      await ended(shell);
    }
  });

  it('are cancelled in the middle, keep what is done, and go on when told to', async () => {
    let reached = (): void => undefined;
    const working = new Promise<void>(resolve => (reached = resolve));
    let held = true;
    const script = feature();
    const shell = await started({
      permit: YES,
      script: question => {
        if (question.tools.includes('finish_step') && held) reached();
        return script(question);
      },
      onAppend: ({ event }) => {
        // Once working, the person cancels at the very next thing that happens.
        if (event.type === 'step-chosen' && held) {
          held = false;
          shell.client.notify('session/cancel', { sessionId: shell.id });
        }
      },
    });
    const { client, id, world } = shell;
    assert.equal(await client.prompt(id, 'Prices have taxes.'), 'cancelled');
    void working;
    reached();
    assert.equal(world.records.at(-1)?.state.paused, true);
    assert.equal(await client.prompt(id, '/resume'), 'end_turn');
    assert.equal(world.records.at(-1)?.state.phase, 'applied');
    await ended(shell);
  });

  it('end a question for permission that is cancelled with the prompt', async () => {
    const shell = await started({ permit: () => new Promise<never>(() => undefined) });
    const { client, id } = shell;
    const turn = client.prompt(id, 'Prices have taxes.');
    await client.until(() => client.permissions.length === 1);
    client.notify('session/cancel', { sessionId: id });
    assert.equal(await turn, 'cancelled');
    await ended(shell);
  });

  it('say a question at the end of the turn and take the next prompt for its answer', async () => {
    for (const said of ['nineteen', '2']) {
      const shell = await started({ permit: YES, script: asks });
      const { client, id, world } = shell;
      assert.equal(await client.prompt(id, 'Prices have taxes.'), 'end_turn');
      assert.match(client.words, /Which rate\?\n1\. 19 %\n2\. nineteen percent/);
      assert.equal(await client.prompt(id, said), 'end_turn');
      assert.match(world.text(), /^ {2}> nineteen/m);
      assert.equal(world.records.at(-1)?.state.phase, 'applied');
      await ended(shell);
    }
  });

  it('are loaded after a restart: what happened is told again, and the task goes on', async () => {
    const first = await started({ permit: () => undefined });
    await first.client.prompt(first.id, 'Prices have taxes.');
    await ended(first);
    const shell = startShell({ again: first, permit: YES, files: shop });
    const { client, world } = shell;
    await client.initialize();
    await client.request('session/load', { sessionId: first.id, cwd: world.root, mcpServers: [] });
    assert.deepEqual(
      client.of('user_message_chunk').map(({ content }) => content),
      [{ type: 'text', text: 'Prices have taxes.\n\n' }],
    );
    assert.equal(client.of('plan').length, 1);
    assert.equal(await client.prompt(first.id, '/resume'), 'end_turn');
    assert.equal(world.records.at(-1)?.state.phase, 'applied');
    await ended(shell);
  });

  it('do nothing in a folder that is not trusted, and ask once', async () => {
    const table: Record<string, string> = { 'Trust ': 'no' };
    const shell = await started({ trusted: false, permit: permission => clicks(table)(permission) });
    const { client, documents, id } = shell;
    assert.equal(await client.prompt(id, 'Prices have taxes.'), 'end_turn');
    assert.deepEqual([documents.size, shell.world.questions.length], [0, 0]);
    assert.match(client.words, /codriver trust/);
    table['Trust '] = 'trust';
    await client.prompt(id, 'Prices have taxes.');
    await client.prompt(id, '/resume');
    assert.equal(shell.trusted(), true);
    assert.equal(client.permissions.filter(({ title }) => title.startsWith('Trust ')).length, 2);
    await ended(shell);
  });

  it('ask before they work at a level above the settings', async () => {
    const table: Record<string, string> = { 'Work at level': 'no' };
    const shell = await started({ level: 2, permit: permission => clicks(table)(permission) });
    const { client, id, world } = shell;
    await client.prompt(id, 'Prices have taxes.');
    assert.equal(world.questions.length, 0);
    assert.match(client.words, /codriver\.autonomy/);
    table['Work at level'] = 'allow';
    await client.prompt(id, 'Prices have taxes.');
    await client.prompt(id, '/resume');
    assert.equal(client.permissions.filter(({ title }) => title.startsWith('Work at')).length, 2);
    assert.ok(world.questions.length > 0);
    await ended(shell);
  });

  it('carry a plan out at once in the mode that says so, and never a result', async () => {
    const shell = await started({ level: 4, permit: () => undefined });
    const { client, id, world } = shell;
    await client.request('session/set_mode', { sessionId: id, modeId: 'drive' });
    await client.prompt(id, 'Prices have taxes.');
    assert.deepEqual(
      client.permissions.map(({ title }) => title),
      ['Apply the result: 5 files'],
    );
    assert.deepEqual(world.applied, []);
    await assert.rejects(client.request('session/set_mode', { sessionId: id, modeId: 'rampage' }), {
      code: -32602,
    } as Partial<AgentRefusal>);
    await ended(shell);
  });

  it('discard on request, begin a second task with the next prompt, and take files that are pointed at', async () => {
    const shell = await started({
      permit: () => undefined,
      fs: { readTextFile: true },
      files: shop,
    });
    const { client, documents, id, world } = shell;
    const uri = `file://${world.root}/src/price.ts`;
    await client.prompt(id, 'Look at this.', [{ type: 'resource_link', uri, name: 'price.ts' }]);
    assert.match(world.text(), /Look at this\. @src\/price\.ts/);
    await client.prompt(id, '/discard');
    assert.equal(world.records.at(-1)?.state.phase, 'discarded');
    await client.prompt(id, 'Something else.');
    assert.deepEqual([...documents.keys()], [id, `${id}-2`]);
    await ended(shell);
  });

  it('show what hides, and nothing that a shell would fetch or obey', async () => {
    const text = 'a \u001b]0;x\u0007 \u202e b\n';
    const shell = await started({
      permit: () => undefined,
      level: 4,
      script: ({ prompt, tools }) => {
        if (tools.includes('plan'))
          return { calls: [['plan', { steps: ['![x](http://evil.test/a.png) \u001b[2J'] }]] };
        return prompt.includes('Which?')
          ? { calls: [['finish_step', { summary: 'x' }]] }
          : { calls: [['ask', { question: 'Which? ![x](http://evil.test/b.png) <img src=x>' }]] };
      },
    });
    const { client, id } = shell;
    await client.request('session/set_mode', { sessionId: id, modeId: 'drive' });
    await client.prompt(id, 'Go.');
    const said = JSON.stringify(client.updates);
    assert.match(said, /Which\?/);
    assert.doesNotMatch(said, /!\[x\]\(http|<img|\\u001b/);
    const [diff] = resultContent('/p', [{ path: 'a', before: null, after: text }]);
    assert.equal(diff?.type === 'diff' && diff.newText, 'a ‹U+001B›]0;x‹U+0007› ‹U+202E› b\n');
    await ended(shell);
  });

  it('keep a text that was quoted and lies in no file', async () => {
    const shell = await started({ permit: () => undefined });
    const { client, id, world } = shell;
    const resource = { uri: 'zed:///selection', text: 'let x = 1;\n## Plan\n' };
    await client.prompt(id, 'Explain by doing.', [{ type: 'resource', resource }]);
    assert.match(world.text(), /Explain by doing\.\s+```\nlet x = 1;\n## Plan\n```/);
    await assert.rejects(client.prompt(id, 'x'.repeat(500_001)), { code: -32602 });
    await ended(shell);
  });

  it('do not wait for ever for an editor that does not answer about files', async () => {
    const sent: string[] = [];
    const client = sessionClient({
      rpc: {
        notify: () => undefined,
        request: (method, _params, signal) =>
          new Promise((_resolve, reject) => {
            sent.push(method);
            signal?.addEventListener('abort', () => reject(new Error('no longer wanted')));
          }),
      },
      sessionId: 's',
      can: () => ({ readFiles: true, writeFiles: true }),
      clock: {
        after(_ms, run) {
          queueMicrotask(run);
          return { cancel: () => undefined };
        },
      },
      log: { write: () => undefined },
    });
    assert.deepEqual([await client.read('/a'), await client.write('/a', 'x')], [undefined, false]);
    assert.deepEqual(sent, ['fs/read_text_file', 'fs/write_text_file']);
  });

  it('pause their task when the client goes away', async () => {
    const shell = await started({ permit: () => new Promise<never>(() => undefined) });
    const { client, id, world } = shell;
    client.prompt(id, 'Prices have taxes.').catch(() => undefined);
    await client.until(() => client.permissions.length === 1);
    client.end();
    await shell.served;
    assert.equal(world.records.at(-1)?.state.paused, true);
    client.judge();
  });
});
