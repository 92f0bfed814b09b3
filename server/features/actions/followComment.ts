/** Do what an `AI!` comment says, in its place, and take the comment away. Never by itself: a comment is only a request. */
import type { Marker } from '../../analysis/analysis.ts';
import type { Progress } from '../../base/host.ts';
import { followPrompt } from '../../prompts/follow.ts';
import type { Services } from '../services.ts';
import { type Action, ActionError, documentFor } from './action.ts';
import { editWithModel } from './editWithModel.ts';
import { markerAt, touchesLines } from './markers.ts';

export const followComment: Action = {
  command: 'codriver.followComment',
  kind: 'quickfix',
  level: 2,
  relevance: 0.95,
  progress: 'Doing what the comment says',

  offers({ document, range, markers, noModel }) {
    return markers
      .filter(marker => marker.kind === 'do' && touchesLines(marker.range, range))
      .map(marker => ({
        title: 'Do what this comment says',
        arguments: { uri: document.uri, range: marker.range },
        generated: true,
        ...(noModel ? { disabled: noModel } : {}),
      }));
  },

  async apply(target, services, progress) {
    const marker = await markerAt(services, target, 'do', progress.signal);
    if (!marker) throw new ActionError('There is no AI! comment here any more.');
    await follow(services, target.uri, marker, progress);
  },
};

/** Does what one comment says. */
export async function follow(
  services: Services,
  uri: string,
  { range, instruction }: Marker,
  progress: Progress,
): Promise<'applied' | 'shown'> {
  const { redactor } = services;
  const comment = documentFor(services, uri).getText(range);
  return editWithModel(services, { uri, range, command: followComment.command }, progress, {
    label: 'do what the comment says',
    removes: range,
    prompt: context =>
      followPrompt({
        ...context,
        instruction: redactor.redact(instruction),
        comment: redactor.redact(comment),
      }),
  });
}
