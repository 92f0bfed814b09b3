/**
 * The command line that confines a program by macOS's sandbox-exec. It can forbid, and not show anything elsewhere or
 * count processes. Pure; it must not know which program that is.
 */
import type { Step } from './layout.ts';

/** Always there on macOS. */
export const SANDBOX_EXEC = '/usr/bin/sandbox-exec';

/** Rules later in the profile win. Paths come as parameters, so that none is ever read as part of the profile. */
export function seatbeltArgv(
  argv: readonly string[],
  {
    steps,
    network,
    temporary,
  }: {
    readonly steps: readonly Step[];
    readonly network: boolean;
    /** The one folder for temporary files that it may write to. */
    readonly temporary: string;
  },
): readonly string[] {
  const parameters: string[] = [];
  const place = (path: string): string => {
    const name = `P${parameters.length}`;
    parameters.push(`${name}=${path}`);
    return `(subpath (param "${name}"))`;
  };
  const rules = [
    '(version 1)',
    '(allow default)',
    '(deny file-write* (subpath "/"))',
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/dtracehelper"))',
    '(deny signal)',
    '(allow signal (target same-sandbox))',
    '(deny process-info*)',
    '(allow process-info* (target same-sandbox))',
    '(deny mach-priv-task-port)',
    '(deny appleevent-send)',
    '(deny lsopen)',
    ...(network ? [] : ['(deny network*)', '(deny system-socket)']),
    `(allow file-write* ${place(temporary)})`,
    ...steps.flatMap(step => {
      switch (step.do) {
        case 'empty':
        case 'blank': {
          const hidden = place(step.at);
          return [`(deny file-read* file-write* ${hidden})`, `(allow file-read-metadata ${hidden})`];
        }
        case 'write':
          return [`(allow file-read* file-write* ${place(step.at)})`];
        case 'show': {
          const shown = [...new Set([step.from, step.at])].map(place).join(' ');
          return [`(allow file-read* ${shown})`, `(deny file-write* ${shown})`];
        }
      }
    }),
  ];
  return [
    SANDBOX_EXEC,
    parameters.flatMap(parameter => ['-D', parameter]),
    ['-p', rules.join('\n'), '--'],
    argv,
  ].flat();
}
