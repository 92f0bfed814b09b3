/** Checks of settings and key. A key is shown masked and nothing else that may hold a secret is shown at all. */
import { maskKey } from '../../config/apiKey.ts';
import { userFilePath } from '../../config/load.ts';
import { describeProblem } from '../../config/settings.ts';
import type { SettingKey } from '../../config/settings.ts';
import type { Examination, Finding } from './doctor.ts';

export async function checkConfiguration({ context, resolved }: Examination): Promise<readonly Finding[]> {
  const { files, environment } = context.machine;
  const { settingTable, valueAt } = await import('../../config/schema.ts');
  const file = userFilePath(environment);
  const stat = await files.stat(file);
  const findings: Finding[] = [
    stat === undefined
      ? { status: 'note', message: `No user file: ${file} does not exist; the defaults hold.` }
      : { status: 'ok', message: `User file: ${file}` },
  ];
  for (const [key, source] of Object.entries(resolved.sources) as [SettingKey, string][]) {
    if (source === 'default') continue;
    const secret = settingTable.get(key)?.sensitive === true && key !== 'openai.baseURL';
    const value = secret ? '(not shown)' : JSON.stringify(valueAt(resolved.settings, key));
    findings.push({ status: 'note', message: `${key} = ${value}, from the ${source}` });
  }
  for (const problem of resolved.problems) {
    const { hint, ...rest } = problem;
    findings.push({
      status: 'fail',
      message: describeProblem(rest),
      ...(hint === undefined ? {} : { advice: hint }),
    });
  }
  findings.push({
    status: 'note',
    message:
      'Settings that your editor sends are not known here; the server reports mistakes in them itself.',
  });
  return findings;
}

export function checkKey({ key, resolved }: Examination): Promise<readonly Finding[]> {
  if (key.ok) {
    const origin = resolved.userOrigins[0] ?? '';
    return Promise.resolve([
      { status: 'ok', message: `${maskKey(key.key)} from ${key.from}, for ${origin}` },
    ]);
  }
  if (key.why === 'failed') return Promise.resolve([{ status: 'fail', message: key.message }]);
  return Promise.resolve([
    {
      status: 'note',
      message: 'No key is set. Servers on this machine need none; the embedded engine works without.',
      advice: 'For an endpoint with a key: set OPENAI_API_KEY, or openai.apiKeyCommand in the user file.',
    },
  ]);
}
