/** Convert: the same thing written another way; each way is offered only where the syntax shows that it applies. */
import { conversionOf, convertPrompt } from '../../prompts/convert.ts';
import { type Action, ActionError } from './action.ts';
import { editWithModel } from './editWithModel.ts';
import { modelOffer, sayUnchecked, wholeLines } from './rewriting.ts';

export const convert: Action = {
  command: 'codriver.convert',
  kind: 'refactor.rewrite',
  level: 2,
  progress: 'Converting',

  offers(place) {
    return place.opportunities.conversions.flatMap(({ id, range }) => {
      const conversion = conversionOf(id);
      return conversion ? [modelOffer(place, conversion.title, wholeLines(place.document, range), id)] : [];
    });
  },

  async apply(target, services, progress) {
    const conversion = conversionOf(target.choice ?? '');
    if (!conversion) throw new ActionError(`Codriver knows no conversion '${target.choice ?? ''}'.`);
    await editWithModel(services, target, progress, {
      label: conversion.title.toLowerCase(),
      prompt: context => convertPrompt(context, conversion),
    });
    sayUnchecked(services);
  },
};
