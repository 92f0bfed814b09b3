/** workspace/executeCommand: checks the command and its arguments, starts the work, and replies at once. */
import { ErrorCodes, type ExecuteCommandParams, ResponseError } from 'vscode-languageserver';
import { ACTIONS } from '../../features/actions/table.ts';
import { readArguments } from '../actionArguments.ts';
import { COMMANDS } from '../commands.ts';
import { runSessionCommand } from '../sessionCommands.ts';
import type { Session } from '../session.ts';

export function executeCommand(session: Session, { command, arguments: args }: ExecuteCommandParams): null {
  if (!COMMANDS.includes(command)) {
    throw new ResponseError(
      ErrorCodes.InvalidParams,
      `Codriver has no command '${String(command)}'. It has: ${COMMANDS.join(', ')}.`,
    );
  }
  const action = ACTIONS.find(row => row.command === command);
  if (!action) {
    runSessionCommand(session, command, args ?? []);
    return null;
  }
  const { actions, autonomy } = session.services.settings();
  if (!actions.enabled) {
    throw new ResponseError(
      ErrorCodes.InvalidRequest,
      `${command} is off: codriver.actions.enabled is false.`,
    );
  }
  if (action.level > autonomy) {
    throw new ResponseError(
      ErrorCodes.InvalidRequest,
      `${command} needs codriver.autonomy ${action.level} or higher; it is ${autonomy}.`,
    );
  }
  const target =
    (args ?? []).length === 0 && action.withoutPlace
      ? (action.withoutPlace(session.services) ?? 'no document is open that it could be about')
      : readArguments(args, uri => session.documents.get(uri));
  if (typeof target === 'string') throw new ResponseError(ErrorCodes.InvalidParams, `${command}: ${target}`);
  session.jobs.start(action.progress, progress =>
    action.apply({ ...target, command }, session.services, progress),
  );
  return null;
}
