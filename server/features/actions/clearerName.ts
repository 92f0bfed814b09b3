/**
 * Rename for clarity: the model proposes names, the person picks one, and the analysis renames every place that means
 * the same thing. Names that cannot be put in with certainty are not shown.
 */
import { namesPrompt } from '../../prompts/names.ts';
import type { Services } from '../services.ts';
import { type Action, type ActionArguments, ActionError, documentFor } from './action.ts';
import { applyEdits } from './applyEdits.ts';
import { askModel } from './askModel.ts';
import { modelOffer } from './rewriting.ts';

const MAX_PROPOSED = 8;
const MAX_SHOWN = 4;
const MAX_NAME = 80;

export const clearerName: Action = {
  command: 'codriver.clearerName',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.58,
  progress: 'Looking for a clearer name',

  offers(place) {
    const { name } = place.opportunities;
    return name ? [modelOffer(place, `Rename '${name.name}' for clarity`, name.range)] : [];
  },

  async apply(target, services, progress) {
    const document = documentFor(services, target.uri);
    const { signal } = progress;
    const place = await services.analysis.opportunities(target.uri, target.range, signal);
    if (!place.name) throw new ActionError('There is no name here that Codriver can rename.');
    const { name, range } = place.name;
    const to = target.choice ?? (await chosen(services, { ...target, range }, name, progress));
    if (to === undefined) return;
    await applyEdits(services, document, async () => {
      const found = await services.analysis.rename(target.uri, range.start, to, signal);
      if (document.getText(range) !== name)
        throw new ActionError(`'${name}' is not here any more, so nothing was renamed.`);
      if ('refused' in found) throw new ActionError(found.refused);
      return { edits: found.edits, what: `rename '${name}' to '${to}'` };
    });
  },
};

/** The name that the person picks of those that fit. */
async function chosen(
  services: Services,
  target: ActionArguments,
  name: string,
  progress: Parameters<Action['apply']>[2],
): Promise<string | undefined> {
  const { start } = target.range;
  const { analysis } = services;
  // What cannot be renamed for certain whatever it is called needs no model.
  const probe = await analysis.rename(target.uri, start, freshName(name), progress.signal);
  if ('refused' in probe) throw new ActionError(probe.refused);
  const { text, name: engine } = await askModel(
    services,
    { uri: target.uri, range: { start, end: start } },
    progress,
    context => namesPrompt({ ...context, symbol: services.redactor.redact(name) }),
  );
  const fitting: string[] = [];
  for (const proposed of proposedNames(text, name)) {
    const found = await analysis.rename(target.uri, start, proposed, progress.signal);
    if ('edits' in found && fitting.push(proposed) === MAX_SHOWN) break;
  }
  const [best] = fitting;
  if (best === undefined)
    throw new ActionError(`${engine} proposed no name that could be used for '${name}'.`);
  const keep = `Keep '${name}'`;
  const answer = await services.host.ask(`What should '${name}' be called?`, [...fitting, keep]);
  if (answer === undefined)
    services.host.tell(
      'info',
      `Codriver: clearer names for '${name}' are ${fitting.join(', ')}. Nothing was renamed.`,
    );
  return answer === keep ? undefined : answer;
}

/** A name that no file has, in the case of the old one, to see whether the place can be renamed at all. */
const freshName = (name: string): string => `${/^[A-Z]/.test(name) ? 'Z' : 'z'}zCodriverProbe`;

/** The names of an answer, whatever list or quotes it puts around them. */
export function proposedNames(answer: string, old: string): readonly string[] {
  const found = answer
    .split('\n')
    .map(
      line =>
        /^\s*(?:[-*+]|\d+[.)])?\s*[`'"*]*([\p{L}_$][\p{L}\p{N}_$]*)[`'"*]*(?:\s+[-–—]\s.*|\s*[:,].*)?\s*$/u.exec(
          line,
        )?.[1],
    )
    .filter(name => name !== undefined && name !== old && name.length <= MAX_NAME);
  return [...new Set(found as string[])].slice(0, MAX_PROPOSED);
}
