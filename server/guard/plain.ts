/**
 * Plain strings and fences that are safe to show: no terminal sequences, nothing hidden. It must not know Markdown
 * beyond the fence, nor who wrote the text.
 */
import { stripControls } from '../base/controls.ts';
import { stripHidden } from './hidden.ts';

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text for messages, titles, labels and plaintext tooltips: no terminal sequences, no control characters except
 * TAB and LF, no hidden characters, no lone surrogates. Idempotent.
 */
export function plain(text: string): string {
  return stripHidden(stripControls(text)).replace(loneSurrogate, '\ufffd');
}

/** One line of `plain` text, at most `maxLength` UTF-16 units, for titles and labels. */
export function plainLine(text: string, maxLength = 200): string {
  const line = plain(text).replace(/\s+/g, ' ').trim();
  if (line.length <= maxLength) return line;
  return `${line.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A fenced block that its content cannot leave. `languageId` is used if it is a plain name. */
export function codeFence(code: string, languageId = ''): string {
  const body = plain(code).replace(/\n+$/, '');
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(run => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const language = /^[\w+#.-]{1,40}$/.test(languageId) ? languageId : '';
  return `${fence}${language}\n${body}\n${fence}`;
}
