/** The question that ends a chat for a new one. Pure; it must not know what becomes of the answer. */
import { redacted } from '../guard/redacted.ts';

export const handoffQuestion = redacted`This chat goes on in a new one that sees nothing of this. List, in at most ten short points without headings or code, what was decided or found out and why, as far as it still matters. Only what was said above; if nothing was decided, say so.`;
