/**
 * The table of predictors, and what becomes of their guesses: the surest at each place, the nearest first, each tried
 * on a copy. It must not know threads, models or how predictions are shown.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Preflight } from '../../analysis/analysis.ts';
import type { RecentEdit } from '../../base/history.ts';
import type { Log } from '../../base/ports.ts';
import { errorText } from '../../base/errors.ts';
import { assigned } from './assigned.ts';
import { repeatedBlock } from './blocks.ts';
import { documented } from './documented.ts';
import { rename } from './rename.ts';
import { repeatedChange } from './repeat.ts';
import { signature } from './signature.ts';
import { Source } from './source.ts';
import { type Guess, MIN_CONFIDENCE, type Predicting, type Prediction, type Predictor } from './types.ts';

/** One row each. */
export const PREDICTORS: readonly Predictor[] = [
  rename,
  repeatedChange,
  repeatedBlock,
  signature,
  assigned,
  documented,
];

/** Guesses that are tried out; each costs a parse. */
const MAX_TRIED = 12;
/** Longer documents are not read for a next edit, in UTF-16 units; nor are more of them than this. */
const MAX_LENGTH = 400_000;
const MAX_SOURCES = 8;

export interface PredictPorts extends Pick<Predicting, 'names'> {
  readonly documents: readonly {
    uri: string;
    languageId: string;
    version: number;
    length: number;
    getText(): string;
  }[];
  preflight(uri: string, edits: readonly TextEdit[]): Promise<Preflight>;
  readonly log: Pick<Log, 'write'>;
  /** Gives the thread to others between two tries; rejects when nobody waits any more. */
  readonly breathe?: () => Promise<void>;
}

/** What probably comes after the edits, the newest of which is first; the nearest place first. */
export async function predictNextEdits(
  edits: readonly RecentEdit[],
  ports: PredictPorts,
): Promise<readonly Prediction[]> {
  const [newest] = edits;
  if (!newest) return [];
  const open = ports.documents.filter(({ length }) => length <= MAX_LENGTH);
  const order = new Map(edits.map(({ uri }, index) => [uri, edits.length - index]));
  const sources = [...open]
    .sort((a, b) => rank(b.uri) - rank(a.uri))
    .slice(0, MAX_SOURCES)
    .map(document => new Source(document));
  function rank(uri: string): number {
    return uri === newest?.uri ? Number.POSITIVE_INFINITY : (order.get(uri) ?? 0);
  }
  const input: Predicting = { edits, sources, names: remembered(ports.names) };
  const guesses: Guess[] = [];
  for (const predictor of PREDICTORS) {
    await ports.breathe?.();
    try {
      guesses.push(...(await predictor.guess(input)));
    } catch (error) {
      ports.log.write('warn', `next edit, ${predictor.name}: ${errorText(error)}`);
    }
  }
  return tryOut(nearest(surest(guesses), newest).slice(0, MAX_TRIED), sources, ports);
}

/** Each on a copy, and those of a group together: a name's import and its uses are right only with each other. */
async function tryOut(
  guesses: readonly Guess[],
  sources: readonly Source[],
  ports: Pick<PredictPorts, 'preflight' | 'breathe'>,
): Promise<readonly Prediction[]> {
  const fits = async (uri: string, edits: readonly Guess[]) => {
    await ports.breathe?.();
    return ports.preflight(uri, edits);
  };
  const alone = new Map<Guess, Preflight>();
  for (const guess of guesses) alone.set(guess, await fits(guess.uri, [guess]));
  const together = new Map<string, boolean>();
  for (const { uri, group } of guesses) {
    const key = `${uri} ${group}`;
    if (together.has(key)) continue;
    const all = guesses.filter(each => each.uri === uri && each.group === group);
    together.set(key, all.length > 1 && (await fits(uri, all)).ok);
  }
  const ofGroup = (group: string) => guesses.filter(each => each.group === group);
  return guesses.flatMap(guess => {
    const { ok, syntaxChecked } = alone.get(guess) as Preflight;
    const joint = together.get(`${guess.uri} ${guess.group}`) === true;
    const source = sources.find(({ uri }) => uri === guess.uri);
    if (!source || !(ok || joint)) return [];
    // One alone in its document was tried alone.
    const whole = ofGroup(guess.group).every(
      each => together.get(`${each.uri} ${each.group}`) || alone.get(each)?.ok,
    );
    return [
      {
        ...guess,
        verified: ok && syntaxChecked,
        version: source.version,
        together: whole && ofGroup(guess.group).length > 1,
      },
    ];
  });
}

function remembered<T>(ask: (uri: string) => Promise<T>): (uri: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return uri => {
    const known = answers.get(uri) ?? ask(uri);
    answers.set(uri, known);
    return known;
  };
}

/** One guess a place; two that are about as sure and do not agree are none. */
function surest(guesses: readonly Guess[]): readonly Guess[] {
  const places = new Map<string, Guess[]>();
  for (const guess of guesses) {
    if (guess.confidence < MIN_CONFIDENCE) continue;
    const key = `${guess.uri} ${guess.range.start.line}`;
    places.set(key, [...(places.get(key) ?? []), guess]);
  }
  return [...places.values()].flatMap(all => {
    const [best, ...others] = all.sort((a, b) => b.confidence - a.confidence) as [Guess, ...Guess[]];
    const rival = others.find(other => !isSame(best, other));
    return rival && best.confidence - rival.confidence < 0.05 ? [] : [best];
  });
}

function isSame(a: Guess, b: Guess): boolean {
  return (
    a.newText === b.newText &&
    a.range.start.character === b.range.start.character &&
    a.range.end.character === b.range.end.character
  );
}

/** In the document of the newest edit before others, below it before above it. */
function nearest(guesses: readonly Guess[], { uri, line }: RecentEdit): readonly Guess[] {
  const distance = (guess: Guess) => {
    const at = guess.range.start.line;
    return (guess.uri === uri ? 0 : 1_000_000) + (at >= line ? at - line : (line - at) * 2);
  };
  return [...guesses].sort((a, b) => distance(a) - distance(b));
}
