/** The commands that this server registers, and nothing else executes. Names count as public interface. */
import { ACTION_COMMANDS } from '../features/actions/table.ts';

/** What an editor runs after it has inserted a suggestion; its argument is `{ id }`. */
export const ACCEPTED_COMMAND = 'codriver.accepted';

/** Commands beside those of code actions. */
const SESSION_COMMANDS = [
  ACCEPTED_COMMAND,
  /** Grants trust to workspace folders, after a question for each. */
  'codriver.trust',
  'codriver.untrust',
  /** Answers the question about sending text automatically to the configured endpoint. */
  'codriver.allowAutomatic',
  'codriver.denyAutomatic',
  /** Looks for model servers on this machine and offers what it finds. */
  'codriver.findEndpoints',
  /** Shows what is configured, which engine serves what, and why something was not shown. */
  'codriver.status',
  /** Shows what was sent to endpoints: requests and tokens, today and in the last days, by feature and model. */
  'codriver.usage',
  /** Shows what an action (its command and arguments), or a completion at the last place, would send; sends nothing. */
  'codriver.showPrompt',
  /** Goes to the next predicted edit, the nearest first; asks a model if nothing is predicted without one. */
  'codriver.nextEdit',
  /** The predicted edit that was gone to last, else the nearest, is not offered again. */
  'codriver.dismissNextEdit',
  /** Takes a change by Codriver back, exactly: the last one, or `{ id?, uri? }`. What was typed since stays. */
  'codriver.undo',
  /** Puts a change that was undone in again: the last one, or `{ id?, uri? }`. */
  'codriver.redo',
  /** Shows all changes by Codriver as a document; code actions on its lines undo, redo and show each. */
  'codriver.history',
  /** Shows one change, `{ id }`, as a diff. */
  'codriver.showChange',
  /** Why the last completions in a document (its URI, or the last one) showed nothing, and what can be done. */
  'codriver.why',
] as const;

export type SessionCommand = (typeof SESSION_COMMANDS)[number];

export const COMMANDS: readonly string[] = [...ACTION_COMMANDS, ...SESSION_COMMANDS];
