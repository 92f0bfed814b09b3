/**
 * `npx tsx test/replay/recordVsCode.ts EDITORS CLIENT`: the session of record.ts in a real VS Code (code-server in a
 * headless chromium). EDITORS: a folder with bin/vscode-server and vscode/node_modules/playwright-core; CLIENT: a
 * folder in whose node_modules vscode-languageclient lies. Neither belongs to this project.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { until } from '../editors/support/wait.ts';
import { Workspace } from '../editors/support/workspace.ts';
import { kept } from './kept.ts';
import { DOCUMENT, MODEL, slowModel, target, TYPED } from './session.ts';
import { typed } from './typist.ts';

/** As much of playwright-core as is used here. */
interface Page {
  goto(url: string): Promise<unknown>;
  waitForSelector(selector: string, options: { timeout: number }): Promise<unknown>;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}
interface Playwright {
  readonly chromium: {
    launch(options: object): Promise<{ newPage(): Promise<Page>; close(): Promise<void> }>;
  };
}

const [editors = '', client = ''] = process.argv.slice(2).map(path => resolve(path));
const playwright = createRequire(join(editors, 'vscode', 'index.js'))('playwright-core') as Playwright;
const SETTINGS = {
  'editor.accessibilitySupport': 'off',
  'editor.autoIndent': 'none',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  // Return ends the line and a bracket is a bracket, whatever the menu shows.
  'editor.acceptSuggestionOnEnter': 'off',
  'editor.acceptSuggestionOnCommitCharacter': false,
  'workbench.startupEditor': 'none',
};
const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

const text = target();
const model = await slowModel(text);
const workspace = new Workspace({
  endpoint: { baseUrl: model.baseURL, key: 'synthetic', model: MODEL },
  configuration: { privacy: { automatic: 'allow' } },
});
const inHome = (...parts: string[]): string => join(workspace.home, ...parts);
mkdirSync(inHome('user', 'User'), { recursive: true });
mkdirSync(inHome('user', 'Machine'), { recursive: true });
mkdirSync(inHome('extension'));
for (const kind of ['User', 'Machine'])
  writeFileSync(inHome('user', kind, 'settings.json'), JSON.stringify(SETTINGS));
symlinkSync(join(client, 'node_modules'), inHome('extension', 'node_modules'));
writeFileSync(
  inHome('extension', 'package.json'),
  JSON.stringify({
    name: 'codriver-recording',
    publisher: 'local',
    version: '0.0.1',
    engines: { vscode: '^1.91.0' },
    main: 'main.js',
    activationEvents: ['onStartupFinished'],
  }),
);
const [command, ...args] = workspace.command;
writeFileSync(
  inHome('extension', 'main.js'),
  `const { LanguageClient } = require('vscode-languageclient/node');
exports.activate = () => new LanguageClient('codriver', 'Codriver',
  { command: ${JSON.stringify(command)}, args: ${JSON.stringify(args)}, options: { env: process.env } },
  { documentSelector: [{ scheme: 'file' }] }).start();`,
);
const port = 18_000 + (process.pid % 1_000);
const host = `127.0.0.1:${port}`;
const server = spawn(
  join(editors, 'bin', 'vscode-server'),
  ['--host', '127.0.0.1', '--port', String(port), '--server-data-dir', inHome('user')].concat([
    '--user-data-dir',
    inHome('user'),
    '--extensions-dir',
    inHome('extensions'),
  ]),
  { env: { ...workspace.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
);
let log = '';
for (const stream of [server.stdout, server.stderr])
  stream.on('data', (chunk: Buffer) => (log += String(chunk)));
const browser = await playwright.chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  await until('VS Code listens', () => log.includes('agent listening'), { limit: 30_000, state: () => log });
  const page = await browser.newPage();
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', `vscode-remote://${host}${inHome('extension')}`],
    ['openFile', `vscode-remote://${host}${workspace.path(DOCUMENT)}`],
  ]);
  await page.goto(`http://${host}/?folder=${workspace.project}&payload=${encodeURIComponent(payload)}`);
  await page.waitForSelector('.monaco-editor .view-line', { timeout: 60_000 });
  const opened = () =>
    workspace.trace
      .messages('toServer', 'textDocument/didOpen')
      .some(each => JSON.stringify(each).includes(DOCUMENT));
  await until('the document is open', opened, { limit: 60_000, state: () => log.slice(-2_000) });
  await pause(6_000);
  await page.keyboard.press('Control+End');
  for (const key of typed(TYPED, 5)) {
    await pause(key.waitMs);
    if ('text' in key) await page.keyboard.type(key.text);
    else await page.keyboard.press(key.press);
  }
  await pause(1_500);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await model.close();
  await pause(1_000);
}
kept(workspace, 'vscode', '1.139', 'recorded: code-server, ghost text and menu beside TypeScript', text);
workspace.remove();
