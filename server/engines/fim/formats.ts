/**
 * Finds the fill-in-the-middle format of a model and fills it in, so that no token of the format comes from the
 * person's text. Pure; it must not know endpoints.
 */
import { type FimFormat, fimFormats, genericFormat } from './families.ts';

export { type FimFormat, fimFormats, genericFormat } from './families.ts';

/** The last answer: one model is asked about several times for each key. */
let last: { readonly model: string; readonly format: FimFormat | undefined } | undefined;

/** The format of a model by its name, which may be a path or a tag such as `Qwen/Qwen2.5-Coder-7B` or `x.gguf`. */
export function formatForModel(model: string): FimFormat | undefined {
  if (last?.model === model) return last.format;
  const name = model.toLowerCase();
  const format = fimFormats.find(({ models }) => models.test(name));
  last = { model, format };
  return format;
}

/** A format by its name in settings, or made from a template text; undefined when the text is neither. */
export function formatFromSetting(setting: string): FimFormat | undefined {
  const named = [...fimFormats, genericFormat].find(format => format.name === setting);
  if (named !== undefined) return named;
  if (count(setting, '{prefix}') !== 1 || count(setting, '{suffix}') !== 1) return undefined;
  const tokens = setting.match(/<[^<>{}\s]{2,40}>|\[[A-Z][A-Z_/]{2,30}\]/g) ?? [];
  return {
    name: 'custom',
    models: /(?!)/,
    template: setting,
    stops: [...new Set(['<|endoftext|>', ...tokens])],
  };
}

export const count = (text: string, part: string): number => text.split(part).length - 1;

/** The tokens in a piece of a template, which may hold several and words between them. */
const tokensIn = (part: string): readonly string[] => part.match(/▁?<[^<>\s]+>|\[[A-Z/]+\]/g) ?? [part];

const known = new WeakMap<FimFormat, readonly string[]>();

/** All control tokens of a format. */
export function tokensOf(format: FimFormat): readonly string[] {
  let tokens = known.get(format);
  if (tokens === undefined) known.set(format, (tokens = findTokens(format)));
  return tokens;
}

function findTokens(format: FimFormat): readonly string[] {
  const inTemplate = format.template
    .split(/\{prefix\}|\{suffix\}/)
    .map(part => part.trim())
    .filter(part => part !== '');
  // What families write as plain text before a path is no token.
  const file = [format.file, format.repository].filter(mark => mark !== undefined && /[<[]/.test(mark));
  const parts = [...inTemplate.flatMap(tokensIn), ...file.filter(mark => mark !== undefined)];
  return [...new Set([...parts, ...format.stops, ...(format.control ?? [])])];
}

/** Breaks up the format's tokens in text that is not ours, by a space after their first character. */
export function neutralise(text: string, format: FimFormat): string {
  let result = text;
  for (const token of tokensOf(format))
    if (result.includes(token)) result = result.replaceAll(token, `${token.slice(0, 1)} ${token.slice(1)}`);
  return result;
}

export interface FimPieces {
  readonly path: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly context: readonly string[];
}

/** The prompt: prefix and suffix exactly once, other files before them, no token of the format from their text. */
export function fillTemplate(format: FimFormat, pieces: FimPieces): string {
  const clean = (text: string): string => neutralise(text, format);
  const { file, repository, own = 'before' } = format;
  const path = clean(pieces.path);
  const others = pieces.context.map(piece => fileOf(clean(piece), file));
  const name = repository === undefined ? '' : `${repository}workspace\n`;
  let lead = '';
  let inPrefix = '';
  if (others.length > 0) {
    if (file === undefined) inPrefix = others.join('');
    else if (own === 'all in prefix') inPrefix = `${others.join('')}${file}${path}\n`;
    else if (own === 'path in prefix') {
      lead = `${name}${others.join('')}${file}`;
      inPrefix = `${path}\n`;
    } else lead = `${name}${others.join('')}${file}${path}\n`;
  }
  const prefix = inPrefix + clean(pieces.prefix);
  const suffix = clean(pieces.suffix);
  // One pass over the template, so that braces in the person's text are never taken for places.
  return (
    lead +
    format.template.replace(/\{prefix\}|\{suffix\}/g, place => (place === '{prefix}' ? prefix : suffix))
  );
}

const heading = /^[ \t]*(?:\/\/+|#+|--|;+|%+|"|<!--)[ \t]+(\S+)[ \t]*(?:-->)?\r?\n/;

/** The path in the comment that a piece of another file begins with. */
export const pathOfPiece = (piece: string): string | undefined => heading.exec(piece)?.[1];

/** A piece of another file as the family writes it: its path, which our pieces have as a comment, after the token. */
function fileOf(piece: string, file: string | undefined): string {
  if (file === undefined) return `${piece}\n`;
  const head = heading.exec(piece);
  return head === null ? `${file}${piece}\n` : `${file}${head[1]}\n${piece.slice(head[0].length)}\n`;
}
