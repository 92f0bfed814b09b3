import assert from 'node:assert/strict';
import { newNamesIn } from '../../server/agent/newDependencies.ts';

/** A change of a file, and the names that it brings in. */
const CASES: readonly (readonly [
  name: string,
  path: string,
  before: string,
  after: string,
  names: readonly string[],
])[] = [
  [
    'npm',
    'package.json',
    '{\n  "dependencies": {\n    "a": "^1.0.0"\n  }\n}',
    '{\n  "dependencies": {\n    "a": "^2.0.0",\n    "@x/made-up": "^1.0.0",\n    "left": "1.2.3"\n  }\n}',
    ['@x/made-up', 'left'],
  ],
  [
    'npm, scripts are none',
    'package.json',
    '{}',
    '{\n  "version": "1.0.0",\n  "scripts": {\n    "test": "mocha"\n  }\n}',
    [],
  ],
  [
    'PyPI, requirements',
    'requirements.txt',
    'flask==2\n',
    'flask==3\nmade-up[x]>=1.0 ; python_version > "3"\n',
    ['made-up'],
  ],
  [
    'PyPI, pyproject',
    'pyproject.toml',
    '[project]\ndependencies = [\n  "flask",\n]\n',
    '[project]\nversion = "1"\ndependencies = [\n  "flask",\n  "made_up>=1",\n]\n',
    ['made_up'],
  ],
  [
    'PyPI, poetry',
    'pyproject.toml',
    '[tool.poetry.dependencies]\n',
    '[tool.poetry.dependencies]\nmadeup = "^1.0"\n',
    ['madeup'],
  ],
  [
    'crates.io',
    'Cargo.toml',
    '[dependencies]\nserde = "1"\n',
    '[dependencies]\nserde = { version = "2" }\nmade-up = "0.1"\n',
    ['made-up'],
  ],
  [
    'Go',
    'go.mod',
    'module m\n',
    'module m\n\nrequire (\n\tgithub.com/x/made v1.0.0\n)\n',
    ['github.com/x/made'],
  ],
  ['RubyGems', 'Gemfile', "gem 'rails'\n", "gem 'rails'\ngem 'made_up', '~> 1'\n", ['made_up']],
  ['Packagist', 'composer.json', '{}', '{\n  "require": {\n    "x/made-up": "^1"\n  }\n}', ['x/made-up']],
  [
    'Maven',
    'pom.xml',
    '<project/>',
    '<dependency>\n<groupId>x</groupId>\n<artifactId>made-up</artifactId>\n</dependency>',
    ['made-up'],
  ],
  [
    'Gradle',
    'build.gradle.kts',
    '',
    'dependencies {\n  implementation("x.y:made-up:1.0")\n}',
    ['x.y:made-up'],
  ],
  ['NuGet', 'a.csproj', '', '<PackageReference Include="Made.Up" Version="1" />', ['Made.Up']],
  ['Hex', 'mix.exs', '', 'defp deps, do: [\n  {:made_up, "~> 1.0"}\n]', ['made_up']],
  ['pub', 'pubspec.yaml', 'dependencies:\n', 'dependencies:\n  made_up: ^1.0.0\n', ['made_up']],
  [
    'JavaScript imports',
    'src/a.ts',
    '',
    "import a from 'made-up/sub';\nimport b from './b.ts';\nimport { c } from 'node:fs';\nimport d from 'known';\nconst e = require('@x/y');\nimport f from 'path';\n",
    ['@x/y', 'made-up'],
  ],
  [
    'Python imports',
    'app.py',
    '',
    'import os\nimport made_up\nfrom shop.cart import total\nfrom flask import Flask\nfrom . import x\n',
    ['made_up'],
  ],
  ['Go imports', 'a.go', '', 'import (\n\t"fmt"\n\t"github.com/x/made"\n)\n', ['github.com/x/made']],
  ['Rust imports', 'src/a.rs', '', 'use std::fmt;\nuse crate::x;\nuse made_up::y;\n', ['made_up']],
  ['Ruby imports', 'a.rb', '', "require 'json'\nrequire 'made_up'\n", ['made_up']],
];
const KNOWN = new Map([
  ['base/package.json', '{ "dependencies": { "known": "1" } }'],
  ['base/requirements.txt', 'Flask==2\n'],
  ['base/package-lock.json', '{ "packages": { "node_modules/left": {} } }'],
]);

describe('new names of packages', () => {
  for (const [name, path, before, after, names] of CASES)
    it(`are listed: ${name}`, () => {
      const found = newNamesIn([{ path, before, after }], KNOWN, [path, 'shop/cart.py']);
      assert.deepEqual(found.map(each => each.name).sort(), [...names].sort());
    });

  it('are told with whether a lock file knew them', () => {
    const [, path, before, after] = CASES[0] ?? ['', '', '', ''];
    const found = newNamesIn([{ path, before, after }], KNOWN, [path]);
    assert.deepEqual(
      found.map(({ locked, name }) => [name, locked]),
      [
        ['@x/made-up', false],
        ['left', true],
      ],
    );
  });

  it('are none where nothing comes in', () => {
    for (const [name, path, , after] of CASES)
      assert.deepEqual(newNamesIn([{ path, before: after, after }], KNOWN, [path]), [], name);
  });
});
