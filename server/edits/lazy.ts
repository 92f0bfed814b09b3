/**
 * Finds lines that stand for code a model did not write: "// ... existing code ...", "# rest of the function
 * unchanged". Precision counts as much as recall: a comment that merely contains "..." is left alone.
 * It must not know files; whether a line was there before is the caller's knowledge.
 */

const ELLIPSIS = /^(?:\.{2,}|…)[.…]*\s*|\s*(?:\.{2,}|…)[.…]*$/g;

/** What was left out. */
const THING =
  '(?:code|file|function|method|class|module|implementation|body|component|struct|script|program|logic|content|contents|section|block|definition|declaration|import|field|method|handler|test|case|prop|propertie|property|route|element|item|line|option|argument|parameter|attribute|statement|style|rule|entrie|entry|setup|markup|html|page|document|configuration|config|query|template|stuff|thing|part)(?:e?s)?';
/** How it is said to stay. */
const STAYS =
  '(?:(?:that |which )?(?:remains?|stays?|continues?|is|are|goes|go|kept|keep|left|be|should|will|would|here|there|below|above|follows?|unchanged|unmodified|untouched|intact|omitted|elided|same|the same|as before|as is|as-is|as it was|before|as|is|it|for brevity|exactly|not shown|not changed|unaltered|identical|like before)[ ,;:.]*){1,6}';

/** A phrase that, next to an ellipsis, means "left out". */
const WITH_ELLIPSIS = new RegExp(
  '^(?:(?:and|keep|the|all|your|any|of|with|\\+) )*' +
    '(?:rest|remaining|remainder|existing|previous|original|unchanged|unmodified|other|same|omitted|more|code|' +
    'implementation|snip(?:ped)?|truncated|as before|no changes?|etc|(?:your|old) code|body|elided|skip(?:ped)?)' +
    '(?:[ ,;:()."\']+[\\w-]+){0,7}\\W*$',
);

/** Phrases that mean it without any ellipsis; each must be the whole comment. */
const ALONE: readonly RegExp[] = [
  new RegExp(`^(?:the )?(?:rest|remainder) of (?:[\\w.]+ ){1,4}${STAYS}$`),
  new RegExp(
    `^(?:(?:and|keep|leave) )?(?:the )?(?:rest|remainder) of (?:(?:the|this|your|my|existing|original|previous|current|\\w+) ){0,2}${THING}(?: ${STAYS})?$`,
  ),
  new RegExp(
    `^(?:the )?(?:rest|remainder|everything else|all other \\w+|(?:all |the |your )*(?:other|remaining|existing|previous|original) (?:\\w+ )?${THING}) ${STAYS}$`,
  ),
  new RegExp(
    `^(?:keep |leave )?(?:the |your )?(?:existing|previous) (?:code|implementation|logic|body|content|html|markup)(?: ${STAYS})?$`,
  ),
  /^(?:keep|leave) (?:the )?(?:rest|existing|everything else|remaining|other)\b.{0,40}$/,
  /^(?:code |lines? |implementation |body |content |function |method )?(?:is |are )?(?:unchanged|omitted(?: for brevity)?|unmodified|truncated|snip(?:ped)?|elided)$/,
  /^(?:your|add your|insert your|place your|put your) (?:code|logic|implementation)(?: goes)? here$/,
  /^(?:the )?(?:code|implementation|logic) (?:goes here|remains (?:the same|unchanged)|stays the same|as before|continues(?: here)?)$/,
  /^(?:no changes?(?: needed)?(?: here| below| above)?|same as (?:before|the original|original|previous(?:ly)?))$/,
];

/** Comment syntaxes: line leaders and block brackets; what they enclose is tried as a phrase. */
const LEADER =
  /^\s*(?:\/\/[/!]?|#{1,2}|--|;{1,3}|%{1,2}|\/\*\*?|\*(?!\/)|<!--|\{\/\*|\{#|<%--|\(\*|\{-|'|"{3}|REM\b|dnl\b|!|")\s*/i;
const TRAILER = /\s*(?:\*\/\}?|-->|#\}|--%>|\*\)|-\}|"{3}|")\s*;?\s*$/;
const BRACKETED = /^\s*(?:\[(.+)\]|<(.+)>|\{\{?(.+?)\}?\}|\((.+)\))\s*;?\s*$/;
const INNER = /(?:\/\*+|<!--|\{-|\(\*)\s*(.*?)\s*(?:\*+\/|-->|-\}|\*\))/g;
const TRAILING = /[\s{(:;,](?:\/\/|#|--)\s*((?:\.{3}|…).*)$/;

/** Languages in which a line of three dots alone is code. */
const DOTS_ARE_CODE = /\.(?:pyi?|pyx|c|h|cc|cpp|hpp|cxx|hh|m|mm|ino|R|jl|rb|php|md|markdown|rst|txt|adoc)$/i;

/** Whether the line stands for code that was left out. `path` tells which lines of dots are code. */
export function isPlaceholderLine(line: string, path: string): boolean {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.length > 200) return false;
  if (/^(?:\.{3,}|…)$/.test(trimmed)) return !DOTS_ARE_CODE.test(path);
  if (/^(?:\/\/|#|--|;|\/\*|<!--|\{\/\*)\s*(?:\.{3,}|…)\s*(?:\*\/\}?|-->)?$/.test(trimmed)) return true;

  const leader = LEADER.exec(line);
  if (leader !== null && saysLeftOut(line.slice(leader[0].length).replace(TRAILER, ''))) return true;
  // Without a comment: "... rest of the code ..." and "[existing code]".
  if (/^(?:\.{3,}|…)\s*\w/.test(trimmed) && /\s/.test(trimmed) && saysLeftOut(trimmed)) return true;
  const bracketed = BRACKETED.exec(line);
  const inside = bracketed?.[1] ?? bracketed?.[2] ?? bracketed?.[3] ?? bracketed?.[4];
  if (inside !== undefined && /\s/.test(inside.trim()) && saysLeftOut(inside.replace(/^\/\*|\*\/$/g, ''))) {
    return true;
  }
  for (const match of line.matchAll(INNER)) if (saysLeftOut(match[1] ?? '')) return true;
  const trailing = TRAILING.exec(line);
  return trailing !== null && saysLeftOut(trailing[1] ?? '');
}

function saysLeftOut(comment: string): boolean {
  const lower = comment
    .trim()
    .toLowerCase()
    .replace(/^[([<{]+|[)\]>}]+$/g, '')
    .trim();
  const bare = lower.replace(ELLIPSIS, '').trim();
  if (bare !== lower && (bare === '' || WITH_ELLIPSIS.test(bare.replace(/^[([<{]+|[)\]>}]+$/g, ''))))
    return true;
  const phrase = bare
    .replace(/[.!:;,)]+$/, '')
    .replace(/^\(/, '')
    .replace(/\s+/g, ' ');
  return ALONE.some(pattern => pattern.test(phrase));
}

/** The first placeholder line of `text` that `before` does not hold already; undefined if there is none. */
export function findPlaceholder(text: string, before: string, path: string): string | undefined {
  let known: Set<string> | undefined;
  for (const line of text.split('\n')) {
    if (!isPlaceholderLine(line, path)) continue;
    known ??= new Set(before.split(/\r\n|\n|\r/).map(each => each.trim()));
    if (!known.has(line.trim())) return line.trim();
  }
  return undefined;
}
