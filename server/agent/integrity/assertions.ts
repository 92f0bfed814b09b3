/**
 * The assertions of a test and how much each asks for, by the words of the common libraries. A table; it must not know
 * where tests begin and end.
 */
import { bare } from './code.ts';
import type { Family } from './files.ts';

/**
 * How much an assertion asks for. `exact`: one value. `partly`: a part or a range of it. `exists`: that there is
 * something, or that nothing is thrown. `nothing`: it cannot fail.
 */
export type Strength = 'nothing' | 'exists' | 'partly' | 'exact';

export const STRENGTHS: readonly Strength[] = ['nothing', 'exists', 'partly', 'exact'];

export interface Assertion {
  /** Of one line, without blanks that say nothing. */
  readonly text: string;
  readonly strength: Strength;
  /** Compares a whole structure, so that it may stand for several. */
  readonly whole: boolean;
}

const ASSERTION =
  /(?:^|[^\w.'"`])(?:(?:self|this|cls|chai|Assert|assert|t|is|tap|test|QUnit|vi|helpers?)\.)?(?:assert\w*!?|expect\w*|XCTAssert\w*|XCTFail|must_\w+|EXPECT_\w+|ASSERT_\w+|CHECK(?:_\w+)?|REQUIRE(?:_\w+)?|BOOST_\w+|refute\w*|flunk|fail\w*!?|verify\w*|ensure\w*|panic!|pytest\.raises|warns)\s*(?:[(.\s{[]|$)|(?:^|[^\w])(?:t|assert|Assert|is|tap|require|check|c|qt|suite|s)\.(?:is|not|deepEqual|like|true|false|truthy|falsy|throws\w*|regex|snapshot|ok|equal\w*|same|match\w*|pass|fail|plan|rejects|Error|Errorf|Fatal|Fatalf|Fail|FailNow|That\w*|\w*Equals?\w*|\w*Nil\w*|\w*Contains?\w*|\w*Error\w*|\w*True|\w*False|Len|Empty|NotEmpty|Greater\w*|Less\w*|Zero|Panics\w*|Same|Exactly|Regexp|JSONEq|InDelta|InEpsilon|Subset|ElementsMatch|strictEqual|deepStrictEqual|notEqual|doesNotMatch|throwsAsync)\s*(?:\.\w+)?\(|\.should\b|\bshould(?:Be|Equal|Throw|Have|Contain)\w*\b|\braise(?:s)?\s+AssertionError/;

const NOTHING =
  /\b(?:assert|assert!|ok|assertTrue|assert_true|isTrue|True|truthy|XCTAssertTrue|XCTAssert|EXPECT_TRUE|ASSERT_TRUE|CHECK|REQUIRE|true)\s*\(?\s*(?:true|True|TRUE|1|!0|!false|not False)\s*(?:[,);\n]|$)|\bexpect\(\s*(true|false|\d+|null|undefined|"[^"]*"|'[^']*')\s*\)\.\w+\(?\s*(?:\1|)\s*\)?|\bassert_?[eE]q(?:ual)?s?!?\s*\(\s*([\w.]+)\s*,\s*\2\s*[,)]|\.(?:strict|deep|deepStrict)?[eE]qual\(\s*([\w.()]+)\s*,\s*\3\s*[,)]|\bexpect\(\s*([\w.]+(?:\([^()]*\))?)\s*\)\.(?:to\w+|to\.(?:\w+\.)*\w+)\(\s*\4\s*\)|\bassert\s+([\w.]+(?:\([^()]*\))?)\s*==\s*\5\s*$|\b(?:assert|assertTrue)\s*\(?.*\b(?:or True|\|\| true)\b/;
const EXISTS =
  /\.(?:toBeDefined|toBeTruthy|toBeInstanceOf|toBeTypeOf|exist|instanceOf|truthy|toHaveBeenCalled|toBeUndefined|toBeFalsy|doesNotThrow|doesNotReject|pass|notNull|NotNil|NoError|NotEmpty|NotZero|exists|isDefined)\b|\.not\.(?:toBeNull|toBeUndefined|toThrow\w*|toBe|toEqual|null|undefined)\b|\.to\.(?:be\.)?(?:exist|ok|not\.be|not\.throw)\b|\b(?:assert\.ok|assert|ok|t\.ok|t\.truthy|assertTrue|assertIsNotNone|assertIsInstance|assertNotNull|assertNotNil|XCTAssertNotNil|XCTAssertNoThrow|assertDoesNotThrow|assert_not_nil|refute_nil|assert_instance_of|assertInstanceOf|notEqual|assertNotEqual|assertNotEquals|assert_ne!|EXPECT_NO_THROW|EXPECT_NE)\s*\(\s*[\w.]+(?:\(.*\))?\s*[,)]|\bis not None\b|\bisinstance\(|\bis_(?:some|ok)\(\)|\bexpect\.any\w*|\b(?:mock\.)?ANY\b|\.anything\(\)|!= nil\b|!== (?:null|undefined)|typeof |^\s*assert\s+[\w.]+(?:\([^()]*\))?\s*$/;
const PARTLY =
  /\.(?:toMatch(?!\w*Snapshot)\w*|toContain\w*|toHaveProperty|toBeCloseTo|toBeGreater\w*|toBeLess\w*|toHaveLength|include\w*|contain\w*|match\w*|doesNot(?!Throw|Reject)\w+|isIn\w*|above|below|least|most|closeTo|within|gte?|lte?|greaterThan\w*|lessThan\w*|startsWith|endsWith|hasSize|Contains|Greater\w*|Less\w*|InDelta|InEpsilon|Len|Regexp|objectContaining|arrayContaining|stringContaining|like)\b|\bassert(?:In|Greater\w*|Less\w*|AlmostEqual\w*|Regex\w*|Contains|_match|_includes|_in_delta|_in_epsilon|ItemsEqual|CountEqual|Subset|Length)\b|\bassert\b.*(?:[^<>=!]>=?|<=?|\bin\b|\.(?:starts|ends)_?[wW]ith\b|\bany\()[^=]|\b(?:EXPECT|ASSERT)_(?:GT|LT|GE|LE|NEAR|THAT)\b|\bapprox\(|\.(?:contains|startsWith|endsWith|includes|starts_with|ends_with)\(|\.(?:match|test|search)\(|\bisclose\(|\ballclose\(/;
const WHOLE =
  /[[{]|deep|Struct|assertDict|assertList|\bDict|\w+\([^()]*,[^()]*\)\s*\)?;?$|toMatch(?:Inline)?Snapshot|toEqual|cmp\.Diff|DeepEqual|EqualValues|assert_eq!/i;
/** An assertion goes on over so many lines at most. */
const MOST_LINES = 14;
/** Of an assertion, what is looked at. UTF-16 units. */
const LONGEST = 1_000;

/** The assertions in a piece of code, in order. */
export function assertionsIn(text: string, family: Family | undefined): readonly Assertion[] {
  const lines = bare(text, family, false).split('\n');
  const shadows = bare(text, family, true).split('\n');
  const found: Assertion[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!ASSERTION.test((shadows[at] ?? '').slice(0, LONGEST)) || isDeclared(shadows[at] ?? '')) continue;
    let end = at;
    let depth = depthOf(shadows[at] ?? '');
    while (depth > 0 && end - at < MOST_LINES && end + 1 < lines.length)
      depth += depthOf(shadows[++end] ?? '');
    const asked = lines
      .slice(at, end + 1)
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim();
    const condition = family === 'go' ? conditionOf(shadows, at) : '';
    found.push({
      text: condition === '' ? asked : `${condition} ${asked}`,
      strength: condition === '' ? strengthOf(asked) : strengthOfCondition(condition),
      whole: WHOLE.test(asked) || WHOLE.test(condition),
    });
    // Several in a chain on following lines are one; a block that is handed over has its own.
    at = /=>\s*\{|\bfunction\b|\{\s*$|:\s*$/.test(shadows[at] ?? '') ? at : end;
  }
  return found;
}

function isDeclared(line: string): boolean {
  return /^\s*(?:import|from|export|use|using|require_relative|#include|package)\b|^\s*(?:(?:public|private|protected|static|async|export|pub)\s+)*(?:function|def|fn|func|void)\s/.test(
    line,
  );
}

function depthOf(line: string): number {
  let depth = 0;
  for (const character of line) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
  }
  return depth;
}

/** Go asks with `if` and says so in what follows. */
function conditionOf(lines: readonly string[], at: number): string {
  for (let up = at - 1; up >= Math.max(0, at - 3); up--) {
    const match = /^\s*(?:\} else )?if\s+(.*?)\s*\{\s*$/.exec(lines[up] ?? '');
    if (match) return match[1] ?? '';
  }
  return '';
}

function strengthOfCondition(condition: string): Strength {
  if (/^(?:false|true)\b|\bfalse &&|&& false\b/.test(condition)) return 'nothing';
  if (/\berr\w* [!=]= nil\b|[!=]= nil$|== ""$|len\([^)]*\) == 0/.test(condition)) return 'exists';
  if (/Contains|HasPrefix|HasSuffix|MatchString|[^=!<>][<>]=? /.test(condition)) return 'partly';
  return 'exact';
}

function strengthOf(asked: string): Strength {
  if (NOTHING.test(asked) || comparesWithItself(asked)) return 'nothing';
  // What is compared decides before what the comparison is wrapped in.
  if (/[^=!<>]===?[^=]/.test(asked.replace(/(['"`]).*?\1/g, "''")) && !/\bexpect\.any|ANY\b/.test(asked))
    return 'exact';
  if (EXISTS.test(asked)) return 'exists';
  return PARTLY.test(asked) ? 'partly' : 'exact';
}

/** `equal(f(1), f(1))`, `expect(f(1)).toBe(f(1))`, `assert f(1) == f(1)`. */
function comparesWithItself(asked: string): boolean {
  const [, plain] = /^assert\s+(.*)$/.exec(asked) ?? [];
  if (plain !== undefined) {
    const [left, right, ...more] = plain.split(/\s*==\s*/);
    return more.length === 0 && right !== undefined && left === right;
  }
  const open = asked.indexOf('(');
  if (open < 0) return false;
  const first = argumentsIn(asked, open);
  if (first.texts.length >= 2) return first.texts[0] !== '' && first.texts[0] === first.texts[1];
  const next = /^\.[\w.]+\(/.exec(asked.slice(first.end));
  if (!next || first.texts.length !== 1) return false;
  const second = argumentsIn(asked, first.end + next[0].length - 1).texts;
  return second.length === 1 && second[0] !== '' && second[0] === first.texts[0];
}

/** What stands between the commas of a call that opens at `open`. */
function argumentsIn(
  text: string,
  open: number,
): { readonly texts: readonly string[]; readonly end: number } {
  const texts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < text.length; at++) {
    const character = text[at] as string;
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    if (depth !== 0 && !(depth === 1 && character === ',')) continue;
    texts.push(text.slice(from, at).trim());
    from = at + 1;
    if (depth === 0) return { texts, end: at + 1 };
  }
  return { texts, end: text.length };
}
