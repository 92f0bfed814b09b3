/**
 * What a person changed, and what should come next: `«old→new»` are the edits, made from top to bottom; `next` are the
 * predicted lines, the nearest first. An empty `next` means silence. Data.
 */
export interface Scenario {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  /** Number and text of each line as predicted. */
  readonly next: readonly string[];
  /** Other open files; predicted lines there begin with the file's name. */
  readonly others?: Readonly<Record<string, string>>;
}

export const scenarios: readonly Scenario[] = [
  // --- a name changed where it is declared
  {
    what: 'TypeScript: a declared constant, its uses, and no shadow of it',
    file: 'a.ts',
    text: "const «limit→maximum» = 3;\nexport function f(limit: number) {\n  return limit;\n}\nexport const g = limit + 1; // limit\nexport const h = 'limit';\n",
    next: ['5: export const g = maximum + 1; // limit'],
  },
  {
    what: 'TypeScript: a parameter',
    file: 'a.ts',
    text: 'export function f(«count→total»: number) {\n  const twice = count * 2;\n  return { count: twice };\n}\n',
    next: ['2: const twice = total * 2;'],
  },
  {
    what: 'TypeScript: an exported function, also where it is imported',
    file: 'util.ts',
    text: 'export function «slug→slugify»(text: string) {\n  return text;\n}\nexport const a = slug("x");\n',
    others: { 'main.ts': "import { slug } from './util';\nexport const b = slug('y');\n" },
    next: [
      '4: export const a = slugify("x");',
      "main.ts 1: import { slugify } from './util';",
      "main.ts 2: export const b = slugify('y');",
    ],
  },
  {
    what: 'Python: a local variable, and no other function',
    file: 'a.py',
    text: 'def f(rows):\n    «count→total» = len(rows)\n    return count\n\n\ndef g(rows):\n    count = 2\n    return count\n',
    next: ['3: return total'],
  },
  {
    what: 'Rust: a local variable in its block',
    file: 'a.rs',
    text: 'fn f() -> usize {\n    let «size→length» = 3;\n    let other = size + 1;\n    other + size\n}\n\nfn g(size: usize) -> usize {\n    size\n}\n',
    next: ['3: let other = length + 1;', '4: other + length'],
  },
  {
    what: 'Go: a short declaration',
    file: 'a.go',
    text: 'package a\n\nfunc f() int {\n\t«total→sum» := 1\n\ttotal += 2\n\treturn total\n}\n',
    next: ['5: sum += 2', '6: return sum'],
  },
  {
    what: 'Java: a local variable',
    file: 'A.java',
    text: 'class A {\n    int f() {\n        int «total→sum» = 1;\n        total += 2;\n        return total;\n    }\n}\n',
    next: ['4: sum += 2;', '5: return sum;'],
  },
  {
    what: 'C: a function',
    file: 'a.c',
    text: 'static int «length_of→size_of_text»(const char *s) {\n    return 3;\n}\n\nint main(void) {\n    return length_of("length_of");\n}\n',
    next: ['6: return size_of_text("length_of");'],
  },
  {
    what: 'Lua: a local function',
    file: 'a.lua',
    text: 'local function «trim→strip»(s)\n  return s\nend\n\nreturn trim(trim("a")) -- trim\n',
    next: ['5: return strip(strip("a")) -- trim'],
  },
  // --- silence about names
  {
    what: 'TypeScript: another variable is used at one place',
    file: 'a.ts',
    text: 'const first = 1;\nconst second = 2;\nexport const a = «first→second» + 1;\nexport const b = first + 2;\n',
    next: [],
  },
  {
    what: 'Python: another module is another thing',
    file: 'a.py',
    text: 'import «json→pickle»\n\njson.dumps(1)\n',
    next: [],
  },
  {
    what: 'Go: the name is declared again elsewhere in the block',
    file: 'a.go',
    text: 'package a\n\nfunc f() {\n\t«total→sum» := 1\n\tif true {\n\t\ttotal := 2\n\t\tprint(total)\n\t}\n\tprint(total)\n}\n',
    next: [],
  },
  {
    what: 'Java: a word in a comment',
    file: 'A.java',
    text: 'class A {\n    // the «total→sum» of all\n    int total = 1;\n    int b = total;\n}\n',
    next: [],
  },
  {
    what: 'Rust: a value, not a name',
    file: 'a.rs',
    text: 'const A: u32 = «1→2»;\nconst B: u32 = 1;\n',
    next: [],
  },
  {
    what: 'Lua: a use of another global',
    file: 'a.lua',
    text: 'print(«one→two»)\nprint(one)\n',
    next: [],
  },
  // --- a change made twice, or once on a line with twins
  {
    what: 'TypeScript: await before calls that are built alike',
    file: 'a.ts',
    text: "async function f() {\n  const a = «load→await load»('a.txt');\n  const b = «load→await load»('b.txt');\n  const c = load('c.txt');\n  const d = save('d.txt');\n  const e = await load('e.txt');\n}\n",
    next: ["4: const c = await load('c.txt');"],
  },
  {
    what: 'TypeScript: the names of the other line fill the holes',
    file: 'a.ts',
    text: 'options.width = «input.width→clamp(input.width, 0)»;\noptions.height = «input.height→clamp(input.height, 0)»;\noptions.depth = input.depth;\n',
    next: ['3: options.depth = clamp(input.depth, 0);'],
  },
  {
    what: 'Python: a keyword argument added',
    file: 'a.py',
    text: "a = fetch(client, 'one'«→, retries=3»)\nb = fetch(client, 'two'«→, retries=3»)\nc = fetch(client, 'three')\n",
    next: ["3: c = fetch(client, 'three', retries=3)"],
  },
  {
    what: 'Rust: the same line elsewhere',
    file: 'a.rs',
    text: 'fn f() {\n    let file = File::open(path).«unwrap()→expect("a readable file")»;\n}\n\nfn g() {\n    let file = File::open(path).unwrap();\n}\n',
    next: [],
  },
  {
    what: 'Rust: the same long line elsewhere',
    file: 'a.rs',
    text: 'fn f() {\n    let configuration = File::open(path).«unwrap()→expect("readable")»;\n}\n\nfn g() {\n    let configuration = File::open(path).unwrap();\n}\n',
    next: ['6: let configuration = File::open(path).expect("readable");'],
  },
  {
    what: 'C: a call replaced twice',
    file: 'a.c',
    text: 'void f(char *to) {\n    «strcpy(to, "one")→copy(to, "one", 8)»;\n    «strcpy(to, "two")→copy(to, "two", 8)»;\n    strcpy(to, "six");\n}\n',
    next: ['4: copy(to, "six", 8);'],
  },
  {
    what: 'Java: a method of many calls',
    file: 'A.java',
    text: 'class A {\n    void f(Log log) {\n        log.«info→debug»("one " + name);\n        log.«info→debug»("two " + name);\n        log.info("three " + name);\n    }\n}\n',
    next: ['5: log.debug("three " + name);'],
  },
  {
    what: 'Lua: a call wrapped',
    file: 'a.lua',
    text: 'local a = «tonumber(x)→tonumber(x) or 0»\nlocal b = «tonumber(y)→tonumber(y) or 0»\nlocal c = tonumber(z)\n',
    next: ['3: local c = tonumber(z) or 0'],
  },
  // --- silence about changes
  {
    what: 'TypeScript: another function that gets no second argument',
    file: 'a.ts',
    text: 'const a = parse(input.a«→, 10»);\nconst b = parse(input.b«→, 10»);\nconst c = parse(input.c);\nconst d = format(input.d);\n',
    next: ['3: const c = parse(input.c, 10);'],
  },
  {
    what: 'TypeScript: the next line calls another function',
    file: 'a.ts',
    text: 'const a = parse(input.a«→, 10»);\nconst b = parse(input.b«→, 10»);\nconst d = format(input.d);\n',
    next: [],
  },
  {
    what: 'TypeScript: functions that the person varied himself',
    file: 'a.ts',
    text: 'const a = parse(input.a«→, 10»);\nconst b = format(input.b«→, 10»);\nconst c = round(input.c);\n',
    next: ['3: const c = round(input.c, 10);'],
  },
  {
    what: 'TypeScript: the block above says what it means',
    file: 'a.ts',
    text: "if (mode === 'read') {\n  open(path, 'r', options);\n  close(path, 'r', options);\n}\nif (mode === 'write') {\n  open(path, «'r'→'w'», options);\n  close(path, «'r'→'w'», options);\n}\n",
    next: [],
  },
  {
    what: 'TypeScript: so does the block below',
    file: 'a.ts',
    text: "if (mode === 'write') {\n  open(path, «'r'→'w'», options);\n  close(path, «'r'→'w'», options);\n}\nif (mode === 'read') {\n  open(path, 'r', options);\n  close(path, 'r', options);\n}\n",
    next: [],
  },
  {
    what: 'TypeScript: a copied line is made another one',
    file: 'a.ts',
    text: "app.get('/users', requireLogin, async (req, res) => res.json(await users.all()));\napp.«get('/users', requireLogin, async (req, res) => res.json(await users.all())→post('/users', requireLogin, async (req, res) => res.json(await users.create(req.body))»);\n",
    next: [],
  },
  {
    what: 'TypeScript: what was passed over is not meant',
    file: 'a.ts',
    text: "check(«'a'→'a', true»);\ncheck('b');\ncheck(«'c'→'c', true»);\ncheck('d');\n",
    next: [],
  },
  {
    what: 'Go: one small change',
    file: 'a.go',
    text: 'package a\n\nvar a = f(«1→2»)\nvar b = f(1)\n',
    next: [],
  },
  {
    what: 'Python: a changed line that has no likeness',
    file: 'a.py',
    text: 'a = compute(«1→1, 2»)\nb = other.thing[3]\nc = "compute(1)"\n',
    next: [],
  },
  {
    what: 'C: indentation alone',
    file: 'a.c',
    text: 'void f(void) {\n«→  »    first_call(1);\n    second_call(1);\n}\n',
    next: [],
  },
  {
    what: 'TypeScript: one member for another, twice',
    file: 'a.ts',
    text: 'export function f(row: { one: { size: number }; total: number }, other: typeof row) {\n  const first = row.one.«size→total» + row.total;\n  const second = row.one.«size→total» + row.total + 1;\n  return other.one.size + row.total + first + second;\n}\n',
    next: ['4: return other.one.total + row.total + first + second;'],
  },
  {
    what: 'Rust: two words of a short line that stands again below',
    file: 'a.rs',
    text: 'fn f() {\n    check_all(«one, &two→first, &second»);\n}\n\nfn g() {\n    check_all(one, &two);\n}\n',
    next: ['6: check_all(first, &second);'],
  },
  {
    what: 'TypeScript: a line made once, and its twin above that was left behind',
    file: 'a.ts',
    text: "export const first = () => fetchAll('/users', { retries: 3, cache: true });\nexport const other = 1;\nexport const again = () => «fetchAll('/users', { retries: 3, cache: true })→fetchAll('/users', { retries: 5, cache: true })»;\n",
    next: [],
  },
  {
    what: 'Python: a method of one name in another class is another function',
    file: 'a.py',
    text: 'class A:\n    def format_completion(self, item: «Item→Item[str]») -> str:\n        return ""\n\n\nclass B:\n    def format_completion(self, item: Item) -> str:\n        return "b"\n',
    next: [],
  },
  // --- lines put in, taken out and rewritten
  {
    what: 'Python: a line taken out twice',
    file: 'a.py',
    text: 'def one():\n«    skip_without_zstandard_nor_brotli()\n→»    check("one")\n\n\ndef two():\n«    skip_without_zstandard_nor_brotli()\n→»    check("two")\n\n\ndef three():\n    skip_without_zstandard_nor_brotli()\n    check("three")\n',
    next: ['10: check("three")'],
  },
  {
    what: 'Rust: lines put in between the same lines, deeper',
    file: 'a.rs',
    text: 'fn f() {\n    let size = open_connection();\n«→    log(size);\n»    close_connection(size);\n}\nfn g() {\n    let size = open_connection();\n«→    log(size);\n»    close_connection(size);\n}\nfn h() {\n    if true {\n        let size = open_connection();\n        close_connection(size);\n    }\n}\n',
    next: ['14: log(size);'],
  },
  {
    what: 'TypeScript: three lines became one, by other names',
    file: 'a.ts',
    text: 'export function f(a: string, b: string) {\n«  if (!a) {\n    throw new Error("a is missing");\n  }→  need(a, "a is missing");»\n  const x = a;\n«  if (!b) {\n    throw new Error("b is missing");\n  }→  need(b, "b is missing");»\n  return x + b;\n}\nexport function g(a: string) {\n  if (!a) {\n    throw new Error("a is missing");\n  }\n  return a;\n}\n',
    next: ['8: need(a, "a is missing");'],
  },
  {
    what: 'Python: a line taken out once, with a twin below',
    file: 'a.py',
    text: 'def one():\n«    skip_without_zstandard_nor_brotli()\n→»    check("one")\n\n\ndef two():\n    skip_without_zstandard_nor_brotli()\n    check("two")\n',
    next: [],
  },
  {
    what: 'Go: lines put in at two places where the others have them already',
    file: 'a.go',
    text: 'package a\n\nfunc f() {\n\topen()\n«→\tlog()\n»\tclose()\n}\n\nfunc g() {\n\topen()\n«→\tlog()\n»\tclose()\n}\n\nfunc h() {\n\topen()\n\tlog()\n\tclose()\n}\n',
    next: [],
  },
  {
    what: 'Python: a line taken out twice, and its twin above that was left behind',
    file: 'a.py',
    text: 'def zero():\n    skip_without_zstandard_nor_brotli()\n    check("zero")\n\n\ndef one():\n«    skip_without_zstandard_nor_brotli()\n→»    check("one")\n\n\ndef two():\n«    skip_without_zstandard_nor_brotli()\n→»    check("two")\n',
    next: [],
  },
  // --- a name brought in
  {
    what: 'Python: another name out of the same module takes the place of the first',
    file: 'a.py',
    text: 'from time import «clock→perf_counter»\n\n\ndef f():\n    return clock()\n',
    next: ['5: return perf_counter()'],
  },
  {
    what: 'TypeScript: another name out of the same module',
    file: 'a.ts',
    text: "import { «parse→parseStrict», other } from './parse';\n\nexport const a = parse('a') + other;\n",
    next: ["3: export const a = parseStrict('a') + other;"],
  },
  {
    what: 'Ruby: a function renamed whose file has the old name in a string',
    file: 'a.rb',
    text: "require 'style'\n\ndef «style→styled»(text)\n  text\nend\n\nputs style('a')\n",
    next: ["7: puts styled('a')"],
  },
  {
    what: 'TypeScript: numbers of a table, changed twice',
    file: 'a.ts',
    text: 'export const a = [\n  {\n    weight: «7→3»,\n  },\n  {\n    weight: «7→3»,\n  },\n  {\n    weight: 7,\n  },\n];\n',
    next: [],
  },
  // --- a signature changed
  {
    what: 'TypeScript: a parameter added whose name is in scope at the call',
    file: 'a.ts',
    text: 'function draw(shape: string«→, color: string») {\n  return shape + color;\n}\nfunction main(color: string) {\n  return draw("box");\n}\nfunction other() {\n  return draw("line");\n}\nexport { main, other };\n',
    next: ['5: return draw("box", color);'],
  },
  {
    what: 'Python: a parameter removed',
    file: 'a.py',
    text: 'def area(width, height«, unit→»):\n    return width * height\n\n\nprint(area(1, (2 + 3), "m"))\n',
    next: ['5: print(area(1, (2 + 3)))'],
  },
  {
    what: 'Go: parameters in another order',
    file: 'a.go',
    text: 'package a\n\nfunc put(«key string, value int→value int, key string») {}\n\nfunc f() {\n\tput("a", 1)\n}\n',
    next: ['6: put(1, "a")'],
  },
  {
    what: 'Java: a parameter removed from a method',
    file: 'A.java',
    text: 'class A {\n    int area(int width, int height«, String unit→») {\n        return width * height;\n    }\n    int f() {\n        return area(1, 2, "m");\n    }\n}\n',
    next: ['6: return area(1, 2);'],
  },
  {
    what: 'Python: a parameter with a default leaves the calls as they are',
    file: 'a.py',
    text: 'def area(width«→, height=1»):\n    return width * height\n\n\ndef f(height):\n    return area(3)\n',
    next: [],
  },
  {
    what: 'Rust: an argument that nobody knows',
    file: 'a.rs',
    text: 'fn area(width: u32«→, height: u32») -> u32 {\n    width\n}\n\nfn f() -> u32 {\n    area(3)\n}\n',
    next: [],
  },
  {
    what: 'Python: arguments that are spread',
    file: 'a.py',
    text: 'def area(width, height«, unit→»):\n    return width * height\n\n\nprint(area(*row))\n',
    next: [],
  },
  // --- what the documentation says of a parameter
  {
    what: 'TypeScript: a parameter renamed, in its body and in the comment above',
    file: 'a.ts',
    text: '/**\n * Draws `size` things.\n *\n * @param size - how many\n * @param {string} color - of each\n */\nexport function draw(«size→count»: number, color: string) {\n  return color.repeat(size);\n}\n',
    next: ['8: return color.repeat(count);', '4: * @param count - how many'],
  },
  {
    what: 'Python: a parameter renamed that a docstring lists',
    file: 'a.py',
    text: 'def draw(«size→count», color):\n    """Draw.\n\n    Args:\n        size (int): how many\n        color: of each, whatever its size: it does not matter\n    """\n    return color\n',
    next: ['5: count (int): how many'],
  },
  {
    what: 'Python: a parameter removed with all that is said of it',
    file: 'a.py',
    text: 'def draw(size«, color→»):\n    """Draw.\n\n    :param size: how many\n    :param color: of each, and\n        of its edge\n    """\n    return size\n',
    next: ['5: """'],
  },
  {
    what: 'TypeScript: a parameter removed, and the lines around what is said of it',
    file: 'a.ts',
    text: '/**\n * @param size - how many\n * @param color - of each\n * @returns it\n */\nexport function draw(size: number«, color: string→») {\n  return size;\n}\n',
    next: ['3: * @returns it'],
  },
  {
    what: 'TypeScript: documentation that ends on the same line is left alone',
    file: 'a.ts',
    text: '/** @param color - of each */\nexport function draw(size: number«, color: string→») {\n  return size;\n}\n',
    next: [],
  },
  {
    what: 'TypeScript: the documentation of another function, and prose',
    file: 'a.ts',
    text: '/** @param color - of each */\nexport const other = (color: string) => color;\n// The color is what it is.\nexport function draw(size: number«, color: string→») {\n  return size;\n}\n',
    next: [],
  },
  // --- a constructor
  {
    what: 'Python: a parameter that is not kept yet',
    file: 'a.py',
    text: 'class A:\n    def __init__(self, name, size«→, color»):\n        self.name = name\n        self.size = size\n        self.done = False\n',
    next: ['5: self.color = color'],
  },
  {
    what: 'TypeScript: a parameter that is not kept yet',
    file: 'a.ts',
    text: 'class A {\n  constructor(name: string, size: number«→, color: string») {\n    this.name = name;\n    this.size = size;\n  }\n}\n',
    next: ['5: this.color = color;'],
  },
  {
    what: 'Python: a constructor that keeps nothing by name',
    file: 'a.py',
    text: 'class A:\n    def __init__(self, name, size«→, color»):\n        self.label = str(name)\n        self.area = size * 2\n',
    next: [],
  },
];
