/** A throw-away copy of the fixture project with a home of its own, so that nothing of the machine's user is read. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Trace } from './trace.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const fixtures = path.join(repository, 'test', 'fixtures', 'editors');
const recorder = fileURLToPath(new URL('./recorder.mjs', import.meta.url));
const checker = fileURLToPath(new URL('./checker.mjs', import.meta.url));

/** The server under test; another one can be named to work on the drivers themselves. */
const server: readonly string[] = [
  process.execPath,
  process.env['CODRIVER_TEST_SERVER'] ?? path.join(repository, 'dist', 'codriver.cjs'),
  '--stdio',
];

/** The OpenAI-compatible endpoint that the person has set up. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
}

export interface WorkspaceOptions {
  /** Without one there is no key and no network: the embedded engine. */
  readonly endpoint?: Endpoint;
  /** The folder of test/fixtures/editors that is opened. Default: project. */
  readonly project?: 'project' | 'tested';
  /** The person has said `codriver trust` in the folder. */
  readonly trusted?: boolean;
  /** The user's own configuration file. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Start the server directly, without writing down what is said. */
  readonly direct?: boolean;
  /** The language's own server runs too and finds something wrong, see checker.mjs. */
  readonly checker?: boolean;
}

export class Workspace {
  /** Everything of this test is below here. */
  readonly home: string;
  readonly project: string;
  /** How Codriver is started. */
  readonly command: readonly string[];
  /** How the language's own server is started, if there is one. */
  readonly checker: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly trace: Trace;
  /** Whether there is a trace; without one only the editor's own screen tells anything. */
  readonly traced: boolean;

  constructor(options: WorkspaceOptions = {}) {
    this.home = realpathSync(mkdtempSync(path.join(tmpdir(), 'codriver-editor-')));
    this.project = path.join(this.home, 'project');
    cpSync(path.join(fixtures, options.project ?? 'project'), this.project, { recursive: true });
    spawnSync('git', ['init', '--quiet', this.project], {
      env: { PATH: process.env['PATH'], HOME: this.home },
    });
    // Without git the folder alone marks the root.
    mkdirSync(path.join(this.project, '.git'), { recursive: true });

    const log = path.join(this.home, 'trace.jsonl');
    this.trace = new Trace(log);
    this.traced = options.direct !== true;
    this.command = options.direct ? server : [process.execPath, recorder, log, ...server];
    this.checker = options.checker ? [process.execPath, checker] : undefined;
    this.environment = this.clean(options.endpoint);
    if (options.configuration !== undefined) {
      const folder = path.join(this.home, 'config', 'codriver');
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'config.jsonc'), JSON.stringify(options.configuration, null, 2));
    }
    if (options.trusted) {
      const [program = '', file = ''] = server;
      const done = spawnSync(program, [file, 'trust', this.project], { env: { ...this.environment } });
      if (done.status !== 0) throw new Error(`the folder is not trusted: ${String(done.stderr)}`);
    }
  }

  private clean(endpoint: Endpoint | undefined): Record<string, string> {
    const kept = ['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'TZ'];
    const environment: Record<string, string> = { HOME: this.home, TERM: 'xterm-256color' };
    for (const name of kept) {
      const value = process.env[name];
      if (value !== undefined) environment[name] = value;
    }
    environment['LANG'] ??= 'C.UTF-8';
    const editors = process.env['CODRIVER_EDITORS'];
    if (editors) environment['PATH'] = [path.join(editors, 'bin'), environment['PATH']].join(path.delimiter);
    for (const kind of ['config', 'state', 'cache', 'data']) {
      const folder = path.join(this.home, kind);
      mkdirSync(folder, { recursive: true });
      environment[`XDG_${kind.toUpperCase()}_HOME`] = folder;
    }
    if (endpoint !== undefined) {
      environment['OPENAI_BASE_URL'] = endpoint.baseUrl;
      environment['OPENAI_API_KEY'] = endpoint.key;
      environment['OPENAI_MODEL'] = endpoint.model;
    }
    return environment;
  }

  path(file: string): string {
    return path.join(this.project, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
