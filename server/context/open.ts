/** The text of a file by way of the editor or the disk, both through the read gate. It must not know what for. */
import { Document } from '../base/document.ts';
import type { Files } from '../base/ports.ts';
import type { ContextPorts } from './ports.ts';

/** Largest file that is read to be quoted from, in bytes. */
const MAX_BYTES = 1024 * 1024;

/** Ignore files of whatever tool: they name what is kept away, and are like no code. */
const IGNORE_FILE = /(?:^|[\\/])(?:\.[\w-]*ignore|\.aiexclude|\.git[\\/]info[\\/]exclude)$/;

/** The editor's text where the file is open, else the file's; undefined where it may not or cannot be read. */
export async function openFile(
  path: string,
  documents: readonly Document[],
  ports: ContextPorts & { readonly files?: Pick<Files, 'readText'> },
): Promise<Document | undefined> {
  const uri = ports.places.uriOf(path);
  const opened = documents.find(document => document.uri === uri);
  if (opened !== undefined) return (await mayQuote(uri, ports)) ? opened : undefined;
  if (ports.files === undefined || IGNORE_FILE.test(path) || !(await ports.gate.check(path)).allowed)
    return undefined;
  const read = await ports.files.readText(path, MAX_BYTES);
  return read.ok ? new Document(uri, '', 0, read.text) : undefined;
}

/** Whether text of this document may stand in a prompt about another one: files outside and ignore files are for themselves. */
export async function mayQuote(uri: string, ports: ContextPorts): Promise<boolean> {
  if (IGNORE_FILE.test(uri)) return false;
  const verdict = await ports.gate.checkDocument(uri);
  return verdict.allowed && verdict.place !== 'outside';
}
