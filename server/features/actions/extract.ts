/**
 * Extract: a variable from the selected expression, computed where the scopes make it certain and else by the model;
 * a function from the selection, by the model.
 */
import { extractPrompt } from '../../prompts/extract.ts';
import { type Action, ActionError, documentFor } from './action.ts';
import { applyEdits } from './applyEdits.ts';
import { editWithModel } from './editWithModel.ts';
import { modelOffer, sayUnchecked } from './rewriting.ts';

export const extractVariable: Action = {
  command: 'codriver.extractVariable',
  kind: 'refactor.extract',
  level: 2,
  relevance: 0.8,
  progress: 'Extracting a variable',

  offers(place) {
    const { document, range, opportunities } = place;
    if (!opportunities.extract.includes('variable')) return [];
    const title = 'Extract to a variable';
    return opportunities.scopes
      ? [{ title, arguments: { uri: document.uri, range } }]
      : [modelOffer(place, title, range)];
  },

  async apply(target, services, progress) {
    const { uri, range } = target;
    const document = documentFor(services, uri);
    const expression = document.getText(range);
    const first = await services.analysis.extractVariable(uri, range, progress.signal);
    if ('edits' in first) {
      await applyEdits(services, document, async () => {
        const found = await services.analysis.extractVariable(uri, range, progress.signal);
        if (document.getText(range) !== expression)
          throw new ActionError('The selection changed meanwhile, so nothing was extracted.');
        if ('refused' in found) throw new ActionError(found.refused);
        return { edits: found.edits, what: 'extract a variable' };
      });
      return;
    }
    if (!services.router.choose('action', 'explicit').engine) throw new ActionError(first.refused);
    await editWithModel(services, target, progress, {
      label: 'extract a variable',
      prompt: context =>
        extractPrompt({ ...context, exact: services.redactor.redact(expression) }, 'variable'),
    });
    sayUnchecked(services);
  },
};

export const extractFunction: Action = {
  command: 'codriver.extractFunction',
  kind: 'refactor.extract',
  level: 2,
  relevance: 0.8,
  progress: 'Extracting a function',

  offers(place) {
    if (!place.opportunities.extract.includes('function')) return [];
    return [modelOffer(place, 'Extract to a function', place.range)];
  },

  async apply(target, services, progress) {
    const selected = documentFor(services, target.uri).getText(target.range);
    await editWithModel(services, target, progress, {
      label: 'extract a function',
      prompt: context => extractPrompt({ ...context, exact: services.redactor.redact(selected) }, 'function'),
    });
    sayUnchecked(services);
  },
};
