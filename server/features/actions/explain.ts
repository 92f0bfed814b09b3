/** Explain: what the analysis knows by structure, then the model's words where there is one, as a document. */
import { explainPrompt } from '../../prompts/explain.ts';
import { type Action, ActionError } from './action.ts';
import { askModel } from './askModel.ts';

export const explain: Action = {
  command: 'codriver.explain',
  kind: 'source.codriver',
  level: 1,
  relevance: 0.75,
  progress: 'Explaining',

  offers({ document, range, declaration }) {
    const what = declaration?.name ? `'${declaration.name}'` : 'this';
    return [{ title: `Explain ${what}`, arguments: { uri: document.uri, range } }];
  },

  async apply(target, services, progress) {
    const { uri, range } = target;
    const structure = await services.analysis.explain(uri, range.start, progress.signal);
    const { engine } = services.router.choose('action', 'explicit');
    if (!engine) {
      if (!structure)
        throw new ActionError('There is nothing here that the analysis can explain without a model.');
      await services.host.showText('explanation.md', structure.markdown);
      return;
    }
    const { text, name } = await askModel(services, target, progress, explainPrompt);
    const parts = structure ? [text, '---', structure.markdown] : [text];
    await services.host.showText('explanation.md', [...parts, `*Written by ${name}.*`].join('\n\n'));
  },
};
