/** Which languages use one another's names. Pure data; it must not know who asks. */

const families: Readonly<Record<string, string>> = {
  typescript: 'script',
  typescriptreact: 'script',
  javascript: 'script',
  javascriptreact: 'script',
  vue: 'script',
  svelte: 'script',
  c: 'c',
  cpp: 'c',
  'objective-c': 'c',
  'cuda-cpp': 'c',
};

/** The family of a language id of ours; a language without relatives is its own. */
export function familyOf(languageId: string): string {
  return families[languageId] ?? languageId;
}
