/**
 * The question of trust in an editor: one for each workspace folder that is not trusted yet. It must not know what
 * trust allows beyond the words of the question.
 */
import type { Environment, Files } from '../base/ports.ts';
import { mayBeTrusted, type Trust } from '../guard/trust.ts';

const YES = 'Trust this folder';

export interface TrustQuestion {
  /** Absolute paths of the workspace folders. */
  readonly folders: readonly string[];
  readonly trust: Pick<Trust, 'folderTrusted' | 'trustFolder'>;
  readonly host: {
    ask(message: string, choices: readonly string[]): Promise<string | undefined>;
    reply(level: 'info' | 'warning', message: string): void;
  };
  readonly files: Pick<Files, 'realPath'>;
  readonly environment: Pick<Environment, 'home' | 'platform'>;
}

/** Asks, grants and tells what came of it; whether anything was granted. A question put away ends it. */
export async function trustFolders({
  folders,
  trust,
  host,
  files,
  environment,
}: TrustQuestion): Promise<boolean> {
  if (folders.length === 0) {
    host.reply('warning', 'Codriver: no folder is open that could be trusted.');
    return false;
  }
  const home = await files.realPath(environment.home).catch(() => environment.home);
  const granted: string[] = [];
  let isAsked = false;
  for (const folder of folders) {
    if (await trust.folderTrusted(folder)) continue;
    isAsked = true;
    const real = await files.realPath(folder);
    if (!mayBeTrusted(real, home, environment.platform)) {
      host.reply('warning', `Codriver: ${real} holds everything you have. Trust single projects instead.`);
      continue;
    }
    const answer = await host.ask(
      `Trust ${real}? Its own settings (.codriver/config.jsonc) will then count, and Codriver reads its history with git, and runs the checkers and formatters that it is set up with (tsc, eslint, ruff, cargo …), and its builds and tests where you ask for tests or tasks: that may run code of the project. Its instructions (AGENTS.md, skills) are read to the model of a task. Trust only folders whose authors you trust.`,
      [YES, 'No'],
    );
    if (answer === undefined) break;
    if (answer !== YES) continue;
    // By the path that was asked about: the link may lead elsewhere by now.
    await trust.trustFolder(real);
    granted.push(real);
  }
  if (granted.length > 0) {
    const are = granted.length > 1 ? 'are' : 'is';
    host.reply(
      'info',
      `Codriver: ${granted.join(' and ')} ${are} trusted now. Undo it with codriver.untrust.`,
    );
  } else if (!isAsked) {
    host.reply('info', 'Codriver: every open folder is trusted already. Undo it with codriver.untrust.');
  }
  return granted.length > 0;
}
