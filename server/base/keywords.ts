/**
 * The reserved words and the commonest words of each language, the usual ones first: the base distribution of the
 * embedded engine in an empty file, and the names that no analysis may call undefined. Data only.
 */

const ecma =
  'const let return if else for while function import from export default class extends new this await async throw try catch finally typeof instanceof in of switch case break continue null undefined true false super static yield delete void var do get set';
const ts = `${ecma} interface type readonly private public protected string number boolean unknown never as implements enum abstract declare keyof is satisfies namespace`;
const c =
  'return if else for while int char void const struct static unsigned sizeof switch case break continue default typedef enum NULL long double float short do goto extern union include define ifdef ifndef endif inline volatile signed';
const cpp = `${c} auto class public private protected template typename namespace using std nullptr true false virtual override new delete this throw try catch operator constexpr bool friend noexcept explicit`;
const java =
  'public private protected return new final static void class if else for while int import package String this throw throws try catch finally null true false extends implements interface abstract boolean long double switch case break continue default instanceof super enum var record synchronized';
const shell =
  'if then else elif fi for in do done while case esac function return local export echo exit set shift test read source cd unset trap readonly';
const lisp = 'define let lambda if cond else begin set! quote list car cdr cons not and or when unless do';

/** Words by language id; ids that share a table are listed together. */
const tables: readonly (readonly [ids: string, words: string])[] = [
  ['typescript typescriptreact vue svelte', ts],
  ['javascript javascriptreact', ecma],
  [
    'python starlark bazel',
    'def return self if else for in import from class not None True False is and or elif while try except raise with as lambda yield pass break continue assert async await finally global nonlocal del match case print len range str int list dict set isinstance super',
  ],
  [
    'rust',
    'let fn pub self mut if else match return use impl struct for in while loop enum trait const static mod crate super where as ref move async await dyn type unsafe break continue true false Some None Ok Err Self Option Result String Vec Box',
  ],
  [
    'go',
    'func return if err nil for range var const type struct interface package import else switch case default break continue go defer chan select map string int bool true false error make len append fallthrough goto',
  ],
  ['c objective-c glsl', c],
  ['cpp cuda-cpp', cpp],
  [
    'csharp',
    'public private return var new using namespace class if else for foreach in while static void string int bool async await this null true false throw try catch finally readonly override virtual protected internal get set interface abstract sealed switch case break continue default out ref is as typeof record const base',
  ],
  ['java groovy', java],
  [
    'kotlin',
    'val fun return if else when for in while class var override private object import package null true false this is as data companion interface internal suspend open abstract sealed by throw try catch finally super init constructor lateinit',
  ],
  [
    'scala',
    'def val class object extends import package if else match case for yield new return override private protected trait type var lazy implicit given using with true false null this throw try catch finally sealed abstract final',
  ],
  [
    'swift',
    'let func return if else for in var self guard class struct enum extension import protocol public private init nil true false switch case default while static throws throw try catch some any weak override mutating where as is async await',
  ],
  [
    'dart',
    'final return if else for in class void const var import this new await async true false null override static extends implements late required String int bool Widget build context switch case break throw try catch',
  ],
  [
    'ruby crystal',
    'def end if else elsif unless do return class module require self nil true false attr_reader each raise begin rescue ensure yield while until case when then and or not super include extend new puts',
  ],
  [
    'php',
    'function return public private protected if else elseif foreach as use namespace class new this null true false static array string int echo throw try catch finally extends implements interface abstract const switch case break continue while for isset',
  ],
  [
    'lua',
    'local function end return if then else elseif for in do while not and or nil true false self require pairs ipairs repeat until break goto',
  ],
  [
    'elisp emacs-lisp commonlisp',
    `defun setq let let* if when unless cond progn defvar defcustom lambda nil t interactive car cdr cons list and or not format message require provide eq equal dolist while funcall mapcar`,
  ],
  ['scheme racket', lisp],
  [
    'clojure',
    'defn def let fn if when cond do ns require loop recur map filter reduce assoc get str nil true false not and or first rest conj into atom swap! deref',
  ],
  [
    'haskell elm',
    'module import where let in if then else case of do data type newtype class instance deriving return Maybe Just Nothing Either Left Right String Int Bool True False qualified as forall',
  ],
  [
    'ocaml fsharp',
    'let in match with fun function if then else type module open struct sig end rec and of begin val mutable try raise true false None Some list option string int bool unit failwith',
  ],
  [
    'elixir',
    'def do end defp defmodule if else case cond fn use alias import require with when nil true false and or not raise rescue try receive after unless quote unquote @doc @moduledoc @spec',
  ],
  [
    'erlang',
    'module export case of end fun when if receive after try catch begin ok error undefined true false',
  ],
  [
    'zig',
    'const fn pub var return if else try while for switch struct enum union error catch defer errdefer comptime null undefined true false void usize u8 orelse break continue and or inline test unreachable @import',
  ],
  ['shellscript bash fish just', shell],
  [
    'powershell',
    'function param return if else elseif foreach in while try catch finally throw switch begin process end $true $false $null Write-Host Get-Item',
  ],
  [
    'sql',
    'SELECT FROM WHERE AND OR NOT NULL INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE INDEX ON JOIN LEFT INNER GROUP BY ORDER LIMIT PRIMARY KEY REFERENCES AS IN IS DEFAULT DISTINCT HAVING UNION ALTER ADD DROP',
  ],
  [
    'html xml',
    'div class span href id type src alt name value input button label form script link meta title head body',
  ],
  [
    'css scss less',
    'color background display margin padding border width height font-size flex position absolute relative none auto solid block inline center top left right bottom align-items justify-content',
  ],
  ['yaml', 'name on run uses with steps jobs true false null version services image env'],
  ['toml', 'name version true false dependencies features path package edition'],
  ['json jsonc', 'true false null name version type'],
  ['dockerfile', 'FROM RUN COPY WORKDIR ENV ARG CMD ENTRYPOINT EXPOSE USER LABEL ADD VOLUME AS'],
  ['makefile', 'include ifeq ifneq ifdef endif else define endef export PHONY all clean install'],
  [
    'cmake',
    'set if endif else target_link_libraries add_library add_executable find_package include project message PUBLIC PRIVATE function endfunction foreach endforeach',
  ],
  ['nix', 'let in with inherit rec if then else assert import pkgs lib mkOption mkIf types true false null'],
  [
    'perl',
    'my sub return if else elsif unless foreach for while use package our local shift push die print undef defined ref scalar keys join eq ne and or not',
  ],
  [
    'r',
    'function if else for in while return TRUE FALSE NULL NA library c list data.frame print paste length',
  ],
  [
    'julia',
    'function end return if else elseif for in while struct mutable module using import export const let do begin true false nothing where abstract type try catch finally macro local global',
  ],
  [
    'vim',
    'let function endfunction if endif else elseif for endfor while endwhile return call set autocmd augroup command nnoremap inoremap vnoremap execute echo try catch endtry abort',
  ],
  [
    'proto3',
    'message string int32 int64 bool repeated optional enum service rpc returns import package option syntax reserved oneof map bytes',
  ],
  [
    'graphql',
    'type query mutation input enum interface fragment on String Int Boolean ID Float union scalar directive',
  ],
  [
    'hcl',
    'resource variable data module output provider locals terraform type default description name source true false null for_each count',
  ],
];

const words = new Map<string, readonly string[]>();
for (const [ids, list] of tables) {
  const split = [...new Set(list.split(' '))];
  for (const id of ids.split(' ')) words.set(id, split);
}

/** The words of a language, commonest first; empty if none are known. */
export function keywordsOf(id: string): readonly string[] {
  return words.get(id) ?? [];
}
