/**
 * The embedded completer: from a place in an open document to a few completions with honest confidences. Lives in
 * the worker. It must not know the protocol, files or threads.
 */
import { languageOf } from '../../base/languages.ts';
import { isNewline } from '../../base/tokens.ts';
import { searchLine } from './beam.ts';
import { continueBlock } from './block.ts';
import { Evidence } from './evidence.ts';
import type { Corpus } from './corpus.ts';
import { Names } from './names.ts';
import { Network } from './network.ts';
import { OpenFile } from './openFile.ts';
import type { Cut, Surroundings } from './openFile.ts';
import { Predictor } from './predictor.ts';
import { finishProse } from './prose.ts';
import { ProseLine } from './proseLine.ts';
import { Scope } from './scope.ts';
import { fitBetween, repeatsNeighbour } from './tidy.ts';
import type {
  EmbeddedAnswer,
  EmbeddedCandidate,
  EmbeddedRequest,
  EmbeddedStatus,
  RankedToken,
} from './types.ts';
import { trainedWeights } from './weights.ts';
import { WorkspaceSource } from './workspaceSource.ts';

/** Lines around the cursor that are learned from. */
const linesAbove = 1500;
const linesBelow = 500;
const longestLine = 1000;
const beam = { width: 3, tokens: 24, answers: 3 };
/** Places judged at most for a line, and for all further lines of a block. */
const lineSteps = 40;
const blockSteps = 40;
/** What must be likely before something is shown unasked: a whole line, a part of one. */
const bar = { line: 0.3, part: 0.45 };
/** The probability that nothing is missing on the line from which on nothing is offered even when asked. */
const surelyFinished = 0.9;
/** The shortest part of a line worth showing unasked, in characters. */
const shortestPart = 3;
const rememberedFiles = 8;

interface Asked {
  readonly around: Surroundings;
  readonly cut: Cut;
  readonly predictor: Predictor;
}

export class EmbeddedCompleter {
  readonly #corpus: Corpus;
  readonly #workspace: WorkspaceSource;
  readonly #network: Network;
  /** Large, and of one request at a time: made once. */
  readonly #evidence = new Evidence();
  readonly #names: Names;
  readonly #files = new Map<string, OpenFile>();
  #preparing: Promise<void> | undefined;
  #stale = false;

  constructor(corpus: Corpus, weights: Float32Array = trainedWeights()) {
    this.#corpus = corpus;
    this.#workspace = new WorkspaceSource(corpus);
    this.#network = new Network(weights);
    this.#names = new Names(corpus.words);
  }

  /**
   * Takes up what is new in the corpus. `breathe` is called between steps of a few milliseconds. A call while one
   * is at work makes it go on until it has caught up.
   */
  async prepare(breathe: () => Promise<void>): Promise<void> {
    this.#stale = true;
    this.#preparing ??= this.#catchUp(breathe);
    return this.#preparing;
  }

  async #catchUp(breathe: () => Promise<void>): Promise<void> {
    try {
      await breathe();
      while (this.#stale) {
        this.#stale = false;
        for (const _ of this.#workspace.prepare()) await breathe();
      }
    } finally {
      // In the same step as the last look: who asks from now on starts a new one.
      this.#preparing = undefined;
    }
  }

  status(): EmbeddedStatus {
    const { tokens, bytes, current } = this.#workspace;
    return { tokens, bytes, current };
  }

  complete(request: EmbeddedRequest): EmbeddedAnswer {
    const asked = this.#ask(request);
    if (!asked) return { candidates: [], silence: 'too-large' };
    const { around, cut, predictor } = asked;
    if (/^[\p{L}\p{N}_]/u.test(around.right)) return { candidates: [], silence: 'inside-word' };
    const automatic = request.trigger === 'automatic';
    if (cut.end === 'comment') {
      const candidates = finishProse(around.left, around.above, around.below, automatic);
      const { above, below } = cut.prose();
      const line = !around.right.trim() && new ProseLine(above, below, around.left).line(automatic);
      if (line && !/[\p{L}\p{N}_]$/u.test(around.left) && fits(line.text, around)) candidates.push(line);
      return candidates.length > 0 ? { candidates } : { candidates, silence: 'comment' };
    }
    // A comment closes what it follows, unless a bracket is open.
    if (cut.end === 'closed-comment' && predictor.placeAfter(cut.ids, cut.column).openedHere === 0) {
      return { candidates: [], silence: 'line-finished' };
    }
    const emptyLine = cut.column === 0 && !cut.typed;
    // Unasked, what cannot pass the bar need not be found.
    const floor = automatic ? bar.line : 0;
    const part = automatic && !emptyLine ? bar.part : Infinity;
    const {
      guesses: found,
      part: sure,
      finished,
    } = searchLine(
      predictor,
      this.#names.coinage,
      {
        place: predictor.placeAfter(cut.ids, cut.column),
        spaced: /(^|\s)$/.test(around.left),
        typed: cut.typed,
        rightId: cut.rightId,
      },
      { ...beam, floor, part },
      { steps: lineSteps },
    );
    const best = found[0]?.probability ?? sure?.probability ?? 0;
    if (finished > surelyFinished || (automatic && finished > best)) {
      return { candidates: [], silence: 'line-finished' };
    }
    const scope = new Scope(around.language.id, around.above, around.left);
    // Who has typed a declared name already knows why.
    const guesses = scope.redeclares(around.left)
      ? found
      : found.filter(guess => !scope.redeclares(around.left + guess.text));
    if (guesses.length === 0 && !sure) return { candidates: [], silence: 'nothing-likely' };
    const candidates: EmbeddedCandidate[] = [];
    const block = request.maxLines > 1 && !around.right.trim() && guesses[0];
    if (block) {
      const whole = continueBlock(
        predictor,
        this.#names.coinage,
        cut.unit,
        around,
        scope,
        block,
        request.maxLines,
        { steps: blockSteps },
      );
      if (whole) candidates.push(whole);
    }
    for (const { text, probability } of guesses) {
      const fitted = fitBetween(around.left, text, around.right);
      if (fits(fitted, around)) candidates.push({ text: fitted, confidence: probability });
    }
    if (candidates.length === 0 && sure) {
      // What stands in a bracket that it opens is not known: the name alone is of more use.
      const fitted = fitBetween(around.left, sure.text.replace(/[([\s]+$/, ''), around.right);
      if (fitted.trim().length >= shortestPart && fits(fitted, around)) {
        candidates.push({ text: fitted, confidence: sure.probability });
      }
    }
    const offered = distinct(candidates).slice(0, 5);
    return offered.length > 0
      ? { candidates: offered }
      : { candidates: [], silence: automatic ? 'unsure' : 'nothing-likely' };
  }

  /** The likeliest next tokens; the end of the line is `\n`. */
  rank(request: EmbeddedRequest, limit: number): RankedToken[] {
    const asked = this.#ask(request);
    if (!asked) return [];
    const { around, cut, predictor } = asked;
    if (cut.end === 'comment') {
      const { above, below } = cut.prose();
      return new ProseLine(above, below, around.left).ranked().slice(0, limit);
    }
    const words = this.#names.coinage;
    const place = cut.typed
      ? predictor.placeAfter([...cut.ids, words.find(cut.typed, 1)], cut.column + 1)
      : predictor.placeAfter(cut.ids, cut.column);
    const ranked: RankedToken[] = [];
    let end = 0;
    for (const { id, probability } of predictor.next(place)) {
      if (isNewline(id)) end += probability;
      else ranked.push({ text: words.textOf(id), probability });
    }
    ranked.push({ text: '\n', probability: end });
    return ranked.sort((a, b) => b.probability - a.probability).slice(0, limit);
  }

  #ask(request: EmbeddedRequest): Asked | undefined {
    const prefix = request.prefix.split(/\r?\n/);
    const suffix = request.suffix.split(/\r?\n/);
    const left = prefix.pop() ?? '';
    const right = suffix.shift() ?? '';
    if (left.length > longestLine) return undefined;
    const open = request.line === undefined ? undefined : this.#corpus.openLines?.(request.uri, request.line);
    const path = open?.path ?? pathOf(request.uri);
    const language = languageOf(request.languageId, path);
    const around: Surroundings = {
      language,
      above: (open?.above ?? prefix).slice(-linesAbove),
      left,
      right,
      below: (open?.below ?? suffix).slice(0, linesBelow),
    };
    const cut = this.#open(request.uri).cut(around);
    this.#workspace.lookFrom(path);
    const predictor = new Predictor(
      this.#corpus,
      this.#workspace,
      this.#network,
      cut.file,
      language,
      cut.rightId,
      { evidence: this.#evidence, names: this.#names, path },
    );
    return { around, cut, predictor };
  }

  #open(uri: string): OpenFile {
    const file = this.#files.get(uri) ?? new OpenFile(this.#corpus);
    for (const other of this.#files.values()) if (other !== file) other.rest();
    this.#files.delete(uri);
    this.#files.set(uri, file);
    if (this.#files.size > rememberedFiles) {
      const oldest = this.#files.keys().next().value;
      if (oldest !== undefined) this.#files.delete(oldest);
    }
    return file;
  }
}

function fits(text: string, around: Surroundings): boolean {
  if (!text.trim()) return false;
  const next = around.below.find(line => line.trim());
  return (
    around.right.trim() !== '' || !repeatsNeighbour(around.left + text, next === undefined ? [] : [next])
  );
}

function distinct(candidates: readonly EmbeddedCandidate[]): EmbeddedCandidate[] {
  const seen = new Set<string>();
  return candidates.filter(each => !seen.has(each.text) && seen.add(each.text));
}

/** A path from a URI, good enough to tell folders and languages; what is no file URI is taken as it is. */
function pathOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri;
  try {
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    return uri;
  }
}
