/** Line ends as the filters expect them; those of the document are put in when a suggestion is placed. */
import type { Filter } from './filter.ts';

export const lineEnds: Filter = text => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);
