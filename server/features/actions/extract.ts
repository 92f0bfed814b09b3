/**
 * Extract: a variable from the selected expression, a function from the selection; computed where the scopes make it
 * certain and else by the model.
 */
import type { Checked } from '../../analysis/refactor/refactor.ts';
import type { Progress } from '../../base/host.ts';
import { extractPrompt } from '../../prompts/extract.ts';
import type { Services } from '../services.ts';
import {
  type Action,
  type ActionArguments,
  ActionError,
  documentFor,
  type Offer,
  type Place,
} from './action.ts';
import { applyEdits } from './applyEdits.ts';
import { editWithModel } from './editWithModel.ts';
import { modelOffer, sayUnchecked } from './rewriting.ts';

function offersTo(place: Place, what: 'variable' | 'function'): readonly Offer[] {
  const { document, range, opportunities } = place;
  if (!opportunities.extract.includes(what)) return [];
  const title = `Extract to a ${what}`;
  // Of an expression only a variable is made without a model; what can be no variable are statements.
  const isComputed = what === 'variable' || !opportunities.extract.includes('variable');
  return opportunities.scopes && isComputed
    ? [{ title, arguments: { uri: document.uri, range } }]
    : [modelOffer(place, title, range)];
}

async function extract(
  what: 'variable' | 'function',
  target: ActionArguments,
  services: Services,
  progress: Progress,
): Promise<void> {
  const { uri, range } = target;
  const { analysis } = services;
  const document = documentFor(services, uri);
  const selected = document.getText(range);
  const label = `extract a ${what}`;
  const compute = (): Promise<Checked> =>
    what === 'variable'
      ? analysis.extractVariable(uri, range, progress.signal)
      : analysis.extractFunction(uri, range, progress.signal);
  const first = await compute();
  if ('edits' in first) {
    await applyEdits(services, document, async () => {
      const found = await compute();
      if (document.getText(range) !== selected)
        throw new ActionError('The selection changed meanwhile, so nothing was extracted.');
      if ('refused' in found) throw new ActionError(found.refused);
      return { edits: found.edits, what: label };
    });
    return;
  }
  if (!services.router.choose('action', 'explicit').engine) throw new ActionError(first.refused);
  await editWithModel(services, target, progress, {
    label,
    prompt: context => extractPrompt({ ...context, exact: services.redactor.redact(selected) }, what),
  });
  sayUnchecked(services);
}

export const extractVariable: Action = {
  command: 'codriver.extractVariable',
  kind: 'refactor.extract',
  level: 2,
  relevance: 0.8,
  progress: 'Extracting a variable',
  offers: place => offersTo(place, 'variable'),
  apply: (target, services, progress) => extract('variable', target, services, progress),
};

export const extractFunction: Action = {
  command: 'codriver.extractFunction',
  kind: 'refactor.extract',
  level: 2,
  relevance: 0.8,
  progress: 'Extracting a function',
  offers: place => offersTo(place, 'function'),
  apply: (target, services, progress) => extract('function', target, services, progress),
};
