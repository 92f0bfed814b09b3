/** Translate: a comment or a text into the configured language; whatever is not words stays as it is, or nothing changes. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import { type Proposal, proposeFromReply } from '../../edits/propose.ts';
import { findSecrets } from '../../guard/secrets.ts';
import { retryPrompt } from '../../prompts/retry.ts';
import { translatePrompt } from '../../prompts/translate.ts';
import type { Services } from '../services.ts';
import { type Action, ActionError, documentFor } from './action.ts';
import { chat, requireEngine } from './askModel.ts';
import { promptFor } from './promptFor.ts';
import { modelOffer } from './rewriting.ts';

const MAX_TRANSLATION_TOKENS = 2_000;
/** What programs put values in for. */
const HOLES = /\$?\{[^{}]*\}|%[-+ 0-9.#]*[a-zA-Z]|\\[nrt0]/g;

export const translate: Action = {
  command: 'codriver.translate',
  kind: 'refactor.rewrite',
  level: 2,
  relevance: 0.62,
  progress: 'Translating',

  offers(place) {
    const { prose } = place.opportunities;
    if (!prose || place.language === '') return [];
    return [modelOffer(place, `Translate this ${prose.kind} to ${place.language}`, prose.range)];
  },

  async apply(target, services, progress) {
    const document = documentFor(services, target.uri);
    const { prose } = await services.analysis.opportunities(target.uri, target.range, progress.signal);
    if (!prose) throw new ActionError('There is no comment and no text here that could be translated.');
    const engine = requireEngine(services);
    const seen = { version: document.version, text: document.getText() };
    const context = await promptFor(
      services,
      document,
      { ...target, range: prose.range },
      engine,
      progress.signal,
    );
    const { redactor } = services;
    const messages = translatePrompt({
      ...context,
      words: redactor.redact(document.getText(prose.range)),
      target: redactor.redact(services.settings().actions.language),
    });
    let { text } = await chat(engine, messages, MAX_TRANSLATION_TOKENS, progress);
    progress.report('checking the translation');
    let result = await proposal(services, document, seen, prose.range, text, progress.signal);
    if (!result.ok && result.retry !== '') {
      const retry = retryPrompt({
        messages,
        reply: redactor.redact(text),
        error: redactor.redact(result.retry),
        budget: context.budget,
      });
      ({ text } = await chat(engine, retry, MAX_TRANSLATION_TOKENS, progress));
      result = await proposal(services, document, seen, prose.range, text, progress.signal);
    }
    if (!result.ok)
      throw new ActionError(`${engine.name} wrote a translation that does not fit: ${result.reason}`);
    const outcome = await services.changes.apply({
      label: `Codriver: translate a ${prose.kind}`,
      documents: result.change,
    });
    if (!outcome.applied) throw new ActionError(outcome.message);
  },
};

function proposal(
  { analysis, documents, places, redactor }: Services,
  { uri }: Document,
  seen: { readonly version: number; readonly text: string },
  range: Range,
  reply: string,
  signal: AbortSignal,
): Promise<Proposal> {
  return proposeFromReply({
    reply,
    finished: true,
    documents: [{ uri, path: places.displayPath(uri), version: seen.version, text: seen.text }],
    target: { uri, range },
    newFile: () => undefined,
    restore: text => redactor.restore(text),
    findSecrets,
    current: changed => {
      const now = documents.get(changed);
      return now && { version: now.version, text: now.getText() };
    },
    async preflight(where, edits, aborted) {
      if (!(await analysis.changesOnlyProse(where, edits, aborted))) {
        return {
          ok: false,
          problems: ['Only the words may change: keep the comment signs, the quotes and all code.'],
        };
      }
      const now = documents.get(where);
      const before = now?.getText() ?? '';
      const added = edits.map(({ newText }) => newText).join('');
      const removed = edits.map(each => now?.getText(each.range) ?? '').join('');
      const lost = holes(removed) !== holes(added) && before !== '';
      return lost
        ? { ok: false, problems: ['Keep every placeholder such as {name}, %s and \\n exactly as it is.'] }
        : analysis.preflight(where, edits, aborted);
    },
    signal,
  });
}

const holes = (text: string): string => (text.match(HOLES) ?? []).toSorted().join(' ');
