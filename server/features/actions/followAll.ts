/** Do what every `AI!` comment of a file says, from the last to the first, each as an undoable step of its own. */
import { type Action, ActionError, documentFor } from './action.ts';
import { follow } from './followComment.ts';
import { modelOffer } from './rewriting.ts';

export const followAll: Action = {
  command: 'codriver.followAll',
  kind: 'source.codriver',
  level: 2,
  relevance: 0.65,
  progress: 'Doing what the comments say',

  offers(place) {
    const count = place.markers.filter(({ kind }) => kind === 'do').length;
    return count < 2 ? [] : [modelOffer(place, `Do what all ${count} AI! comments say`, place.range)];
  },

  async apply({ uri }, services, progress) {
    documentFor(services, uri);
    const asked = async () =>
      (await services.analysis.markers(uri, progress.signal)).filter(({ kind }) => kind === 'do');
    let left = await asked();
    const all = left.length;
    if (all === 0) throw new ActionError('There is no AI! comment in this file.');
    // Those whose edit is shown first keep their comment for now; they are the last ones.
    let shown = 0;
    for (let marker = left.at(-1); marker; marker = left.at(-1 - shown)) {
      progress.report(`${all - left.length + shown + 1} of ${all}`);
      try {
        if ((await follow(services, uri, marker, progress)) === 'shown') {
          shown++;
          continue;
        }
      } catch (error) {
        if (!(error instanceof ActionError)) throw error;
        const done = `${all - left.length + shown} of ${all} comments were done`;
        throw new ActionError(
          `${done}; the one at line ${marker.range.start.line + 1} was not: ${error.message}`,
        );
      }
      const now = await asked();
      // An edit that brings its comment back would be done for ever.
      if (now.length >= left.length)
        throw new ActionError('The comment is still there after it was done, so the others were left alone.');
      left = now;
    }
  },
};
