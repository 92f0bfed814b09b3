/** Implement: the body of a signature, an empty body or a place marked as unfinished. Needs a model. */
import { implementPrompt } from '../../prompts/implement.ts';
import type { Action } from './action.ts';
import { editWithModel } from './editWithModel.ts';

export const implement: Action = {
  command: 'codriver.implement',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.9,
  progress: 'Implementing',

  offers({ document, declaration, noModel }) {
    if (!declaration?.unimplemented) return [];
    const what = declaration.name ? `'${declaration.name}'` : `this ${declaration.kind}`;
    return [
      {
        title: `Implement ${what}`,
        arguments: { uri: document.uri, range: declaration.range },
        generated: true,
        ...(noModel ? { disabled: noModel } : {}),
      },
    ];
  },

  async apply(target, services, progress) {
    await editWithModel(services, target, progress, {
      label: 'implement',
      prompt: implementPrompt,
      replacesRange: true,
    });
  },
};
