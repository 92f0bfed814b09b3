/** Which kinds of literal are explained, one row each; the first that is sure of itself speaks. It must not write words. */
import { isComment, type SyntaxNode } from '../../syntax/tree.ts';
import { structureOf } from '../structure/structure.ts';
import type { FileView } from '../view.ts';
import { readColour, readNumber } from './numbers.ts';
import { type Place, placeOf, stringAround } from './place.ts';
import { readCron, readIsoDuration } from './schedules.ts';
import { readShell, shellString } from './shell.ts';
import { readSql } from './sql.ts';
import { regexLiteral, regexString } from './regex.ts';

/** What a literal says, and where it stands. */
export interface ReadLiteral {
  readonly start: number;
  readonly end: number;
  readonly markdown: string;
}

/** Explainers of strings, the surest first. */
const strings: readonly ((place: Place) => string | undefined)[] = [
  regexString,
  place => readSql(place.text),
  shellString,
  readCron,
  place => readIsoDuration(place.text),
  place => readColour(place.text),
];

/** The explanation of the literal that a leaf is a part of; undefined where nothing can be said for sure. */
export function explainLiteral(view: FileView, leaf: SyntaxNode): ReadLiteral | undefined {
  if (isComment(leaf.type)) return undefined;
  const found = (node: SyntaxNode, markdown: string | undefined): ReadLiteral | undefined =>
    markdown === undefined ? undefined : { start: node.start, end: node.end, markdown };
  if (structureOf(view.grammar)?.numbers.includes(leaf.type)) {
    const place = placeOf(view, leaf, false);
    return place && found(leaf, readNumber(leaf.text, place));
  }
  const colour = leaf.closest(node => node.type === 'color_value');
  if (colour) return found(colour, readColour(colour.text));
  const regex = leaf.closest(node => node.type === 'regex');
  if (regex && regex.text.length > 1) return found(regex, regexLiteral(regex.text, view.language.id));
  if (view.grammar === 'bash') {
    const line = pipelineAround(leaf);
    return line && found(line, readShell(line.text));
  }
  const string = stringAround(leaf);
  const place = string && placeOf(view, string, true);
  if (!place) return undefined;
  for (const explain of strings) {
    const markdown = explain(place);
    if (markdown !== undefined) return found(string, markdown);
  }
  return undefined;
}

/** The whole pipeline, with its redirections, that a word of a shell script is a part of. */
function pipelineAround(leaf: SyntaxNode): SyntaxNode | undefined {
  if (leaf.type === 'variable_name') return undefined;
  let found: SyntaxNode | undefined;
  for (let node = leaf.parent; node && !node.isRoot; node = node.parent) {
    if (/^(?:command|pipeline|redirected_statement)$/.test(node.type)) found = node;
    else if (found) break;
  }
  return found;
}
