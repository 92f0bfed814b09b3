/** `codriver.status` and the state for status lines: what is configured, which engine serves what, and why something was not shown. */
import { VERSION } from '../base/version.ts';
import { total } from '../features/usage/days.ts';
import { inOneLine } from '../features/usage/table.ts';
import type { Session } from './session.ts';
import type { Status } from './statusNotice.ts';

/** Time for the worker's part, in ms. */
const PATIENCE_MS = 1_000;

/** The session in a word, and what there is to tell about it. Cheap: it is asked at every request of a model. */
export function statusOf({ services, workspace, jobs }: Session): Status {
  const { autonomy } = services.settings();
  const { requests, promptTokens, completionTokens } = total(workspace.usage.week()[0]?.amounts ?? []);
  const today = { requests, tokens: promptTokens + completionTokens };
  const choice = services.router.choose('action', 'explicit');
  const engine = choice.engine?.name ?? 'embedded';
  if (autonomy < 1) return { state: 'off', engine, today };
  const isPaused = !choice.engine && (choice.reason === 'paused' || choice.reason === 'budget');
  if (isPaused) return { state: 'paused', engine, why: choice.why, today };
  const isBusy = jobs.running > 0 || workspace.usage.running > 0;
  return { state: isBusy ? 'busy' : 'idle', engine, today };
}

export async function statusText(session: Session): Promise<string> {
  const { services, workspace, completion, places, client } = session;
  const settings = services.settings();
  const served = (feature: 'completion' | 'hover' | 'action', trigger: 'automatic' | 'explicit') => {
    const choice = services.router.choose(feature, trigger);
    return choice.engine ? choice.engine.name : `nothing: ${choice.why}`;
  };
  const index = await workspace.indexStatus(AbortSignal.timeout(PATIENCE_MS)).catch(() => undefined);
  const last = completion.lastNothing;
  const trusted = await Promise.all(
    places.folders.map(folder => workspace.answers.trust.folderTrusted(folder)),
  );
  return [
    '# Codriver',
    '',
    `- version ${VERSION}, Node ${process.version}, client ${client.name}`,
    `- autonomy: ${settings.autonomy}`,
    `- completion while typing: ${served('completion', 'automatic')}`,
    `- hover: ${served('hover', 'automatic')}`,
    `- actions: ${served('action', 'explicit')}`,
    ...places.folders.map((folder, i) => `- folder ${folder}: ${trusted[i] ? 'trusted' : 'not trusted'}`),
    index
      ? `- index: ${index.files} files, ${index.tokens} tokens${index.complete ? '' : ', still reading'}`
      : '- index: not running',
    `- ghost text in this session: ${session.shown.counts.shown} shown, ${session.shown.counts.accepted} accepted`,
    `- sent to models today: ${inOneLine(total(workspace.usage.week()[0]?.amounts ?? []))}`,
    ...(last
      ? [`- last completion showed nothing: ${last.reason}${last.detail ? ` (${last.detail})` : ''}`]
      : []),
    ...workspace.problems.map(
      ({ source, key, message }) => `- setting problem in ${source}, ${key}: ${message}`,
    ),
    '',
  ].join('\n');
}
