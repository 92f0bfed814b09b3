/** The kinds of documents that Codriver is the language server of: one row each, told by the end of the name. */

export type DocumentKind = 'chat' | 'changeSet' | 'task';

const KINDS: readonly { readonly kind: DocumentKind; readonly ending: string }[] = [
  { kind: 'chat', ending: '.chat.md' },
  { kind: 'changeSet', ending: '.changes.diff' },
  { kind: 'task', ending: '.task.md' },
];

/** Globs of all of them. */
export const OWN_DOCUMENTS: readonly string[] = KINDS.map(({ ending }) => `**/*${ending}`);

/** Which of our kinds a document is; undefined for everybody else's. */
export function documentKind(uri: string): DocumentKind | undefined {
  const name = uri.replace(/[?#].*$/, '').toLowerCase();
  return KINDS.find(({ ending }) => name.endsWith(ending))?.kind;
}
