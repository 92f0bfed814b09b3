/** Where a person will be who accepts a suggestion. It must not know engines. */
import type { Document } from '../../base/document.ts';
import type { Remembered } from './memory.ts';
import { shapeInText } from './prepare.ts';
import { assuming, type Site } from './site.ts';

/**
 * The place behind the suggestion, or in the next line where the suggestion finishes its own: there the editor
 * will have put the same indentation.
 */
export function whatFollows(document: Document, site: Site, { text, replaces }: Remembered): Site {
  const { start, end, assumed } = site;
  const { selected: _, ...rest } = site.query;
  const query = { ...rest, trigger: 'automatic' as const };
  const range = { start, end: { line: end.line, character: end.character + replaces } };
  const accepted = assumed + text;
  const behind = placed(assuming(document, query, range, accepted));
  if (shapeInText(behind) !== 'nothing') return behind;
  const line = behind.textBefore.slice(behind.textBefore.lastIndexOf('\n') + 1);
  const indentation = /^[ \t]*/.exec(line)?.[0] ?? '';
  return placed(assuming(document, query, range, `${accepted}\n${indentation}`));
}

/** The question that will be asked there. */
function placed(site: Site): Site {
  return { ...site, query: { ...site.query, position: site.position } };
}
