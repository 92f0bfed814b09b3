/**
 * What was sent to endpoints in the last days, kept across sessions: each server of the person writes a record a
 * day of its own and reads those of the others, so that none is lost and nobody waits for a lock. The budget is for
 * all together; what another server spent within the last seconds is not known yet. It must not know engines.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Machine, Timer } from '../../base/ports.ts';
import type { Settings } from '../../config/settings.ts';
import type { Meter, Spender, Spent } from '../../engines/meter.ts';
import { storeDirectories } from '../../store/directories.ts';
import { createRecords, type Records } from '../../store/records.ts';
import { addTo, type Amount, readDay, total, type UsageDay } from './days.ts';

/** Days that are kept and shown. */
const DAYS = 7;
/** Counts wait so long to be written and to be compared with the other servers', in ms. */
const WRITE_MS = 2_000;
const MOST_BYTES = 64 * 1024;

export type Budget = Settings['budget'];

export interface UsageParts {
  readonly machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>;
  readonly limits: () => Budget;
  /** Says one thing to the person, once a day. */
  readonly tell?: (message: string) => void;
}

export class Usage implements Meter {
  /** Called when a request begins or ends. */
  changed: () => void = () => {};
  readonly #parts: UsageParts;
  #running = 0;
  readonly #records: Records;
  readonly #writer = randomBytes(8).toString('hex');
  /** By this process, and by all others as last read; by day. */
  readonly #own = new Map<string, Amount[]>();
  #others: readonly UsageDay[] = [];
  readonly #changed = new Set<string>();
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #told: string | undefined;

  constructor(parts: UsageParts) {
    this.#parts = parts;
    const directory = join(storeDirectories(parts.machine.environment).state, 'usage');
    this.#records = createRecords({
      ...parts.machine,
      directory,
      what: 'usage',
      keepDamaged: false,
      mostBytes: MOST_BYTES,
    });
  }

  /** Reads what other servers have counted. */
  async load(): Promise<void> {
    const others: UsageDay[] = [];
    for (const { key, value } of await this.#records.all()) {
      const day = key.endsWith(this.#writer) ? undefined : readDay(value);
      if (day) others.push(day);
    }
    this.#others = others;
  }

  refusal(): string | undefined {
    const limits = this.#parts.limits();
    if (limits.tokensPerDay === 0 && limits.requestsPerDay === 0) return undefined;
    const today = this.#today();
    const { requests, promptTokens, completionTokens } = total(this.#amountsOf(today));
    const over = (
      [
        ['tokens', 'budget.tokensPerDay', promptTokens + completionTokens, limits.tokensPerDay],
        ['requests', 'budget.requestsPerDay', requests, limits.requestsPerDay],
      ] as const
    ).find(([, , used, limit]) => limit > 0 && used >= limit);
    if (!over) return undefined;
    const [what, key, used, limit] = over;
    return `Today's budget of ${limit} ${what} is used up (${used} so far), so nothing more is sent to a model before midnight. To go on, raise ${key} in your settings (0: no limit); codriver.usage shows what it went to.`;
  }

  /** Requests of this process that are not answered yet. */
  get running(): number {
    return this.#running;
  }

  requested(spender: Spender): void {
    this.#running++;
    this.#add({ ...spender, requests: 1, promptTokens: 0, completionTokens: 0, estimated: 0 });
  }

  spent(spender: Spender, { estimated, ...tokens }: Spent): void {
    this.#running--;
    this.#add({ ...spender, ...tokens, requests: 0, estimated: estimated ? 1 : 0 });
  }

  /** Says once a day that the budget is used up. */
  check(): void {
    const message = this.refusal();
    const today = this.#today();
    if (message === undefined || this.#told === today) return;
    this.#told = today;
    this.#parts.machine.log.write('info', `nothing is sent any more today: ${message}`);
    this.#parts.tell?.(message);
  }

  /** The last days by all servers, today first. */
  week(): readonly UsageDay[] {
    return this.#lastDays().map(day => ({ day, amounts: this.#amountsOf(day) }));
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#changed.size > 0) this.#write();
    await this.#writing;
  }

  #add(amount: Amount): void {
    const today = this.#today();
    const amounts = this.#own.get(today) ?? [];
    this.#own.set(today, amounts);
    addTo(amounts, amount);
    this.#changed.add(today);
    this.#timer ??= this.#parts.machine.clock.after(WRITE_MS, () => {
      this.#timer = undefined;
      this.#write();
    });
    this.check();
    this.changed();
  }

  #write(): void {
    this.#writing = this.#writing.then(async () => {
      for (const day of this.#changed) {
        this.#changed.delete(day);
        const stored: UsageDay = { day, amounts: this.#own.get(day) ?? [] };
        await this.#records.set(`${day} ${this.#writer}`, stored);
      }
      await this.#forgetOld();
      await this.load();
      this.check();
    });
    this.#writing = this.#writing.catch((error: unknown) =>
      this.#parts.machine.log.write('warn', `the usage could not be kept: ${String(error)}`),
    );
  }

  async #forgetOld(): Promise<void> {
    const oldest = this.#lastDays().at(-1) as string;
    for (const day of this.#own.keys()) if (day < oldest) this.#own.delete(day);
    for (const { key } of await this.#records.all()) if (key < oldest) await this.#records.remove(key);
  }

  #amountsOf(day: string): readonly Amount[] {
    const amounts: Amount[] = [];
    const others = this.#others.filter(other => other.day === day).flatMap(other => other.amounts);
    for (const amount of [...(this.#own.get(day) ?? []), ...others]) addTo(amounts, amount);
    return amounts;
  }

  #today(): string {
    return dayOf(this.#parts.machine.clock.now(), 0);
  }

  #lastDays(): readonly string[] {
    const now = this.#parts.machine.clock.now();
    return Array.from({ length: DAYS }, (_, ago) => dayOf(now, ago));
  }
}

/** The person's day, as `2026-01-31`; sorts as text. */
function dayOf(now: number, daysAgo: number): string {
  const date = new Date(now);
  // Noon: there is one in every day, whatever the clocks are set to.
  const noon = new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo, 12);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${noon.getFullYear()}-${two(noon.getMonth() + 1)}-${two(noon.getDate())}`;
}
