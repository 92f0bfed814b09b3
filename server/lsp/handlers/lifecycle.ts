/** initialize, initialized, shutdown: answer first, read settings and start the index afterwards. */
import type { InitializeParams, InitializeResult } from 'vscode-languageserver';
import { VERSION } from '../../base/version.ts';
import { tellOfTasksLeft } from '../../features/task/left.ts';
import { serverCapabilities } from '../capabilities.ts';
import { readClientFeatures, readFolders } from '../clientFeatures.ts';
import type { Session } from '../session.ts';

export function initialize(session: Session, params: InitializeParams): InitializeResult {
  const client = readClientFeatures(params);
  session.begin(client, readFolders(params), params.initializationOptions);
  return {
    capabilities: serverCapabilities(client),
    serverInfo: { name: 'codriver-language-server', version: VERSION },
  };
}

export async function initialized(session: Session): Promise<void> {
  try {
    await session.configure();
    await session.register();
    await session.workspace.warm();
    await tellOfTasksLeft(session.services);
  } catch (error) {
    session.failed('initialized', error);
  }
}

export async function shutdown(session: Session): Promise<void> {
  await session.end();
}
