/**
 * The one place that every change of ours goes through: applied by the host, remembered, and taken back exactly when
 * the person says so, also after further typing and in another session. It must not know why a change is made.
 */
import { isAbsolute, relative } from 'node:path';
import { randomBytes } from 'node:crypto';
import { errorText } from '../../base/errors.ts';
import type { ApplyOutcome, Change } from '../../base/host.ts';
import type { Services } from '../services.ts';
import { images, type Followed } from './images.ts';
import {
  type Chain,
  type ChangeRecord,
  chainsOf,
  type FileRecord,
  inOrder,
  openFiles,
  sizeOf,
} from './record.ts';
import { type FileConflict, prepare } from './prepare.ts';
import type { ChangeStore } from './store.ts';

export type Direction = 'undo' | 'redo';

/** What is to be undone or redone; nothing said: the last change. */
export interface Selection {
  /** Of the change, or of any record of it; the beginning of one is enough if only one begins so. */
  readonly id?: string;
  /** Only what was done to this file. */
  readonly uri?: string;
}

/** `message` is for the person. */
export type Reverted =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly message: string; readonly conflicts: readonly FileConflict[] };

/** `change` names what was applied, for undo; absent where it cannot be undone. */
export type Applied =
  | { readonly applied: true; readonly change?: string }
  | Extract<ApplyOutcome, { readonly applied: false }>;

export interface Changes {
  /** Applies a change through the host and remembers it. */
  apply(change: Change): Promise<Applied>;
  /** Takes a change back, or puts it in again: all of it, or nothing and why. One after the other. */
  revert(direction: Direction, selection?: Selection): Promise<Reverted>;
  /** All that is known, the oldest change first; of this session and of earlier ones. */
  chains(): Promise<readonly Chain[]>;
  /** The changes that an id, or the beginning of one, names. */
  find(id: string): Promise<readonly Chain[]>;
  /** Resolves when everything is stored that can be. */
  settled(): Promise<void>;
}

export interface ChangesParts
  extends Pick<Services, 'host' | 'documents' | 'places' | 'files' | 'clock' | 'log'> {
  readonly store: ChangeStore;
  /** Tells this session's changes from those of others; random where absent. */
  readonly session?: string;
}

/** Records of this session that could not be stored, or that are newer than what is stored. */
const MOST_IN_MEMORY = 100;
const MOST_CHARACTERS_IN_MEMORY = 32 * 1024 * 1024;
/** Who types this often faster than an undo is computed wants something else. */
const MAX_TRIES = 6;
/** How long an editor may take to tell of a change that it has applied, in steps of ms. */
const TELL_STEP_MS = 50;
const TELL_STEPS = 40;

export class RecordedChanges implements Changes {
  readonly #parts: ChangesParts;
  readonly #session: string;
  readonly #followed = new Map<string, Followed>();
  #own: ChangeRecord[] = [];
  #order = 0;
  #storing: Promise<void> = Promise.resolve();
  #reverting: Promise<unknown> = Promise.resolve();

  constructor(parts: ChangesParts) {
    this.#parts = parts;
    this.#session = parts.session ?? randomBytes(6).toString('hex');
  }

  apply(change: Change): Promise<Applied> {
    return this.#apply(change, { undone: false });
  }

  revert(direction: Direction, selection: Selection = {}): Promise<Reverted> {
    const next = this.#reverting.then(() => this.#revert(direction, selection));
    this.#reverting = next.catch(() => {});
    return next;
  }

  async chains(): Promise<readonly Chain[]> {
    const known = new Map((await this.#parts.store.all()).map(record => [record.id, record]));
    for (const record of this.#own) known.set(record.id, record);
    return chainsOf([...known.values()]);
  }

  async find(id: string): Promise<readonly Chain[]> {
    const chains = await this.chains();
    const exact = chains.filter(({ records }) => records.some(record => record.id === id));
    return exact.length > 0 || id === ''
      ? exact
      : chains.filter(({ records }) => records.some(record => record.id.startsWith(id)));
  }

  async settled(): Promise<void> {
    await this.#storing;
  }

  /** `unchanged`: files that are as the record wants them already, and belong to it all the same. */
  async #apply(
    change: Change,
    as: { readonly undone: boolean; readonly root?: string; readonly unchanged?: readonly FileRecord[] },
  ): Promise<Applied> {
    const taken = await images(change, this.#parts);
    const outcome: ApplyOutcome =
      change.documents.length > 0 ? await this.#parts.host.apply(change) : { applied: true };
    if (!outcome.applied) return outcome;
    const files = [...(taken?.files ?? []), ...(as.unchanged ?? [])];
    if (!taken || files.length === 0) {
      this.#parts.log.write(
        'info',
        'a change was applied that cannot be undone by Codriver: a file of it cannot be read',
      );
      return outcome;
    }
    const id = `c${this.#parts.clock.now().toString(36)}${randomBytes(3).toString('hex')}`;
    const record: ChangeRecord = {
      id,
      root: as.root ?? id,
      session: this.#session,
      at: this.#parts.clock.now(),
      order: this.#order++,
      label: change.label,
      undone: as.undone,
      files,
    };
    for (const [uri, followed] of taken.followed) this.#followed.set(`${id} ${uri}`, followed);
    this.#remember(record);
    return { applied: true, change: id };
  }

  #remember(record: ChangeRecord): void {
    this.#own.push(record);
    this.#storing = this.#storing
      .then(() => this.#parts.store.add(record))
      .then(stored => {
        if (!stored)
          this.#parts.log.write('info', `the change ${record.id} can be undone in this session only`);
      })
      .catch((error: unknown) => this.#parts.log.write('error', `history of changes: ${errorText(error)}`));
    let characters = 0;
    const kept = this.#own.findLastIndex((each, i) => {
      characters += sizeOf(each);
      return this.#own.length - i > MOST_IN_MEMORY || characters > MOST_CHARACTERS_IN_MEMORY;
    });
    for (const { id, files } of this.#own.splice(0, kept + 1)) {
      for (const { uri } of files) this.#followed.delete(`${id} ${uri}`);
    }
  }

  async #revert(direction: Direction, selection: Selection): Promise<Reverted> {
    let waited = 0;
    for (let tries = 0; tries < MAX_TRIES; ) {
      const chosen = await this.#choose(direction, selection);
      if (typeof chosen === 'string') return { ok: false, message: chosen, conflicts: [] };
      const uris = openFiles(chosen, direction).filter(
        uri => selection.uri === undefined || uri === selection.uri,
      );
      if (uris.length === 0) return { ok: false, message: nothingOpen(direction, chosen), conflicts: [] };
      const files = uris.map(uri => ({ uri, record: chosen.last.get(uri) as ChangeRecord }));
      const prepared = await prepare(files, this.#parts, (id, uri) => this.#followed.get(`${id} ${uri}`));
      if (prepared.kind === 'untold') {
        if (waited++ >= TELL_STEPS) return { ok: false, message: UNTOLD, conflicts: [] };
        await new Promise<void>(resolve => this.#parts.clock.after(TELL_STEP_MS, resolve));
        continue;
      }
      if (prepared.kind === 'refused') {
        const { conflicts, message } = prepared;
        return { ok: false, message: `“${chosen.label}” was not ${past(direction)}: ${message}`, conflicts };
      }
      tries++;
      const { documents, unchanged } = prepared;
      const label = direction === 'undo' ? `Undo ${chosen.label}` : `Redo ${chosen.label}`;
      const as = { undone: direction === 'undo', root: chosen.root, unchanged };
      const outcome = await this.#apply({ label, documents }, as);
      if (outcome.applied) return { ok: true, message: done(direction, chosen, uris.length) };
      if (outcome.why !== 'stale') return { ok: false, message: outcome.message, conflicts: [] };
    }
    return {
      ok: false,
      message: 'The text kept changing meanwhile, so nothing was done. Try again.',
      conflicts: [],
    };
  }

  /** The change that is meant, or why there is none. Without a name: of this session, else of this workspace. */
  async #choose(direction: Direction, { id, uri }: Selection): Promise<Chain | string> {
    if (id !== undefined) {
      const found = await this.find(id);
      if (found.length > 1) return `${found.length} changes begin with ${id}. Give more of the id.`;
      return found[0] ?? `There is no change ${id} any more. Run codriver.history to see what there is.`;
    }
    const chains = (await this.chains()).filter(chain => {
      const open = openFiles(chain, direction);
      return uri === undefined ? open.length > 0 : open.includes(uri);
    });
    const own = chains.filter(({ session }) => session === this.#session);
    const candidates = own.length > 0 ? own : chains.filter(chain => this.#isHere(chain));
    const newest = (chain: Chain): ChangeRecord =>
      (direction === 'undo' ? chain.records[0] : chain.records.at(-1)) as ChangeRecord;
    const last = candidates.sort((a, b) => inOrder(newest(a), newest(b))).at(-1);
    return last ?? `There is no change by Codriver to ${direction} here.`;
  }

  #isHere({ last }: Chain): boolean {
    const { documents, places } = this.#parts;
    return [...last.keys()].every(uri => {
      if (documents.get(uri)) return true;
      const path = places.pathOf(uri);
      if (path === undefined) return false;
      return places.folders.some(folder => {
        const below = relative(folder, path);
        return below !== '' && !below.startsWith('..') && !isAbsolute(below);
      });
    });
  }
}

const UNTOLD =
  'The editor has not told yet what the last change made of the text, so nothing was done. Try again in a moment.';

function past(direction: Direction): string {
  return direction === 'undo' ? 'undone' : 'redone';
}

function nothingOpen(direction: Direction, { label }: Chain): string {
  return direction === 'undo' ? `“${label}” is undone already.` : `“${label}” is in place already.`;
}

function done(direction: Direction, { label, root }: Chain, count: number): string {
  const files = count === 1 ? '1 file' : `${count} files`;
  const back = direction === 'undo' ? 'codriver.redo' : 'codriver.undo';
  return `${direction === 'undo' ? 'Undid' : 'Redid'} “${label}” in ${files} (${root}). ${back} takes that back.`;
}
