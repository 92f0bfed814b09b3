/** A path for a new document of ours: the day and what it is about, with a number where that is taken. */
import { join } from 'node:path';
import type { Services } from './services.ts';

const MAX_NAMES = 100;
const MAX_ABOUT = 40;

/** Undefined where a hundred documents of this day and name exist already. `ending` begins with a dot. */
export async function freePath(
  { clock, documents, files, places }: Pick<Services, 'clock' | 'documents' | 'files' | 'places'>,
  parent: string,
  about: string,
  ending: string,
): Promise<string | undefined> {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const plain = about
    .replace(/[^\w-]+/g, '-')
    .slice(0, MAX_ABOUT)
    .replace(/^-+|-+$/g, '');
  for (let number = 1; number <= MAX_NAMES; number++) {
    const name = [day, plain, ...(number > 1 ? [number] : [])].filter(part => part !== '').join('-');
    const path = join(parent, name + ending);
    if (!documents.get(places.uriOf(path)) && !(await files.stat(path))) return path;
  }
  return undefined;
}
