/**
 * The person's answers (trusted folders, accepted endpoints, automatic sending) across sessions. An answer that
 * cannot be stored holds for this session. It must not know what an answer permits; guard/trust.ts decides that.
 */
import { join } from 'node:path';
import type { Machine } from '../base/ports.ts';
import { storeDirectories } from './directories.ts';
import { createRecords, type StoredRecord } from './records.ts';

export type ConsentAnswer = 'granted' | 'denied';

export interface Consents {
  get(kind: string, key: string): Promise<ConsentAnswer | undefined>;
  set(kind: string, key: string, answer: ConsentAnswer): Promise<void>;
  forget(kind: string, key: string): Promise<void>;
  list(kind: string): Promise<readonly { readonly key: string; readonly answer: ConsentAnswer }[]>;
  /** Forgets every answer, on disk and in this session. */
  purge(): Promise<void>;
  /** Whether answers outlive this session, for `doctor`. */
  persistent(): Promise<boolean>;
}

interface StoredConsent {
  readonly kind: string;
  readonly key: string;
  readonly answer: ConsentAnswer;
}

function consentOf(record: StoredRecord | undefined): StoredConsent | undefined {
  const value = record?.value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('kind' in value && 'key' in value && 'answer' in value)) return undefined;
  const { kind, key, answer } = value;
  const isWhole = typeof kind === 'string' && typeof key === 'string';
  return isWhole && (answer === 'granted' || answer === 'denied') ? { kind, key, answer } : undefined;
}

export function createConsents(machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>): Consents {
  const directory = join(storeDirectories(machine.environment).state, 'consents');
  const records = createRecords({ ...machine, directory, what: 'consents', keepDamaged: true });
  const thisSession = new Map<string, StoredConsent>();
  let usable: Promise<boolean> | undefined;

  const nameOf = (kind: string, key: string): string => `${kind}\n${key}`;

  /**
   * Answers are read only from a directory that this user alone could have written, which is what being able to
   * write there privately shows: the port refuses links and other owners.
   */
  function mayUse(): Promise<boolean> {
    usable ??= machine.files.writePrivate(join(directory, '.owner'), '').then(
      () => true,
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        machine.log.write(
          'warn',
          `Answers are kept for this session only: ${reason}. Make ${directory} a directory of your own, or set XDG_STATE_HOME.`,
        );
        return false;
      },
    );
    return usable;
  }

  async function exists(): Promise<boolean> {
    return (await machine.files.stat(directory)) !== undefined && (await mayUse());
  }

  return {
    async get(kind, key) {
      const remembered = thisSession.get(nameOf(kind, key));
      // Another server of the same user may have been told otherwise since; the disk is newer where it can be used.
      if (!(await exists())) return remembered?.answer;
      return consentOf(await records.get(nameOf(kind, key)))?.answer ?? remembered?.answer;
    },
    async set(kind, key, answer) {
      const consent: StoredConsent = { kind, key, answer };
      const stored = (await mayUse()) && (await records.set(nameOf(kind, key), consent));
      if (stored) thisSession.delete(nameOf(kind, key));
      else thisSession.set(nameOf(kind, key), consent);
    },
    async forget(kind, key) {
      thisSession.delete(nameOf(kind, key));
      if (await exists()) await records.remove(nameOf(kind, key));
    },
    async list(kind) {
      const stored = (await exists()) ? (await records.all()).map(consentOf) : [];
      const found = new Map<string, ConsentAnswer>();
      for (const consent of [...thisSession.values(), ...stored]) {
        if (consent?.kind === kind) found.set(consent.key, consent.answer);
      }
      return [...found].map(([key, answer]) => ({ key, answer }));
    },
    async purge() {
      thisSession.clear();
      if (await exists()) await records.purge();
      usable = undefined;
    },
    persistent: mayUse,
  };
}
