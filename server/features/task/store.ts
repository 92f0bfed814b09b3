/**
 * Where tasks are kept: this user's state folder, and nothing of the project. One folder for each task's document,
 * with its journal, its outputs and its lock; the trees lie beside. It must not know what a task does.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk, Environment, Files, TreeFiles } from '../../base/ports.ts';
import type { Approvals } from '../../store/approvals.ts';
import type { AcceptedFinding, KeptFinding } from './findings.ts';

/** What of the machine tasks need beyond what features have; tied in a dry run. */
export interface TaskStore {
  /** Absolute; this user's alone. */
  readonly folder: string;
  /** The user's own folder of skills, absolute. */
  readonly skills: string;
  /** What the person said yes to, apart from every journal. */
  readonly approvals: Approvals;
  readonly disk: Disk;
  readonly trees: TreeFiles;
  readonly environment: Environment;
  /** Tells this process from an earlier one that had the same number. */
  readonly session: string;
  /** Adds to the end of a private file, which is made where it is missing, and flushes it to the device. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  randomId(): string;
}

/** What is known of a task's document beside its journal. */
export interface RunRecord {
  readonly version: 1;
  /** Absolute path of the document. */
  readonly document: string;
  /** The folder that the task is about, absolute. */
  readonly project: string;
  /** From 1; a task that has ended and is begun again gets the next. */
  readonly number: number;
  /** The change by which the result came into the project. */
  readonly change?: string;
  /** What keeps the result that was verified last from being so. */
  readonly findings?: readonly KeptFinding[];
  /** What the person has accepted of such findings. */
  readonly accepted?: readonly AcceptedFinding[];
  /** The person was told that the document is not there; it may come back with another branch. */
  readonly toldMissing?: boolean;
  /** The change-set document in which the result was shown, and the hash of that result. */
  readonly shown?: { readonly diff: string; readonly uri: string };
}

/** The places of one task. `id` names it in approvals, its tree and its journal. */
export interface RunPlaces {
  readonly folder: string;
  readonly record: string;
  journal(number: number): string;
  outputs(number: number): string;
  readonly scratch: string;
  readonly commands: string;
  id(number: number): string;
}

const MOST_RECORD_BYTES = 256 * 1024;

export const treesOf = ({ folder }: Pick<TaskStore, 'folder'>): string => join(folder, 'trees');
export const runsOf = ({ folder }: Pick<TaskStore, 'folder'>): string => join(folder, 'runs');

/** By the document's path, so that nothing a repository may write into a document can name another task. */
export function keyOf(document: string): string {
  return createHash('sha256').update(document).digest('hex').slice(0, 20);
}

export function placesOf(store: Pick<TaskStore, 'folder'>, key: string): RunPlaces {
  const folder = join(runsOf(store), key);
  return {
    folder,
    record: join(folder, 'run.json'),
    journal: number => join(folder, `${number}.jsonl`),
    outputs: number => join(folder, `outputs-${number}`),
    scratch: join(folder, 'scratch'),
    commands: join(folder, 'commands.json'),
    id: number => `${key}-${number}`,
  };
}

export async function readRecord(
  files: Pick<Files, 'readText'>,
  places: Pick<RunPlaces, 'record'>,
): Promise<RunRecord | undefined> {
  const read = await files.readText(places.record, MOST_RECORD_BYTES);
  if (!read.ok) return undefined;
  try {
    const record = JSON.parse(read.text) as Partial<RunRecord>;
    const { document, number, project, version } = record;
    const whole = typeof document === 'string' && typeof project === 'string' && Number.isInteger(number);
    return version === 1 && whole ? (record as RunRecord) : undefined;
  } catch {
    return undefined;
  }
}

export function writeRecord(
  files: Pick<Files, 'writePrivate'>,
  places: Pick<RunPlaces, 'record'>,
  record: RunRecord,
): Promise<void> {
  return files.writePrivate(places.record, JSON.stringify(record));
}
