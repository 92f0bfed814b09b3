/**
 * Helix 25.07's languages and the servers each has by default, as data: Helix replaces the list of a language as a
 * whole, so a block for Codriver must repeat it. One line a language: name, colon, its servers. Left out are what is
 * not code (mail, commits, logs), files that hold secrets, and languages that only occur inside others.
 */
const table = `
ada: ada-language-server
adl:
agda:
alloy:
amber: amber-lsp
astro: astro-ls
awk: awk-language-server
bash: bash-language-server
basic:
bass: bass
batch:
beancount: beancount-language-server
bibtex: texlab
bicep: bicep-langserver
bitbake: bitbake-language-server
blade:
blueprint: blueprint-compiler
bovex:
c: clangd
c-sharp: roslyn-language-server omnisharp csharp-ls
c3: c3-lsp
cabal: haskell-language-server
cairo: cairo-language-server
capnp:
cel:
chuck:
circom: circom-lsp
clarity: clarinet
clojure: clojure-lsp
cmake: neocmakelsp cmake-language-server
codeql: codeql
common-lisp: cl-lsp
concerto:
cpp: clangd
cross-config: taplo tombi
crystal: crystalline ameba-ls
css: vscode-css-language-server
cue: cuelsp
cylc:
cython:
d: serve-d
dart: dart
dbml:
debian: debian-lsp
devicetree: dts-lsp
dhall: dhall-lsp-server
diff:
djot:
docker-bake: docker-language-server
docker-compose: docker-compose-langserver yaml-language-server docker-language-server
dockerfile: docker-langserver docker-language-server
dot: dot-language-server
drools: drools-lsp
dune:
earthfile: earthlyls
ebnf: ebnfer
eex:
eiffel: eiffel-language-server
ejs:
elisp:
elixir: elixir-ls expert
elm: elm-language-server
elvish: elvish
erb:
erlang: erlang-ls elp
esdl:
fennel: fennel-ls
fga:
fidl:
fish: fish-lsp
flatbuffers:
forth: forth-lsp
fortran: fortls
freebasic:
fsharp: fsharp-ls
gas: asm-lsp
gdscript: godot
gherkin:
ghostty: ghostty-ls
git-cliff-config: taplo tombi
github-action: actions-language-server yaml-language-server zizmor
gitlab-ci: yaml-language-server gitlab-ci-ls
gjs: typescript-language-server vscode-eslint-language-server ember-language-server
gleam: gleam
glimmer: ember-language-server
glsl: glsl_analyzer glsld
gnuplot:
go: gopls golangci-lint-lsp
godot-resource:
gomod: gopls
gotmpl: gopls
gowork: gopls
gpr: ada-gpr-language-server
graphql: graphql-language-service
gren:
groovy:
gts: typescript-language-server vscode-eslint-language-server ember-language-server
hare: hare-lsp
haskell: haskell-language-server
haskell-literate: haskell-language-server
haskell-persistent:
haxe: haxe-language-server
hcl: terraform-ls
hdl: hdls
heex: elixir-ls expert
helm: helm_ls
hoon:
html: vscode-html-language-server superhtml
htmldjango: djlsp vscode-html-language-server superhtml
hurl:
hy: hyuga
hyprlang: hyprls
idris: idris2-lsp
iex:
ink:
inko:
janet:
java: jdtls
javascript: typescript-language-server
jinja:
jjconfig: taplo tombi
jq: jq-lsp
json: vscode-json-language-server
json-ld: vscode-json-language-server
json5:
jsonc: vscode-json-language-server
jsonnet: jsonnet-language-server
jsx: typescript-language-server
julia: julia
just: just-lsp
kcl: kcl-lsp
kdl:
koka: koka
kotlin: kotlin-language-server
koto: koto-ls
latex: texlab
lean: lean
less: vscode-css-language-server
llvm:
lua: lua-language-server
luau: luau
make:
markdoc: markdoc-ls
markdown: marksman markdown-oxide rumdl
matlab:
meson: mesonlsp
metamath: mm-lsp-server
mint: mint
miseconfig: taplo tombi
mojo: mojo-lsp-server
moonbit: moonbit-lsp
move:
nasm: asm-lsp
nearley:
nginx: nginx-language-server
nickel: nls
nim: nimlangserver
nix: nil nixd
nu: nu-lsp nu-lint
nunjucks:
ocaml: ocamllsp
ocaml-interface: ocamllsp
odin: ols
ohm:
opencl: clangd
openscad: openscad-lsp
org:
p:
pascal: pasls
penrose:
perl: perlnavigator
pest: pest-language-server
php: intelephense
picat:
pkgbuild: termux-language-server bash-language-server
pkl: pkl-lsp
ponylang: pony-lsp
powershell:
prisma: prisma-language-server
prolog: swipl
protobuf: buf pbkit protols
proverif:
prql:
pug:
puppet: puppet-languageserver
purescript: purescript-language-server
python: ty ruff jedi pylsp zuban
qml: qmlls
quarto:
quint: quint-language-server
r: r
racket: racket
rego: regols
rescript: rescript-language-server
ripple: ripple-lsp
rmarkdown: r
robot: robotcode robotframework_ls
ron: ron-lsp
rpmspec:
rshtml: rshtml-analyzer vscode-html-language-server superhtml
rst:
ruby: ruby-lsp solargraph
rust: rust-analyzer
sage:
scala: metals
scheme:
scss: vscode-css-language-server
slang: slangd
slint: slint-lsp
smali: smalisp
smithy: cs
sml: millet
snakemake: pylsp
solidity: solc
sourcepawn: sourcepawn-studio
spade: spade-language-server
spicedb:
sql:
starlark: starpls buck2
styx: styx
supercollider:
svelte: svelteserver
sway: forc
swift: sourcekit-lsp
systemd: systemd-lsp
systemverilog: svlangserver verible-verilog-ls
tablegen:
tact:
tcl:
teal: teal-language-server
templ: templ
tera:
textproto:
tfvars: terraform-ls
thrift:
tilt: tilt
tlaplus:
tolk:
toml: taplo tombi
tsq: ts_query_ls
tsx: typescript-language-server
twig:
typescript: typescript-language-server
typespec: typespec
typst: tinymist
unison:
uxntal:
v: vlang-language-server
vala: vala-language-server
varlink: varlink-language-server
vento:
verilog: verible-verilog-ls
vhdl: vhdl_ls
vim:
vue: vuels
wast:
wat: wasm-language-tools
webc:
wesl:
wgsl: wgsl-analyzer
wikitext: wikitext-lsp
wit:
woodpecker-ci: yaml-language-server
wren:
xml:
xwiki:
yaml: yaml-language-server ansible-language-server
yara: yls
yuck:
zig: zls
`;

/** Features that Helix asks of a server in a language, where the default list limits them. As TOML, by language and server. */
const limits: Readonly<Record<string, string>> = {
  'erlang elp': 'except-features = ["document-symbols", "workspace-symbols"]',
  'erlang erlang-ls': 'except-features = ["document-symbols", "workspace-symbols"]',
  'gjs typescript-language-server': 'except-features = ["format", "diagnostics"]',
  'gts typescript-language-server': 'except-features = ["format", "diagnostics"]',
  'hare hare-lsp':
    'except-features = ["code-action", "completion", "format", "inlay-hints", "rename-symbol", "workspace-symbols"]',
  'pkgbuild bash-language-server': 'except-features = ["diagnostics"]',
};

export interface HelixLanguage {
  readonly name: string;
  /** Names of `[language-server.NAME]` tables, in Helix's order. */
  readonly servers: readonly string[];
}

export const helixLanguages: readonly HelixLanguage[] = table
  .trim()
  .split('\n')
  .map(row => {
    const colon = row.indexOf(':');
    return {
      name: row.slice(0, colon),
      servers: row
        .slice(colon + 1)
        .split(' ')
        .filter(Boolean),
    };
  });

/** How a server stands in the list of a language: its name, or a table where Helix's own list limits its features. */
export function serverEntry(language: string, server: string): string {
  const limit = limits[`${language} ${server}`];
  return limit === undefined ? `"${server}"` : `{ name = "${server}", ${limit} }`;
}
