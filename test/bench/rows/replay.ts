/**
 * Recorded sessions of real editors, played to the built server at their own pace with a slow model behind it
 * (300 ms ± 150): what reuse and joining save beside one request for each question, and that nothing goes wrong.
 */
import { replay, type Replayed } from '../../replay/replay.ts';
import { readTraces, type SessionTrace } from '../../replay/trace.ts';
import { ms, percentile, type Row } from '../measure.ts';

export async function replays(): Promise<Row[]> {
  const traces = readTraces();
  // Side by side: a person's pauses leave the machine idle.
  const outcomes = await Promise.all(traces.map(trace => replay(trace)));
  return traces.flatMap((trace, i) => rowsOf(trace, outcomes[i] as Replayed));
}

function rowsOf({ name, head }: SessionTrace, { ours, plain }: Replayed): Row[] {
  const times = (values: readonly number[]): string =>
    `${ms(percentile(values, 50))} median, ${ms(percentile(values, 95))} p95`;
  const requests = ours.upstream / plain.upstream;
  const seen = ours.shown / Math.max(1, plain.shown);
  const faults = ours.stale.length + ours.unanswered;
  const sooner = percentile(ours.timesToShow, 50) / percentile(plain.timesToShow, 50);
  return [
    {
      name: `replay ${name}: requests to the model`,
      ours: `${ours.upstream} (${ours.cancelledUpstream} taken back)`,
      baseline: `${plain.upstream} (${plain.cancelledUpstream} taken back), one a question`,
      value: requests,
      target: '≤ 0.7 ×',
      met: requests <= 0.7,
      detail: { how: head.how, asked: ours.asked },
    },
    {
      name: `replay ${name}: answers shown`,
      ours: `${ours.shown} of ${ours.asked}`,
      baseline: `${plain.shown} of ${plain.asked}`,
      value: seen,
      target: '≥ 1.2 ×',
      met: seen >= 1.2,
    },
    {
      name: `replay ${name}: time to show`,
      ours: times(ours.timesToShow),
      baseline: times(plain.timesToShow),
      value: sooner,
      target: '≤ 0.5 ×',
      met: sooner <= 0.5,
    },
    {
      name: `replay ${name}: stale insertions, unanswered requests`,
      ours: `${ours.stale.length}, ${ours.unanswered}`,
      value: faults,
      target: '0',
      met: faults === 0,
      detail: ours.stale.length > 0 ? { stale: ours.stale.slice(0, 5).join('; ') } : {},
    },
  ];
}
