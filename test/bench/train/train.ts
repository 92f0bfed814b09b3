/**
 * Trains the embedded engine's network on local git repositories and writes server/engines/embedded/weights.ts:
 *
 *   npx tsx test/bench/train/train.ts [--validate REPO]… [--epochs 10] [--cases 900] [--seed 3] [--out FILE] REPO…
 *
 * When: after a change of features.ts, network.ts, or anything that changes what the features say (evidence,
 * sources, lexer). How: clone some fifteen repositories in a dozen languages with at least 300 commits each, train
 * on most, hold two or three back with --validate, and report figures (npm run bench:completion) on others still.
 * The same repositories, commits and options give the same file. Some gigabytes of memory and half an hour. The
 * weights in use: the defaults, on the repositories named in weights.ts, in that order; the epochs were computed by
 * these same steps compiled to machine code, which adds in another order, so a run gives their like and not their
 * bytes. Compare the validation printed for
 * them with that of the last epoch before taking new ones. Samples come from samples.ts, the arithmetic is in
 * gradient.ts, the file is written by writeWeights.ts.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { layout } from '../../../server/engines/embedded/network.ts';
import { trainedWeights } from '../../../server/engines/embedded/weights.ts';
import { Trainer } from './gradient.ts';
import type { Score } from './gradient.ts';
import { samplesOf } from './samples.ts';
import type { SampleSet } from './samples.ts';
import { weightsModule } from './writeWeights.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    validate: { type: 'string', multiple: true, default: [] },
    epochs: { type: 'string', default: '10' },
    cases: { type: 'string', default: '900' },
    seed: { type: 'string', default: '3' },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../../server/engines/embedded/weights.ts', import.meta.url)),
    },
  },
});
if (positionals.length === 0) throw new Error('name at least one local git repository to train on');

function read(folder: string): SampleSet {
  const set = samplesOf(folder, Number(values.cases));
  console.log(
    `${set.name}: ${set.samples.length} steps, the right token among the candidates in ${(100 * set.recall).toFixed(1)} %`,
  );
  return set;
}

const training = positionals.map(read);
const validation = values.validate.map(read).flatMap(set => set.samples);
const samples = training.flatMap(set => set.samples);
const trainer = new Trainer(Number(values.seed));
const epochs = Number(values.epochs);
const told = ({ loss, top1 }: Score): string => `loss ${loss.toFixed(4)}, top-1 ${(100 * top1).toFixed(2)} %`;
// After a change of the features the present weights fit no more.
if (validation.length > 0 && trainedWeights().length === layout.size) {
  const present = new Trainer(Number(values.seed), trainedWeights());
  console.log(`the present weights: validation: ${told(present.score(validation))}`);
}
for (let epoch = 0; epoch < epochs; epoch++) {
  const trained = trainer.epoch(samples, [epoch / epochs, (epoch + 1) / epochs]);
  const validated = validation.length > 0 ? `; validation: ${told(trainer.score(validation))}` : '';
  console.log(`epoch ${epoch + 1}: ${told(trained)}${validated}`);
}
writeFileSync(
  values.out,
  weightsModule(
    trainer.weights,
    training.map(({ name, commit }) => `${name}@${commit.slice(0, 10)}`),
  ),
);
console.log(`written: ${values.out}`);
