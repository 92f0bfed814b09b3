/** Good and bad snippets of every pattern, as data. A bad one raises exactly its rule; a good one nothing at all. */

export interface ReviewCase {
  readonly rule: string;
  /** File name and code. */
  readonly bad: readonly (readonly [file: string, code: string])[];
  readonly good: readonly (readonly [file: string, code: string])[];
}

export const reviewCases: readonly ReviewCase[] = [
  {
    rule: 'self-comparison',
    bad: [
      ['a.ts', 'if (a.b === a.b) f();\n'],
      ['a.js', 'const ok = left && left;\n'],
      ['a.py', 'if width <= width:\n    f()\n'],
      ['a.go', 'package p\nfunc f(a, b int) bool { return a == a }\n'],
      ['a.rs', 'fn f(a: u8) -> bool { a.x == a.x }\n'],
      ['A.java', 'class A { boolean f() { return this.a == this.a; } }\n'],
      ['a.c', 'int f(int a) { return a >= a; }\n'],
    ],
    good: [
      ['a.ts', 'if (x !== x) f();\nif (next() === next()) g();\nif (a[i++] === a[i++]) h();\n'],
      ['a.py', 'if a == b or c == d:\n    f()\n'],
      ['a.go', 'package p\nfunc f(c chan int) bool { return <-c == <-c }\n'],
      ['a.test.ts', 'assert(a === a);\n'],
    ],
  },
  {
    rule: 'assignment-in-condition',
    bad: [
      ['a.ts', 'if (a = b) f();\n'],
      ['a.js', 'if (ready = true) { f(); }\n'],
      ['a.c', 'int f(int a) { if (a = 1) return 2; return 3; }\n'],
    ],
    good: [
      ['a.ts', 'if ((a = b)) f();\nif (m = re.exec(s)) g();\nwhile (a = b) h();\n'],
      ['a.c', 'int f(int a) { if ((a = g())) return 2; return 3; }\n'],
    ],
  },
  {
    rule: 'compare-to-nan',
    bad: [
      ['a.ts', 'if (n === NaN) f();\n'],
      ['a.js', 'const bad = Number.NaN != n;\n'],
    ],
    good: [['a.ts', 'if (Number.isNaN(n)) f();\n']],
  },
  {
    rule: 'impossible-typeof',
    bad: [['a.ts', "if (typeof a === 'strnig') f();\n"]],
    good: [['a.ts', "if (typeof a === 'string') f();\nif (typeof a === typeof b) g();\n"]],
  },
  {
    rule: 'negated-left-side',
    bad: [
      ['a.ts', 'if (!key in table) f();\n'],
      ['a.js', 'if (!a instanceof B) f();\n'],
    ],
    good: [['a.ts', 'if (!(key in table)) f();\n']],
  },
  {
    rule: 'length-never-negative',
    bad: [
      ['a.ts', 'if (rows.length >= 0) f();\n'],
      ['a.py', 'if len(rows) < 0:\n    f()\n'],
      ['A.java', 'class A { boolean f(String s) { return s.length() >= 0; } }\n'],
    ],
    good: [
      ['a.ts', 'if (rows.length > 0) f();\nif (list.indexOf(x) >= 0) g();\n'],
      ['a.py', 'ok = len(rows) <= 0\n'],
    ],
  },
  {
    rule: 'identity-of-literal',
    bad: [
      ['a.py', 'if name is "a":\n    f()\n'],
      ['a.py', 'if count is not 5:\n    f()\n'],
    ],
    good: [['a.py', 'if a is None or b is True or c is d:\n    f()\n']],
  },
  {
    rule: 'equals-none',
    bad: [
      ['a.py', 'if a == None:\n    f()\n'],
      ['a.py', 'ok = a != None\n'],
    ],
    good: [['a.py', 'rows = query.filter(User.name == None)\nok = a is None\n']],
  },
  {
    rule: 'string-identity',
    bad: [['A.java', 'class A { boolean f(String s) { return s == "a"; } }\n']],
    good: [
      [
        'A.java',
        'class A { boolean f(String s) { return "a".equals(s) || s == null || s.length() == 1; } }\n',
      ],
    ],
  },
  {
    rule: 'duplicate-condition',
    bad: [
      ['a.ts', 'if (a === 1) f(); else if (b) g(); else if (a === 1) h();\n'],
      ['a.py', 'if a == 1:\n    f()\nelif b:\n    g()\nelif a == 1:\n    h()\n'],
      ['a.go', 'package p\nfunc f(a int) {\n\tif a == 1 {\n\t\tg()\n\t} else if a == 1 {\n\t\th()\n\t}\n}\n'],
      ['a.rs', 'fn f(a: u8) { if a == 1 { g(); } else if a == 1 { h(); } }\n'],
    ],
    good: [
      ['a.ts', 'if (next() === 1) f(); else if (next() === 1) g();\n'],
      [
        'a.go',
        'package p\nfunc f() {\n\tif x := g(); x {\n\t\ta()\n\t} else if x := h(); x {\n\t\tb()\n\t}\n}\n',
      ],
      ['a.rs', 'fn f(a: X) { if let Some(b) = a { g(b); } else if let None = a { h(); } }\n'],
    ],
  },
  {
    rule: 'identical-branches',
    bad: [
      ['a.ts', 'if (a) {\n  send(b);\n} else {\n  send( b );\n}\n'],
      ['a.py', 'if a:\n    send(b)\nelse:\n    send(b)\n'],
      ['a.go', 'package p\nfunc f(a bool) {\n\tif a {\n\t\tsend(b)\n\t} else {\n\t\tsend(b)\n\t}\n}\n'],
    ],
    good: [
      ['a.ts', 'if (a) send(b); else send(c);\nif (a) send(b); else if (c) send(b);\n'],
      ['a.py', 'if a:\n    send(b)  # for now\nelse:\n    send(b)\n'],
    ],
  },
  {
    rule: 'identical-alternatives',
    bad: [
      ['a.ts', 'const x = a ? b.c : b.c;\n'],
      ['A.java', 'class A { int f(boolean a) { return a ? 1 : 1; } }\n'],
    ],
    good: [['a.ts', 'const x = a ? b : c;\n']],
  },
  {
    rule: 'unreachable-code',
    bad: [
      ['a.ts', 'function f() {\n  return 1;\n  g();\n}\n'],
      ['a.py', 'def f():\n    raise ValueError()\n    g()\n'],
      ['a.c', 'int f(void) {\n  return 1;\n  g();\n}\n'],
      ['a.go', 'package p\nfunc f() int {\n\treturn 1\n\tg()\n}\n'],
    ],
    good: [
      [
        'a.ts',
        'function f() {\n  return g();\n  function g() {}\n}\nfunction h() {\n  if (a) return 1;\n  return 2;\n}\n',
      ],
      ['a.py', 'def f():\n    return\n    yield\n\ndef g():\n    if a:\n        return 1\n    return 2\n'],
      [
        'a.c',
        'int f(int a) {\n  switch (a) {\n  case 1:\n    return 1;\n  default:\n    break;\n  }\n  goto end;\nend:\n  return 2;\n}\n',
      ],
    ],
  },
  {
    rule: 'duplicate-case',
    bad: [['a.ts', "switch (a) {\n  case 'x': f(); break;\n  case 'y': g(); break;\n  case 'x': h();\n}\n"]],
    good: [['a.ts', "switch (a) {\n  case 'x': f(); break;\n  case 'y': g();\n}\n"]],
  },
  {
    rule: 'unused-result',
    bad: [
      ['a.ts', 'name.trim();\n'],
      ['a.js', "text.replace(/a/g, 'b');\n"],
      ['a.js', 'rows.filter(row => row.ok);\n'],
      ['a.py', 'name.strip()\n'],
      ['A.java', 'class A { void f(String s) { s.toUpperCase(); } }\n'],
    ],
    good: [
      ['a.ts', "const a = name.trim();\nrouter.replace('/a', '/b');\nlist.sort();\n"],
      ['a.py', 'os.replace(a, b)\nname = name.strip()\nrows.sort()\n'],
      ['A.java', 'class A { void f(String s) { try { s.substring(5); } catch (E e) { g(); } } }\n'],
    ],
  },
  {
    rule: 'assigned-none',
    bad: [
      ['a.py', 'rows = rows.append(1)\n'],
      ['a.py', 'self.rows = self.rows.sort()\n'],
    ],
    good: [['a.py', 'rows = other.append(1)\nrows.sort()\nrows = sorted(rows)\n']],
  },
  {
    rule: 'self-assignment',
    bad: [
      ['a.ts', 'this.a = this.a;\n'],
      ['a.py', 'self.a = self.a\n'],
      ['A.java', 'class A { int n; A(int n) { n = n; } }\n'],
      ['a.go', 'package p\nfunc f(a T) { a.b = a.b }\n'],
    ],
    good: [
      ['a.ts', 'this.a = a;\nthis.a += this.a;\n'],
      ['a.py', 'join = join\nself.a = a\nself.a: int = self.a\n'],
      ['a.c', 'void f(int a) { a = a; }\n'],
    ],
  },
  {
    rule: 'mutable-default',
    bad: [
      ['a.py', 'def f(rows=[]):\n    rows.append(1)\n'],
      ['a.py', 'def f(rows: list = []):\n    return rows\n'],
      ['a.py', 'def f(self, a={}):\n    self.a = a\n'],
    ],
    good: [['a.py', 'def f(rows=None, n=(), s=""):\n    rows = rows or []\n    rows.append(1)\n']],
  },
  {
    rule: 'missing-await',
    bad: [
      ['a.ts', 'async function save() { await x(); }\nasync function main() {\n  save();\n}\n'],
      ['a.py', 'async def save():\n    await x()\n\nasync def main():\n    save()\n'],
      [
        'a.py',
        'class A:\n    async def save(self):\n        await x()\n    def run(self):\n        self.save()\n',
      ],
    ],
    good: [
      [
        'a.ts',
        'async function save() { await x(); }\nasync function main() {\n  await save();\n  void save();\n}\nsave();\n',
      ],
      ['a.ts', 'class A { async save() {} }\nclass B { save() {} async run() { this.save(); } }\n'],
      ['a.py', 'async def save():\n    await x()\n\nasync def main():\n    await save()\n    run(save())\n'],
    ],
  },
  {
    rule: 'async-for-each',
    bad: [['a.ts', 'async function f(xs) {\n  xs.forEach(async x => { await g(x); });\n}\n']],
    good: [
      [
        'a.ts',
        'async function f(xs) {\n  xs.forEach(x => g(x));\n  for (const x of xs) { await g(x); h(x); }\n}\n',
      ],
    ],
  },
  {
    rule: 'lost-error',
    bad: [
      ['a.go', 'package p\nfunc f() error {\n\ta, err := g()\n\tb, err := h(a)\n\treturn use(b, err)\n}\n'],
    ],
    good: [
      [
        'a.go',
        'package p\nfunc f() error {\n\ta, err := g()\n\tif err != nil {\n\t\treturn err\n\t}\n\tb, err := h(a)\n\treturn use(b, err)\n}\n',
      ],
      ['a.go', 'package p\nfunc f() error {\n\t_, err := g()\n\terr = wrap(err)\n\treturn err\n}\n'],
    ],
  },
  {
    rule: 'duplicate-key',
    bad: [
      ['a.ts', 'const t = { a: 1, b: 2, a: 3 };\n'],
      ['a.py', 't = {\'a\': 1, "a": 2}\n'],
    ],
    good: [
      ['a.ts', 'const t = { a: 1, b: 2, [a]: 3, ...t };\n'],
      ['a.py', "t = {'a': 1, 'b': 2, a: 3}\n"],
    ],
  },
  {
    rule: 'repeated-method',
    bad: [['a.py', 'class A:\n    def f(self):\n        return 1\n    def f(self):\n        return 2\n']],
    good: [
      [
        'a.py',
        'class A:\n    @property\n    def f(self):\n        return 1\n    @f.setter\n    def f(self, v):\n        g(v)\n',
      ],
    ],
  },
  {
    rule: 'bare-except',
    bad: [['a.py', 'try:\n    f()\nexcept:\n    g()\n']],
    good: [
      ['a.py', 'try:\n    f()\nexcept ValueError:\n    g()\n'],
      ['a.py', 'try:\n    f()\nexcept:\n    g()\n    raise\n'],
    ],
  },
  {
    rule: 'except-or',
    bad: [['a.py', 'try:\n    f()\nexcept A or B:\n    g()\n']],
    good: [['a.py', 'try:\n    f()\nexcept (A, B):\n    g()\n']],
  },
  {
    rule: 'assert-tuple',
    bad: [['a.py', 'assert (a, "a must be there")\n']],
    good: [['a.py', 'assert (a), "a must be there"\nassert a == (1, 2)\n']],
  },
  {
    rule: 'raise-not-implemented',
    bad: [
      ['a.py', 'def f():\n    raise NotImplemented\n'],
      ['a.py', 'def f():\n    raise NotImplemented("f")\n'],
    ],
    good: [['a.py', 'def f():\n    raise NotImplementedError("f")\n']],
  },
  {
    rule: 'open-without-with',
    bad: [['a.py', 'text = open(path).read()\n']],
    good: [['a.py', 'with open(path) as file:\n    text = file.read()\n']],
  },
  {
    rule: 'strip-set',
    bad: [
      ['a.py', 'name = name.rstrip(".min.js")\n'],
      ['a.go', 'package p\nfunc f(s string) string { return strings.TrimLeft(s, "http://") }\n'],
    ],
    good: [
      ['a.py', 'name = name.strip(" \\t\\n").lstrip("v")\n'],
      ['a.go', 'package p\nfunc f(s string) string { return strings.TrimPrefix(s, "http://") }\n'],
    ],
  },
  {
    rule: 'defer-in-loop',
    bad: [
      [
        'a.go',
        'package p\nfunc f(xs []T) {\n\tfor _, x := range xs {\n\t\tdefer x.Close()\n\t\tx.Use()\n\t}\n}\n',
      ],
    ],
    good: [
      [
        'a.go',
        'package p\nfunc f(xs []T) {\n\tfor _, x := range xs {\n\t\tfunc() {\n\t\t\tdefer x.Close()\n\t\t}()\n\t}\n\tdefer g()\n}\n',
      ],
    ],
  },
  {
    rule: 'beyond-the-end',
    bad: [
      ['a.ts', 'for (let i = 0; i <= rows.length; i++) {\n  f(rows[i]);\n}\n'],
      ['A.java', 'class A { void f(int[] a) { for (int i = 0; i <= a.length; i++) { g(a[i]); } } }\n'],
      ['a.cpp', 'void f() { for (int i = 0; i <= rows.size(); i++) { g(rows[i]); } }\n'],
    ],
    good: [
      [
        'a.ts',
        'for (let i = 0; i < rows.length; i++) f(rows[i]);\nfor (let i = 0; i <= rows.length; i++) cut(i);\nfor (let i = 0; i <= s.length; i++) if (i === s.length || s[i] === x) f();\n',
      ],
    ],
  },
  {
    rule: 'await-in-loop',
    bad: [['a.ts', 'async function f(xs) {\n  for (const x of xs) {\n    await g(x);\n  }\n}\n']],
    good: [['a.ts', 'async function f(xs) {\n  for await (const x of xs) {\n    await g(x);\n  }\n}\n']],
  },
  {
    rule: 'unbounded-copy',
    bad: [
      ['a.c', 'void f(char *a) { gets(a); }\n'],
      ['a.c', 'void f(char *a, char *b) { strcpy(a, b); }\n'],
    ],
    good: [['a.c', 'void f(char *a) { strcpy(a, "x"); strcpy(a, NAME); fgets(a, 3, in); }\n']],
  },
  {
    rule: 'open-format',
    bad: [
      ['a.c', 'void f(char *text) { printf(text); }\n'],
      ['a.c', 'void f(char *text) { fprintf(out, text); }\n'],
    ],
    good: [['a.c', 'void f(char *text) { printf("%s", text); printf(USAGE); fprintf(out, text, a); }\n']],
  },
  {
    rule: 'composed-sql',
    bad: [
      ['a.ts', 'db.query(`SELECT a FROM t WHERE id = ${id}`);\n'],
      ['a.py', 'cursor.execute("SELECT a FROM t WHERE id = " + id)\n'],
      ['a.py', 'cursor.execute(f"DELETE FROM t WHERE id = {id}")\n'],
      ['a.py', 'cursor.execute("SELECT a FROM t WHERE id = %s" % id)\n'],
      ['a.go', 'package p\nfunc f() { db.Query("SELECT a FROM t WHERE id = " + id) }\n'],
      ['A.java', 'class A { void f() { s.executeQuery("SELECT a FROM t WHERE id = " + id); } }\n'],
    ],
    good: [
      ['a.ts', "db.query('SELECT a FROM t WHERE id = $1', [id]);\ndb.query(`SELECT a FROM ${TABLE}`);\n"],
      [
        'a.py',
        'cursor.execute("SELECT a FROM t WHERE id = %s", (id,))\ncursor.execute("SELECT a " + "FROM t")\n',
      ],
    ],
  },
  {
    rule: 'runs-text',
    bad: [
      ['a.ts', 'eval(text);\n'],
      ['a.py', 'exec(text)\n'],
      ['a.js', "const f = new Function('a', body);\n"],
    ],
    good: [
      ['a.ts', "eval('1');\n"],
      ['a.py', 'exec(compile(text, name, "exec"), scope)\nmodel.eval()\n'],
    ],
  },
  {
    rule: 'shell-text',
    bad: [
      ['a.py', 'subprocess.run(f"ls {path}", shell=True)\n'],
      ['a.py', 'os.system("rm " + path)\n'],
      ['a.ts', 'execSync(`ls ${path}`);\n'],
    ],
    good: [
      ['a.py', 'subprocess.run("ls -l", shell=True)\nsubprocess.run(["ls", path])\n'],
      ['a.ts', "execSync('ls -l');\nconst m = re.exec(`a ${b}`);\n"],
    ],
  },
  {
    rule: 'weak-password-hash',
    bad: [
      ['a.py', 'key = hashlib.md5(password.encode()).hexdigest()\n'],
      ['a.ts', "const key = createHash('sha1').update(password).digest('hex');\n"],
      ['a.go', 'package p\nfunc f() { a := md5.Sum([]byte(password)) }\n'],
    ],
    good: [['a.py', 'key = hashlib.md5(body).hexdigest()\nkey = hashlib.sha256(password).digest()\n']],
  },
  {
    rule: 'guessable-secret',
    bad: [
      ['a.ts', 'const token = Math.random().toString(36);\n'],
      ['a.py', 'def new_password():\n    return random.choice(letters)\n'],
    ],
    good: [
      ['a.ts', 'const angle = Math.random() * 2;\n'],
      ['a.py', 'token = secrets.token_hex(8)\ndelay = random.random()\n'],
    ],
  },
  {
    rule: 'unsafe-load',
    bad: [
      ['a.py', 'data = yaml.load(text)\n'],
      ['a.py', 'path = tempfile.mktemp()\n'],
    ],
    good: [['a.py', 'data = yaml.load(text, Loader=yaml.SafeLoader)\ndata = json.load(file)\n']],
  },
  {
    rule: 'unchecked-certificate',
    bad: [
      ['a.py', 'requests.get(url, verify=False)\n'],
      ['a.ts', 'const agent = new Agent({ rejectUnauthorized: false });\n'],
      ['a.go', 'package p\nvar c = tls.Config{InsecureSkipVerify: true}\n'],
    ],
    good: [['a.py', 'requests.get(url, verify=True)\nimage.check(verify=False)\n']],
  },
  {
    rule: 'forgotten-debugger',
    bad: [
      ['a.ts', 'debugger;\n'],
      ['a.py', 'pdb.set_trace()\n'],
    ],
    good: [
      ['a.ts', "log('debugger');\n"],
      ['a.py', 'def breakpoint():\n    f()\n'],
    ],
  },
];
