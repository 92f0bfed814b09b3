/**
 * A change-set in the editor: what each hunk would do now is told on hover and by diagnostics, its place in the file is
 * a jump away, and lenses decide about it.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import {
  type ChangeSet,
  type DiffFile,
  type DiffHunk,
  isUndecided,
  placeIn,
} from '../../edits/changeSet/read.ts';
import { plainLine } from '../../guard/sanitise.ts';
import { currentText } from '../changes/images.ts';
import type { OwnLanguage, OwnLens, OwnLink, OwnProblem } from '../ownDocuments.ts';
import type { Services } from '../services.ts';
import { allTargets, isWhole } from './accept.ts';
import { baseOf, changeSetOf, outlook, uriOf } from './files.ts';
import { placeHunk } from '../../edits/changeSet/place.ts';

/** Hunks that are looked at for diagnostics; who reads more looks at one at a time. */
const MAX_CHECKED = 100;
const MAX_LENSES = 200;
const DEED = { change: 'changed', create: 'made', delete: 'deleted', rename: 'renamed' } as const;

export const changeSetLanguage: OwnLanguage = {
  async hover(document, position, services) {
    const found = placeIn(changeSetOf(document), position.line);
    if (!found) return undefined;
    const { file, hunk } = found;
    const lines = (hunk ? [hunk] : file.hunks).flatMap(each => each.lines);
    const count = (kind: string) => lines.filter(line => line.kind === kind).length;
    const name = codeName(file.kind === 'rename' ? `${file.from} → ${file.path}` : file.path);
    const head = `${name} is ${DEED[file.kind]}: ${count('+')} lines added, ${count('-')} removed by this ${hunk ? 'hunk' : 'part'}.`;
    const state = await stateOf(services, document.uri, file, hunk);
    return { range: document.getLineRange(position.line), markdown: `${head}\n\n${state}` };
  },

  async definition(document, position, services) {
    const found = placeIn(changeSetOf(document), position.line);
    if (!found) return undefined;
    const target = await placeOf(services, document, position, found.file, found.hunk);
    return target && { range: document.getLineRange(position.line), target };
  },

  async links(document, services) {
    const links: OwnLink[] = [];
    for (const file of changeSetOf(document).files.slice(0, MAX_LENSES)) {
      const uri = file.kind === 'create' ? undefined : uriOf(services, document.uri, file.from);
      if (uri === undefined || (await currentText(uri, services)) === null) continue;
      const start = { line: file.hunks[0]?.start ?? 0, character: 0 };
      links.push({ range: document.getLineRange(file.first), target: { uri, range: { start, end: start } } });
    }
    return links;
  },

  lenses(document) {
    const set = changeSetOf(document);
    const open = allTargets(set).filter(({ file, hunk }) =>
      hunk ? isUndecided({ file, hunk }) : file.rejected === undefined && file.unsupported === undefined,
    );
    const lens = (line: number, title: string, command: string): OwnLens => ({
      range: document.getLineRange(line),
      title,
      command,
    });
    const top =
      open.length > 1
        ? [
            lens(0, `Accept all (${open.length})`, 'codriver.acceptAll'),
            lens(0, 'Reject all', 'codriver.rejectAll'),
          ]
        : [];
    const each = open.slice(0, MAX_LENSES).flatMap(({ file, hunk }) => {
      const line = hunk?.first ?? file.first;
      return [lens(line, 'Accept', 'codriver.acceptHunk'), lens(line, 'Reject', 'codriver.rejectHunk')];
    });
    return [...top, ...each];
  },

  async problems(document, services) {
    const set = changeSetOf(document);
    const wrong: OwnProblem[] = set.errors.map(({ line, message }) => ({
      range: document.getLineRange(line),
      message,
    }));
    return [...wrong, ...(await doubts(set, document, services))];
  },

  complete: () => undefined,
};

/** What cannot be accepted as things are, and rejections that give no reason. */
async function doubts(
  set: ChangeSet,
  document: Document,
  services: Services,
): Promise<readonly OwnProblem[]> {
  const found: OwnProblem[] = [];
  for (const { file, hunk } of allTargets(set).slice(0, MAX_CHECKED)) {
    const line = hunk?.first ?? file.first;
    const reason = hunk?.rejected ?? file.rejected;
    if (reason !== undefined) {
      const range = document.getLineRange((hunk?.rejected === undefined ? file : hunk).marked);
      if (reason === '') found.push({ range, message: 'Say here why, for another try.', hint: true });
      continue;
    }
    const hunks = hunk ? [hunk] : file.hunks;
    const now = await outlook(services, document.uri, file, hunks);
    if (now.ok) continue;
    const message = now.present
      ? `Nothing is left to accept: ${now.why}.`
      : `This cannot be accepted: ${now.why}.`;
    found.push({ range: document.getLineRange(line), message, ...(now.present ? { hint: true } : {}) });
  }
  return found;
}

async function stateOf(
  services: Services,
  uri: string,
  file: DiffFile,
  hunk: DiffHunk | undefined,
): Promise<string> {
  const reason = hunk?.rejected ?? file.rejected;
  if (reason !== undefined)
    return `Rejected${reason === '' ? ', without a reason' : `: ${plainLine(reason, 1_000)}`}.`;
  const now = await outlook(services, uri, file, hunk && !isWhole(file) ? [hunk] : file.hunks);
  if (now.ok) return 'It can be accepted as the file is now.';
  return now.present ? `Nothing is left to accept: ${now.why}.` : `It cannot be accepted: ${now.why}.`;
}

/** The line of the file that a line of the document is about. */
async function placeOf(
  services: Services,
  document: Document,
  { line }: Position,
  file: DiffFile,
  hunk: DiffHunk | undefined,
): Promise<{ uri: string; range: Range } | undefined> {
  const uri = uriOf(services, document.uri, file.from);
  const current = uri === undefined ? undefined : await currentText(uri, services);
  if (uri === undefined || typeof current !== 'object' || current === null) return undefined;
  const at = (target: number) => {
    const start = { line: target, character: 0 };
    return { uri, range: { start, end: start } };
  };
  const [first] = file.hunks;
  if (!hunk) return at(first?.start ?? 0);
  const placed = placeHunk(hunk, current.text, baseOf(services, file, current));
  // Lines of the hunk above its first change, which is where its edits begin.
  const ahead = hunk.lines.findIndex(({ kind }) => kind !== ' ');
  const start = placed.ok
    ? Math.min(...placed.edits.map(({ range }) => range.start.line)) - ahead
    : hunk.start;
  const above = hunk.lines.slice(0, Math.max(0, line - hunk.first - 1));
  return at(Math.max(0, start + above.filter(({ kind }) => kind !== '+').length));
}

function codeName(name: string): string {
  return `\`${plainLine(name, 500).replaceAll('`', "'")}\``;
}
