/** What a hover said, once more or in depth: offered where a model's words were just shown. */
import { explainPrompt } from '../../prompts/explain.ts';
import type { Services } from '../services.ts';
import { type Action, type ActionArguments, ActionError, documentFor } from './action.ts';
import { askModel } from './askModel.ts';

function shownFor(services: Services, { uri, range }: ActionArguments) {
  const shown = services.explanations.shownAt(uri, range);
  if (!shown) throw new ActionError('The code changed, or nothing was explained here yet. Hover it first.');
  return shown;
}

export const explainAgain: Action = {
  command: 'codriver.explainAgain',
  kind: 'source.codriver',
  level: 1,
  relevance: 0.4,
  progress: 'Explaining anew',

  offers({ document, range }, { explanations }) {
    const { uri } = document;
    return explanations.shownAt(uri, range)
      ? [{ title: 'Explain this anew', arguments: { uri, range } }]
      : [];
  },

  async apply(target, services, progress) {
    const { place } = shownFor(services, target);
    const choice = services.router.choose('hover', 'explicit');
    if (!choice.engine) throw new ActionError(choice.why);
    progress.report(`asking ${choice.engine.name}`);
    const document = documentFor(services, target.uri);
    const words = await services.explanations.renew(document, place, choice.engine, progress.signal);
    await services.host.showText(
      'explanation.md',
      [words, `*Written by ${choice.engine.name}.*`].join('\n\n'),
    );
  },
};

export const explainDeeper: Action = {
  command: 'codriver.explainDeeper',
  kind: 'source.codriver',
  level: 1,
  relevance: 0.6,
  progress: 'Explaining in depth',

  offers({ document, range }, { explanations }) {
    const { uri } = document;
    return explanations.shownAt(uri, range)
      ? [{ title: 'Go deeper into what the hover says', arguments: { uri, range } }]
      : [];
  },

  async apply(target, services, progress) {
    const { place, words } = shownFor(services, target);
    const facts = services.redactor.redact([place.markdown, words].join('\n\n'));
    const about = { ...target, range: place.range };
    const { text, name } = await askModel(services, about, progress, context =>
      explainPrompt({ ...context, facts }, true),
    );
    await services.host.showText('explanation.md', [text, `*Written by ${name}.*`].join('\n\n'));
  },
};
