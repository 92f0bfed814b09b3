/** Checks of the endpoint that is configured and of model servers that merely are there. They send no code. */
import type { EndpointReport, Probe } from '../../engines/openai/probe.ts';
import { nearest } from '../../config/nearest.ts';
import type { Examination, Finding } from './doctor.ts';

const longestList = 8;

export async function checkEndpoint({
  context,
  resolved,
  key,
  signal,
}: Examination): Promise<readonly Finding[]> {
  const { openai } = resolved.settings;
  if (openai.baseURL === '' && !key.ok) {
    return [
      {
        status: 'note',
        message: 'No endpoint is configured: the embedded engine and the analysis do the work, offline.',
        advice:
          'For a model: set OPENAI_API_KEY, or OPENAI_BASE_URL to any OpenAI-compatible server, and OPENAI_MODEL.',
      },
    ];
  }
  const report = await context.probes.endpoint(resolved, key, signal);
  const findings: Finding[] = [reachable(report)];
  if (report.reachable.state === 'failed') return findings;
  const { names } = report.models;
  for (const model of new Set([openai.model, openai.completionModel])) {
    if (model !== '') findings.push(modelFinding(model, names));
  }
  if (openai.model === '') findings.push(noModel(names));
  findings.push(...step('Chat', report.chat, 'fail', 'Explanations and fixes of this model need it.'));
  const larger = 'Only tasks over many files need them; choose another model for those.';
  findings.push(...step('Tool calls', report.tools, 'warn', larger));
  const { strategy } = report.fillInMiddle;
  const how = strategy === undefined ? '' : ` (${strategy})`;
  const advice = 'Set openai.completionModel to a model that can, or openai.fim to how this one does it.';
  findings.push(...step(`Filling in the middle${how}`, report.fillInMiddle, 'warn', advice));
  return findings;
}

function reachable({ origin, reachable: probe }: EndpointReport): Finding {
  if (probe.state !== 'failed') return { status: 'ok', message: `${origin} answers${time(probe)}` };
  const advice = 'Is the server running, and are openai.baseURL, key and proxy right?';
  return { status: 'fail', message: `${origin} does not answer: ${reason(probe)}`, advice };
}

function modelFinding(model: string, names: readonly string[]): Finding {
  if (names.length === 0) {
    return {
      status: 'note',
      message: `Model ${model}: the endpoint lists no models, so this is not checked.`,
    };
  }
  if (names.includes(model) || names.includes(`${model}:latest`)) {
    return { status: 'ok', message: `Model ${model} exists` };
  }
  const guess = nearest(model, names);
  const advice = guess === undefined ? `Choose one of: ${shortened(names)}` : `Did you mean ${guess}?`;
  return { status: 'fail', message: `Model ${model} does not exist there.`, advice };
}

function noModel(names: readonly string[]): Finding {
  if (names.length === 0) {
    return {
      status: 'fail',
      message: 'No model is chosen and the endpoint lists none.',
      advice: 'Set OPENAI_MODEL.',
    };
  }
  return {
    status: 'note',
    message: 'No model is chosen: one that the endpoint lists is used.',
    advice: `Choose with OPENAI_MODEL: ${shortened(names)}`,
  };
}

/** One line about a request that was tried, none about one that made no sense. */
function step(what: string, probe: Probe, otherwise: 'warn' | 'fail', advice: string): Finding[] {
  switch (probe.state) {
    case 'skipped':
      return [];
    case 'ok':
      return [
        {
          status: probe.advice === undefined ? 'ok' : 'note',
          message: `${what}: works${time(probe)}`,
          ...(probe.advice === undefined ? {} : { advice: probe.advice }),
        },
      ];
    case 'failed':
      return [{ status: otherwise, message: `${what}: does not work: ${reason(probe)}`, advice }];
  }
}

function reason({ error, advice }: Probe): string {
  return error?.message ?? advice ?? 'no reason is known';
}

function time({ ms }: Probe): string {
  return ms === undefined ? '' : ` in ${Math.round(ms)} ms`;
}

function shortened(models: readonly string[]): string {
  const more = models.length - longestList;
  return models.slice(0, longestList).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export async function checkLocalServers({
  context,
  resolved,
  signal,
}: Examination): Promise<readonly Finding[]> {
  const servers = await context.probes.localServers(signal);
  if (servers.length === 0)
    return [{ status: 'note', message: 'None was found on the usual ports of this machine.' }];
  return servers.map(({ name, baseURL, models }) => {
    const used = resolved.settings.openai.baseURL.replace(/\/+$/, '') === baseURL.replace(/\/+$/, '');
    const message = `${name} at ${baseURL} with ${models.length === 0 ? 'no model' : shortened(models)}`;
    if (used) return { status: 'ok', message: `${message}; it is in use.` };
    return {
      status: 'note',
      message: `${message}; it is not used unless you say so.`,
      advice: `To use it: OPENAI_BASE_URL=${baseURL}`,
    };
  });
}
