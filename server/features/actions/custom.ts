/** The person's own actions, from the settings: a prompt is text for the model and nothing else. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { CustomAction } from '../../config/settings.ts';
import { customPrompt } from '../../prompts/custom.ts';
import { type Action, ActionError, documentFor, type Place } from './action.ts';
import { askModel } from './askModel.ts';
import { editWithModel } from './editWithModel.ts';
import { isEmpty, modelOffer } from './rewriting.ts';

export const custom: Action = {
  command: 'codriver.custom',
  kind: 'refactor.rewrite',
  level: 1,
  relevance: 0.85,
  progress: 'Working',

  offers(place) {
    const offered = new Set<string>();
    return place.custom.flatMap(row => {
      const range = subjectOf(row, place);
      if (!range || offered.has(row.title)) return [];
      offered.add(row.title);
      return [{ ...modelOffer(place, row.title, range, row.title), kind: row.kind, level: row.level }];
    });
  },

  async apply(target, services, progress) {
    const { actions, autonomy } = services.settings();
    const row = actions.custom.find(({ title }) => title === target.choice);
    if (!row) {
      const titles = actions.custom.map(({ title }) => `'${title}'`).join(', ') || 'none';
      throw new ActionError(
        `There is no action '${target.choice ?? ''}' in actions.custom. It has: ${titles}.`,
      );
    }
    if (row.level > autonomy)
      throw new ActionError(
        `'${row.title}' needs codriver.autonomy ${row.level} or higher; it is ${autonomy}.`,
      );
    const document = documentFor(services, target.uri);
    const subject =
      row.scope === 'file'
        ? { ...target, range: { start: target.range.start, end: target.range.start } }
        : target;
    const instruction = services.redactor.redact(row.prompt);
    const prompt = (context: Parameters<typeof customPrompt>[0]) =>
      customPrompt(context, row.scope, row.level === 2);
    if (row.level === 2) {
      await editWithModel(services, subject, progress, {
        label: row.title,
        prompt: context => prompt({ ...context, instruction }),
      });
      return;
    }
    const { text, name } = await askModel(services, { ...subject, uri: document.uri }, progress, context =>
      prompt({ ...context, instruction }),
    );
    await services.host.showText('answer.md', `${text}\n\n*Written by ${name}.*`);
  },
};

/** What an action would be about at a place; undefined where it is not offered. */
function subjectOf({ scope }: CustomAction, { range, declaration }: Place): Range | undefined {
  if (scope === 'file') return range;
  if (scope === 'selection') return isEmpty(range) ? undefined : range;
  return declaration && declaration.kind !== 'statement' && declaration.kind !== 'file'
    ? declaration.range
    : undefined;
}
