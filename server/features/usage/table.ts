/** What was used, as Markdown tables for a person. It must not know where the counts come from. */
import { plainLine } from '../../guard/plain.ts';
import { addTo, type Amount, type Counts, total, type UsageDay } from './days.ts';
import type { Budget } from './usage.ts';

const MOST_NAME = 80;

/** `week`: today first. */
export function usageText(week: readonly UsageDay[], budget: Budget): string {
  const [today] = week;
  const all: Amount[] = [];
  for (const { amounts } of week) for (const amount of amounts) addTo(all, amount);
  const estimated = total(all).estimated > 0;
  return [
    '# What Codriver sent to models',
    '',
    `## Today, ${today?.day ?? ''}`,
    '',
    ...table(today?.amounts ?? []),
    '',
    budgetLine(total(today?.amounts ?? []), budget),
    '',
    `## The last ${week.length} days`,
    '',
    ...table(all),
    '',
    '| Day | Requests | Tokens |',
    '|---|---:|---:|',
    ...week.map(({ day, amounts }) => `| ${day} | ${total(amounts).requests} | ${tokens(total(amounts))} |`),
    '',
    ...(estimated
      ? [
          '~ holds estimates (four characters a token): the endpoint does not count, or the answer was left before its end.',
          '',
        ]
      : []),
    'What the engine in this process writes is sent nowhere and not counted.',
    '',
  ].join('\n');
}

/** The same in one line: `12 requests, ~3400 tokens`. */
export function inOneLine(counts: Counts): string {
  return `${counts.requests} ${counts.requests === 1 ? 'request' : 'requests'}, ${tokens(counts)} tokens`;
}

function table(amounts: readonly Amount[]): readonly string[] {
  if (amounts.length === 0) return ['Nothing.'];
  const sorted = [...amounts].sort(
    (a, b) =>
      b.promptTokens + b.completionTokens - (a.promptTokens + a.completionTokens) ||
      `${a.feature} ${a.model}`.localeCompare(`${b.feature} ${b.model}`, 'en'),
  );
  const row = (name: string, model: string, counts: Counts) => {
    const mark = markOf(counts);
    return `| ${name} | ${model} | ${counts.requests} | ${mark}${counts.promptTokens} | ${mark}${counts.completionTokens} |`;
  };
  return [
    '| Feature | Model | Requests | Prompt tokens | Answer tokens |',
    '|---|---|---:|---:|---:|',
    ...sorted.map(amount => row(cell(amount.feature), cell(amount.model), amount)),
    row('**all**', '', total(amounts)),
  ];
}

function budgetLine(today: Counts, { tokensPerDay, requestsPerDay }: Budget): string {
  const parts = [
    ...(tokensPerDay > 0 ? [`${tokens(today)} of ${tokensPerDay} tokens (budget.tokensPerDay)`] : []),
    ...(requestsPerDay > 0
      ? [`${today.requests} of ${requestsPerDay} requests (budget.requestsPerDay)`]
      : []),
  ];
  if (parts.length > 0) return `Used of today's budget: ${parts.join(' and ')}.`;
  return 'There is no budget: budget.tokensPerDay and budget.requestsPerDay set one.';
}

function tokens(counts: Counts): string {
  return `${markOf(counts)}${counts.promptTokens + counts.completionTokens}`;
}

function markOf({ estimated }: Counts): string {
  return estimated > 0 ? '~' : '';
}

function cell(name: string): string {
  return plainLine(name, MOST_NAME).replace(/[\\|`*_<[\]]/g, '\\$&');
}
