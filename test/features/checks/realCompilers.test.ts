/** Compilers that are really there: run on small projects, with what they say found at its place. */
import { testCheckers } from './realProject.ts';

describe('compilers that are there', function () {
  // Compilers start slowly on a machine that is busy.
  this.timeout(60_000);

  testCheckers([
    {
      tool: 'go vet',
      needs: 'go',
      files: {
        'go.mod': 'module x\n\ngo 1.20\n',
        'sub/a.go': 'package sub\n\nfunc F() int {\n\ts := "é"; return s\n}\n',
      },
      file: 'sub/a.go',
      marked: ['3:s'],
    },
    {
      tool: 'javac',
      needs: 'javac',
      files: { 'A.java': 'class A {\n\tint f() { String s = "é"; return s; }\n}\n' },
      file: 'A.java',
      marked: ['1:s'],
    },
    {
      tool: 'compiler',
      needs: 'gcc',
      files: {
        'compile_commands.json': '[{"directory":".","file":"a.c","command":"gcc -Wall -c a.c -o a.o"}]',
        'a.c': 'int f(void) {\n\tchar *s = "é"; return missing;\n}\n',
      },
      file: 'a.c',
      marked: ['1:missing'],
    },
    {
      tool: 'cargo check',
      needs: 'cargo',
      files: {
        'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
        'src/main.rs': 'fn main() {\n    let _s = "é😀"; let _x: i32 = _s;\n}\n',
      },
      file: 'src/main.rs',
      marked: ['1:_s'],
    },
  ]);
});
