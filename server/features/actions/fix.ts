/** Fix this: every repair the analysis found for the place, then the model with the diagnostic's words. */
import { fixPrompt } from '../../prompts/fix.ts';
import { type Action, ActionError, documentFor, type Offer } from './action.ts';
import { applyEdits } from './applyEdits.ts';
import { editWithModel } from './editWithModel.ts';

/** A repair this sure may be applied by the editor's "auto fix" key. */
const PREFERRED_CONFIDENCE = 0.8;

export const fix: Action = {
  command: 'codriver.fix',
  kind: 'quickfix',
  level: 2,
  relevance: 1,
  progress: 'Fixing',

  offers({ document, problems, repairs, noModel, modelName }) {
    const { uri } = document;
    const offers: Offer[] = repairs.map((repair, index) => ({
      title: `Fix: ${repair.title}`,
      arguments: { uri, range: repair.range, repair: repair.title, problems },
      edits: repair.edits,
      preferred: index === 0 && repair.confidence >= PREFERRED_CONFIDENCE,
    }));
    const [first] = problems;
    if (first) {
      offers.push({
        title: `Fix with ${modelName}`,
        arguments: { uri, range: first.range, problems },
        generated: true,
        ...(noModel ? { disabled: noModel } : {}),
      });
    }
    return offers;
  },

  async apply(target, services, progress) {
    const document = documentFor(services, target.uri);
    const problems = target.problems ?? [];
    if (target.repair !== undefined) {
      await applyEdits(services, document, async () => {
        const repairs = await services.analysis.repairs(
          target.uri,
          target.range,
          problems,
          Infinity,
          progress.signal,
        );
        const repair = repairs.find(({ title }) => title === target.repair);
        if (!repair) throw new ActionError('The code changed, and this repair does not fit any more.');
        return { edits: repair.edits, what: repair.title };
      });
      return;
    }
    await editWithModel(services, target, progress, {
      label: 'fix',
      prompt: fixPrompt,
    });
  },
};
