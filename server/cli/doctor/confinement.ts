/** Whether programs of a task can be confined on this machine, found out by trying, and what that keeps from them. */
import { createConfiningRunner } from '../../confinement.ts';
import { KEPT_FROM } from '../../sandbox/confiners.ts';
import type { Examination, Finding } from './doctor.ts';

const ADVICE: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux:
    'Install bubblewrap (package bubblewrap or bwrap), and let it make user namespaces; some systems and containers forbid them.',
};

export async function checkConfinement({ context }: Examination): Promise<readonly Finding[]> {
  const { machine } = context;
  const isolation = await createConfiningRunner(machine).isolation();
  const { hides, leaves } = KEPT_FROM[isolation];
  if (isolation === 'none') {
    const advice = ADVICE[machine.environment.platform];
    return [
      {
        status: 'note',
        message: 'Nothing confines programs here; commands of a task are asked for one by one.',
        ...(advice === undefined ? {} : { advice }),
      },
    ];
  }
  return [
    { status: 'ok', message: `Programs are confined by ${isolation}: no ${hides}.` },
    { status: 'note', message: `Not prevented: ${leaves}.` },
  ];
}
