/**
 * Languages without a grammar, by lexer alone: a small workspace in each, whose repeated idiom must be completed in a
 * new place, and nothing written by code where a comment or string stands.
 */
import assert from 'node:assert/strict';
import { languageOf, languageOfPath } from '../../server/base/languages.ts';
import { at, completerOf } from '../support/embedded.ts';

interface Row {
  /** What the client calls it. */
  readonly id: string;
  readonly path: string;
  /** One use of the idiom, for a name. */
  readonly idiom: (name: string) => string;
  /** The new place, with `$0`, and what one of the candidates must begin with. */
  readonly place: string;
  readonly expected: string;
}

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'omega', 'sigma'];

const ROWS: readonly Row[] = [
  {
    id: 'lua',
    path: 'a.lua',
    idiom: n =>
      `local ${n} = require("app.${n}")\nfunction M.${n}_setup(opts)\n  vim.keymap.set("n", opts.${n}, M.${n})\nend\n`,
    place: 'function M.new_setup(opts)\n  vim.key$0',
    expected: 'map.set("n", opts.',
  },
  {
    id: 'emacs-lisp',
    path: 'a.el',
    idiom: n => `(defun my-${n} ()\n  "Do ${n}."\n  (interactive)\n  (message "%s" my-${n}-list))\n`,
    place: '(defun my-new ()\n  "Do new."\n  (inter$0',
    expected: 'active',
  },
  {
    id: 'c',
    path: 'a.c',
    idiom: n =>
      `static int ${n}_open(struct device *dev)\n{\n\tif (!dev)\n\t\treturn -EINVAL;\n\treturn 0;\n}\n`,
    place: 'static int new_open(struct device *dev)\n{\n\tif (!dev)\n\t\tret$0',
    expected: 'urn -EINVAL;',
  },
  {
    id: 'zig',
    path: 'a.zig',
    idiom: n =>
      `const ${n} = @import("${n}.zig");\ntest "${n}" {\n    try std.testing.expectEqual(@as(u32, 1), ${n}.run());\n}\n`,
    place: 'test "new" {\n    try std.test$0',
    expected: 'ing.expectEqual(@as(u32',
  },
  {
    id: 'haskell',
    path: 'A.hs',
    idiom: n => `${n}Of :: Config -> Maybe Text\n${n}Of config = lookupText "${n}" (values config)\n`,
    place: 'newOf :: Config -> May$0',
    expected: 'be Text',
  },
  {
    id: 'ocaml',
    path: 'a.ml',
    idiom: n =>
      `let ${n} state =\n  match Hashtbl.find_opt state.${n}s "${n}" with\n  | Some value -> value\n  | None -> raise Not_found\n`,
    place: 'let fresh state =\n  match Hashtbl.fi$0',
    expected: 'nd_opt state.',
  },
  {
    id: 'elixir',
    path: 'a.ex',
    idiom: n =>
      `  def handle_call({:${n}, key}, _from, state) do\n    {:reply, Map.get(state, key), state}\n  end\n`,
    place: '  def handle_call({:new, key}, _from, state) do\n    {:rep$0',
    expected: 'ly, Map.get(state, key), state}',
  },
  {
    id: 'nix',
    path: 'a.nix',
    idiom: n =>
      `  ${n} = pkgs.stdenv.mkDerivation {\n    name = "${n}";\n    buildInputs = [ pkgs.${n} ];\n  };\n`,
    place: '  fresh = pkgs.std$0',
    expected: 'env.mkDerivation {',
  },
  {
    id: 'toml',
    path: 'a.toml',
    idiom: n => `[tool.${n}]\nline-length = 100\ntarget-version = "py310"\n`,
    place: '[tool.fresh]\nline-len$0',
    expected: 'gth = 100',
  },
  {
    id: 'yaml',
    path: 'a.yml',
    idiom: n => `  ${n}:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n`,
    place: '  fresh:\n    runs-$0',
    expected: 'on: ubuntu-latest',
  },
  {
    id: 'dosini',
    path: 'a.ini',
    idiom: n => `[${n}]\nconnection_timeout = 30\nretry_count = 3\n`,
    place: '[fresh]\nconnection_t$0',
    expected: 'imeout = 30',
  },
  {
    id: 'dockerfile',
    path: 'Dockerfile',
    idiom: n =>
      `FROM base AS ${n}\nRUN apt-get update && apt-get install -y ${n}\nCOPY --from=build /${n} /${n}\n`,
    place: 'FROM base AS fresh\nRUN apt-get up$0',
    expected: 'date && apt-get install -y',
  },
  {
    id: 'make',
    path: 'Makefile',
    idiom: n => `.PHONY: ${n}\n${n}: $(SOURCES)\n\t$(CC) $(CFLAGS) -o $@ ${n}.c\n`,
    place: '.PHONY: fresh\nfresh: $(SOURCES)\n\t$(CC) $(CFL$0',
    expected: 'AGS) -o $@',
  },
  {
    id: 'markdown',
    path: 'a.md',
    idiom: n => `## The ${n} command\n\nSee [the reference manual](reference.md) for the options of ${n}.\n`,
    place: '## The fresh command\n\nSee [the refer$0',
    expected: 'ence manual](reference.md) for the options of',
  },
  {
    id: 'tex',
    path: 'a.tex',
    idiom: n => `\\section{${n}}\n\\begin{figure}\n  \\includegraphics{${n}.pdf}\n\\end{figure}\n`,
    place: '\\section{fresh}\n\\begin{figure}\n  \\includegr$0',
    expected: 'aphics{',
  },
  {
    id: 'plaintext',
    path: 'a.txt',
    idiom: n => `Dear ${n},\nplease find attached the minutes of our meeting.\n`,
    place: 'Dear fresh,\nplease find att$0',
    expected: 'ached the minutes of our meeting.',
  },
  {
    id: 'never-heard-of',
    path: 'a.strange',
    idiom: n => `entity ${n} begins\n  attribute colour of ${n} is green\nends\n`,
    place: 'entity fresh begins\n  attr$0',
    expected: 'ibute colour of ',
  },
  {
    id: 'yaml.docker-compose',
    path: 'compose.yaml',
    idiom: n => `  ${n}:\n    image: registry/${n}\n    restart: unless-stopped\n`,
    place: '  fresh:\n    image: registry/fresh\n    restart: unl$0',
    expected: 'ess-stopped',
  },
];

describe('a language without a grammar', function () {
  this.timeout(10_000);
  for (const { id, path, idiom, place, expected } of ROWS) {
    const files = Object.fromEntries(NAMES.slice(0, 4).map(name => [`w/${name}/${path}`, idiom(name)]));
    const candidates = async (workspace: Readonly<Record<string, string>>, marked: string) => {
      const completer = await completerOf(workspace);
      const answer = completer.complete(at(marked, { languageId: id, uri: `file:///w/new/${path}` }));
      return answer.candidates.map(({ text }) => text);
    };

    it(`is completed from the workspace: ${id}`, async () => {
      const found = await candidates(files, place);
      assert.ok(
        found.some(text => text.startsWith(expected)),
        JSON.stringify(found),
      );
    });

    it(`is completed from the open file alone: ${id}`, async () => {
      const above = NAMES.map(idiom).join('\n');
      const found = await candidates({}, `${above}\n${place}`);
      assert.ok(
        found.some(text => text.startsWith(expected)),
        JSON.stringify(found),
      );
    });
  }
});

describe('the table of languages', () => {
  const ROWS_OF_IDS: readonly (readonly [languageId: string, path: string, expected: string])[] = [
    ['dosini', 'x', 'ini'],
    ['conf', 'x.conf', 'ini'],
    ['cs', 'x.cs', 'csharp'],
    ['terraform-vars', 'x.tfvars', 'hcl'],
    ['yaml.ansible', 'x', 'yaml'],
    ['htmldjango', 'x.html', 'jinja'],
    ['plaintex', 'x.tex', 'latex'],
    ['', 'x.purs', 'purescript'],
    ['text', 'x.gd', 'gdscript'],
    ['typescript', 'x.py', 'typescript'],
    ['unheard', 'x.lua', 'lua'],
    ['unheard', 'x.unheard', 'unheard'],
  ];
  for (const [id, path, expected] of ROWS_OF_IDS) {
    it(`knows ${id || 'no id'} of ${path}`, () => assert.equal(languageOf(id, `/w/${path}`).id, expected));
  }

  it('gives an extension to one language, the commoner one', () => {
    for (const [path, id] of [
      ['x.v', 'v'],
      ['x.m', 'objective-c'],
      ['x.cls', 'latex'],
      ['x.pl', 'perl'],
      ['x.fs', 'fsharp'],
      ['x.conf', 'ini'],
    ] as const)
      assert.equal(languageOfPath(path)?.id, id);
  });
});
