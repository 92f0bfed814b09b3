/** Drives a real Helix in a private tmux server: keys are sent, the screen is read. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Editor, EditorKind } from './editor.ts';
import { type Identity, alive, descendants } from './processes.ts';
import type { TracedMessage } from './trace.ts';
import { until } from './wait.ts';
import type { Workspace } from './workspace.ts';

const COLUMNS = 180;
const ROWS = 50;

/** A private tmux server, its socket inside the workspace's home. */
export class Terminal {
  private readonly socket: string;
  private readonly environment: NodeJS.ProcessEnv;

  constructor(workspace: Workspace) {
    this.socket = path.join(workspace.home, 'tmux');
    this.environment = { ...workspace.environment };
  }

  run(...args: readonly string[]): string {
    const done = spawnSync('tmux', ['-S', this.socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: this.environment,
      timeout: 20_000,
    });
    if (done.error !== undefined) throw new Error(`tmux is needed to drive Helix: ${done.error.message}`);
    return done.stdout;
  }

  start(folder: string, command: readonly string[]): number {
    const quoted = command.map(word => `'${word}'`).join(' ');
    const size = ['-x', String(COLUMNS), '-y', String(ROWS)];
    this.run('new-session', '-d', '-s', 'e', ...size, '-c', folder, `exec ${quoted}`);
    return Number(this.run('display-message', '-p', '-t', 'e', '#{pane_pid}'));
  }

  /** Named keys such as `Escape`, `C-x`. */
  press(...names: readonly string[]): void {
    this.run('send-keys', '-t', 'e', ...names);
  }

  type(text: string): void {
    this.run('send-keys', '-t', 'e', '-l', '--', text);
  }

  screen(): string {
    return this.run('capture-pane', '-p', '-t', 'e')
      .split('\n')
      .map(line => line.trimEnd())
      .join('\n');
  }

  end(): void {
    this.run('kill-server');
  }
}

function entry(language: string, servers: readonly { readonly name: string }[]): readonly string[] {
  const names = JSON.stringify(servers.map(({ name }) => name));
  return ['[[language]]', `name = "${language}"`, `language-servers = ${names}`];
}

export function configureHelix(workspace: Workspace): void {
  const folder = path.join(workspace.home, 'config', 'helix');
  mkdirSync(folder, { recursive: true });
  const servers = Object.entries({ checker: workspace.checker, codriver: workspace.command });
  const entries = servers.flatMap(([name, line]) => (line === undefined ? [] : [{ name, line }]));
  // What `codriver setup helix` makes: the language's own server first.
  writeFileSync(
    path.join(folder, 'languages.toml'),
    [
      ...entries.flatMap(({ name, line: [command, ...args] }) => [
        `[language-server.${name}]`,
        `command = ${JSON.stringify(command)}`,
        `args = ${JSON.stringify(args)}`,
      ]),
      ...['typescript', 'javascript', 'python'].flatMap(language => entry(language, entries)),
      // Codriver's own documents are Markdown and diffs.
      ...['markdown', 'diff'].flatMap(language => entry(language, [{ name: 'codriver' }])),
    ].join('\n'),
  );
  // Words of the buffer would stand in the same menu as the server's items; diagnostics drawn into the text look like
  // the border of a popup.
  writeFileSync(
    path.join(folder, 'config.toml'),
    [
      '[editor]',
      'true-color = false',
      '[editor.word-completion]',
      'enable = false',
      '[editor.inline-diagnostics]',
      'cursor-line = "disable"',
    ].join('\n'),
  );
}

/** How long a person waits for a menu before asking for it, in milliseconds. */
const PATIENCE = 2000;

/** Labels of a completion's answer, in either shape of the protocol. */
function labels(answer: TracedMessage | undefined): readonly string[] {
  const result = (answer?.result ?? []) as
    | readonly { label: string }[]
    | { items: readonly { label: string }[] };
  return ('items' in result ? result.items : result).map(item => item.label);
}

async function start(program: string, workspace: Workspace): Promise<Editor> {
  configureHelix(workspace);
  const terminal = new Terminal(workspace);
  const pid = terminal.start(workspace.project, [program]);
  const state = (): string => `--- screen\n${terminal.screen()}\n${workspace.trace.tail()}`;
  const wait = async <T>(what: string, probe: () => T | undefined | false): Promise<T> =>
    await until(what, probe, { state });
  const answered = (method: string): number => workspace.trace.answers(method).length;
  const lastLine = (): string => terminal.screen().trimEnd().split('\n').at(-1) ?? '';
  const inMode = (mode: string): boolean => new RegExp(`^ ${mode} `, 'm').test(terminal.screen());

  const normal = async (): Promise<void> => {
    // One Escape closes a popup, the next leaves insertion.
    await wait('Helix is in normal mode', () => {
      if (inMode('NOR') && !/[─│╭]/.test(terminal.screen())) return true;
      terminal.press('Escape');
      return undefined;
    });
  };
  const run = async (typed: string): Promise<void> => {
    await normal();
    terminal.type(`:${typed}`);
    await wait(`Helix shows ":${typed}"`, () => lastLine().includes(typed.slice(-20)));
    terminal.press('Enter');
    await wait('the command line is closed', () => !lastLine().startsWith(`:${typed.slice(0, 4)}`));
  };
  const typeBelow = async (line: number, typed: string): Promise<void> => {
    await run(`goto ${line + 1}`);
    terminal.type('o');
    await wait('Helix is in insert mode', () => inMode('INS'));
    // Leaving the empty line takes its automatic indentation away.
    await normal();
    terminal.type('i');
    await wait('Helix is in insert mode again', () => inMode('INS'));
    terminal.type(typed);
    await wait(`Helix shows "${typed}"`, () => terminal.screen().includes(typed.trim()));
  };

  await wait('Helix has drawn its screen', () => inMode('NOR'));

  const copy = path.join(workspace.home, 'buffer.txt');
  const text = async (): Promise<string> => {
    await normal();
    rmSync(copy, { force: true });
    terminal.type('%');
    await run(`pipe-to cat > ${copy}.new; mv ${copy}.new ${copy}`);
    await wait('Helix has written the buffer', () => existsSync(copy));
    terminal.type(';');
    return readFileSync(copy, 'utf8');
  };

  /** Titles of the open menu in the order on screen; the server's answer tells what may be there. */
  const menu = async (): Promise<readonly string[]> => {
    await normal();
    const before = answered('textDocument/codeAction');
    terminal.press('Space');
    terminal.type('a');
    await wait(
      'the server has answered with code actions',
      () => answered('textDocument/codeAction') > before,
    );
    const result = workspace.trace.answers('textDocument/codeAction').at(-1)?.result;
    const offered = (Array.isArray(result) ? result : []) as readonly { title: string; disabled?: unknown }[];
    const titles = offered.filter(action => action.disabled === undefined).map(action => action.title);
    if (titles.length === 0) return [];
    return await wait('Helix shows the menu of code actions', () => {
      const rows = terminal.screen().split('\n');
      const placed = titles.map(title => ({
        title,
        row: rows.findIndex(row => row.includes(title.slice(0, 60))),
      }));
      if (placed.some(item => item.row < 0)) return undefined;
      return placed.toSorted((first, second) => first.row - second.row).map(item => item.title);
    });
  };

  return {
    workspace,
    pid,
    text,
    state: async () => state(),
    async open(file) {
      await run(`open ${workspace.path(file)}`);
      await wait(`Helix shows ${file}`, () => new RegExp(`^ NOR .*${file}`, 'm').test(terminal.screen()));
      if (workspace.traced) await workspace.trace.opened(file);
    },
    async place(line, character) {
      await run(`goto ${line + 1}`);
      terminal.type('gh');
      if (character > 0) terminal.type(`${character}l`);
    },
    async write(line, typed) {
      await typeBelow(line, typed);
      await normal();
    },
    async complete(line, typed, wanted) {
      await typeBelow(line, typed);
      const rows = (): readonly string[] => terminal.screen().split('\n');
      const row = (): number => rows().findIndex(shown => shown.includes(typed.trim()));
      /** The label of the wanted item, once the server has answered with it and the menu shows it below the line. */
      const shownLabel = (): string | undefined => {
        const label = labels(workspace.trace.answers('textDocument/completion').at(-1)).find(each =>
          wanted.test(each),
        );
        return label !== undefined && rows().some((shown, at) => at !== row() && shown.includes(label))
          ? label
          : undefined;
      };
      let asked = Date.now();
      await wait(`the menu has ${wanted}`, () => {
        if (shownLabel() !== undefined) return true;
        // Helix asks again only for another key, so ask as a person does who sees no menu.
        if (Date.now() - asked > PATIENCE) {
          asked = Date.now();
          terminal.press('C-x');
        }
        return undefined;
      });
      // The item that is selected is shown in the buffer: go on until the wanted one is.
      for (let step = 0; step < 20; step++) {
        terminal.press('C-n');
        const previewed = await until('the selected item is shown', () => wanted.test(rows()[row()] ?? ''), {
          limit: 500,
        }).catch(() => false);
        if (previewed) break;
      }
      terminal.press('Enter');
      await normal();
    },
    async hover() {
      await normal();
      const before = terminal.screen();
      const asked = answered('textDocument/hover');
      terminal.press('Space');
      terminal.type('k');
      await wait('the server has answered the hover', () => answered('textDocument/hover') > asked);
      const shown = await until('a popup', () => terminal.screen() !== before && terminal.screen(), {
        limit: 2000,
      }).catch(() => undefined);
      await normal();
      return shown;
    },
    async diagnostics() {
      await normal();
      terminal.press('Space');
      terminal.type('d');
      const shown = await wait('the diagnostics picker is open', () => {
        const screen = terminal.screen();
        return /severity +source/.test(screen) && screen;
      });
      await normal();
      return shown;
    },
    async actions() {
      const titles = await menu();
      await normal();
      return titles;
    },
    async act(title) {
      const titles = await menu();
      const index = titles.findIndex(offered => title.test(offered));
      if (index < 0) {
        await normal();
        return false;
      }
      for (let step = 0; step < index; step++) terminal.press('C-n');
      terminal.press('Enter');
      return true;
    },
    async command(name) {
      await run(`lsp-workspace-command ${name}`);
    },
    front: async () => / (?:NOR|INS|SEL) +(\S+)/.exec(terminal.screen())?.[1] ?? '',
    said: async () => terminal.screen(),
    async quit() {
      await normal();
      const self: Identity | undefined = descendants(process.pid).find(each => each.pid === pid);
      terminal.type(':qa!');
      await wait('Helix shows ":qa!"', () => lastLine().startsWith(':qa!'));
      terminal.press('Enter');
      await until('Helix has ended', () => (self === undefined ? !existsSync(`/proc/${pid}`) : !alive(self)));
      terminal.end();
    },
    async kill() {
      process.kill(pid, 'SIGKILL');
      await until('Helix has ended', () => !existsSync(`/proc/${pid}`));
      terminal.end();
    },
  };
}

export const helix: EditorKind = {
  name: 'Helix',
  program: 'hx',
  minimum: [25, 1],
  ways: ['menu'],
  severalServers: true,
  hovers: true,
  needs: ['tmux'],
  start,
};
