/** initialize, initialized, shutdown: answer first, read settings and start the index afterwards. */
import type { InitializeParams, InitializeResult } from 'vscode-languageserver';
import { VERSION } from '../../base/version.ts';
import { serverCapabilities } from '../capabilities.ts';
import { readClientFeatures } from '../clientFeatures.ts';
import type { Session } from '../session.ts';

export function initialize(session: Session, params: InitializeParams): InitializeResult {
  const client = readClientFeatures(params);
  const folders = (params.workspaceFolders ?? []).map(({ uri }) => uri);
  const root = params.rootUri ?? undefined;
  session.begin(client, folders.length > 0 ? folders : root ? [root] : [], params.initializationOptions);
  return {
    capabilities: serverCapabilities(client),
    serverInfo: { name: 'codriver-language-server', version: VERSION },
  };
}

export async function initialized(session: Session): Promise<void> {
  try {
    await session.configure();
    await session.register();
  } catch (error) {
    session.failed('initialized', error);
  }
}

export async function shutdown(session: Session): Promise<void> {
  await session.end();
}
