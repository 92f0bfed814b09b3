/** workspace/didChangeConfiguration: clients push settings here, or only say that they changed. */
import type { DidChangeConfigurationParams } from 'vscode-languageserver';
import type { Session } from '../session.ts';

export async function didChangeConfiguration(
  session: Session,
  params: DidChangeConfigurationParams,
): Promise<void> {
  const settings: unknown = params?.settings;
  await session.configure(settings ?? undefined);
}
