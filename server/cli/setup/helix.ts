/**
 * Setup of Helix: each language's own servers and, after them, Codriver, since Helix has no server for all languages.
 * What the installed Helix says about a language goes before the table that is built in here.
 */
import * as path from 'node:path';
import { configHome } from '../../config/load.ts';
import type { CliContext } from '../context.ts';
import { findProgram, plainVariables } from '../places.ts';
import { helixLanguages, serverEntry } from './helixLanguages.ts';
import type { HelixLanguage } from './helixLanguages.ts';
import type { Edited, Planner } from './plan.ts';
import { quoted, upsertBlock, blankBlock } from './plan.ts';
import { listWith, scanToml, simpleString } from './toml.ts';
import type { TomlTable } from './toml.ts';

/** Our name in `[language-server.NAME]`. */
const server = 'codriver';
const healthLimitMs = 5_000;
/** Programs at the same time; asking about all languages takes seconds. */
const atOnce = 4;

export const planHelix: Planner = async (context, command) => {
  const hx = await findHelix(context);
  if (hx !== undefined) context.output.err(`Asking ${hx} about its languages, which takes some seconds …\n`);
  const languages = hx === undefined ? helixLanguages : await askHelix(hx, context);
  const file = path.join(configHome(context.machine.environment), 'helix', 'languages.toml');
  const definition = serverTable(command);
  const notes = [
    hx === undefined
      ? 'Helix was not found on PATH: the lists of servers are those of Helix 25.07.'
      : `The lists of servers are those that ${hx} reports.`,
    'Restart Helix or use :config-reload, then :lsp-restart. Check with: hx --health LANGUAGE',
  ];
  return {
    files: [
      {
        path: file,
        snippet: [definition, ...languages.map(languageBlock)].join('\n'),
        edit: current => edit(current, definition, languages),
      },
    ],
    notes,
  };
};

function serverTable([program = '', ...args]: readonly string[]): string {
  return `[language-server.${server}]
command = ${quoted(program)}
args = [${args.map(quoted).join(', ')}]
timeout = 60
config = { codriver = {} }
`;
}

function serverList({ name, servers }: HelixLanguage): string {
  const others = servers.filter(other => other !== server).map(other => serverEntry(name, other));
  return `[${[...others, `"${server}"`].join(', ')}]`;
}

function languageBlock(language: HelixLanguage): string {
  return `[[language]]\nname = "${language.name}"\nlanguage-servers = ${serverList(language)}\n`;
}

/** The person's own blocks get one more server in their list; all other languages go into the marked block. */
function edit(current: string | undefined, definition: string, languages: readonly HelixLanguage[]): Edited {
  const own = current === undefined ? '' : blankBlock(current, '#');
  const tables = scanToml(own);
  if (tables === undefined) {
    return { refuse: 'It is not TOML that setup understands. Put the printed part in by hand.' };
  }
  const [root] = tables;
  const inline = root?.keys.find(({ name }) => /^(language|language-server)(\.|$)/.test(name));
  if (inline !== undefined) {
    return {
      refuse: `It defines "${inline.name}" as one value, to which no table can be added. Put the printed part in by hand.`,
    };
  }
  const named = new Map<string, TomlTable>();
  for (const table of tables) {
    if (table.name !== 'language' || !table.isList) continue;
    const name = nameOf(table, own);
    if (name !== undefined) named.set(name, table);
  }
  const defined = tables.some(
    ({ name, keys }) =>
      name === `language-server.${server}` ||
      (name === 'language-server' && keys.some(key => key.name.split('.')[0] === server)),
  );
  const fresh = languages.filter(({ name }) => !named.has(name)).map(languageBlock);
  const block = [...(defined ? [] : [definition]), ...fresh].join('\n');
  const changed = current === undefined ? undefined : extendOwn(current, named, languages);
  return upsertBlock(changed, '#', block);
}

function nameOf(table: TomlTable, text: string): string | undefined {
  const key = table.keys.find(({ name }) => name === 'name');
  return key === undefined ? undefined : simpleString(text.slice(key.start, key.end));
}

/** Adds Codriver to the lists in the person's own `[[language]]` blocks, and a list where there is none. */
function extendOwn(
  current: string,
  named: ReadonlyMap<string, TomlTable>,
  languages: readonly HelixLanguage[],
): string {
  const eol = current.includes('\r\n') ? '\r\n' : '\n';
  const changes: { at: number; end: number; text: string }[] = [];
  for (const [name, table] of named) {
    const list = table.keys.find(key => key.name === 'language-servers');
    const nameKey = table.keys.find(key => key.name === 'name');
    const language = languages.find(candidate => candidate.name === name);
    if (list !== undefined) {
      const longer = listWith(current.slice(list.start, list.end), server);
      if (longer !== undefined) changes.push({ at: list.start, end: list.end, text: longer });
    } else if (language !== undefined && nameKey !== undefined) {
      const line = `language-servers = ${serverList(language)}${eol}`;
      const start = current.lastIndexOf('\n', nameKey.start) + 1;
      changes.push({ at: start, end: start, text: line });
    }
  }
  let text = current;
  for (const { at, end, text: added } of changes.sort((a, b) => b.at - a.at)) {
    text = text.slice(0, at) + added + text.slice(end);
  }
  return text;
}

async function findHelix({ machine }: CliContext): Promise<string | undefined> {
  return (
    (await findProgram('hx', machine.environment, machine.files)) ??
    (await findProgram('helix', machine.environment, machine.files))
  );
}

/** The languages that this Helix knows, with its lists; our own list stands in where it gives no clear answer. */
async function askHelix(hx: string, { machine }: CliContext): Promise<readonly HelixLanguage[]> {
  const answers: (HelixLanguage | undefined)[] = [];
  const queue = helixLanguages.map((language, i) => ({ language, i }));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { language, i } = next;
      const result = await machine.processes.run([hx, '--health', language.name], {
        cwd: machine.environment.home,
        timeoutMs: healthLimitMs,
        env: plainVariables(machine.environment),
      });
      answers[i] = result.code === 0 ? readHealth(result.stdout, language) : language;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers.filter(language => language !== undefined);
}

/** Undefined when this Helix has no such language: a block for it would make Helix refuse the file. */
export function readHealth(report: string, language: HelixLanguage): HelixLanguage | undefined {
  const lines = report.replace(/\x1b\[[0-9;]*m/g, '').split('\n');
  if (lines.some(line => line.startsWith(`Language '${language.name}' not found`))) return undefined;
  const start = lines.findIndex(line => line.startsWith('Configured language server'));
  if (start < 0) return language;
  const servers: string[] = [];
  for (const line of lines.slice(start + 1)) {
    const match = /^\s+\S+\s+(.+?): /.exec(line);
    if (match === null) break;
    servers.push(match[1] ?? '');
  }
  return { name: language.name, servers };
}
