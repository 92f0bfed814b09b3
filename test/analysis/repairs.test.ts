import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Problem, Repair } from '../../server/analysis/analysis.ts';
import { type Bench, bench, never } from './bench.ts';

/** The text of a file with a repair made. */
function applied(set: Bench, name: string, repair: Repair | undefined): string | undefined {
  if (!repair) return undefined;
  const document = set.document(name);
  const copy = TextDocument.create(document.uri, document.languageId, 1, document.getText());
  return TextDocument.applyEdits(copy, [...repair.edits]);
}

interface Row {
  readonly what: string;
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Other files of the workspace. */
  readonly others?: Readonly<Record<string, string>>;
}

const util = { 'util.ts': 'export function slugify(text: string) {\n  return text;\n}\n' };
const models = { 'pkg/models.py': 'class Customer:\n    pass\n', 'pkg/__init__.py': '' };

const sure: readonly Row[] = [
  {
    what: 'a misspelt local',
    file: 'a.ts',
    before: 'const counter = 1;\nexport const b = conuter + 1;\n',
    after: 'const counter = 1;\nexport const b = counter + 1;\n',
  },
  {
    what: 'a misspelt Python parameter',
    file: 'a.py',
    before: 'def f(message):\n    return mesage\n',
    after: 'def f(message):\n    return message\n',
  },
  {
    what: 'a misspelt standard member',
    file: 'a.ts',
    before: 'export const n = [1, 2].lenght;\n',
    after: 'export const n = [1, 2].length;\n',
  },
  {
    what: 'an import from a neighbour, in the style of the file',
    file: 'a.ts',
    others: util,
    before: 'import { readFile } from "node:fs/promises"\n\nexport const a = [readFile, slugify("x")]\n',
    after:
      'import { readFile } from "node:fs/promises"\nimport { slugify } from "./util"\n\nexport const a = [readFile, slugify("x")]\n',
  },
  {
    what: 'an import added to an existing list, sorted',
    file: 'a.ts',
    others: { 'util.ts': 'export const alpha = 1;\nexport const beta = 2;\nexport const gamma = 3;\n' },
    before: "import { alpha, gamma } from './util';\nexport const a = alpha + beta + gamma;\n",
    after: "import { alpha, beta, gamma } from './util';\nexport const a = alpha + beta + gamma;\n",
  },
  {
    what: 'the extension style of the file',
    file: 'a.ts',
    others: { ...util, 'other.ts': 'export const other = 1;\n' },
    before: "import { other } from './other.js';\nexport const a = [other, slugify('x')];\n",
    after:
      "import { other } from './other.js';\nimport { slugify } from './util.js';\nexport const a = [other, slugify('x')];\n",
  },
  {
    what: 'a Node module by its members',
    file: 'a.ts',
    before: "export const a = path.join('a', 'b');\n",
    after: "import path from 'node:path';\n\nexport const a = path.join('a', 'b');\n",
  },
  {
    what: 'require where the file requires',
    file: 'a.js',
    before: "const os = require('os');\nmodule.exports = () => os.EOL + path.sep;\n",
    after:
      "const os = require('os');\nconst path = require('path');\nmodule.exports = () => os.EOL + path.sep;\n",
  },
  {
    what: 'a Python module after the docstring',
    file: 'a.py',
    before: '"""Doc."""\nfrom __future__ import annotations\n\nprint(os.getcwd())\n',
    after: '"""Doc."""\nfrom __future__ import annotations\n\nimport os\n\nprint(os.getcwd())\n',
  },
  {
    what: 'a Python name into an existing from',
    file: 'a.py',
    before: 'from collections import OrderedDict\n\nx = [OrderedDict(), defaultdict(list)]\n',
    after: 'from collections import OrderedDict, defaultdict\n\nx = [OrderedDict(), defaultdict(list)]\n',
  },
  {
    what: 'a submodule where it is meant',
    file: 'a.py',
    before: 'v = importlib.metadata.version("x")\n',
    after: 'import importlib.metadata\n\nv = importlib.metadata.version("x")\n',
  },
  {
    what: 'a class of another package module',
    file: 'main.py',
    others: models,
    before: 'import os\n\nprint(os.sep, Customer())\n',
    after: 'import os\n\nfrom pkg.models import Customer\n\nprint(os.sep, Customer())\n',
  },
  {
    what: 'an unused import as a whole',
    file: 'a.ts',
    before: "import { a } from './m';\nimport { b } from './n';\nexport const c = b;\n",
    after: "import { b } from './n';\nexport const c = b;\n",
  },
  {
    what: 'one unused name of several',
    file: 'a.ts',
    before: "import d, { a, type B, c } from './m';\nexport const e = [d, a, c];\n",
    after: "import d, { a, c } from './m';\nexport const e = [d, a, c];\n",
  },
  {
    what: 'the only name in braces beside a default',
    file: 'a.ts',
    before: "import d, { a } from './m';\nexport const e = d;\n",
    after: "import d from './m';\nexport const e = d;\n",
  },
  {
    what: 'an unused default beside names',
    file: 'a.ts',
    before: "import d, { a } from './m';\nexport const e = a;\n",
    after: "import { a } from './m';\nexport const e = a;\n",
  },
  {
    what: 'an unused Python name',
    file: 'a.py',
    before: 'from typing import Any, List, Optional\n\nx: List[Any] = []\n',
    after: 'from typing import Any, List\n\nx: List[Any] = []\n',
  },
  {
    what: 'a missing brace by indentation',
    file: 'a.ts',
    before:
      'function f(x: number) {\n  if (x) {\n    f(1);\n  return x;\n}\n\nfunction g() {\n  return 1;\n}\n',
    after:
      'function f(x: number) {\n  if (x) {\n    f(1);\n  }\n  return x;\n}\n\nfunction g() {\n  return 1;\n}\n',
  },
  {
    what: 'a brace missing before else',
    file: 'a.ts',
    before: 'function f(x: number) {\n  if (x) {\n    f(1);\n  else {\n    f(2);\n  }\n}\n',
    after: 'function f(x: number) {\n  if (x) {\n    f(1);\n  } else {\n    f(2);\n  }\n}\n',
  },
  {
    what: 'a missing Python colon',
    file: 'a.py',
    before: 'def f(x)\n    return x\n',
    after: 'def f(x):\n    return x\n',
  },
  {
    what: 'a bracket that glued two words',
    file: 'a.py',
    before: 'value = 1\nprint(value)\nprintvalue)\n',
    after: 'value = 1\nprint(value)\nprint(value)\n',
  },
  {
    what: 'a quote before the end of the line',
    file: 'a.py',
    before: "name = 'x\nprint(name)\n",
    after: "name = 'x'\nprint(name)\n",
  },
];

describe('analysis/repairs', () => {
  for (const { what, file, before, after, others } of sure)
    it(`finds and mends ${what}`, async () => {
      const set = bench({ ...others, [file]: before });
      const findings = await set.analysis.findings(set.uri(file), never);
      const results = findings.map(finding => applied(set, file, finding.repairs[0]));
      assert.ok(
        results.includes(after),
        `${JSON.stringify(results)} should include ${JSON.stringify(after)}`,
      );
      for (const finding of findings) assert.ok((finding.repairs[0]?.confidence ?? 0) >= 0.8);
      const mended = bench({ ...others, [file]: after });
      assert.deepEqual(
        await mended.analysis.findings(mended.uri(file), never),
        [],
        'nothing is left to find',
      );
    });

  const problems: readonly (Row & {
    readonly problem: Partial<Problem> & { message: string };
    readonly at: string;
  })[] = [
    {
      what: 'what TypeScript suggests',
      file: 'a.ts',
      before: 'export const a = { colour: 1 };\nexport const b = a.color;\n',
      after: 'export const a = { colour: 1 };\nexport const b = a.colour;\n',
      at: 'color;',
      problem: {
        message: "Property 'color' does not exist on type '{ colour: number; }'. Did you mean 'colour'?",
        code: 2551,
      },
    },
    {
      what: 'what rustc suggests',
      file: 'a.rs',
      before: 'fn main() {\n    let count = 1;\n    println!("{}", conut);\n}\n',
      after: 'fn main() {\n    let count = 1;\n    println!("{}", count);\n}\n',
      at: 'conut',
      problem: {
        message:
          'cannot find value `conut` in this scope: a local variable with a similar name exists: `count`',
      },
    },
    {
      what: 'a C member without a suggestion',
      file: 'a.c',
      before: 'struct p { int width; };\nint f(struct p *a) { return a->widht + a->width; }\n',
      after: 'struct p { int width; };\nint f(struct p *a) { return a->width + a->width; }\n',
      at: 'widht',
      problem: { message: "no member named 'widht' in 'struct p'" },
    },
    {
      what: 'an import that pyflakes calls unused',
      file: 'a.py',
      before: 'import os\nimport sys\n\nprint(sys.argv)\n',
      after: 'import sys\n\nprint(sys.argv)\n',
      at: 'import os',
      problem: { message: "'os' imported but unused", code: 'F401' },
    },
  ];
  for (const { what, file, before, after, at, problem } of problems)
    it(`mends ${what}`, async () => {
      const set = bench({ [file]: before });
      const document = set.document(file);
      const start = document.positionAt(before.indexOf(at));
      const range = { start, end: document.positionAt(before.indexOf(at) + at.length) };
      const repairs = await set.analysis.repairs(
        set.uri(file),
        range,
        [{ range, ...problem }],
        Infinity,
        never,
      );
      assert.equal(applied(set, file, repairs[0]), after);
    });

  const silent: readonly (readonly [
    what: string,
    file: string,
    text: string,
    others?: Record<string, string>,
  ])[] = [
    ['globals', 'a.ts', 'console.log(window.name, process.env, describe, globalThis);\n'],
    ['side-effect imports', 'a.ts', "import './style.css';\nexport {};\n"],
    ['type-only uses', 'a.ts', "import { T } from './t';\nexport const a = (x: T) => x;\n"],
    [
      'JSX uses',
      'a.tsx',
      "import React from 'react';\nimport { Foo } from './foo';\nexport const a = <Foo />;\n",
    ],
    ['names in JSDoc', 'a.js', "import { T } from './t.js';\n/** @type {T} */\nexport const a = 1;\n"],
    ['__init__.py', '__init__.py', 'from os import path\n'],
    ['__all__', 'a.py', 'from os import path\n__all__ = ["path"]\n'],
    ['re-exports by alias', 'a.py', 'from os import path as path\n'],
    ['quoted annotations', 'a.py', 'from typing import List\n\ndef f(x: "List[int]"): ...\n'],
    ['imports that are tried', 'a.py', 'try:\n    import numpy\nexcept ImportError:\n    pass\n'],
    ['wildcards', 'a.py', 'from os import *\nprint(getcwdd())\n'],
    ['noqa', 'a.py', 'import os  # noqa: F401\n'],
    ['eslint-disable', 'a.js', "// eslint-disable-next-line\nimport a from 'a';\n"],
    ['typeof guards', 'a.js', 'const counter = 1;\nif (typeof countre !== "undefined") counter;\n'],
    [
      'names that other files know',
      'a.ts',
      'const counter = 1;\nexport const b = counter + countr;\n',
      { 'b.ts': 'declare const countr: number;\n' },
    ],
    ['members that differ at their end', 'a.ts', 'export const a = (x: any) => x.filters + x.form;\n'],
    [
      'imports that others take from here',
      'a.py',
      'from os import path\n',
      { 'b.py': 'from .a import path\nprint(path)\n' },
    ],
    ['hopelessly broken text', 'a.ts', '}}} ((( const @@@ = \n[[[ {{{ """\n'],
    ['an empty file', 'a.py', ''],
  ];
  for (const [what, file, text, others] of silent)
    it(`is silent about ${what}`, async () => {
      const set = bench({ ...others, [file]: text });
      assert.deepEqual(await set.analysis.findings(set.uri(file), never), []);
    });

  it('gives nothing for documents that are not open, and once aborted', async () => {
    const set = bench({ 'a.py': 'def f(x)\n    return x\n' });
    const aborted = AbortSignal.abort();
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    assert.deepEqual(await set.analysis.findings('file:///nowhere.py', never), []);
    assert.deepEqual(await set.analysis.findings(set.uri('a.py'), aborted), []);
    assert.deepEqual(await set.analysis.repairs(set.uri('a.py'), range, [], Infinity, aborted), []);
  });
});
