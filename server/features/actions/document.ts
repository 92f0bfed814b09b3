/** Document: a doc comment in the language's convention, by the model, or from the signature alone without one. */
import { documentPrompt } from '../../prompts/document.ts';
import { type Action, ActionError, documentFor } from './action.ts';
import { againstStyle, docStyleFor, onlyDocuments } from './docStyle.ts';
import { applyEdits } from './applyEdits.ts';
import { editWithModel } from './editWithModel.ts';

const DOCUMENTED = new Set(['function', 'method', 'class', 'type']);

export const documentAction: Action = {
  command: 'codriver.document',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.6,
  progress: 'Documenting',

  offers({ document, declaration, noModel }) {
    if (!declaration || !DOCUMENTED.has(declaration.kind) || declaration.doc) return [];
    const what = declaration.name ? `'${declaration.name}'` : `this ${declaration.kind}`;
    return [
      {
        title: noModel ? `Document ${what} (from its signature)` : `Document ${what}`,
        arguments: { uri: document.uri, range: declaration.range },
        generated: noModel === undefined,
      },
    ];
  },

  async apply(target, services, progress) {
    const document = documentFor(services, target.uri);
    const { engine } = services.router.choose('action', 'explicit');
    if (engine) {
      const { languageId } = document;
      const style = await docStyleFor(services, document);
      await editWithModel(services, target, progress, {
        label: 'document',
        prompt: context => documentPrompt(context, languageId, style?.convention),
        judge: (before, after) => {
          if (!onlyDocuments(languageId, before, after))
            return { refused: true, words: 'The edit changes code, and it should only add a comment.' };
          const words = style && againstStyle(style, languageId, before, after);
          return words === undefined ? undefined : { refused: false, words };
        },
      });
      return;
    }
    await applyEdits(services, document, async () => {
      const edits = await services.analysis.documentDeclaration(target.uri, target.range, progress.signal);
      if (!edits?.length) throw new ActionError('There is nothing here that Codriver knows how to document.');
      return { edits, what: 'document' };
    });
  },
};
