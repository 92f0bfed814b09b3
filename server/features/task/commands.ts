/**
 * Programs of a task: confined to its tree where this machine can confine, else asked for one by one; what the person
 * has allowed is remembered for the task. It must not know why a program is run.
 */
import type { Answer, Commands, Outcome } from '../../agent/ports.ts';
import type { Host } from '../../base/host.ts';
import type { Files } from '../../base/ports.ts';
import { plainLine } from '../../guard/sanitise.ts';
import type { Command, Ran, Runner } from '../../sandbox/command.ts';
import type { TaskTree } from '../../sandbox/taskTree.ts';

const TIME_MS = 600_000;
const OUTPUT_BYTES = 2 * 1024 * 1024;
const MEMORY_BYTES = 8 * 1024 ** 3;
const PROCESSES = 512;
const MOST_LIST_BYTES = 1024 * 1024;
/** Nobody allows what they do not see whole: a longer command is not asked for. In UTF-16 units. */
const MOST_SHOWN = 1_000;

export interface CommandParts {
  readonly runner: Runner;
  readonly host: Pick<Host, 'ask'>;
  readonly files: Pick<Files, 'readText' | 'writePrivate'>;
  readonly tree: TaskTree;
  /** What the person calls the task. */
  readonly title: () => string;
  /** Where the commands are kept that the person has allowed for good. */
  readonly list: string;
}

/** A program in the tree; `cwd` relative to it. */
export interface TreeCommand {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface TreeCommands extends Commands {
  /** As it ended, whatever that was; a refusal says why it was not run. Never throws. */
  runIn(command: TreeCommand, signal: AbortSignal): Promise<Answer<Ran>>;
}

const [ONCE, ALWAYS] = ['Run it', 'Run it whenever this task wants it'];
/** No colours, no questions. */
const PLAIN = { CI: '1', NO_COLOR: '1', TERM: 'dumb' };

export function treeCommands({ files, host, list, runner, title, tree }: CommandParts): TreeCommands {
  async function allowed(): Promise<readonly string[]> {
    const read = await files.readText(list, MOST_LIST_BYTES);
    try {
      const value: unknown = JSON.parse(read.ok ? read.text : '[]');
      return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
    } catch {
      return [];
    }
  }

  /** Undefined: the person has said yes. */
  async function refusal(argv: readonly string[], cwd: string): Promise<string | undefined> {
    const line = JSON.stringify([cwd, ...argv]);
    const known = await allowed();
    if (known.includes(line)) return undefined;
    const shown = argv.map(quoted).join(' ');
    if (shown.length > MOST_SHOWN)
      return `Nothing confines programs here, and this command is too long to be shown to the person whole (${shown.length} characters; at most ${MOST_SHOWN}). Make it shorter, or do without it.`;
    const answer = await host.ask(
      `The task "${plainLine(title(), 80)}" wants to run: ${shown} — Nothing on this machine confines programs, so it would run with your own rights, in the task's copy of the project.`,
      [ONCE, ALWAYS, 'No'],
    );
    if (answer === ALWAYS) await files.writePrivate(list, JSON.stringify([...known, line]));
    if (answer === ONCE || answer === ALWAYS) return undefined;
    return 'Nothing confines programs here, and the person did not allow this one. Do without it.';
  }

  async function runIn(
    { argv, cwd = '', environment }: TreeCommand,
    signal: AbortSignal,
  ): Promise<Answer<Ran>> {
    const confined = (await runner.isolation()) !== 'none';
    const why = confined ? undefined : await refusal(argv, cwd);
    if (why !== undefined) return { ok: false, why };
    const command: Command = {
      argv,
      cwd: cwd === '' ? tree.root : `${tree.root}/${cwd}`,
      environment: { ...PLAIN, ...environment },
      limits: { timeMs: TIME_MS, outputBytes: OUTPUT_BYTES, memoryBytes: MEMORY_BYTES, processes: PROCESSES },
      ...(confined
        ? {
            confinement: {
              writable: [tree.root],
              bound: tree.bound,
              hidden: [tree.project],
              network: false,
            },
          }
        : {}),
    };
    const ran = await runner.run(command, signal);
    if (ran.ending === 'not-confined') return { ok: false, why: plainLine(ran.stderr, 300) };
    return { ok: true, value: ran };
  }

  return {
    runIn,
    async run(argv, signal) {
      const ran = await runIn({ argv }, signal);
      return ran.ok ? { ok: true, value: outcomeOf(ran.value, tree.root) } : ran;
    },
  };
}

/** What is said of a run; the place of the tree is nobody's business. */
export function outcomeOf(ran: Ran, root: string): Outcome {
  const { code, durationMs, ending, stderr, stdout, truncated } = ran;
  const output = [stdout, stderr]
    .map(each => each.trimEnd())
    .filter(each => each !== '')
    .join('\n')
    .replaceAll(`${root}/`, '')
    .replaceAll(root, '.');
  const endings: Readonly<Record<Ran['ending'], string>> = {
    exit: code === 0 ? 'passed' : `exit code ${code}`,
    time: `ended after ${TIME_MS / 1000} s`,
    output: 'ended because it wrote too much',
    aborted: 'cancelled',
    'cannot-start': 'could not be started',
    'not-confined': 'was not run',
  };
  return {
    ok: ending === 'exit' && code === 0,
    how: endings[ending],
    output: truncated ? `${output}\n[the rest of the output was not kept]` : output,
    durationMs,
  };
}

/** No word reads as another: what is not seen, or looks like something else, is written by its number. */
function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  const number = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(word).replace(/(?<= ) |[^ -~]/g, number);
}
