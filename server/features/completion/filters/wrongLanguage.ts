/** Ends a suggestion where it turns into another language: a page, a script, a patch, Markdown, or sentences. */
import type { Filter } from './filter.ts';
import { isSentence } from './prose.ts';
import { scanLine } from './scan.ts';
import { siteOf } from './site.ts';

interface Mark {
  readonly pattern: RegExp;
  /** Language ids in which such a line is right. */
  readonly home: RegExp;
}

const ecma =
  'javascript|javascriptreact|typescript|typescriptreact|vue|svelte|astro|html|php|coffeescript|qml';
const marks: readonly Mark[] = [
  {
    pattern: /^\s*<(?:!doctype html|html|head|body)\b[^>]*>/i,
    home: /^(?:html|xml|vue|svelte|astro|php|.*react|erb|handlebars|jinja.*|razor|markdown)$/,
  },
  {
    pattern: /^(?:diff --git |@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|(?:---|\+\+\+) [ab]\/|<{7} |>{7} |={7}$)/,
    home: /^(?:diff|patch|git.*|markdown|restructuredtext)$/,
  },
  {
    pattern:
      /^(?:Traceback \(most recent call last\):|>>> |In \[\d+\]: |\$ (?:npm|pip|cd|git|sudo|python|node|make|cargo|go) )/,
    home: /^(?:markdown|restructuredtext|shellsession)$/,
  },
  { pattern: /^\s*#include\s*[<"]/, home: /^(?:c|cpp|objective-c.*|cuda-cpp|glsl|hlsl|arduino)$/ },
  {
    pattern:
      /^\s*(?:async )?def \w+\(.*\)(?: ?-> ?[^:]+)?:\s*(?:#.*)?$|^\s*elif .*:\s*$|^from [\w.]+ import \w|^if __name__ == /,
    home: /^(?:python|starlark|bazel|cython|gdscript|mojo|nim|coconut|xonsh)$/,
  },
  {
    pattern:
      /^\s*(?:export )?(?:default )?(?:async )?function\*? ?\w*\([^)]*\) ?\{\s*$|^\s*console\.(?:log|error)\(|^\s*(?:export )?const \w+ = (?:async )?(?:\([^)]*\)|\w+) => |^\s*const \w+ = require\(|^import .* from ['"][^'"]+['"];?$/,
    home: new RegExp(`^(?:${ecma}|awk|shell.*|bash|powershell)$`),
  },
  {
    pattern: /^package \w+\s*$|^func (?:\(\w+ \*?\w+\) )?\w+\([^)]*\)[^={]*\{\s*$/,
    home: /^(?:go|swift|kotlin|scala|groovy|v|gdscript|perl|ada|haxe)$/,
  },
  {
    pattern:
      /^\s*(?:pub(?:\(crate\))? )?(?:async )?fn \w+(?:<[^>]*>)?\([^)]*\)[^={]*\{\s*$|^\s*let mut \w+|^use (?:std|crate|super)::/,
    home: /^(?:rust|zig|v|rune|rhai|move|cairo|gleam)$/,
  },
  {
    pattern:
      /^\s*public (?:static |final |abstract |sealed )*(?:class|interface|enum|void|record) \w+|^\s*System\.out\.print|^import java\./,
    home: /^(?:java|csharp|kotlin|scala|groovy|apex|d|vala|haxe|php|swift|dart)$/,
  },
  { pattern: /^#!\/(?:usr\/)?bin\//, home: /./ },
];
/** Where `#` begins no comment and `# Word` is a heading. */
const heading = /^#{1,6} +[A-Z*`]/;
const bold = /^\s*(?:[-*+] |\d+[.)] )?\*\*[^*\n]+\*\*:?(?:\s|$)/;
const numbered = /^\s*(?:\d+[.)]|[-*+•]) +\p{Lu}/u;

/** Whether a line that begins in code is none of this language. */
function isForeign(line: string, languageId: string, hashIsComment: boolean): boolean {
  if (marks.some(({ pattern, home }) => !home.test(languageId) && pattern.test(line))) return true;
  if (heading.test(line) && !hashIsComment) return true;
  if (bold.test(line)) return true;
  return (
    isSentence(line) || (numbered.test(line) && isSentence(line.replace(/^\s*(?:\d+[.)]|[-*+•]) +/, '')))
  );
}

export const wrongLanguage: Filter = (text, input) => {
  const { language, mayBeProse, state, current, within } = siteOf(input);
  const judged = !mayBeProse && !/^(?:tex|latex)/.test(language.id);
  if (!judged && !/^(?:yaml|toml|json.*|xml)$/.test(language.id)) return text;
  const hashIsComment = language.lineComments.includes('#') || language.id === 'markdown';
  const lines = text.split('\n');
  let inside = state;
  for (const [i, line] of lines.entries()) {
    const startsIn = inside;
    inside = scanLine(line, inside, language).state;
    // What the cursor stands in, and what a string or comment holds, may be anything.
    if (startsIn !== 0 || (i === 0 && (within !== 'code' || current.trim() !== ''))) continue;
    const foreign = judged
      ? isForeign(line, language.id, hashIsComment)
      : marks.some(({ pattern, home }) => !home.test(language.id) && pattern.test(line));
    if (foreign) return lines.slice(0, i).join('\n').trimEnd();
  }
  return text;
};
