/** What a real CommonMark parser finds in a Markdown text that fetches, leads away or passes HTML through. */
import { parse, postprocess, preprocess } from 'micromark';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';

/** Tokens of the parser that fetch, lead away or pass HTML through. */
const alive = new Set(['image', 'link', 'autolink', 'literalAutolink', 'definition', 'htmlFlow', 'htmlText']);

/** Types of the tokens that are alive, in their order; none in harmless text. */
export function aliveIn(source: string, dialect: 'CommonMark' | 'GFM'): string[] {
  const extensions = dialect === 'GFM' ? [gfmAutolinkLiteral()] : [];
  const chunks = preprocess()(source, undefined, true);
  const events = postprocess(parse({ extensions }).document().write(chunks));
  return events.flatMap(([what, token]) => (what === 'enter' && alive.has(token.type) ? token.type : []));
}
