/** Commands that are about the session and not about code: trust, consents, endpoints, status. */
import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import { conflictsText } from '../features/changes/conflicts.ts';
import type { Direction, Selection } from '../features/changes/changes.ts';
import type { SessionCommand } from './commands.ts';
import { showChange, showHistory } from './history.ts';
import { dismissNextEdit, jumpToNextEdit } from './nextEdit.ts';
import { ActionError } from '../features/actions/action.ts';
import type { Session } from './session.ts';
import { usageText } from '../features/usage/table.ts';
import { showPrompt } from './showPrompt.ts';
import { statusText } from './status.ts';
import { trustFolders } from './trustFolders.ts';

type Run = (session: Session, args: readonly unknown[]) => Promise<void>;

const RUNS: Record<SessionCommand, Run> = {
  'codriver.accepted': (session, args) => {
    const id = (args[0] as { readonly id?: unknown } | null | undefined)?.id;
    if (typeof id !== 'string') {
      throw new ResponseError(ErrorCodes.InvalidParams, 'codriver.accepted needs the id of a suggestion.');
    }
    // An id of an earlier session is no fault: the editor has inserted the text already.
    session.shown.accept(id);
    return Promise.resolve();
  },
  'codriver.trust': async session => {
    const { host, machine, places, workspace } = session;
    const { files, environment } = machine;
    const { trust } = workspace.answers;
    if (await trustFolders({ folders: places.folders, trust, host, files, environment }))
      await session.configure();
  },
  'codriver.untrust': async session => {
    for (const folder of session.places.folders) await session.workspace.answers.trust.distrustFolder(folder);
    await session.configure();
    session.host.reply('info', 'Codriver: no open folder is trusted any more.');
  },
  'codriver.allowAutomatic': session => decide(session, true),
  'codriver.denyAutomatic': session => decide(session, false),
  'codriver.findEndpoints': findEndpoints,
  'codriver.why': async (session, [uri]) =>
    session.host.reply('info', session.completion.why(typeof uri === 'string' ? uri : undefined)),
  'codriver.status': async session => session.host.showText('status.md', await statusText(session)),
  'codriver.showPrompt': showPrompt,
  'codriver.usage': async ({ host, workspace }) => {
    await workspace.usage.load();
    await host.showText('usage.md', usageText(workspace.usage.week(), workspace.settings.budget));
  },
  'codriver.undo': (session, args) => revert(session, 'undo', args),
  'codriver.redo': (session, args) => revert(session, 'redo', args),
  'codriver.history': showHistory,
  'codriver.showChange': async (session, args) =>
    session.jobs.start('Looking for the change', () => showChange(session, args)),
  'codriver.nextEdit': jumpToNextEdit,
  'codriver.dismissNextEdit': async session => dismissNextEdit(session),
};

export function runSessionCommand(session: Session, command: string, args: readonly unknown[]): void {
  const run = RUNS[command as SessionCommand] as Run | undefined;
  if (!run) throw new ResponseError(ErrorCodes.InvalidParams, `Codriver has no command '${command}'.`);
  run(session, args).catch((error: unknown) => session.failed(command, error));
}

/** The work goes on after the reply, and ends in one message; where the person's text is in the way, both are shown. */
async function revert(session: Session, direction: Direction, [argument]: readonly unknown[]): Promise<void> {
  const { id, uri } = (argument ?? {}) as { readonly id?: unknown; readonly uri?: unknown };
  const selection: Selection = {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof uri === 'string' ? { uri } : {}),
  };
  const { autonomy } = session.services.settings();
  session.jobs.start(direction === 'undo' ? 'Undoing' : 'Redoing', async () => {
    if (autonomy < 1) throw new ActionError('codriver.autonomy is 0, so nothing is changed.');
    const { services, host } = session;
    const result = await services.changes.revert(direction, selection);
    if (!result.ok && result.conflicts.some(({ places }) => places.length > 0))
      await host.showText(
        `${direction}-conflict.md`,
        conflictsText(direction, result.conflicts, services.places),
      );
    host.reply(result.ok ? 'info' : 'warning', `Codriver: ${result.message}`);
  });
}

async function decide(session: Session, allowed: boolean): Promise<void> {
  const origin = session.workspace.endpointOrigin;
  if (!origin)
    return session.host.reply(
      'warning',
      'Codriver: no endpoint is configured, so there is nothing to allow.',
    );
  // Whoever allows more than explicit actions allows those too: some clients cannot be asked.
  if (allowed) await session.workspace.answers.answer('endpoint', origin, true);
  await session.workspace.answers.answer('automatic', origin, allowed);
  session.completion.forget();
  session.explanations.end();
  session.host.reply(
    'info',
    allowed
      ? `Codriver may now send text to ${origin} while you type and hover. Undo it with codriver.denyAutomatic.`
      : `Codriver sends nothing to ${origin} by itself. Explicit actions still work.`,
  );
}

/** Found servers are offered with what the user file would have to say; nothing is used before the person says so. */
async function findEndpoints(session: Session): Promise<void> {
  const found = await session.workspace.findEndpoints(AbortSignal.timeout(2_000));
  if (found.length === 0) {
    session.host.reply(
      'info',
      'Codriver found no model server on this machine (looked for Ollama, llama.cpp, LM Studio and vLLM at their usual ports). Start one, or set OPENAI_BASE_URL.',
    );
    return;
  }
  const choices = found.flatMap(({ name, baseURL, models }) =>
    models.slice(0, 4).map(model => ({ title: `${name}: ${model}`, baseURL, model })),
  );
  const answer = await session.host.ask(
    'Codriver found these models on this machine. Use one, also while you type? Nothing leaves this machine.',
    [...choices.map(({ title }) => title), 'No'],
  );
  const chosen = choices.find(({ title }) => title === answer);
  if (chosen) await session.useLoopback(chosen.baseURL, chosen.model);
}
