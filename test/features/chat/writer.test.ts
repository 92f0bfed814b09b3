/** An answer is written into a chat while a person types: nothing they type is lost, and only our text is replaced. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document } from '../../../server/base/document.ts';
import type { ApplyOutcome, Change, Host } from '../../../server/base/host.ts';
import { ActionError } from '../../../server/features/actions/action.ts';
import { answerOf, readChat } from '../../../server/features/chat/chat.ts';
import { AnswerWriter } from '../../../server/features/chat/writer.ts';
import type { Services } from '../../../server/features/services.ts';

const uri = 'file:///w/a.chat.md';
const START = '---\nkind: chat\n---\n\n## You\n\nWhy?\n';

/** An editor that tells of its own changes at once, late, or as whole texts. */
function world(text = START, tells: 'at once' | 'late' | 'whole texts' = 'at once') {
  let mirror = new Document(uri, 'markdown', 1, text);
  let open = true;
  const buffer = new Document(uri, 'markdown', 1, text);
  const told: (() => void)[] = [];
  const change = (edits: Change['documents'][number]['edits']) => {
    const version = buffer.version + 1;
    const changes = edits.map(({ range, newText }) => ({ range, text: newText }));
    buffer.update(changes, version);
    const whole = buffer.getText();
    told.push(() => mirror.update(tells === 'whole texts' ? [{ text: whole }] : changes, version));
    if (tells !== 'late') told.splice(0).forEach(tell => tell());
  };
  const host = {
    apply: async ({ documents }: Change): Promise<ApplyOutcome> => {
      const [only] = documents;
      assert.ok(only);
      if (only.version !== buffer.version) return { applied: false, why: 'stale', message: 'stale' };
      change(only.edits);
      return { applied: true };
    },
  } as unknown as Host;
  const documents = {
    get: () => (open ? mirror : undefined),
    isDesynchronised: () => false,
  } as unknown as Services['documents'];
  return {
    writer: new AnswerWriter({ documents, host }, uri),
    text: () => buffer.getText(),
    type: (offset: number, newText: string, removed = 0) => {
      const range = { start: buffer.positionAt(offset), end: buffer.positionAt(offset + removed) };
      change([{ range, newText }]);
    },
    tell: () => told.splice(0).forEach(tell => tell()),
    close: () => (open = false),
  };
}

async function insist(write: () => Promise<boolean>, between: () => void = () => {}): Promise<void> {
  for (let tries = 0; !(await write()); tries++) {
    assert.ok(tries < 20, 'never written');
    between();
  }
}

describe('writing an answer', () => {
  for (const tells of ['at once', 'late', 'whole texts'] as const) {
    it(`grows in its own section, with the next question behind it (${tells})`, async () => {
      const { writer, text, tell } = world(START, tells);
      await insist(() => writer.begin('*waiting*'), tell);
      for (const part of ['Because', 'Because\n\n```ts\nx\n```', 'Because\n\n```ts\nx\ny\n```\n\nDone.'])
        await insist(() => writer.put(part), tell);
      assert.equal(
        text(),
        `${START}\n## Codriver\n\nBecause\n\n\`\`\`ts\nx\ny\n\`\`\`\n\nDone.\n\n## You\n\n`,
      );
    });
  }

  it('keeps every key that is typed elsewhere, and the whole answer', async () => {
    const key = fc.record({
      where: fc.constantFrom('question', 'draft', 'top'),
      text: fc.stringMatching(/^[a-z \n]{1,5}$/),
    });
    const steps = fc.array(fc.oneof(key, fc.constant('write' as const)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom('at once', 'late', 'whole texts'), async (script, tells) => {
        const { writer, text, type, tell } = world(START, tells as 'late');
        await insist(() => writer.begin('…'), tell);
        tell();
        const typed = { question: '', draft: '', top: '' };
        let answer = '';
        for (const step of script) {
          if (step === 'write') {
            answer += `${answer === '' ? '' : '\n'}line ${answer.length}`;
            await insist(() => writer.put(answer), tell);
            continue;
          }
          const { where, text: keys } = step;
          typed[where as 'top'] += keys;
          const anchor = where === 'top' ? 'kind: chat' : 'Why?';
          const offset =
            where === 'draft'
              ? text().length
              : text().indexOf(anchor) + anchor.length + typed[where as 'top'].length - keys.length;
          type(offset, keys);
        }
        tell();
        const final = `${answer}\nend`;
        await insist(() => writer.put(final), tell);
        const whole = text();
        assert.ok(whole.includes(`Why?${typed.question}`));
        assert.ok(whole.startsWith(`---\nkind: chat${typed.top}`));
        assert.ok(whole.endsWith(`## You\n\n${typed.draft}`));
        const [answered] = readChat(whole).turns.filter(({ speaker }) => speaker === 'codriver');
        assert.equal(answered && answerOf(answered), final.trim());
      }),
    );
  });

  it('stops when its own text is edited, and leaves what was typed', async () => {
    const { writer, text, type } = world();
    await insist(() => writer.begin('…'));
    await insist(() => writer.put('one two'));
    type(text().indexOf('two'), 'and ');
    await assert.rejects(
      writer.put('one two three'),
      (error: Error) => error instanceof ActionError && /You edited/.test(error.message),
    );
    assert.match(text(), /one and two\n/);
  });

  it('stops when its section is taken away or the chat is closed', async () => {
    const { writer, text, type, close } = world();
    await insist(() => writer.begin('…'));
    await insist(() => writer.put('one'));
    await insist(() => writer.put('one'));
    type(START.length, '', text().length - START.length);
    await assert.rejects(writer.put('x'), /You edited/);
    assert.equal(text(), START);
    close();
    await assert.rejects(writer.put('x'), /was closed/);
  });

  it('gives up on an editor that never tells of a change it took', async () => {
    const { writer } = world(START, 'late');
    assert.equal(await writer.begin('…'), true);
    let tries = 0;
    await assert.rejects(async () => {
      for (; tries < 1_000; tries++) assert.equal(await writer.put('x'), false);
    }, ActionError);
    assert.ok(tries > 10 && tries < 1_000);
  });

  it('closes a fence that the person left open, so that the answer is no part of it', async () => {
    const { writer, text } = world('## You\n\n```\ncode');
    await insist(() => writer.begin('x'));
    assert.deepEqual(
      readChat(text()).turns.map(({ speaker }) => speaker),
      ['you', 'codriver', 'you'],
    );
  });

  it('writes with the line ends of the document', async () => {
    const { writer, text } = world(START.replaceAll('\n', '\r\n'));
    await insist(() => writer.begin('…'));
    await insist(() => writer.put('a\nb'));
    await insist(() => writer.put('a\nb\nc'));
    assert.doesNotMatch(text(), /[^\r]\n/);
    assert.match(text(), /a\r\nb\r\nc\r\n\r\n## You/);
  });
});
