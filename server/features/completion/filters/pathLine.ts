/** Drops a comment at the beginning that holds nothing but a path: how other files are shown to the model. */
import type { Filter } from './filter.ts';
import { siteOf } from './site.ts';

const path =
  /^(?:(?:file(?:name)?|path|source):?\s*)?(?:[\w@.()[\]-]+[\\/])+[\w@.()[\]-]+\.\w{1,10}(?::\d+(?:-\d+)?)?$|^(?:file(?:name)?|path):\s*[\w@.-]+\.\w{1,10}$/i;

export const pathLine: Filter = (text, input) => {
  const { current, language } = siteOf(input);
  if (current.trim() !== '' || language.prose) return text;
  const lines = text.split('\n');
  let first = 0;
  while (first < lines.length && isPathLine(lines[first] as string)) first++;
  return first === 0 ? text : lines.slice(first).join('\n').replace(/^\n+/, '');
};

function isPathLine(line: string): boolean {
  const comment = /^\s*(?:\/\/+|#+|--|;+|%+|\/\*+|<!--|\+{5})\s*(.*?)\s*(?:\*\/|-->)?\s*$/.exec(line)?.[1];
  return comment !== undefined && path.test(comment);
}
