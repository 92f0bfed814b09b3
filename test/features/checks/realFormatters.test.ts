/** Formatters that are really there: what of their work an edit takes along. */
import { testFormatters } from './realProject.ts';

describe('formatters that are there', function () {
  this.timeout(60_000);

  testFormatters([
    [
      'biome',
      { 'biome.json': '{"formatter":{"indentStyle":"space"}}', 'a.ts': 'let  a = 1;\n\nlet b = 2;\n' },
      'a.ts',
      'let  a = 1;\n\nlet b   =   {c:1}\n',
      'let  a = 1;\n\nlet b = { c: 1 };\n',
    ],
    [
      'gofmt',
      { 'go.mod': 'module x\n', 'a.go': 'package x\n\nvar  a = 1\n\nvar b = 2\n' },
      'a.go',
      'package x\n\nvar  a = 1\n\nvar b   =   3\n',
      'package x\n\nvar  a = 1\n\nvar b = 3\n',
    ],
    [
      'rustfmt',
      { 'Cargo.toml': '[package]\nedition = "2021"\n', 'a.rs': 'fn a() {}\n' },
      'a.rs',
      'fn a() {}\nfn  b( ) {  }\n',
      'fn a() {}\nfn b() {}\n',
    ],
  ]);
});
