/** Which checkers the project in the current folder has, and why one is not used. Nothing of them is run here. */
import { findProgram } from '../../features/checks/findProgram.ts';
import { checkers, findChecks } from '../../features/checks/late.ts';
import type { Examination, Finding } from './doctor.ts';

export async function checkCheckers({ context, trusted }: Examination): Promise<readonly Finding[]> {
  const { machine, cwd } = context;
  const root = await machine.files.realPath(cwd);
  const found = checkers(await findChecks(machine.files, root), 'file');
  const findings: Finding[] = [];
  for (const check of found) {
    const { evidence, id, program, folder, tool } = check;
    if (tool === 'compiler') {
      findings.push({ status: 'ok', message: `compiler, as ${evidence} calls it` });
      continue;
    }
    const argv = await findProgram(program, root, folder, machine);
    const why = evidence === '' ? '' : ` (${evidence})`;
    if (argv) findings.push({ status: 'ok', message: `${id}${why}: ${argv.join(' ')}` });
    // What only the language asks for is not missed.
    else if (evidence !== '')
      findings.push({
        status: 'note',
        message: `${id}${why}: ${program.name} is not installed.`,
        advice: `Install ${program.name} in the project or on PATH to have its words checked and fixed.`,
      });
  }
  if (findings.length === 0)
    return [
      { status: 'note', message: 'No configuration of a checker that Codriver knows is in this folder.' },
    ];
  if (trusted) return findings;
  return [
    ...findings,
    {
      status: 'note',
      message: 'None of them is run: this folder is not trusted.',
      advice: 'If you trust what is in it: codriver trust',
    },
  ];
}
