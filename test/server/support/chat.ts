/** What tests of chats share. */

/** A key that looks real and is none. */
export function secretOf(): string {
  return ['sk', 'proj', `${'aB3x9Kq2'.repeat(5)}Z7`].join('-');
}
