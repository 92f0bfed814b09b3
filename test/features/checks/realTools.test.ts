/** Checkers of scripts that are really there: run on small projects, with what they say found at its place. */
import { testCheckers } from './realProject.ts';

const TS = 'const a = "😀é"; const n: number = a;\nexport { n };\n';

describe('checkers that are there', function () {
  // Compilers start slowly on a machine that is busy.
  this.timeout(60_000);

  testCheckers([
    {
      tool: 'tsc',
      needs: 'tsc',
      files: {
        'tsconfig.json': '{"compilerOptions":{"strict":true,"types":[]},"include":["src"]}',
        'src/a.ts': TS,
      },
      file: 'src/a.ts',
      marked: ['0:n'],
    },
    {
      tool: 'biome',
      needs: 'biome',
      files: { 'biome.json': '{}', 'src/a.ts': `"😀é"; debugger;\n` },
      file: 'src/a.ts',
      marked: ['0:debugger;'],
    },
    {
      tool: 'oxlint',
      needs: 'oxlint',
      files: { '.oxlintrc.json': '{}', 'src/a.ts': `export const s = "😀é"; debugger;\n` },
      file: 'src/a.ts',
      marked: ['0:debugger;'],
    },
  ]);
});
