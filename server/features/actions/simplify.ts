/** Simplify: the selection, or the function or class around the cursor, with less code that does the same. */
import { simplifyPrompt } from '../../prompts/simplify.ts';
import type { Action } from './action.ts';
import { editWithModel } from './editWithModel.ts';
import { isEmpty, modelOffer, sayUnchecked, wholeLines } from './rewriting.ts';

const SIMPLIFIED = new Set(['function', 'method', 'class']);

export const simplify: Action = {
  command: 'codriver.simplify',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.4,
  progress: 'Simplifying',

  offers(place) {
    const { document, range, declaration } = place;
    if (!isEmpty(range))
      return [
        { ...modelOffer(place, 'Simplify the selection', wholeLines(document, range)), relevance: 0.7 },
      ];
    if (!declaration || !SIMPLIFIED.has(declaration.kind) || declaration.unimplemented) return [];
    const what = declaration.name ? `'${declaration.name}'` : `this ${declaration.kind}`;
    return [modelOffer(place, `Simplify ${what}`, declaration.range)];
  },

  async apply(target, services, progress) {
    await editWithModel(services, target, progress, { label: 'simplify', prompt: simplifyPrompt });
    sayUnchecked(services);
  },
};
