/** Answer an `AI?` comment: the answer is shown as a document, the code stays as it is. */
import { answerPrompt } from '../../prompts/answer.ts';
import { type Action, ActionError } from './action.ts';
import { askModel } from './askModel.ts';
import { markerAt, touchesLines } from './markers.ts';

export const answerComment: Action = {
  command: 'codriver.answerComment',
  kind: 'quickfix',
  level: 1,
  relevance: 0.95,
  progress: 'Answering',

  offers({ document, range, markers, noModel }) {
    return markers
      .filter(marker => marker.kind === 'answer' && touchesLines(marker.range, range))
      .map(marker => ({
        title: 'Answer this comment',
        arguments: { uri: document.uri, range: marker.range },
        generated: true,
        ...(noModel ? { disabled: noModel } : {}),
      }));
  },

  async apply(target, services, progress) {
    const marker = await markerAt(services, target, 'answer', progress.signal);
    if (!marker) throw new ActionError('There is no AI? comment here any more.');
    const { text } = await askModel(services, { ...target, range: marker.range }, progress, context =>
      answerPrompt({ ...context, question: services.redactor.redact(marker.instruction) }),
    );
    await services.host.showText('answer.md', text);
  },
};
