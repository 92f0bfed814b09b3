/** What was sent to endpoints today and lately, and whether the budget still allows more. */
import { total } from '../../features/usage/days.ts';
import { inOneLine } from '../../features/usage/table.ts';
import { Usage } from '../../features/usage/usage.ts';
import type { Examination, Finding } from './doctor.ts';

export async function checkUsage({ context, resolved }: Examination): Promise<readonly Finding[]> {
  const usage = new Usage({ machine: context.machine, limits: () => resolved.settings.budget });
  await usage.load();
  const week = usage.week();
  const all = total(week.flatMap(({ amounts }) => amounts));
  if (all.requests === 0) {
    return [{ status: 'note', message: `Nothing was sent to a model in the last ${week.length} days.` }];
  }
  const findings: Finding[] = [
    { status: 'note', message: `Today: ${inOneLine(total(week[0]?.amounts ?? []))}` },
    { status: 'note', message: `The last ${week.length} days: ${inOneLine(all)}` },
  ];
  const features = new Set(week.flatMap(({ amounts }) => amounts.map(({ feature }) => feature)));
  for (const feature of [...features].sort()) {
    const amounts = week.flatMap(day => day.amounts.filter(amount => amount.feature === feature));
    findings.push({ status: 'note', message: `  ${feature}: ${inOneLine(total(amounts))}` });
  }
  const refusal = usage.refusal();
  if (refusal !== undefined) {
    const advice =
      'Raise budget.tokensPerDay or budget.requestsPerDay in your settings, or wait for tomorrow.';
    findings.push({ status: 'warn', message: refusal, advice });
  }
  return findings;
}
