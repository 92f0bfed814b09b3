/** `codriver.showPrompt`: what an action, or a completion at the last place, would send, as a document. */
import { ActionError } from '../features/actions/action.ts';
import { ACTIONS } from '../features/actions/table.ts';
import { dryCompletion, dryHover, dryNextEdit, dryRun, type DryRun } from '../features/usage/dryRun.ts';
import { promptText } from '../features/usage/promptText.ts';
import { readArguments } from './actionArguments.ts';
import type { Session } from './session.ts';

const FILE = 'prompt.md';

/**
 * Arguments: the command of an action and its own arguments, `hover` and where, or `codriver.nextEdit`; none:
 * completion where the person was last.
 */
export async function showPrompt(session: Session, [command, ...args]: readonly unknown[]): Promise<void> {
  const { host, services } = session;
  const { autonomy } = services.settings();
  session.jobs.start('Composing the prompt', async ({ signal }) => {
    if (autonomy < 1) throw new ActionError('codriver.autonomy is 0, so nothing is ever sent.');
    const show = (what: string, run: DryRun) => host.showText(FILE, promptText(what, run));
    if (command === 'codriver.nextEdit') return show('the next edit', await dryNextEdit(services, signal));
    if (command === 'hover' && args.length > 0) {
      const target = readArguments(args, uri => session.documents.get(uri));
      if (typeof target === 'string') throw new ActionError(`hover: ${target}.`);
      return show('a hover', await dryHover(services, target.uri, target.range.start, signal));
    }
    if (command === undefined || command === 'hover') {
      const [seen] = session.history.viewed(1);
      if (!seen)
        throw new ActionError(
          'There is no place yet: ask for a completion or a hover first, or name an action and its arguments.',
        );
      const { start } = seen.range;
      if (command === 'hover') return show('a hover', await dryHover(services, seen.uri, start, signal));
      return show('a completion', await dryCompletion(services, seen.uri, start, signal));
    }
    const action = ACTIONS.find(row => row.command === command);
    if (!action)
      throw new ActionError(
        `${JSON.stringify(command).slice(0, 100)} is no action. There are: hover, codriver.nextEdit, ${ACTIONS.map(row => row.command).join(', ')}.`,
      );
    const target =
      args.length === 0 && action.withoutPlace
        ? (action.withoutPlace(services) ?? 'no document is open that it could be about')
        : readArguments(args, uri => session.documents.get(uri));
    if (typeof target === 'string') throw new ActionError(`${action.command}: ${target}.`);
    await show(action.command, await dryRun(action, target, services, signal));
  });
}
