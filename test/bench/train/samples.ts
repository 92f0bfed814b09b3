/**
 * Training samples for the embedded engine: at every token of the protocol's cases, the numbers that the network
 * is shown and which candidates were right. It must not know how weights are found.
 */
import { languageOf } from '../../../server/base/languages.ts';
import { idOf, isNewline, specialToken } from '../../../server/base/tokens.ts';
import { candidateFeatures, placeFeatures } from '../../../server/engines/embedded/features.ts';
import { layout, Network } from '../../../server/engines/embedded/network.ts';
import { Names } from '../../../server/engines/embedded/names.ts';
import { OpenFile } from '../../../server/engines/embedded/openFile.ts';
import { Predictor } from '../../../server/engines/embedded/predictor.ts';
import { WorkspaceSource } from '../../../server/engines/embedded/workspaceSource.ts';
import { createCorpus } from '../../../server/index/corpus.ts';
import type { IndexCorpus } from '../../../server/index/corpus.ts';
import { TokenStore } from '../../../server/index/tokenStore.ts';
import { randomFrom, readRepository } from '../protocol.ts';
import type { Case } from '../protocol.ts';

/** One step: what was shown, and for each candidate 1 if it is what came next, else 0. */
export interface Sample {
  readonly place: Float32Array;
  readonly candidates: Float32Array;
  readonly right: Uint8Array;
}

export interface SampleSet {
  readonly name: string;
  readonly commit: string;
  readonly samples: readonly Sample[];
  /** The share of steps at which what came next was among the candidates. */
  readonly recall: number;
}

/** More than the engine judges, so that rare candidates are learned from too. */
const candidatesShown = 48;
/** Steps along one line, and lines around it as an editor would send them. */
const stepsPerCase = 14;
const linesAbove = 1500;
const linesBelow = 500;
/** How often the workspace is withheld, and the lines below are given. */
const withheld = 0.08;
const belowShare = 0.5;
const protocol = { commits: 300, seed: 11 };

/** Reads a local git repository and takes the samples of `cases` lines that were added to it. */
export function samplesOf(folder: string, cases: number): SampleSet {
  const repository = readRepository(folder, protocol.commits, cases, protocol.seed);
  const store = new TokenStore();
  for (const file of repository.files) store.add(`/workspace/${file.path}`, file.text.split(/\r?\n/));
  store.seal();
  const corpus = createCorpus(store);
  const full = sorted(corpus);
  const empty = sorted({ ...corpus, segments: () => [] });
  const random = randomFrom(7);
  const network = new Network(new Float32Array(layout.size));
  const samples: Sample[] = [];
  const open = new OpenFile(corpus);
  const names = new Names(corpus.words);
  for (const each of repository.cases) {
    const workspace = random() > withheld ? full : empty;
    const below = random() < belowShare ? each.below.slice(0, linesBelow) : [];
    samples.push(...stepsOf(corpus, open, workspace, network, names, each, below));
  }
  const known = samples.filter(sample => sample.right.includes(1)).length;
  return {
    name: repository.name.replace('+', '/'),
    commit: repository.head,
    samples,
    recall: known / Math.max(1, samples.length),
  };
}

function sorted(corpus: IndexCorpus): WorkspaceSource {
  const workspace = new WorkspaceSource(corpus);
  for (const _ of workspace.prepare()) continue;
  return workspace;
}

function* stepsOf(
  corpus: IndexCorpus,
  open: OpenFile,
  workspace: WorkspaceSource,
  network: Network,
  names: Names,
  each: Case,
  below: readonly string[],
): Generator<Sample> {
  const language = languageOf(each.languageId, each.path);
  workspace.lookFrom(`/workspace/${each.path}`);
  const above = each.above.slice(-linesAbove);
  const cut = open.cut({ language, above, left: each.left, right: '', below });
  // Prose is not what the network is asked about.
  if (cut.end !== 'code') return;
  const start = Array.from(corpus.lex(language, each.left, 0, true).tokens, idOf);
  const line = Array.from(corpus.lex(language, each.left + each.rest, 0).tokens, idOf);
  // A cut that changes how the text left of it reads teaches nothing.
  if (start.some((id, i) => id !== line[i])) return;
  const ids = [...cut.ids, ...start.slice(cut.column)];
  const predictor = new Predictor(corpus, workspace, network, cut.file, language, -1, {
    most: candidatesShown,
    names,
    path: each.path,
  });
  for (let column = start.length; column <= line.length && column < start.length + stepsPerCase; column++) {
    const next = line[column];
    const sight = predictor.look(predictor.placeAfter(ids, column));
    yield {
      place: sight.place.slice(0, placeFeatures),
      candidates: sight.candidates.slice(0, sight.ids.length * candidateFeatures),
      right: Uint8Array.from(sight.ids, id =>
        Number(next === undefined ? isNewline(id) : id === next && next !== specialToken.unknown),
      ),
    };
    if (next !== undefined) ids.push(next);
  }
}
