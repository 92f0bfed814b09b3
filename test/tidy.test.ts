/** The house's rules, kept by a test: who may import whom, who may touch the machine, how long a file may be. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const server = join(root, 'server');

/** Rooms each room may import from (its own is always allowed). ARCHITECTURE.md holds the same table in words. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  config: ['base'],
  documents: ['base', 'config'],
  git: ['base', 'config'],
  sandbox: ['base', 'config'],
  guard: ['base', 'config'],
  store: ['base'],
  syntax: ['base'],
  index: ['base', 'guard', 'syntax'],
  engines: ['base', 'guard', 'prompts'],
  prompts: ['base', 'guard', 'engines'],
  context: ['base', 'guard', 'index', 'syntax', 'analysis'],
  edits: ['base', 'syntax', 'analysis', 'guard'],
  analysis: ['base', 'index', 'syntax'],
  features: [
    'base',
    'config',
    'guard',
    'store',
    'index',
    'engines',
    'prompts',
    'context',
    'edits',
    'analysis',
    'documents',
    'git',
    'sandbox',
    'agent',
  ],
  // The loop of a task: like a feature, but it knows none.
  agent: [
    'base',
    'config',
    'guard',
    'store',
    'index',
    'engines',
    'prompts',
    'context',
    'edits',
    'analysis',
    'documents',
    'git',
    'sandbox',
  ],
  // Composition roots and front doors see everything below them.
  root: ['*'],
  lsp: ['*'],
  cli: ['*'],
  acp: ['*'],
};

/** Files that may import only certain files of a room, where the whole room would be too much. */
const NARROW: readonly { from: RegExp; to: string; only: readonly string[] }[] = [
  { from: /^engines\//, to: 'guard', only: ['guard/redacted.ts'] },
  { from: /^engines\//, to: 'prompts', only: ['prompts/fillInMiddle.ts'] },
  { from: /^prompts\//, to: 'engines', only: ['engines/engine.ts'] },
  { from: /^prompts\//, to: 'guard', only: ['guard/redacted.ts'] },
  { from: /^edits\//, to: 'analysis', only: ['analysis/analysis.ts'] },
  { from: /^context\//, to: 'analysis', only: ['analysis/analysis.ts'] },
];

/** Who may use which of Node's machine modules. */
const MACHINE_MODULES =
  /^node:(fs|fs\/promises|child_process|http|https|http2|net|tls|dgram|dns|worker_threads|cluster|inspector|v8|vm)$/;
const MAY_TOUCH_MACHINE = [
  /^base\/node\//,
  /^base\/node\.ts$/,
  /^engines\/openai\/transport/,
  /^lsp\/(transport|listen)\.ts$/,
  /^launch\.ts$/,
  /^worker\.ts$/,
  /^workbench\.ts$/,
  /^commandLine\.ts$/,
];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : entry.name.endsWith('.ts') ? [path] : [];
  });
}

const IMPORT = /^\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm;

const files = sources(server).map(path => {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(IMPORT)].map(match => ({
    specifier: (match[1] ?? match[2] ?? match[3]) as string,
    typeOnly: /^\s*(?:import|export) type\b/.test(match[0]),
  }));
  return { name: relative(server, path), text, imports };
});

const roomOf = (name: string) => (name.includes('/') ? name.slice(0, name.indexOf('/')) : 'root');

describe('tidy', () => {
  it('finds the sources', () => assert.ok(files.length > 30, `only ${files.length} files found`));

  it('keeps the import matrix', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const room = roomOf(file.name);
      const allowed = MAY_IMPORT[room];
      assert.ok(allowed, `${file.name}: room '${room}' is not in the matrix`);
      for (const { specifier } of file.imports) {
        if (!specifier.startsWith('.')) continue;
        const target = normalize(join(dirname(file.name), specifier));
        const other = roomOf(target);
        if (other === room || allowed.includes('*')) continue;
        const narrow = NARROW.find(rule => rule.from.test(file.name) && rule.to === other);
        if (!allowed.includes(other) || (narrow && !narrow.only.includes(target))) {
          wrong.push(`${file.name} imports ${target}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('lets front doors keep out of each other', () => {
    const wrong = files.flatMap(file =>
      file.imports
        .map(({ specifier }) => normalize(join(dirname(file.name), specifier)))
        .filter(target => {
          const doors = ['lsp', 'cli', 'acp'];
          return doors.includes(roomOf(file.name)) && doors.includes(roomOf(target));
        })
        .filter(target => roomOf(target) !== roomOf(file.name))
        .map(target => `${file.name} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('lets only lsp/ speak the protocol library (types are free for features)', () => {
    const wrong = files.flatMap(file =>
      file.imports
        .filter(({ specifier }) => /^vscode-languageserver(?!-textdocument)/.test(specifier))
        .filter(
          ({ typeOnly }) => roomOf(file.name) !== 'lsp' && !(typeOnly && roomOf(file.name) === 'features'),
        )
        .map(({ specifier }) => `${file.name} imports ${specifier}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('lets only the ports touch the machine', () => {
    const wrong = files.flatMap(file =>
      file.imports
        .filter(({ specifier, typeOnly }) => MACHINE_MODULES.test(specifier) && !typeOnly)
        .filter(() => !MAY_TOUCH_MACHINE.some(pattern => pattern.test(file.name)))
        .map(({ specifier }) => `${file.name} imports ${specifier}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('lets only guard/ make redacted text', () => {
    const wrong = files
      .filter(file => roomOf(file.name) !== 'guard' && /\bdeclareRedacted\b/.test(file.text))
      .map(file => file.name);
    assert.deepEqual(wrong, []);
  });

  it('never throws away what a person has by git', () => {
    // Filters of a repository are named clean and smudge; they are switched off.
    const verb = /['"`](?:clean|reset|stash|checkout|restore|switch|rm)['"`]/;
    const wrong = files
      .filter(file => /git/i.test(file.name) || /['"`]git['"`]/.test(file.text))
      .flatMap(file =>
        file.text
          .split('\n')
          .filter(line => verb.test(line) && !line.includes("'smudge'"))
          .map(line => `${file.name}: ${line.trim()}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('changes files through features/changes alone, where every change can be taken back', () => {
    // Our own documents are written as they are: what a person undoes is the change of code.
    const may = [
      'features/changes/changes.ts',
      'features/chat/open.ts',
      'features/chat/writer.ts',
      'features/changeSet/accept.ts',
      'features/changeSet/show.ts',
      'features/task/create.ts',
      'features/task/document.ts',
    ];
    // By name, by `this.#host`, or taken out of it.
    const applies = /\bhost\??\.apply\b|\{[^{}]*\bapply\b[^{}]*\}\s*=\s*[\w.#]*host\b/;
    const users = files.filter(file => applies.test(file.text)).map(({ name }) => name);
    assert.deepEqual(users.sort(), may.sort());
    const asked = files.filter(
      file =>
        /workspace\/applyEdit['"`]/.test(file.text) &&
        !/^lsp\/(?:applyChange|gatekeeper|dispatch)/.test(file.name),
    );
    assert.deepEqual(
      asked.map(({ name }) => name),
      [],
    );
  });

  it('loads no code that is not its own', () => {
    const wrong = files
      .filter(file => /\bimport\((?!')|\beval\(|new Function\(/.test(file.text))
      .map(file => file.name);
    assert.deepEqual(wrong, []);
  });

  it('keeps files short enough to read in one sitting, and says what each is for', () => {
    const long = files.filter(file => file.text.split('\n').length > 400).map(file => file.name);
    assert.deepEqual(long, []);
    const silent = files.filter(file => !/^(#!.*\n)?\/\*\*/.test(file.text)).map(file => file.name);
    assert.deepEqual(silent, []);
  });

  it('leaves nothing unfinished behind', () => {
    const wrong = files
      .filter(file => /TODO:|FIXME|\bXXX\b|not implemented yet|@ts-ignore|@ts-expect-error/.test(file.text))
      .map(file => file.name);
    assert.deepEqual(wrong, []);
  });
});
