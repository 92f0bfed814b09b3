/**
 * A plain verification: the checks are run once more in the task's own tree, and the evidence says just that. It
 * stands in where nothing stronger is given. It must not know who approves.
 */
import type { Checks, Outcome, Verdict, Verifier } from '../../agent/ports.ts';
import { plainLine } from '../../guard/sanitise.ts';
import type { TaskTree } from '../../sandbox/taskTree.ts';
import { differenceOf, hashOfDiff } from './difference.ts';

const TREE_DIGITS = 12;

export function plainVerifier(tree: TaskTree, checks: Checks): Verifier {
  return {
    async verify(signal): Promise<Verdict> {
      const ran: { readonly name: string; readonly outcome: Outcome; readonly tree: string }[] = [];
      for (const name of checks.names()) {
        if (signal.aborted) break;
        const outcome = await checks.run(name, signal);
        ran.push({ name, outcome, tree: await tree.treeHash() });
      }
      const diff = await tree.diff();
      const { unfit } = differenceOf(diff);
      const rows = ran.map(
        ({ name, outcome, tree: on }) =>
          `| ${code(name)} | ${outcome.how} | ${on.slice(0, TREE_DIGITS)} | ${(outcome.durationMs / 1000).toFixed(1)} s |`,
      );
      const evidence = [
        ran.length === 0
          ? 'No check of the project is known, so nothing here is verified. Read the change yourself.'
          : "These checks were run in the task's own copy of the project, not in a clean one.",
        ...(ran.length === 0
          ? []
          : ['', '| check | result | tree | time |', '| --- | --- | --- | --- |', ...rows]),
        ...(unfit.length === 0
          ? []
          : [
              '',
              'Not part of the change, since no edit can bring it into your files:',
              '',
              ...unfit.map(each => `- ${code(each)}`),
            ]),
        ...(tree.notes.length === 0 ? [] : ['', ...tree.notes.map(note => `- ${code(note)}`)]),
      ].join('\n');
      const bad = ran.filter(({ outcome }) => !outcome.ok);
      if (diff.files.length === 0)
        return {
          ok: false,
          why: 'No file has been changed, so there is nothing to approve.',
          work: ['Make the change that the goal asks for: no file has been changed yet'],
          evidence,
        };
      if (bad.length > 0)
        return {
          ok: false,
          why: `${bad.map(({ name }) => name).join(', ')} did not pass.`,
          work: bad.map(({ name, outcome }) => `Make the check ${name} pass (${outcome.how})`),
          evidence,
        };
      return { ok: true, result: { base: tree.base.treeHash, diff: hashOfDiff(diff) }, evidence };
    },
  };
}

function code(text: string): string {
  return `\`${plainLine(text, 300).replace(/[`|]/g, "'")}\``;
}
