/** What a person at a terminal decides about a task, line by line. It must not know how a task goes on. */
import type { Desk, DeskTask } from '../agent/desk.ts';
import type { Decider, Decision } from '../agent/drive.ts';
import { plain, plainLine } from '../guard/sanitise.ts';
import type { Output, Terminal } from './context.ts';

export interface TerminalParts {
  readonly yesToPlan: boolean;
  readonly desk: Pick<Desk, 'level'>;
  readonly task: Pick<DeskTask, 'files'>;
  readonly output: Output;
  /** Undefined: nobody is there, and what needs them waits. */
  readonly terminal: Terminal | undefined;
}

/** From this level on a plan needs nobody's yes. */
const UNSEEN_PLANS = 4;

export function terminalDecider({ desk, output, task, terminal, yesToPlan }: TerminalParts): Decider {
  const decide = async (question: string, signal: AbortSignal): Promise<Decision | undefined> => {
    const said = (await terminal?.ask(question, signal))?.trim() ?? '';
    if (said === '') return undefined;
    if (/^(y|yes)$/i.test(said)) return { type: 'approve' };
    if (/^discard$/i.test(said)) return { type: 'discard' };
    // A bare no has no reason that a model could learn from.
    return /^(n|no)$/i.test(said) ? undefined : { type: 'reject', why: said };
  };
  const HOW = 'yes, what should be different, "discard", or nothing to decide later';
  return {
    async plan({ settings, steps }, signal) {
      const unseen = Math.min(desk.level(), settings.autonomy ?? desk.level()) >= UNSEEN_PLANS;
      if (yesToPlan || unseen) return { type: 'approve' };
      if (terminal === undefined) return undefined;
      output.err(
        `\nThe plan:\n${steps.map(({ text }, i) => `  ${i + 1}. ${plainLine(text, 400)}\n`).join('')}`,
      );
      return decide(`Carry it out? (${HOW}) `, signal);
    },
    async result({ diff }, { evidence }, signal) {
      if (terminal === undefined) return undefined;
      const files = await task.files();
      const names = files.map(({ after, before, path }) => {
        const mark = before === null ? 'A' : after === null ? 'D' : 'M';
        return `  ${mark} ${plainLine(path, 300)}\n`;
      });
      output.err(`\nThe result, ${diff.slice(0, 12)}:\n${names.join('')}${plain(evidence)}\n`);
      return decide(`Apply it? (${HOW}) `, signal);
    },
    async answer({ options, text }, signal) {
      if (terminal === undefined) return undefined;
      const picks = options.map((option, i) => `  ${i + 1}. ${plainLine(option)}\n`).join('');
      output.err(`\n${plainLine(text, 1_000)}\n${picks}`);
      const said = (await terminal.ask('Your answer: ', signal))?.trim() ?? '';
      return said === '' ? undefined : (options[Number(said) - 1] ?? said);
    },
  };
}

/** One of several choices by its number; undefined where none is picked. */
export async function choose(
  terminal: Terminal,
  message: string,
  choices: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const list = choices.map((choice, i) => `  ${i + 1}. ${plainLine(choice)}\n`).join('');
  const said = await terminal.ask(`\n${plain(message)}\n${list}Number: `, signal);
  return choices[Number(said?.trim()) - 1];
}
