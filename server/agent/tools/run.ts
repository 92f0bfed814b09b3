/** The tools that run something: the project's checks by name, and single commands as a list of words. */
import type { Outcome } from '../ports.ts';
import { defineTool, fine, refused } from './tool.ts';

const firstWords = ({ how, output }: Outcome): string => {
  const telling =
    output.split('\n').find(line => /error|fail|assert|panic|exception/i.test(line)) ?? output.split('\n')[0];
  return `${how}: ${(telling ?? '').trim().slice(0, 200)}`;
};

const told = ({ durationMs, how, output }: Outcome): string =>
  `${how}, ${(durationMs / 1000).toFixed(1)} s\n${output === '' ? '(no output)' : output}`;

export const runCheck = defineTool({
  name: 'run_check',
  description: "Runs one of the project's checks.",
  effect: 'run',
  fields: { name: { type: 'text', description: 'Name of the check.', most: 100 } },
  async run({ name }, { ports, signal }) {
    const names = ports.checks.names();
    if (!names.includes(name)) {
      return refused(
        `There is no check "${name}". ${names.length === 0 ? 'None are known here.' : `There are: ${names.join(', ')}.`}`,
      );
    }
    const outcome = await ports.checks.run(name, signal);
    const checked = { name, ok: outcome.ok };
    if (outcome.ok) return fine(`${name}: ${told(outcome)}`, { checked });
    return {
      ok: false,
      text: `${name}: ${told(outcome)}`,
      checked,
      failure: { what: name, why: firstWords(outcome) },
    };
  },
});

export const runCommand = defineTool({
  name: 'run_command',
  description:
    'Runs one program, without a shell and without network: no pipes, no redirection, no variables.',
  effect: 'run',
  fields: {
    argv: {
      type: 'texts',
      description: 'Program and arguments, one text each.',
      least: 1,
      mostItems: 100,
      most: 4_000,
    },
  },
  async run({ argv }, { ports, signal }) {
    if ((argv[0] ?? '').trim() === '') return refused('The first text must be the name of a program.');
    const answer = await ports.commands.run(argv, signal);
    if (!answer.ok) return refused(answer.why);
    const { value } = answer;
    if (value.ok) return fine(told(value));
    return {
      ok: false,
      text: told(value),
      failure: { what: argv.join(' ').slice(0, 120), why: firstWords(value) },
    };
  },
});
