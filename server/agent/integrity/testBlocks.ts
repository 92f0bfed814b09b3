/**
 * Where the tests of a file are and what they are called, by lines and indentation, for many languages alike and also
 * where a grammar is missing. It must not know what stands in them.
 */
import { type Family, familyOf } from './files.ts';

/** One test, with what is written above it for it. Lines count from 1, `end` is its last. */
export interface TestBlock {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Header {
  /** Group 1 is the indentation, group `name` what it is called. */
  readonly pattern: RegExp;
  /** What one of the lines directly above must say. */
  readonly above?: RegExp;
}

const HEADERS: Partial<Record<Family, readonly Header[]>> = {
  script: [
    {
      pattern:
        /^(\s*)(?:await\s+|void\s+)?(?:[xf]?(?:it|test|specify)|Deno\.test|t\.test|property)(?:\.(?!describe)\w+(?:\([^()]*\)(?=\())?)*\s*(?:<[^()]*>)?\(\s*(?:(['"`])(?<name>.*?)\2|[\w.]+\s*,|[[{]?\s*$|\[.*\]\)\((['"`])(?<each>.*?)\4)/,
    },
    { pattern: /^(\s*)(?:it|test|specify)(?:\.\w+)*\.each`/ },
  ],
  python: [{ pattern: /^(\s*)(?:async\s+)?def\s+(?<name>test\w*)\s*\(/ }],
  go: [{ pattern: /^()func\s+(?:\([^)]*\)\s*)?(?<name>(?:Test|Benchmark|Fuzz|Example)\w*)\s*\(/ }],
  rust: [
    {
      pattern: /^(\s*)(?:pub\s+)?(?:async\s+)?fn\s+(?<name>\w+)/,
      above: /^\s*#\[(?:\w+::)*(?:test|rstest|test_case|quickcheck|bench)\b/,
    },
  ],
  jvm: [
    {
      pattern:
        /^(\s*)(?:(?:public|private|protected|internal|static|final|suspend|override)\s+)*(?:[\w<>[\], ?]+\s+)?(?:fun\s+)?(?<name>\w+|`[^`]+`)\s*\(/,
      above: /^\s*@(?:\w+\.)*(?:Test|ParameterizedTest|RepeatedTest|Property|TestFactory)\b/,
    },
    { pattern: /^(\s*)(?:test|it|should)\s*\(\s*(")(?<name>.*?)\2/ },
    { pattern: /^(\s*)(?:public\s+)?void\s+(?<name>test\w+)\s*\(/ },
  ],
  dotnet: [
    {
      pattern: /^(\s*)(?:(?:public|private|internal|static|async)\s+)*[\w<>[\]]+\s+(?<name>\w+)\s*\(/,
      above: /^\s*\[(?:Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)\b/,
    },
  ],
  ruby: [
    { pattern: /^(\s*)[xf]?(?:it|specify|test|scenario|example)\b\s*\(?\s*(["'])(?<name>.*?)\2/ },
    { pattern: /^(\s*)def\s+(?<name>test_\w+)/ },
  ],
  php: [
    { pattern: /^(\s*)(?:(?:public|final|static)\s+)*function\s+(?<name>test\w*)\s*\(/ },
    { pattern: /^(\s*)(?:public\s+)?function\s+(?<name>\w+)\s*\(/, above: /@test\b|^\s*#\[Test\b/ },
    { pattern: /^(\s*)(?:it|test)\(\s*(['"])(?<name>.*?)\2/ },
  ],
  c: [
    { pattern: /^(\s*)(?:TEST|TEST_F|TEST_P|TEST_CASE|SCENARIO|BOOST_AUTO_TEST_CASE)\s*\((?<name>[^)]*)\)/ },
  ],
  swift: [{ pattern: /^(\s*)(?:\w+\s+)*func\s+(?<name>test\w*)\s*\(/ }],
  elixir: [{ pattern: /^(\s*)(?:test|property)\s+(")(?<name>.*?)\2/ }],
  dart: [{ pattern: /^(\s*)(?:test|testWidgets)\(\s*(['"])(?<name>.*?)\2/ }],
  shell: [{ pattern: /^(\s*)@test\s+(["'])(?<name>.*?)\2/ }],
};

const BELONGS = /^\s*(?:@|#\[|\[\w|\/\/|\/\*|\*|#(?!\w)|"""|'''|\)\s*$|\]\)?\s*$)/;
const CLOSES = /^\s*(?:[)}\]]|end\b)/;

/** The tests of a file in order; a name that comes twice gets a number. */
export function testBlocksOf(path: string, text: string): readonly TestBlock[] {
  const family = familyOf(path);
  const headers = family && HEADERS[family];
  if (!headers || family === undefined) return [];
  const lines = text.split('\n');
  const blocks: TestBlock[] = [];
  const seen = new Map<string, number>();
  let inText: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const quotes = family === 'python' ? tripleIn(line, inText) : undefined;
    const inside = inText !== undefined;
    inText = quotes;
    if (inside) continue;
    const start = firstAbove(lines, at);
    const found = headers
      .filter(({ above }) => !above || lines.slice(start, at).some(each => above.test(each)))
      .map(({ pattern }) => pattern.exec(line))
      .find(match => match !== null);
    if (!found) continue;
    const end = endOf(lines, at, found[1]?.length ?? 0, family);
    const named = found.groups?.['name'] ?? found.groups?.['each'] ?? titleIn(lines, at, end);
    const count = (seen.get(named) ?? 0) + 1;
    seen.set(named, count);
    blocks.push({
      name: count === 1 ? named : `${named} (${count})`,
      start: start + 1,
      end: end + 1,
      text: lines.slice(start, end + 1).join('\n'),
    });
  }
  return blocks;
}

/** Attributes and comments directly above. */
function firstAbove(lines: readonly string[], at: number): number {
  let start = at;
  while (start > 0 && BELONGS.test(lines[start - 1] as string) && at - start < 40) start--;
  // Decorators go over several lines.
  const indent = /^\s*/.exec(lines[at] as string)?.[0].length ?? 0;
  for (let up = start - 1; up >= 0 && at - up < 200; up--) {
    const line = lines[up] as string;
    const own = /^\s*/.exec(line)?.[0].length ?? 0;
    if (line.trim() === '' || own < indent) break;
    if (own === indent && /^\s*@\w/.test(line)) start = up;
    else if (own === indent && !/^\s*[)\]}]/.test(line)) break;
  }
  // A bracket that closes something else is not above of this.
  while (start < at && /^\s*[)\]}]/.test(lines[start] as string)) start++;
  return start;
}

/** A title on a later line: `it(` or `it.each([…])(`. */
function titleIn(lines: readonly string[], at: number, end: number): string {
  const body = lines.slice(at, Math.min(end + 1, at + 60)).join('\n');
  const title = /^\s*\S+?\(\s*(['"`])(.*?)\1/.exec(body) ?? /[\])`]\s*\)?\s*\(\s*(['"`])(.*?)\1/.exec(body);
  return title?.[2] ?? (lines[at] as string).trim();
}

function endOf(lines: readonly string[], at: number, indent: number, family: Family): number {
  const head = lines[at] as string;
  let last = at;
  let inText = family === 'python' ? tripleIn(head, undefined) : undefined;
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (family === 'python') {
      const within = inText !== undefined;
      inText = tripleIn(line, inText);
      if (within) {
        last = i;
        continue;
      }
    }
    if (line.trim() === '') continue;
    const own = /^\s*/.exec(line)?.[0].length ?? 0;
    if (own > indent) {
      last = i;
      continue;
    }
    if (own < indent) return last;
    if (family === 'python' && !/^\s*\)/.test(line)) return last;
    // A brace on a line of its own opens the body.
    if (/^\s*\{\s*$/.test(line)) {
      last = i;
      continue;
    }
    if (!CLOSES.test(line)) return last;
    last = i;
    if (!/[({[,]\s*$|=>\s*\{?\s*$|\bdo\b.*$/.test(line) && !/^\s*\)\s*(?:->.*)?[:{]?\s*$/.test(line))
      return last;
    if (/^\s*[})\]]+;?\s*$/.test(line) && !/[({[]\s*$/.test(line)) return last;
  }
  return last;
}

/** The triple quote that is open behind a line. */
function tripleIn(line: string, open: string | undefined): string | undefined {
  let now = open;
  for (const [mark] of line.matchAll(/"""|'''/g)) {
    if (now === undefined) now = mark;
    else if (now === mark) now = undefined;
  }
  return now;
}
