/** Tasks from goal to result with a scripted model: what it is shown, what it may do, where it ends. */
import assert from 'node:assert/strict';
import { MOST_ANSWERS } from '../../server/agent/variant.ts';
import { MOST_FAILURES } from '../../server/agent/machine.ts';
import { byStep, feature, shop } from './scripts.ts';
import { approve, createWorld, GOAL, removeWorlds, type Said, type Script, type World } from './world.ts';

describe('task', () => {
  after(removeWorlds);

  it('makes a feature over five files, from a goal to an applied change', async () => {
    const world = createWorld({ files: shop, script: feature(), checks: { tests: () => ({}) } });
    const task = await world.run();
    assert.equal(task.state.phase, 'awaiting-plan');
    assert.deepEqual(world.shown, ['plan']);
    assert.deepEqual(
      world.task().steps.map(({ id }) => id),
      ['s1', 's2', 's3'],
    );
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval', world.text());
    assert.deepEqual(await world.ports.tree.changed(), [
      'README.md',
      'src/price.ts',
      'src/receipt.ts',
      'src/tax.ts',
      'test/price.test.ts',
    ]);
    assert.match(world.file('src/price.ts') ?? '', /import \{ TAX \}[\s\S]*net \* \(1 \+ TAX\)/);
    assert.ok(world.task().steps.every(({ ticked }) => ticked));
    assert.equal(world.task().evidence, 'all passed');
    assert.deepEqual(world.applied, []);
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'applied');
    assert.equal(world.applied.length, 1);
    assert.match(world.text(), /^state: applied$/m);
    assert.match(world.text(), /- \(d1\) The tax is 20 % because the goal names no other/);
  });

  it('plans anew after a rejection, with none of the rejected steps left beside the person’s own', async () => {
    const plans = [
      ['Add the tax', 'Draw a logo'],
      ['Add the tax', 'Tell of the tax'],
    ];
    const script: Script = ({ prompt, tools }) => {
      assert.ok(tools.includes('plan'));
      return { calls: [['plan', { steps: plans[prompt.includes('no logo') ? 1 : 0] }]] };
    };
    const world = createWorld({ script });
    const task = await world.run();
    world.write(world.text().replace(/^- \[ \] \(s2\).*$/m, '$&\n- [ ] A step of mine'));
    await task.post({ type: 'plan-rejected', why: 'no logo' });
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-plan');
    const words = world.task().steps.map(({ text }) => text);
    assert.deepEqual(words, ['Add the tax', 'A step of mine', 'Tell of the tax']);
    const ids = world.task().steps.map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
    assert.ok(!ids.includes('s2'), 'an id that was used is not used again');
  });

  it('takes the same plan again after a rejection, as often as the person rejects it', async () => {
    const script: Script = () => ({ calls: [['plan', { steps: ['Add the tax'] }]] });
    const world = createWorld({ script });
    const task = await world.run();
    for (let i = 0; i < 6; i++) {
      await task.post({ type: 'plan-rejected', why: 'think again' });
      await world.run(task);
      assert.equal(task.state.phase, 'awaiting-plan', `after ${i + 1} rejections`);
    }
    assert.equal(world.questions.length, 7, 'each answer counts');
    assert.deepEqual(
      world.task().steps.map(({ text }) => text),
      ['Add the tax'],
    );
  });

  it('asks, waits, and goes on with the answer', async () => {
    const script: Script = ({ prompt, tools }) => {
      if (tools.includes('plan')) return { calls: [['plan', { steps: ['Add the tax'] }]] };
      if (!prompt.includes('nineteen'))
        return { calls: [['ask', { question: 'Which rate?', options: ['19 %', '20 %'] }]] };
      return { calls: [['finish_step', { summary: 'done' }]] };
    };
    const world = createWorld({ script });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.deepEqual([task.state.phase, task.state.block?.kind], ['blocked', 'question']);
    assert.deepEqual(task.state.block?.questions, ['q1']);
    assert.match(world.text(), /- \(q1\) Which rate\?\n {2}- 19 %\n {2}- 20 %\n {2}>/);
    world.write(world.text().replace(/^ {2}>$/m, '  > nineteen'));
    await task.post({ type: 'answered' });
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
  });

  it('works the objection of the person into the plan', async () => {
    const world = createWorld({ script: byStep(['Add the tax'], {}) });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    await task.post({ type: 'rejected', why: 'round it, please' });
    await world.run(task);
    assert.deepEqual(
      world.task().steps.map(({ text }) => text),
      ['Add the tax', 'Rework: round it, please'],
    );
    assert.equal(task.state.phase, 'awaiting-approval');
  });

  it('takes the plan as the person left it', async () => {
    const world = createWorld({ script: byStep(['Add the tax', 'Paint it'], {}) });
    const task = await world.run();
    world.write(world.text().replace('- [ ] (s2) Paint it', '- [ ] Write a changelog\n- [x] (s2) Paint it'));
    await approve(task);
    await world.run(task);
    const steps = world.questions.flatMap(({ prompt }) => /Do step (s\d+: .*)/.exec(prompt)?.[1] ?? []);
    assert.deepEqual(steps, ['s1: Add the tax', 's3: Write a changelog']);
  });

  it('makes steps of what the verification found, and asks when that goes round', async () => {
    let runs = 0;
    const world = createWorld({
      script: byStep(['Add the tax'], {}),
      verify: () => {
        runs++;
        return { ok: false, why: 'tests failed', work: ['Make the tests pass'], evidence: `run ${runs}` };
      },
    });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(runs, MOST_FAILURES);
    assert.deepEqual([task.state.phase, task.state.block?.message], ['blocked', 'tests failed']);
    assert.equal(world.task().evidence, `run ${MOST_FAILURES}`);
  });

  const endless: readonly [name: string, script: Script][] = [
    [
      'reads on and on',
      ({ number, tools }) =>
        tools.includes('plan')
          ? { calls: [['plan', { steps: ['x'] }]] }
          : { calls: [['search', { text: `word${number}` }]] },
    ],
    [
      'notes on and on',
      ({ number, tools }) =>
        tools.includes('plan')
          ? { calls: [['plan', { steps: ['x'] }]] }
          : { calls: [['create', { path: `f${number}.txt`, text: 'x' }]] },
    ],
    ['plans on and on', ({ number }) => ({ calls: [['search', { text: `word${number}` }]] })],
  ];
  for (const [name, script] of endless) {
    for (const steps of [1, 7, 20]) {
      it(`stops a model that ${name} after exactly ${steps} answers`, async () => {
        const world = createWorld({ script, limits: { steps }, files: shop });
        const task = await world.run();
        if (task.state.phase === 'awaiting-plan') {
          await approve(task);
          await world.run(task);
        }
        assert.equal(world.questions.length, steps);
        assert.deepEqual([task.state.phase, task.state.block?.kind], ['blocked', 'budget']);
        // Resumed without more budget, it asks nobody.
        await task.post({ type: 'resume' });
        await world.run(task);
        assert.equal(world.questions.length, steps);
      });
    }
  }

  it('stops what comes no nearer to its end with a question', async () => {
    const script: Script = ({ number, tools }) =>
      tools.includes('plan')
        ? { calls: [['plan', { steps: ['x'] }]] }
        : { calls: [['search', { text: `w${number}` }]] };
    const world = createWorld({ script, files: shop });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(task.state.block?.kind, 'stuck');
    assert.ok(world.questions.length <= MOST_ANSWERS + 2);
    assert.match(world.task().questions[0]?.text ?? '', /What should be done differently/);
  });

  it('stops what is repeated without effect, and does it once only', async () => {
    let ran = 0;
    const world = createWorld({
      script: ({ tools }) =>
        tools.includes('plan')
          ? { calls: [['plan', { steps: ['x'] }]] }
          : { calls: [['run_check', { name: 'tests' }]] },
      checks: {
        tests: () => {
          ran++;
          return { ok: false, how: 'exit code 1', output: 'Error: nope' };
        },
      },
    });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(ran, 1);
    assert.equal(task.state.block?.kind, 'stuck');
  });

  const unusable: readonly [name: string, said: Said][] = [
    ['talks only', { text: 'I will look at it.' }],
    ['writes broken JSON', { raw: [{ id: 'a', name: 'create', arguments: '{"path": "x.txt", ' }] }],
    ['calls what there is not', { raw: [{ id: 'a', name: 'shell', arguments: '{}' }] }],
    [
      'sends one id twice',
      {
        raw: ['x', 'y'].map(path => ({
          id: 'a',
          name: 'create',
          arguments: JSON.stringify({ path, text: 'x' }),
        })),
      },
    ],
    ['adds arguments', { calls: [['create', { path: 'x', text: 'x', mode: 511 }]] }],
    ['is cut', { calls: [['create', { path: 'x', text: 'x' }]], reason: 'length' }],
    ['is filtered', { calls: [['create', { path: 'x', text: 'x' }]], reason: 'content-filter' }],
    [
      'has one bad call among good ones',
      {
        calls: [
          ['create', { path: 'x', text: 'x' }],
          ['create', { path: 7 }],
        ],
      },
    ],
  ];
  for (const [name, said] of unusable) {
    it(`carries out nothing of an answer that ${name}, and asks twice more at most`, async () => {
      const world = createWorld({
        script: ({ tools }) => (tools.includes('plan') ? { calls: [['plan', { steps: ['x'] }]] } : said),
      });
      const task = await world.run();
      await approve(task);
      await world.run(task);
      assert.equal(world.questions.length, 1 + 3);
      assert.deepEqual(world.snapshot(world.root), {});
      assert.equal(task.state.block?.kind, 'stuck');
      assert.match(world.questions.at(-1)?.prompt ?? '', /could not be used/);
    });
  }

  it('tells the person what an endpoint said, and goes on when they resume', async () => {
    let down = true;
    const world = createWorld({
      script: () =>
        down
          ? { error: { kind: 'network', message: 'The endpoint is down.' } }
          : { calls: [['plan', { steps: ['x'] }]] },
    });
    const task = await world.run();
    assert.deepEqual([task.state.phase, task.state.block?.message], ['blocked', 'The endpoint is down.']);
    down = false;
    await task.post({ type: 'resume' });
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-plan');
  });

  it('pauses in the middle of an answer and keeps what the person decides meanwhile', async () => {
    const script = byStep(['a', 'b'], {});
    let pause: (() => void) | undefined;
    const world = createWorld({
      script: question => {
        if (question.prompt.includes('Do step s2')) pause?.();
        return script(question);
      },
    });
    const task = await world.run();
    pause = () => void task.post({ type: 'pause' });
    await approve(task);
    await world.run(task);
    assert.deepEqual([task.state.phase, task.state.paused], ['working', true]);
    assert.match(world.text(), /^state: paused$/m);
    pause = undefined;
    await task.post({ type: 'resume' });
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
  });

  it('sends out a helper that can only read, within its budget', async () => {
    const script: Script = ({ prompt, tools }) => {
      if (tools.includes('plan')) return { calls: [['plan', { steps: ['x'] }]] };
      if (tools.includes('report')) {
        assert.ok(!tools.includes('edit') && !tools.includes('explore') && !tools.includes('run_command'));
        return prompt.includes('export function price')
          ? { calls: [['report', { text: 'price is in src/price.ts line 1' }]] }
          : { calls: [['read', { path: 'src/price.ts' }]] };
      }
      return prompt.includes('line 1') && prompt.includes('explore')
        ? { calls: [['finish_step', { summary: 'found' }]] }
        : { calls: [['explore', { question: 'Where is price?' }]] };
    };
    const world = createWorld({ script, files: shop });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
    assert.equal(task.state.spent.steps, 5);
  });

  it('works with models that take no tools', async () => {
    const fenced = (name: string, args: unknown) =>
      `\`\`\`tool\n${JSON.stringify({ name, arguments: args })}\n\`\`\``;
    const script: Script = ({ prompt, system, tools }) => {
      assert.deepEqual(tools, []);
      if (system.includes('make the plan now'))
        return { text: `I plan.\n\n${fenced('plan', { steps: ['Tax'] })}\n` };
      if (!prompt.includes('is changed'))
        return {
          text: 'src/price.ts\n<<<<<<< SEARCH\n  return net;\n=======\n  return net * 1.2;\n>>>>>>> REPLACE\n',
        };
      return { text: fenced('finish_step', { summary: 'done' }) };
    };
    const world = createWorld({ script, files: shop, tools: false, window: 8_000 });
    const task = await world.run();
    assert.equal(task.state.phase, 'awaiting-plan', JSON.stringify(task.state.block));
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
    assert.match(world.file('src/price.ts') ?? '', /net \* 1\.2/);
  });

  it('archives an experiment and discards on request, applying nothing', async () => {
    const script = byStep(['Measure'], {});
    const experiment = createWorld({ script, task: GOAL.replace('kind: change', 'kind: experiment') });
    const task = await experiment.run();
    await approve(task);
    await experiment.run(task);
    await approve(task);
    await experiment.run(task);
    assert.equal(task.state.phase, 'archived');
    assert.ok('archived' in (experiment.applied[0] as object));
    const dropped = createWorld({ script: byStep(['Measure'], {}) });
    const other = await dropped.run();
    await other.post({ type: 'discard' });
    await dropped.run(other);
    assert.equal(other.state.phase, 'discarded');
    assert.deepEqual(dropped.applied, ['discarded']);
  });

  /** Reads until the window is full, then finishes; `handsOver` answers for the handoff. */
  const filling = (handsOver: (draft: string) => string): Script => {
    let reads = 0;
    return ({ prompt, system, tools }) => {
      if (tools.includes('plan')) return { calls: [['plan', { steps: ['Read it'] }]] };
      if (system.includes('is handed over'))
        return {
          text: handsOver(
            /<data-\d+ is="draft of the handoff">\n([\s\S]*?)\n<\/data-/.exec(prompt)?.[1] ?? '',
          ),
        };
      if (prompt.includes('handoff of the session before'))
        return { calls: [['finish_step', { summary: 'read' }]] };
      return { calls: [['read', { path: 'long.txt', from: 1 + reads++ * 20, to: 400 }]] };
    };
  };
  const longFile = { 'long.txt': 'a line of words that fills the window\n'.repeat(2_000) };

  it('takes the handoff of a model that is true, with what it added', async () => {
    const script = filling(draft => `${draft}\n\nNotes:\n- The file is \`long.txt\` and dull.`);
    const world = createWorld({ files: longFile, script, window: 8_000 });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
    const next = world.questions.find(({ prompt }) => prompt.includes('handoff of the session before'));
    assert.match(next?.prompt ?? '', /Next: \(s1\) Read it[\s\S]*and dull\./);
    // What was handed over is used up with its step.
    assert.equal(world.task().handoff, '');
  });

  it('works from facts where the model lies in its handoff three times', async () => {
    const script = filling(draft => `${draft}\n\nAll tests pass, see \`src/done.ts\`.`);
    const world = createWorld({ files: longFile, script, window: 8_000 });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
    const asked = world.questions.filter(({ system }) => system.includes('is handed over'));
    assert.equal(asked.length, 3);
    assert.match(asked[1]?.prompt ?? '', /There is no "src\/done\.ts" in the tree/);
    for (const { prompt, system } of world.questions) {
      if (!system.includes('is handed over')) assert.ok(!prompt.includes('All tests pass, see'));
    }
  });

  it('sends no secret and nothing that is kept back, by no prompt', async () => {
    const secret = `${'gh'}${'p_'}${'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD4fG7'}`;
    const files = { 'c.ts': `const token = '${secret}';\n`, '.env': 'A=KEPT-BACK\n' };
    const script: Script = ({ number, tools }) => {
      if (tools.includes('plan') && number === 0)
        return {
          calls: [
            ['read', { path: 'c.ts' }],
            ['search', { text: 'token' }],
            ['read', { path: '.env' }],
          ],
        };
      if (tools.includes('plan')) return { calls: [['plan', { steps: ['x'] }]] };
      return number < 5
        ? {
            calls: [
              ['run_check', { name: 'tests' }],
              ['list', {}],
            ],
          }
        : { calls: [['finish_step', { summary: 'x' }]] };
    };
    const task_ = GOAL.replace('Prices', `Prices ${secret}`);
    const world = createWorld({
      files,
      script,
      task: task_,
      checks: { tests: () => ({ output: `key ${secret}` }) },
    });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    const all = world.questions.map(({ prompt }) => prompt).join('\n');
    assert.ok(all.includes('CODRIVER_SECRET_1'));
    assert.ok(!all.includes(secret) && !all.includes('KEPT-BACK'));
  });

  it('edits the document also while the person types', async () => {
    let typed = 0;
    const mayEdit = (world: World) => {
      if (typed++ % 3 !== 0) return true;
      world.write(`${world.text()}\nnote ${typed}\n`);
      return false;
    };
    const world = createWorld({ script: byStep(['Add the tax'], {}), mayEdit });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval');
    for (let i = 1; i <= typed; i += 3) assert.ok(world.text().includes(`note ${i}\n`));
  });
});
