/**
 * What the context is worth: of the names that a line needs and another file defines, how many stand in the prompt.
 *   tsx test/bench/contextQuality.ts [--commits 300] [--cases 150] [--open 4] REPO…
 * Lines that were added to a repository are taken out of their file again; the workspace is the tree before.
 */
import { parseArgs } from 'node:util';
import { languageOf } from '../../server/base/languages.ts';
import { type CompletionContext, CompletionContexts } from '../../server/context/completionContext.ts';
import { slidingContext, slidingWithSnippets, windowOnly } from './context/sliding.ts';
import { worldOf } from './context/world.ts';
import { readRepository } from './protocol.ts';

const BUDGETS = [2_000, 4_000, 8_000];
const never = new AbortController().signal;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commits: { type: 'string', default: '300' },
    cases: { type: 'string', default: '150' },
    open: { type: 'string', default: '4' },
  },
});

const textOf = ({ context, prefix, suffix }: CompletionContext): string =>
  [...context, prefix, suffix].map(each => each.text).join('\n');

const totals = new Map<string, { name: string; recall: number[]; beyond: number[]; size: number[] }>();
for (const folder of positionals) {
  const repository = readRepository(folder, Number(values.commits), Number(values.cases));
  const world = await worldOf(repository.files);
  const touched = [...new Set(repository.cases.map(each => each.path))];
  const rows = new Map<string, { found: number; beyond: number; size: number }>();
  let needed = 0;
  let hidden = 0;
  let count = 0;
  let milliseconds = 0;
  for (const each of repository.cases) {
    const indent = /^\s*/.exec(each.left)?.[0] ?? '';
    const text = [...each.above, indent, ...each.below].join('\n');
    const document = world.open(each.path, text);
    const position = { line: each.above.length, character: indent.length };
    const own = world.ports.places.pathOf(document.uri);
    const { keywords } = languageOf(document.languageId, each.path);
    const names = [...new Set((each.left + each.rest).match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? [])].filter(
      name => {
        const places = keywords.includes(name) ? [] : world.symbols.definitions(name);
        return places.length > 0 && places.every(({ path }) => path !== own);
      },
    );
    if (names.length === 0) continue;
    count++;
    const open = world
      .near(each.path, touched)
      .filter(path => path !== each.path)
      .slice(0, Number(values.open));
    const openDocuments = [document, ...open.map(path => world.open(path))];
    needed += names.length;
    const shows = (prompt: string) =>
      names.filter(name => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(prompt));
    for (const budgetTokens of BUDGETS) {
      const input = { document, position, budgetTokens, openDocuments };
      const alone = textOf(await slidingContext(input, world.ports, windowOnly));
      const sliding = textOf(await slidingContext(input, world.ports, slidingWithSnippets));
      const began = performance.now();
      const made = await new CompletionContexts().contextFor(input, world.ports, never);
      milliseconds += performance.now() - began;
      if ('refused' in made) throw new Error(made.refused);
      const inWindow = new Set(shows(alone));
      if (budgetTokens === BUDGETS[0]) hidden += names.length - inWindow.size;
      for (const [name, prompt] of [
        ['window', alone],
        ['sliding', sliding],
        ['codriver', textOf(made)],
      ] as const) {
        const key = `${name} ${budgetTokens / 1000}k`;
        const row = rows.get(key) ?? { found: 0, beyond: 0, size: 0 };
        const shown = shows(prompt);
        row.found += shown.length;
        row.beyond += shown.filter(each2 => !inWindow.has(each2)).length;
        row.size += prompt.length / 4;
        rows.set(key, row);
      }
    }
  }
  const perRequest = (milliseconds / (count * BUDGETS.length)).toFixed(1);
  console.log(
    `\n${repository.name}: ${count} lines, ${needed} names, ${perRequest} ms a context from nothing`,
  );
  for (const [key, { found, size }] of rows) {
    const recall = (100 * found) / needed;
    console.log(
      `  ${key.padEnd(14)} ${recall.toFixed(1).padStart(5)} %  ${(size / count).toFixed(0)} tokens`,
    );
    const total = totals.get(key) ?? { name: key, recall: [], beyond: [], size: [] };
    total.recall.push(recall);
    total.size.push(size / count);
    totals.set(key, total);
  }
}
const mean = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0) / list.length;
console.log(`\nmacro mean over ${positionals.length} repositories`);
for (const { name, recall, size } of totals.values()) {
  console.log(
    `  ${name.padEnd(14)} ${mean(recall).toFixed(1).padStart(5)} %  ${mean(size).toFixed(0)} tokens`,
  );
}
