/**
 * What is offered as the next edit now: predicted when typing pauses, forgotten at the next key, never shown again once
 * refused. Asks the heuristics first and a model where they are silent and it may be asked. It must not know how
 * predictions are shown.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import { errorText } from '../../base/errors.ts';
import type { DocumentChange } from '../../base/host.ts';
import type { Timer } from '../../base/ports.ts';
import type { Services } from '../services.ts';
import type { Prediction } from './types.ts';
import type { RecentEdit } from '../../base/history.ts';
import { askNextEdit } from './withModel.ts';

/** Quiet time after the last change before anything is predicted, in ms; a model waits longer. */
const SETTLE_MS = 250;
const MODEL_SETTLE_MS = 700;
/** More hints at once annoy. */
const MAX_SHOWN = 3;
const EDITS = 20;
/** An edit that is older says nothing about now, in ms. */
const MAX_AGE_MS = 600_000;
const MAX_REFUSED = 500;

export interface NextEditsOptions {
  readonly services: () => Services;
  /** What is shown has changed in these documents. */
  readonly changed: (uris: readonly string[]) => void;
  readonly failed: (what: string, error: unknown) => void;
}

export class NextEdits {
  readonly #options: NextEditsOptions;
  #predictions: readonly Prediction[] = [];
  /** What was refused, by group and place; the oldest first. */
  readonly #refused = new Set<string>();
  /** What was made as predicted: predicted again it was undone. */
  readonly #made = new Set<string>();
  #timer: Timer | undefined;
  #run: AbortController | undefined;
  /** The prediction that was jumped to last. */
  #visited: Prediction | undefined;

  constructor(options: NextEditsOptions) {
    this.#options = options;
  }

  /** All that is predicted for the documents as they are, the nearest first. */
  get all(): readonly Prediction[] {
    const { documents } = this.#options.services();
    return this.#predictions.filter(({ uri, version }) => documents.get(uri)?.version === version);
  }

  /** The few that are shown unasked. */
  shown(uri: string): readonly Prediction[] {
    return this.all.slice(0, MAX_SHOWN).filter(each => each.uri === uri);
  }

  /** Those on a line. */
  at(uri: string, line: number): readonly Prediction[] {
    return this.all.filter(
      ({ uri: own, range }) => own === uri && range.start.line <= line && line <= range.end.line,
    );
  }

  /** The changes that make all predictions of a group, if they were tried out together. */
  changesOf(group: string): readonly DocumentChange[] {
    const found = this.all.filter(each => each.group === group && each.together);
    return [...new Set(found.map(({ uri }) => uri))].map(uri => {
      const own = found.filter(each => each.uri === uri);
      return { uri, version: own[0]?.version ?? null, edits: own.map(toEdit) };
    });
  }

  /** The next one to go to: the nearest first, then the one after it. */
  visit(): Prediction | undefined {
    const { all } = this;
    const last = all.findIndex(each => each === this.#visited);
    this.#visited = all[(last + 1) % Math.max(1, all.length)];
    return this.#visited;
  }

  /** What was jumped to last, else the nearest, is not offered again, nor what goes on with the same thing. */
  dismiss(): Prediction | undefined {
    const refused = this.all.find(each => each === this.#visited) ?? this.all[0];
    if (!refused) return undefined;
    remember(this.#refused, refused.group);
    this.#replace(this.#predictions.filter(({ group }) => group !== refused.group));
    return refused;
  }

  /** A change ends what was predicted from the text before it. */
  documentChanged(document: Document): void {
    for (const { uri, range, newText } of this.#predictions) {
      if (uri !== document.uri) continue;
      const line = document.lineAt(range.start.line);
      const { character } = range.start;
      if (newText && line.slice(character, character + newText.length) === newText)
        remember(this.#made, placeOf({ uri, range, newText }));
    }
    this.#stop();
    const { clock } = this.#options.services();
    this.#timer = clock.after(SETTLE_MS, () => {
      this.#predict().catch((error: unknown) => this.#options.failed('next edit', error));
    });
  }

  documentClosed(uri: string): void {
    if (this.#predictions.some(each => each.uri === uri))
      this.#replace(this.#predictions.filter(each => each.uri !== uri));
  }

  /** Nothing is offered any more. */
  end(): void {
    this.#stop();
    this.#replace([]);
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#run?.abort();
    this.#run = undefined;
  }

  async #predict(): Promise<void> {
    const services = this.#options.services();
    const { autonomy, nextEdit } = services.settings();
    if (!nextEdit.enabled || autonomy < 1) return this.#replace([]);
    const run = new AbortController();
    this.#run = run;
    const edits = recentEdits(this.#options.services());
    let found = edits.length > 0 ? await ended(services.nextEdits(edits, run.signal), run.signal) : [];
    if (run.signal.aborted) return;
    found = found.filter(each => this.#mayBeShown(each));
    this.#replace(found);
    if (found.length > 0 || edits.length === 0 || nextEdit.model !== 'auto') return;
    this.#timer = services.clock.after(MODEL_SETTLE_MS, () => {
      this.#ask('automatic', run).catch((error: unknown) => this.#options.failed('next edit', error));
    });
  }

  /** Asks a model because the person did, where nothing is predicted without one. */
  async ask(signal: AbortSignal): Promise<void> {
    const { autonomy, nextEdit } = this.#options.services().settings();
    if (!nextEdit.enabled || nextEdit.model === 'off' || autonomy < 1) return;
    this.#stop();
    const run = new AbortController();
    this.#run = run;
    signal.addEventListener('abort', () => run.abort(), { once: true });
    await this.#ask('explicit', run);
  }

  async #ask(trigger: 'automatic' | 'explicit', run: AbortController): Promise<void> {
    const services = this.#options.services();
    const found = await askNextEdit(services, recentEdits(services), trigger, run.signal).catch(
      (error: unknown) => {
        services.log.write('info', `no next edit by a model: ${errorText(error)}`);
        return undefined;
      },
    );
    if (found && !run.signal.aborted && this.#mayBeShown(found)) this.#replace([found]);
  }

  #mayBeShown(prediction: Prediction): boolean {
    const { documents } = this.#options.services();
    if (documents.isDesynchronised(prediction.uri)) return false;
    return !this.#refused.has(prediction.group) && !this.#made.has(placeOf(prediction));
  }

  #replace(predictions: readonly Prediction[]): void {
    const uris = new Set([...this.#predictions, ...predictions].map(({ uri }) => uri));
    this.#predictions = predictions;
    if (uris.size > 0) this.#options.changed([...uris]);
  }
}

/** What a next edit may follow from, the newest first. */
export function recentEdits({ clock, documents, history }: Services): readonly RecentEdit[] {
  const since = clock.now() - MAX_AGE_MS;
  const edits = history.edits(EDITS).filter(({ at }) => at >= since);
  const newest = edits[0];
  return newest && documents.get(newest.uri) && !documents.isDesynchronised(newest.uri) ? edits : [];
}

export function toEdit({ range, newText }: Prediction): TextEdit {
  return { range, newText };
}

function placeOf({ uri, range, newText }: Pick<Prediction, 'uri' | 'range' | 'newText'>): string {
  return JSON.stringify([uri, range, newText]);
}

function remember(set: Set<string>, key: string): void {
  set.add(key);
  for (const oldest of set) {
    if (set.size <= MAX_REFUSED) return;
    set.delete(oldest);
  }
}

/** An aborted run has found nothing. */
async function ended<T>(work: Promise<readonly T[]>, signal: AbortSignal): Promise<readonly T[]> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}
