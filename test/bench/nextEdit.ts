/**
 * Next edits on the history of local git repositories:
 *   tsx test/bench/nextEdit.ts [--commits 200] [--show 0] [--json FILE] REPO…
 * A commit's changes are made one after the other, as a person would from top to bottom, and after each the first
 * prediction is asked for. It is right if all that it changes is as in the commit, and then it is
 * accepted; else it is
 * wrong and dismissed with its group. Figures count on repositories that nothing was tuned on.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import { languageOfPath } from '../../server/base/languages.ts';
import { diffLines, type LineHunk } from '../../server/edits/diff.ts';
import { RecordedHistory } from '../../server/edits/editHistory.ts';
import { lineChange, texts } from '../../server/features/nextEdit/changes.ts';
import { predictNextEdits } from '../../server/features/nextEdit/predict.ts';
import type { Prediction } from '../../server/features/nextEdit/types.ts';
import { bench, never } from '../analysis/bench.ts';

const MAX_FILES = 6;
const MAX_CHANGED_LINES = 120;
const MAX_FILE_LENGTH = 150_000;
const STEP_MS = 20_000;

interface Outcome {
  right: number;
  wrong: number;
  /** Lines that were changed by hand after the first, and those of them whose change had been made before. */
  byHand: number;
  repeated: number;
}

interface ChangedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

function git(folder: string, ...argv: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'core.quotePath=false', ...argv], {
    maxBuffer: 1 << 28,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Commits that change a few lines of a few files, the newest first. */
function* commitsOf(folder: string, count: number): Iterable<{ id: string; files: ChangedFile[] }> {
  const log = git(
    folder,
    'log',
    '--no-merges',
    '--diff-filter=M',
    '--no-renames',
    '--numstat',
    '--format=#%H',
    '-n',
    String(count * 6),
  );
  let found = 0;
  for (const part of log.split('#').slice(1)) {
    const [id, ...rows] = part.trim().split('\n') as [string, ...string[]];
    const changed = rows.filter(Boolean).map(row => row.split('\t') as [string, string, string]);
    const code = changed.filter(([, , path]) => {
      const language = languageOfPath(path);
      return (
        language &&
        !language.prose &&
        !/(?:^|\/)(?:dist|vendor|node_modules)\//.test(path) &&
        !/json|lock|ya?ml|toml|html|xml/.test(language.id)
      );
    });
    const lines = code.reduce((sum, [added, removed]) => sum + Number(added) + Number(removed), 0);
    if (code.length === 0 || code.length > MAX_FILES || lines < 4 || lines > MAX_CHANGED_LINES) continue;
    const files = code.map(([, , path]) => ({
      path,
      before: git(folder, 'show', `${id}^:${path}`),
      after: git(folder, 'show', `${id}:${path}`),
    }));
    if (files.some(({ before, after }) => before.length > MAX_FILE_LENGTH || /\r/.test(before + after)))
      continue;
    yield { id, files };
    if (++found >= count) return;
  }
}

const sizeOf = (hunks: readonly LineHunk[]) =>
  hunks.reduce((sum, hunk) => sum + hunk.aEnd - hunk.aStart + hunk.bEnd - hunk.bStart, 0);

class Replay {
  readonly #desk = bench({});
  readonly outcome: Outcome = { right: 0, wrong: 0, byHand: 0, repeated: 0 };
  readonly by = new Map<string, Outcome>();
  readonly told: string[] = [];
  readonly times: number[] = [];

  async commit(id: string, files: readonly ChangedFile[]): Promise<void> {
    let now = 0;
    const history = new RecordedHistory({ now: () => now });
    const { analysis, documents } = this.#desk;
    const uri = (path: string) => this.#desk.uri(path);
    for (const { path, before } of files)
      documents.set(uri(path), new Document(uri(path), languageOfPath(path)?.id ?? 'plaintext', 1, before));
    const refused = new Set<string>();
    const made = new Set<string>();
    const change = (document: Document, edit: TextEdit) => {
      now += STEP_MS;
      const version = document.version + 1;
      document.update(
        [{ range: edit.range, text: edit.newText }],
        version,
        history.follow(document, version),
      );
    };
    const ports = {
      documents: [...documents.values()],
      names: (at: string) => analysis.names(at, never),
      preflight: (at: string, edits: readonly TextEdit[]) => analysis.preflight(at, edits, never),
      log: { write: (_: string, message: string) => this.told.push(message) },
    };
    try {
      for (const { path, after } of files) {
        const document = documents.get(uri(path)) as Document;
        for (let guard = 0; guard < 400; guard++) {
          const hunk = differences(document.getText(), after)[0];
          if (!hunk) break;
          const edit = byHand(document, after, hunk);
          this.#count(document, edit, made, history.edits(1).length > 0);
          change(document, edit);
          for (;;) {
            const began = performance.now();
            const predictions = await predictNextEdits(history.edits(20), ports);
            this.times.push(performance.now() - began);
            const prediction = predictions.find(each => !refused.has(each.group));
            if (!prediction) break;
            const target = documents.get(prediction.uri) as Document;
            const final = files.find(file => uri(file.path) === prediction.uri)?.after ?? '';
            const right = isRight(target, prediction, final);
            this.#judge(id, prediction, target, right);
            if (!right) {
              refused.add(prediction.group);
              break;
            }
            change(target, prediction);
          }
        }
      }
    } finally {
      for (const at of documents.keys()) analysis.documentClosed(at);
      documents.clear();
    }
  }

  #count(document: Document, { range, newText }: TextEdit, made: Set<string>, later: boolean): void {
    const language = languageOfPath(document.uri);
    const before = document.getText(range);
    const changed = language && range.end.line === range.start.line && lineChange(language, before, newText);
    const what = changed
      ? changed.changes
          .map(
            each =>
              `${texts(changed.old.slice(each.oldStart, each.oldEnd)).join(' ')}→${texts(changed.now.slice(each.newStart, each.newEnd)).join(' ')}`,
          )
          .join('; ')
      : `${before}→${newText}`;
    if (later) this.outcome.byHand++;
    if (made.has(what)) this.outcome.repeated++;
    made.add(what);
  }

  #judge(id: string, prediction: Prediction, document: Document, right: boolean): void {
    const own = this.by.get(prediction.by) ?? { right: 0, wrong: 0, byHand: 0, repeated: 0 };
    this.by.set(prediction.by, own);
    for (const each of [own, this.outcome]) each[right ? 'right' : 'wrong']++;
    if (!right || values.all)
      this.told.push(
        `${right ? 'right' : 'WRONG'} ${id.slice(0, 8)} ${basename(document.uri)}:${prediction.range.start.line + 1} ${prediction.by} ${prediction.confidence.toFixed(2)} ${prediction.reason}\n   - ${document.lineAt(prediction.range.start.line).trim()}\n   + ${applied(document, prediction).lineAt(prediction.range.start.line).trim()}`,
      );
  }
}

function differences(from: string, to: string): readonly LineHunk[] {
  return diffLines(from.split('\n'), to.split('\n'), 2000) ?? [];
}

/** What a person changes next: a line, or the lines that come or go together. */
function byHand(document: Document, after: string, { aStart, aEnd, bStart, bEnd }: LineHunk): TextEdit {
  const lines = after.split('\n');
  if (aEnd - aStart === bEnd - bStart)
    return { range: document.getLineRange(aStart), newText: lines[bStart] as string };
  const added = lines.slice(bStart, bEnd);
  const end = document.positionAt(document.length);
  // At the end of the file the line break before the lines comes or goes with them.
  if (aStart >= document.lineCount) return { range: { start: end, end }, newText: `\n${added.join('\n')}` };
  if (aEnd >= document.lineCount && added.length === 0 && aStart > 0)
    return { range: { start: document.getLineRange(aStart - 1).end, end }, newText: '' };
  if (aEnd >= document.lineCount)
    return {
      range: { start: { line: aStart, character: 0 }, end },
      newText: added.join('\n'),
    };
  return {
    range: { start: { line: aStart, character: 0 }, end: { line: aEnd, character: 0 } },
    newText: added.map(line => `${line}\n`).join(''),
  };
}

function applied(document: Document, { range, newText }: TextEdit): Document {
  const copy = document.clone();
  copy.update([{ range, text: newText }], copy.version + 1);
  return copy;
}

/** Nearer by all that it changes, in words, signs and spaces: what else is to change on its line does not matter. */
function isRight(document: Document, prediction: Prediction, final: string): boolean {
  const split = (text: string) => text.match(/[\p{L}\p{N}_]+|\n|[^\S\n]+|[^\p{L}\p{N}_\s]/gu) ?? [];
  const size = (a: string, b: string) => sizeOf(diffLines(split(a), split(b), 3000) ?? []);
  const before = document.getText();
  const after = applied(document, prediction).getText();
  return size(before, final) - size(after, final) === size(before, after);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commits: { type: 'string', default: '200' },
    show: { type: 'string', default: '0' },
    all: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
if (positionals.length === 0) {
  console.error(
    'Say which repositories: tsx test/bench/nextEdit.ts [--commits 200] [--show N] [--json FILE] REPO…',
  );
  process.exit(2);
}
const percent = (part: number, whole: number) =>
  whole === 0 ? '  –  ' : `${((100 * part) / whole).toFixed(1).padStart(5)}`;
const rows: object[] = [];
console.log(
  'repository               right wrong  precision  of repeated  of all lines   p95 ms   by predictor (right/wrong)',
);
for (const folder of positionals) {
  const replay = new Replay();
  for (const { id, files } of commitsOf(folder, Number(values.commits))) await replay.commit(id, files);
  const { right, wrong, byHand: hand, repeated } = replay.outcome;
  const p95 = replay.times.sort((a, b) => a - b)[Math.floor(replay.times.length * 0.95)] ?? 0;
  const by = [...replay.by].map(([name, each]) => `${name} ${each.right}/${each.wrong}`).join(', ');
  const name = folder
    .replace(/\/(?:repo|\.git)?\/?$/, '')
    .split('/')
    .pop() as string;
  rows.push({
    repository: name,
    right,
    wrong,
    byHand: hand,
    repeated,
    p95,
    by: Object.fromEntries(replay.by),
  });
  console.log(
    `${name.padEnd(24)} ${String(right).padStart(5)} ${String(wrong).padStart(5)}      ${percent(right, right + wrong)}        ${percent(right, right + repeated)}         ${percent(right, right + hand)}   ${p95.toFixed(1).padStart(6)}   ${by}`,
  );
  for (const line of replay.told.slice(0, Number(values.show))) console.log(`  ${line}`);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
