/**
 * Explains a SQL statement: its clauses in the order in which they take effect, the tables, and what would change
 * every row. Speaks only of what is SQL beyond doubt. It must not know databases or where the text stands.
 */
import { code, list } from './markdown.ts';
import { type SqlToken, sqlTokens } from './sqlTokens.ts';

const MAX_LENGTH = 8_000;
/** Files are searched for statements up to here, in UTF-16 units. */
const MAX_FILE = 300_000;
const MAX_CLAUSE = 70;

/** Clauses by the words they start with, in the order in which they take effect. */
const order = [
  ['FROM', 'reads'],
  ['USING', 'together with'],
  ['SET', 'sets'],
  ['VALUES', 'takes the values'],
  ['WHERE', 'keeps rows where'],
  ['GROUP BY', 'makes one group for each'],
  ['HAVING', 'keeps groups where'],
  ['SELECT', 'gives'],
  ['UNION', 'adds the rows of another query'],
  ['INTERSECT', 'keeps the rows that another query also gives'],
  ['EXCEPT', 'takes away the rows of another query'],
  ['ORDER BY', 'sorts by'],
  ['OFFSET', 'skips'],
  ['LIMIT', 'gives at most'],
  ['FETCH', 'gives only'],
  ['ON CONFLICT', 'on a conflict'],
  ['RETURNING', 'gives back'],
] as const;

type ClauseName = (typeof order)[number][0];

const starts = new Set<string>(order.map(([name]) => name.split(' ')[0] as string));
const verbs = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'REPLACE', 'TRUNCATE', 'DROP']);
/** Words that follow a verb in prose, not in SQL. */
const prose = new Set(['A', 'AN', 'THE', 'THIS', 'THAT', 'YOUR', 'ANY', 'ONE', 'OF', 'IT', 'THEM', 'MY']);

/** A string that holds one statement. */
export function readSql(text: string): string | undefined {
  if (text.length > MAX_LENGTH || !/^[\s(]*[A-Za-z]{4,8}\b/.test(text)) return undefined;
  const tokens = sqlTokens(text);
  const [first] = tokens ?? [];
  if (!tokens || !first || !verbs.has(first.key) || !sameCase(first)) return undefined;
  const last = tokens.at(-1);
  const whole = last?.text === ';' ? tokens.slice(0, -1) : tokens;
  // Several statements at once are read one by one in files only.
  if (whole.some(token => token.text === ';')) return undefined;
  return statement(text, whole, false);
}

/** The statement of a SQL file that an offset is in, with its place. */
export function sqlAt(
  text: string,
  offset: number,
): { readonly start: number; readonly end: number; readonly markdown: string } | undefined {
  const tokens = text.length > MAX_FILE ? undefined : sqlTokens(text);
  if (!tokens) return undefined;
  const after = tokens.findIndex(token => token.text === ';' && token.kind === 'sign' && token.end > offset);
  const until = after < 0 ? tokens.length : after;
  const from =
    tokens.findLastIndex((token, at) => at < until && token.text === ';' && token.kind === 'sign') + 1;
  const own = tokens.slice(from, until);
  const [first] = own;
  const last = own.at(-1);
  if (!first || !last || offset < first.start || offset > last.end || !verbs.has(first.key)) return undefined;
  if (last.end - first.start > MAX_LENGTH) return undefined;
  const markdown = statement(text, own, true);
  return markdown === undefined ? undefined : { start: first.start, end: last.end, markdown };
}

/** `SELECT` or `select`, not `Select`, which starts a sentence. */
const sameCase = ({ text, key }: SqlToken): boolean => text === key || text === text.toLowerCase();

/** `sure`: it stands in a SQL file, and need not be told from prose. */
function statement(text: string, tokens: readonly SqlToken[], sure: boolean): string | undefined {
  const named: string[] = [];
  const main = withoutCommon(tokens, named);
  const [first, second] = main;
  if (!first || !second) return undefined;
  const doubtful = !sure && !main.some(token => '=*<>('.includes(token.text));
  if (doubtful && prose.has(second.key)) return undefined;
  const clauses = clausesOf(text, main);
  const head = main.map(token => token.key);
  const tables = tablesOf(main);
  if (doubtful && tables.some(table => prose.has(table.toUpperCase()))) return undefined;
  const kind = first.key === 'REPLACE' ? 'INSERT' : first.key;
  const target = targetOf(kind, main);
  switch (kind) {
    case 'SELECT':
      if (!clauses.has('FROM') || tables.length === 0 || !(sure || looksLikeCode(text, main)))
        return undefined;
      return rows('Reads', tables, named, clauses);
    case 'INSERT':
      if (
        head[1] !== 'INTO' ||
        !target ||
        !(clauses.has('VALUES') || clauses.has('SELECT') || head.includes('DEFAULT'))
      )
        return undefined;
      return rows(
        first.key === 'REPLACE' ? 'Inserts or replaces rows in' : 'Adds rows to',
        [target],
        named,
        clauses,
      );
    case 'UPDATE':
      if (!target || !clauses.has('SET') || !main.some(token => token.text === '=')) return undefined;
      return rows('Changes', [target], named, clauses) + everyRow(clauses, target, 'changed');
    case 'DELETE':
      if (head[1] !== 'FROM' || !target || !(clauses.has('WHERE') || main.length <= 4)) return undefined;
      clauses.delete('FROM');
      return rows('Deletes rows of', [target], named, clauses) + everyRow(clauses, target, 'deleted');
    case 'TRUNCATE':
    case 'DROP':
      if (head[1] !== 'TABLE' || !target) return undefined;
      return kind === 'DROP'
        ? `**Deletes the table ${code(target)}** with all of its rows.`
        : `**Deletes every row of ${code(target)}.**`;
    default:
      return undefined;
  }
}

/** What follows `WITH x AS (…), y AS (…)`, with the names put into `named`. */
function withoutCommon(tokens: readonly SqlToken[], named: string[]): readonly SqlToken[] {
  if (tokens[0]?.key !== 'WITH') return tokens;
  const at = tokens.findIndex((token, index) => index > 0 && token.depth === 0 && verbs.has(token.key));
  for (const [index, token] of tokens.slice(0, Math.max(0, at)).entries())
    if (token.key === 'AS' && token.depth === 0) {
      const before = tokens
        .slice(0, index)
        .findLast(part => part.depth === 0 && part.text !== ')' && part.text !== '(');
      if (before) named.push(before.text);
    }
  return at < 0 || named.length === 0 ? [] : tokens.slice(at);
}

function clausesOf(text: string, tokens: readonly SqlToken[]): Map<ClauseName, string> {
  const clauses = new Map<ClauseName, string>();
  let name: ClauseName | undefined;
  let from = 0;
  const close = (end: number): void => {
    if (name && !clauses.has(name)) clauses.set(name, text.slice(from, end).trim());
  };
  for (const [at, token] of tokens.entries()) {
    if (token.depth > 0 || !starts.has(token.key) || tokens[at - 1]?.text === '.') continue;
    const two = `${token.key} ${tokens[at + 1]?.key ?? ''}`;
    const found = order.find(([clause]) => clause === token.key || clause === two)?.[0];
    // `DISTINCT FROM`, and what a join uses, start no clause.
    if (!found || (found === 'FROM' && tokens[at - 1]?.key === 'DISTINCT')) continue;
    close(token.start);
    name = found;
    from = (found === two ? tokens[at + 1] : token)?.end ?? token.end;
    // The second query of a union has clauses of its own.
    if (['UNION', 'INTERSECT', 'EXCEPT'].includes(found)) {
      clauses.set(found, '');
      return clauses;
    }
  }
  close(tokens.at(-1)?.end ?? 0);
  return clauses;
}

/** Names after `FROM`, `JOIN` and the commas between them, at any depth. */
function tablesOf(tokens: readonly SqlToken[]): readonly string[] {
  const found = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.key !== 'FROM' && token.key !== 'JOIN') continue;
    // `EXTRACT(year FROM x)` and its like read no table.
    const call = tokens.slice(Math.max(0, at - 8), at).findLast(part => part.depth < token.depth);
    if (
      token.depth > 0 &&
      call &&
      !tokens
        .slice(Math.max(0, at - 400), at)
        .some(part => part.key === 'SELECT' && part.depth === token.depth)
    )
      continue;
    const name = nameFrom(tokens, tokens[at + 1]?.key === 'LATERAL' ? at + 2 : at + 1);
    if (name) found.add(name);
  }
  return [...found];
}

/** `a`, `a.b`, `a.b.c`. */
function nameFrom(tokens: readonly SqlToken[], at: number): string | undefined {
  const parts: string[] = [];
  for (let index = at; index < tokens.length && parts.length < 4; index += 2) {
    const token = tokens[index];
    if (token?.kind !== 'word' && token?.kind !== 'name') break;
    parts.push(token.text);
    if (tokens[index + 1]?.text !== '.') break;
  }
  return parts.length > 0 ? parts.join('.') : undefined;
}

const fillers = new Set(['INTO', 'FROM', 'TABLE', 'IF', 'NOT', 'EXISTS', 'ONLY', 'OR', 'IGNORE']);

function targetOf(kind: string, tokens: readonly SqlToken[]): string | undefined {
  if (kind === 'SELECT') return undefined;
  let at = 1;
  while (fillers.has(tokens[at]?.key ?? '')) at++;
  return nameFrom(tokens, at);
}

/** Signs that prose does not have: capitals, a star, a comparison, a parameter, a dot between names. */
function looksLikeCode(text: string, tokens: readonly SqlToken[]): boolean {
  if (/[.!?]\s*$/.test(text) && !text.trimEnd().endsWith('?')) return false;
  return (
    tokens.filter(token => token.key !== '' && token.text === token.key && token.key.length > 1).length >=
      2 ||
    tokens.some(token => ['*', '=', '<', '>', '?', '(', '%'].includes(token.text) || token.kind === 'name') ||
    tokens[2]?.key === 'FROM'
  );
}

function rows(
  verb: string,
  tables: readonly string[],
  named: readonly string[],
  clauses: ReadonlyMap<ClauseName, string>,
): string {
  const common = named.length > 0 ? `, with ${list(named.map(code))} defined in front` : '';
  const steps: string[] = [];
  for (const [name, words] of order) {
    const text = clauses.get(name);
    if (text === undefined) continue;
    const shown = text.length > MAX_CLAUSE ? `${text.slice(0, MAX_CLAUSE)}…` : text;
    steps.push(`${steps.length + 1}. ${code(name)} ${words}${shown ? ` ${code(shown)}` : ''}`);
  }
  return `${verb} ${list(tables.map(code))}${common}.${steps.length > 0 ? `\n\n${steps.slice(0, 8).join('\n')}` : ''}`;
}

function everyRow(clauses: ReadonlyMap<ClauseName, string>, target: string, done: string): string {
  return clauses.has('WHERE') || clauses.has('LIMIT')
    ? ''
    : `\n\n**There is no WHERE: every row of ${code(target)} is ${done}.**`;
}
