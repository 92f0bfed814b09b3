/** Looks at the place of an action menu: everything the offers need, asked for at once and under a time limit. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Problem } from '../../analysis/analysis.ts';
import { NO_OPPORTUNITIES } from '../../analysis/refactor/refactor.ts';
import { LARGEST_DOCUMENT } from '../../context/ports.ts';
import { toProblem } from '../review/finding.ts';
import type { Services } from '../services.ts';
import type { Place } from './action.ts';

/** The menu opens at once; only a worker that is just starting takes longer, and what is not known then is not offered. In ms. */
const PATIENCE_MS = 800;
/** Brackets that do not pair may be looked for so long, in ms: for who asks, and where an editor asks by itself. */
const REPAIRS_MS = { person: 150, editor: 10 };
const MAX_PROBLEMS = 10;

export async function placeAt(
  services: Services,
  uri: string,
  range: Range,
  shown: readonly Problem[],
  asker: keyof typeof REPAIRS_MS,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const { analysis, clock, documents, gate, otherDiagnostics, reviews, router, settings } = services;
  const document = documents.get(uri);
  if (!document || document.length > LARGEST_DOCUMENT || documents.isDesynchronised(uri)) return undefined;
  const problems = merge(shown, otherDiagnostics.overlapping(uri, range)).slice(0, MAX_PROBLEMS);
  const limit = new AbortController();
  const timer = clock.after(PATIENCE_MS, () => limit.abort());
  const both = AbortSignal.any([signal, limit.signal]);
  const known = async <T>(answer: Promise<T>, otherwise: T): Promise<T> => answer.catch(() => otherwise);
  try {
    const [declaration, markers, opportunities, verdict, repairs] = await Promise.all([
      known(analysis.declarationAt(uri, range, both), undefined),
      known(analysis.markers(uri, both), []),
      known(analysis.opportunities(uri, range, both), NO_OPPORTUNITIES),
      known(gate().checkDocument(uri), undefined),
      // The dearest last: the others are asked for as long as it is not.
      known(analysis.repairs(uri, range, problems, REPAIRS_MS[asker], both), []),
    ]);
    const { actions, autonomy } = settings();
    const choice = router.choose('action', 'explicit');
    const findings = reviews.at(uri, range);
    return {
      document,
      range,
      problems: [...problems, ...findings.map(toProblem)].slice(0, MAX_PROBLEMS),
      findings,
      repairs,
      declaration,
      markers,
      opportunities,
      language: actions.language,
      custom: actions.custom,
      autonomy,
      withheld: verdict?.allowed === false ? verdict.why : undefined,
      noModel: choice.engine ? undefined : choice.why,
      modelName: choice.engine?.name ?? 'a model',
    };
  } finally {
    timer.cancel();
  }
}

function merge(first: readonly Problem[], second: readonly Problem[]): Problem[] {
  const key = ({ range, message }: Problem) => `${JSON.stringify(range)} ${message}`;
  const seen = new Set(first.map(key));
  return [...first, ...second.filter(problem => !seen.has(key(problem)))];
}
