/**
 * Builds dist/: a launcher, the bundles that threads begin with (`roots`), and files for what a dynamic
 * `import('./x.ts')` in the sources brings, so that what is not used is neither read nor compiled. Nobody keeps a
 * list: esbuild splits the sources into chunks of which each module is in one; what a root needs from the start is put
 * together into its bundle, which lends those chunks to the files that come later. So no module exists twice in a
 * thread, and `instanceof` and what is remembered hold everywhere. The launcher gets a build id, which keys its V8
 * code cache.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import * as esbuild from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What a thread begins with, by the name of its bundle; never two of them in one thread. */
const roots = {
  lsp: 'server/lsp/main.ts',
  commandLine: 'server/commandLine.ts',
  agentShell: 'server/agentShell.ts',
  worker: 'server/worker.ts',
};

/**
 * Parts of Node that a session may never use, or not before `initialize` is answered: loaded when one of their
 * exports is first read. Saves 8 ms of start-up and the memory of what stays unused.
 */
const lateBuiltins = ['child_process', 'crypto', 'http', 'https', 'tls', 'v8', 'zlib'].map(
  name => `node:${name}`,
);

const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(build) {
    const filter = new RegExp(`^(${lateBuiltins.join('|')})$`);
    build.onResolve({ filter }, ({ path, namespace }) =>
      namespace === 'lazy-builtin' ? { path, external: true } : { path, namespace: 'lazy-builtin' },
    );
    build.onLoad({ filter, namespace: 'lazy-builtin' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(name => name !== 'default');
      const getters = names.map(name => `get ${name}() { return require('${path}').${name}; }`);
      return { contents: `module.exports = { ${getters.join(',\n')} };` };
    });
  },
};

/**
 * Exports of CommonJS packages by name, each read once. esbuild's own way defines a getter for every one of the
 * library's 600 names in every file of ours that imports one of them (saves 4 ms of start-up), and what is imported
 * dynamically has no names at all.
 */
const namedExports = {
  name: 'named-exports',
  setup(build) {
    build.onResolve({ filter: /^(vscode-languageserver|web-tree-sitter)$/ }, ({ path, importer }) =>
      importer.startsWith(join(root, 'server')) ? { path, namespace: 'named-exports' } : undefined,
    );
    build.onLoad({ filter: /^/, namespace: 'named-exports' }, ({ path }) => ({
      contents: [
        `const library = require('${path}');`,
        ...Object.keys(createRequire(import.meta.url)(path))
          .filter(name => name !== 'default')
          .map(name => `export const ${name} = /* @__PURE__ */ (() => library.${name})();`),
      ].join('\n'),
      resolveDir: root,
    }));
  },
};

/** Modules that export plain data made from modules which are not needed at the start: made here, once. */
const madeNow = {
  name: 'made-now',
  setup(build) {
    build.onLoad({ filter: /[\\/]server[\\/]lsp[\\/]commands\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({
        ...common,
        format: 'cjs',
        entryPoints: [path],
        external: ['openai', 'web-tree-sitter'],
      });
      const made = { exports: {} };
      const run = runInThisContext(`(function (module, exports, require) {${outputFiles[0].text}\n})`);
      run(made, made.exports, createRequire(path));
      const lines = Object.entries(made.exports).map(
        ([name, data]) => `export const ${name} = ${JSON.stringify(data)};`,
      );
      return { contents: lines.join('\n') };
    });
  },
};

/** main.ts chooses a root, and only that one is loaded. */
const otherRoots = {
  name: 'other-roots',
  setup(build) {
    const bySource = new Map(Object.entries(roots).map(([name, source]) => [join(root, source), name]));
    build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const name = bySource.get(resolve(resolveDir, path));
      return name ? { path: `./${name}.cjs`, external: true } : undefined;
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // jsonc-parser's CommonJS build cannot be bundled.
  mainFields: ['module', 'main'],
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names are a third of the text, and each is held once more as a string (3 MB of 90).
  minifyIdentifiers: true,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  write: false,
  define: { __VERSION__: JSON.stringify(version) },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

/**
 * A bundle with one character beyond ASCII is held with two bytes a character (2.8 MB for lsp.cjs, twice until the
 * next collection). esbuild leaves such characters in tagged templates, whose raw text nothing here reads.
 */
const asciiOnly = text =>
  text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const chunks = await esbuild.build({
  ...common,
  format: 'esm',
  splitting: true,
  metafile: true,
  entryPoints: Object.entries(roots).map(([out, source]) => ({ in: source, out })),
  chunkNames: '[name]-[hash]',
  define: { ...common.define, 'import.meta.url': '__bundleUrl' },
  plugins: [madeNow, lazyBuiltins, namedExports],
});
const texts = new Map(chunks.outputFiles.map(({ path, text }) => [basename(path), text]));
const facts = new Map(
  Object.entries(chunks.metafile.outputs).map(([path, { imports, exports }]) => [
    basename(path),
    { imports: imports.filter(({ external }) => !external), exports },
  ]),
);

/** What is reached from a chunk by imports that `follows` takes, itself included. */
function reached(from, follows, seen = new Set()) {
  if (seen.has(from)) return seen;
  seen.add(from);
  for (const each of facts.get(from).imports) if (follows(each)) reached(basename(each.path), follows, seen);
  return seen;
}

/** What the launcher calls: nothing has to be wrapped around a text of a megabyte when it is loaded. */
const wrapped = {
  format: 'cjs',
  // Turned into require, which the launcher answers.
  supported: { 'dynamic-import': false },
  banner:
    '(function(exports,require,module,__filename,__dirname){var __bundleUrl=require("url").pathToFileURL(__filename).href;',
  footer: '})',
};

/** Puts the chunks that a root begins with into one bundle; others stay files. */
const fromChunks = first => ({
  name: 'from-chunks',
  setup(build) {
    build.onResolve({ filter: /^\.\/[^/]+\.cjs$/ }, ({ path }) =>
      first.has(basename(path)) ? { path: basename(path), namespace: 'chunk' } : { path, external: true },
    );
    build.onLoad({ filter: /^/, namespace: 'chunk' }, ({ path }) => ({ contents: texts.get(path) }));
  },
});

const files = new Map();
for (const root of Object.keys(roots).map(name => `${name}.cjs`)) {
  const first = reached(root, ({ kind }) => kind === 'import-statement');
  const later = [...reached(root, () => true)].filter(name => !first.has(name));
  const lent = new Set(
    later.flatMap(name =>
      facts
        .get(name)
        .imports.map(({ path }) => basename(path))
        .filter(each => first.has(each)),
    ),
  );
  let count = 0;
  const loans = [...lent].map(name => {
    const names = facts.get(name).exports.map(each => [each, `lent${count++}`]);
    const imports = names.map(([name, local]) => `${name} as ${local}`);
    return {
      text: `import {${imports.join()}} from './${name}';`,
      entry: `'./${name}': () => ({${names.map(([name, local]) => `get ${name}() { return ${local}; }`).join()}})`,
    };
  });
  const { outputFiles } = await esbuild.build({
    ...common,
    ...wrapped,
    banner: { js: wrapped.banner },
    footer: { js: wrapped.footer },
    stdin: {
      contents: [
        `export * from './${root}';`,
        ...loans.map(({ text }) => text),
        `export const lent = {${loans.map(({ entry }) => entry).join()}};`,
      ].join('\n'),
    },
    plugins: [fromChunks(first)],
  });
  files.set(root, outputFiles[0].text);
  for (const name of later) {
    if (files.has(name)) continue;
    const { minifySyntax, minifyWhitespace, minifyIdentifiers, target, legalComments } = common;
    const { code } = await esbuild.transform(texts.get(name), {
      ...wrapped,
      minifySyntax,
      minifyWhitespace,
      minifyIdentifiers,
      target,
      legalComments,
      platform: 'node',
    });
    files.set(name, code);
  }
}

const { outputFiles: main } = await esbuild.build({
  ...common,
  ...wrapped,
  banner: { js: wrapped.banner },
  footer: { js: wrapped.footer },
  entryPoints: { main: 'server/main.ts' },
  plugins: [lazyBuiltins, otherRoots],
});
files.set('main.cjs', main[0].text);

const hash = createHash('sha256');
for (const [name, text] of files) {
  const code = asciiOnly(text);
  hash.update(code);
  writeFileSync(join(dist, name), code);
}
await esbuild.build({
  ...common,
  format: 'cjs',
  write: true,
  entryPoints: { codriver: 'server/launch.ts' },
  define: { ...common.define, __BUILD_ID__: JSON.stringify(hash.digest('hex').slice(0, 16)) },
  banner: { js: '#!/usr/bin/env node' },
  plugins: [lazyBuiltins],
});
chmodSync(join(dist, 'codriver.cjs'), 0o755);

if (process.argv.includes('--sizes')) for (const [name, { length }] of files) console.log(name, length);
