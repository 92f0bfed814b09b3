/**
 * Line completion by the embedded engine against the open file alone, by the commit-time protocol: a small run on this
 * project's own history, or on the repositories that are named. What counts are repositories it was not tuned on.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from '../measure.ts';

const HERE = join(import.meta.dirname, '..');
const OWN = join(HERE, '..', '..');

interface Report {
  readonly repositories: readonly { name: string; base: string; head: string; cases: number }[];
  readonly means: readonly {
    completer: string;
    exact: number;
    similarity: number;
    p50: number;
    p95: number;
  }[];
}

export function embedded(repositories: readonly string[]): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'codriver-bench-'));
  const json = join(folder, 'report.json');
  const size =
    repositories.length > 0 ? ['--commits', '300', '--cases', '400'] : ['--commits', '20', '--cases', '200'];
  const chosen = repositories.length > 0 ? repositories : [OWN];
  const command = ['--import', 'tsx', join(HERE, 'completion.ts'), ...size, '--json', json, ...chosen];
  try {
    execFileSync(process.execPath, command, { cwd: OWN, stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    console.error(
      `embedded is left out: the protocol could not be run here (${String(error).split('\n')[0]}).`,
    );
    return [];
  }
  const { means, repositories: measured } = JSON.parse(readFileSync(json, 'utf8')) as Report;
  rmSync(folder, { recursive: true, force: true });
  const ours = means.find(({ completer }) => completer === 'embedded');
  const theirs = means.find(({ completer }) => completer === 'in-file cache');
  if (!ours || !theirs) return [];
  const where = measured.map(({ name, base, head }) => `${name} ${base.slice(0, 10)}..${head.slice(0, 10)}`);
  const cases = measured.reduce((sum, each) => sum + each.cases, 0);
  const row = (name: string, key: 'exact' | 'similarity', least: number): Row => {
    const ratio = ours[key] / theirs[key];
    return {
      name: `embedded line completion: ${name}`,
      ours: `${ours[key].toFixed(1)} %, ${ours.p50.toFixed(2)} ms median`,
      baseline: `${theirs[key].toFixed(1)} % (in-file cache)`,
      value: ratio,
      target: `≥ ${least} ×`,
      met: ratio >= least,
      detail: { n: cases, where: where.join(', '), p95: ours.p95 },
    };
  };
  return [row('exact match', 'exact', 1.6), row('edit similarity', 'similarity', 1.35)];
}
