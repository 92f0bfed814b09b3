/**
 * `npx tsx test/bench/interleavings.ts [RUNS]`: 100,000 random interleavings of typing and edits over this project's
 * sources, half of them with the changes as the editor reported them, half by comparing texts. Fails where a keystroke
 * is lost, an edit lands elsewhere, or fewer than 95 % of those that nobody typed into are applied.
 */
import { interleave } from '../support/interleaving.ts';
import { ownSources } from '../support/ownSources.ts';

const runs = Number(process.argv[2] ?? 100_000);
const files = ownSources();
let failed = false;
for (const reported of [true, false]) {
  const tally = interleave(files, Math.floor(runs / 2), reported, 7);
  const share = tally.apartApplied / Math.max(1, tally.apart);
  console.log(
    `${reported ? 'reported changes' : 'texts only'}: ${tally.runs} runs, ${tally.lost} with lost keystrokes, ${tally.wrong} misplaced; ` +
      `${tally.apartApplied} of ${tally.apart} edits apart from the typing applied (${(100 * share).toFixed(2)} %), ` +
      `${tally.nearApplied} of ${tally.near} next to it`,
  );
  if (tally.example) console.log(JSON.stringify(tally.example));
  failed ||= tally.lost > 0 || tally.wrong > 0 || share < 0.95;
}
process.exitCode = failed ? 1 : 0;
