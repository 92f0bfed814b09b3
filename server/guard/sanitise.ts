/**
 * Every string that goes to the editor passes here: nothing in it may drive a terminal, fetch, run or hide
 * anything, whatever the client renders. The room's one address for it; it must not know who wrote the text.
 */
export type { HiddenCharacter } from './hidden.ts';
export { addedHiddenCharacters, hiddenCharacters, markHidden, stripHidden } from './hidden.ts';
export { asPlaintext, markdown } from './markdown.ts';
export { codeFence, plain, plainLine } from './plain.ts';
