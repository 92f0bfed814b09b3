/**
 * Writes facts as a documentation comment in a language's convention: JSDoc, Javadoc and Doxygen blocks, docstrings of
 * three styles, rustdoc, godoc, XML comments, hash comments. Gives lines without indentation. It knows no trees.
 */
import type { Facts, ParameterFact } from './facts.ts';

export type DocStyle = 'jsdoc' | 'block' | 'google' | 'numpy' | 'sphinx' | 'rust' | 'go' | 'xml' | 'hash';

/** Comment lines; for docstrings with their quotes. */
export function docLines(style: DocStyle, facts: Facts, name: string, typed: boolean): readonly string[] {
  switch (style) {
    case 'jsdoc':
    case 'block':
      return block(facts, style === 'jsdoc' && !typed);
    case 'google':
    case 'numpy':
    case 'sphinx':
      return docstring(facts, style);
    case 'rust':
      return rustdoc(facts).map(line => `/// ${line}`.trimEnd());
    case 'go':
      return [`// ${name} ${facts.summary.charAt(0).toLowerCase()}${facts.summary.slice(1)}`];
    case 'xml':
      return xml(facts);
    case 'hash':
      return [
        facts.summary,
        ...facts.parameters.map(row => `${row.name}: ${about(row)}`.replace(/: $/, '')),
      ].map(line => `# ${line}`);
  }
}

/** What can be said of a parameter beyond its name. */
function about(row: ParameterFact): string {
  return row.fallback === undefined ? '' : `defaults to ${row.fallback}`;
}

function returns(facts: Facts): string {
  return facts.returned ?? facts.returnType ?? '';
}

function block(facts: Facts, withTypes: boolean): readonly string[] {
  const lines = [facts.summary];
  for (const row of facts.parameters) {
    const type = withTypes ? `{${guess(row)}} ` : '';
    const words = about(row);
    lines.push(`@param ${type}${row.name}${words ? ` - ${words}` : ''}`);
  }
  if (facts.returnsValue && returns(facts))
    lines.push(`@returns ${facts.returned ? `\`${facts.returned}\`` : `${facts.returnType}`}`);
  for (const { type, when } of facts.thrown) lines.push(withTypesThrow(type, when));
  if (lines.length === 1) return [`/** ${lines[0]} */`];
  return ['/**', ...lines.map(line => ` * ${line}`.trimEnd()), ' */'];
}

function withTypesThrow(type: string, when: string | undefined): string {
  return `@throws {${type}}${when ? ` if \`${when}\`` : ''}`;
}

/** Type of a JavaScript parameter as its default shows it. */
function guess(row: ParameterFact): string {
  const value = row.fallback ?? '';
  if (/^['"`]/.test(value)) return 'string';
  if (/^-?\d/.test(value)) return 'number';
  if (/^(?:true|false)$/.test(value)) return 'boolean';
  if (value.startsWith('[')) return 'Array';
  return row.type ?? (value.startsWith('{') || row.name === 'options' ? 'object' : '*');
}

function docstring(facts: Facts, style: 'google' | 'numpy' | 'sphinx'): readonly string[] {
  const lines = [facts.summary];
  const rows = facts.parameters;
  const result = returns(facts);
  const label = facts.yields ? 'Yields' : 'Returns';
  if (style === 'sphinx') {
    if (rows.length > 0 || result || facts.thrown.length > 0) lines.push('');
    for (const row of rows) lines.push(`:param ${row.name}: ${about(row)}`.trimEnd());
    if (facts.returnsValue && result) lines.push(`:returns: ${result}`);
    for (const { type, when } of facts.thrown)
      lines.push(`:raises ${type}: ${when ? `if ${when}` : ''}`.trimEnd());
  } else {
    const heading = (title: string): string[] =>
      style === 'numpy' ? ['', title, '-'.repeat(title.length)] : ['', `${title}:`];
    const indent = style === 'numpy' ? '' : '    ';
    const entry = (head: string, words: string): string[] =>
      style === 'numpy'
        ? [head, ...(words ? [`    ${words}`] : [])]
        : [`${indent}${head}${words ? `: ${words}` : ''}`];
    if (rows.length > 0) {
      lines.push(...heading(style === 'numpy' ? 'Parameters' : 'Args'));
      for (const row of rows) lines.push(...entry(typedName(row, style), about(row)));
    }
    if (facts.returnsValue && result) lines.push(...heading(label), `${indent}${result}`);
    if (facts.thrown.length > 0) {
      lines.push(...heading('Raises'));
      for (const { type, when } of facts.thrown) lines.push(...entry(type, when ? `if ${when}` : ''));
    }
  }
  if (lines.length === 1) return [`"""${lines[0]}"""`];
  return [`"""${lines[0]}`, ...lines.slice(1), '"""'];
}

function typedName(row: ParameterFact, style: 'google' | 'numpy'): string {
  if (!row.type) return row.name;
  return style === 'numpy' ? `${row.name} : ${row.type}` : `${row.name} (${row.type})`;
}

function rustdoc(facts: Facts): readonly string[] {
  const lines = [facts.summary];
  if (/^Result\b/.test(facts.returnType ?? ''))
    lines.push('', '# Errors', '', `Returns the error of \`${facts.returnType}\`.`);
  return lines;
}

function xml(facts: Facts): readonly string[] {
  const lines = ['<summary>', facts.summary, '</summary>'];
  for (const row of facts.parameters) lines.push(`<param name="${row.name}">${about(row)}</param>`);
  if (facts.returnsValue && returns(facts)) lines.push(`<returns>${escapeXml(returns(facts))}</returns>`);
  for (const { type, when } of facts.thrown)
    lines.push(`<exception cref="${type}">${when ? `If ${escapeXml(when)}.` : ''}</exception>`);
  return lines.map(line => `/// ${line}`);
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
