/**
 * Builds dist/: one small entry and CommonJS bundles that are required when first needed. Every dynamic
 * `import('./x.ts')` in the sources becomes a bundle of its own (named in `bundles`), so that what is not
 * used is neither read nor compiled. The launcher gets a build id, which keys its V8 code cache.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Source of each bundle, by the bundle's name. */
const bundles = {
  main: 'server/main.ts',
  lsp: 'server/lsp/main.ts',
  commandLine: 'server/commandLine.ts',
  worker: 'server/worker.ts',
  configuration: 'server/config/resolve.ts',
  // Used by those who write commit messages in the editor.
  commitMessage: 'server/features/commitMessage/offline.ts',
  // Used by those who have something reviewed.
  review: 'server/features/review/offline.ts',
  git: 'server/git/access.ts',
  // Used by those who run checkers, or edit in folders that they trust.
  checks: 'server/features/checks/late.ts',
  // Used by those who have tests generated.
  generateTests: 'server/features/generateTests/generate.ts',
  // A package by its name, not sdk.ts: that module is imported statically, only the package behind it is lazy.
  openai: 'openai',
};

/** Turns dynamic imports of a bundle's source into `require('./NAME.cjs')`; others stay inside, evaluated on first use. */
const lazyBundles = {
  name: 'lazy-bundles',
  setup(build) {
    const bySource = new Map(Object.entries(bundles).map(([name, source]) => [source, name]));
    build.onResolve({ filter: /^(\.|[a-z])/ }, args => {
      if (args.kind !== 'dynamic-import') return undefined;
      const source = args.path.startsWith('.')
        ? relative(root, resolve(args.resolveDir, args.path)).replaceAll('\\', '/')
        : args.path;
      const name = bySource.get(source);
      return name ? { path: `./${name}.cjs`, external: true } : undefined;
    });
  },
};

/**
 * Parts of Node that a session may never use, or not before `initialize` is answered: loaded when one of their
 * exports is first read. Saves 8 ms of start-up and the memory of what stays unused.
 */
const lateBuiltins = ['child_process', 'crypto', 'http', 'https', 'tls', 'v8'].map(name => `node:${name}`);

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
 * The library's exports by name, each read once: esbuild's own way from CommonJS defines a getter for every one of
 * 600 names in every file of ours that imports one of them (saves 4 ms of start-up).
 */
const libraryShim = {
  name: 'library-shim',
  setup(build) {
    const library = 'vscode-languageserver';
    const names = Object.keys(createRequire(import.meta.url)(library));
    build.onResolve({ filter: /^vscode-languageserver$/ }, ({ path, importer }) =>
      importer.startsWith(join(root, 'server')) ? { path, namespace: 'library-shim' } : undefined,
    );
    build.onLoad({ filter: /^/, namespace: 'library-shim' }, () => ({
      contents: [
        `const library = require('${library}');`,
        ...names.map(name => `export const ${name} = /* @__PURE__ */ (() => library.${name})();`),
      ].join('\n'),
      resolveDir: root,
    }));
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // jsonc-parser's CommonJS build cannot be bundled.
  mainFields: ['module', 'main'],
  // The ES module of web-tree-sitter makes a `require` from import.meta, which a CommonJS bundle cannot give it.
  alias: { 'web-tree-sitter': createRequire(import.meta.url).resolve('web-tree-sitter') },
  target: 'node20.19',
  format: 'cjs',
  // Turned into require, which the launcher's code cache serves.
  supported: { 'dynamic-import': false },
  minifySyntax: true,
  minifyWhitespace: true,
  // Names are a third of the text, and each is held once more as a string (3 MB of 90).
  minifyIdentifiers: true,
  legalComments: 'none',
  logLevel: 'warning',
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

const result = await esbuild.build({
  ...common,
  entryPoints: Object.entries(bundles).map(([out, source]) => ({ in: source, out })),
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  define: { ...common.define, 'import.meta.url': '__bundleUrl' },
  // What the launcher calls: nothing has to be wrapped around a text of a megabyte when it is loaded.
  banner: {
    js: '(function(exports,require,module,__filename,__dirname){var __bundleUrl=require("url").pathToFileURL(__filename).href;',
  },
  footer: { js: '})' },
  plugins: [lazyBundles, lazyBuiltins, libraryShim],
  write: false,
  metafile: true,
});

const hash = createHash('sha256');
for (const { path, text } of result.outputFiles) {
  const code = asciiOnly(text);
  hash.update(code);
  writeFileSync(path, code);
}
await esbuild.build({
  ...common,
  entryPoints: ['server/launch.ts'],
  outfile: join(dist, 'codriver.cjs'),
  define: { ...common.define, __BUILD_ID__: JSON.stringify(hash.digest('hex').slice(0, 16)) },
  banner: { js: '#!/usr/bin/env node' },
  plugins: [lazyBuiltins],
});
chmodSync(join(dist, 'codriver.cjs'), 0o755);

if (process.argv.includes('--sizes')) {
  for (const [file, { bytes }] of Object.entries(result.metafile.outputs)) console.log(file, bytes);
}
