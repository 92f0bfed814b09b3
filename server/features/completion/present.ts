/**
 * From an engine's text to what is shown: filters, placement, a try on an overlay, and the gate. It must not know
 * where the text came from beyond its engine, nor what is remembered.
 */
import { hasWord, usedNames } from '../../analysis/newNames.ts';
import { languageOf } from '../../base/languages.ts';
import type { Engine } from '../../engines/engine.ts';
import { hiddenCharacters } from '../../guard/sanitise.ts';
import type { Services } from '../services.ts';
import { believed, estimate, reconsidered, SHOWN_IN_MENU, SHOWN_UNASKED } from './confidence.ts';
import type { FilterInput } from './filters/filter.ts';
import { filterCompletion } from './filters/index.ts';
import { siteOf } from './filters/site.ts';
import type { Landed } from './flights.ts';
import { inTime } from './inTime.ts';
import type { Remembered } from './memory.ts';
import { placeSuggestion } from './place.ts';
import { hasMoved, type Site } from './site.ts';
import { type CompletionResult, nothing } from './types.ts';

/** A suggestion that cannot be tried out in this time is shown as it is, in ms. */
const CHECK_MS = 25;

/** What the filters are told of a place where nothing is replaced; they look at it once for each of these objects. */
const inputs = new WeakMap<Site, FilterInput>();

function filterInput(site: Site, replaces: number, maxLines: number): FilterInput {
  const known = replaces === 0 ? inputs.get(site) : undefined;
  if (known?.maxLines === maxLines) return known;
  const { textBefore: prefix, textAfter, languageId } = site;
  const input = { prefix, suffix: textAfter.slice(replaces), languageId, maxLines };
  if (replaces === 0) inputs.set(site, input);
  return input;
}

/** Looks at a place as `judge` will, for while an engine thinks: afterwards the person would wait for it. */
export function lookAhead(site: Site, maxLines: number): void {
  siteOf(filterInput(site, 0, maxLines));
}

/** What may be shown of an engine's text at a place, or why nothing may. */
export function judge(
  services: Services,
  site: Site,
  { text: said, confidence, failure }: Landed,
  engine: Engine,
  maxLines: number,
): Remembered | CompletionResult {
  if (failure) return nothing('engine failed', failure);
  if (said === '') return nothing('engine gave nothing');
  const restored = services.redactor.restore(said);
  if (!restored.ok) return nothing('secret placeholder', restored.why);
  if (hiddenCharacters(restored.text).length > 0) return nothing('hidden characters');
  const { replaces } = placeSuggestion(restored.text.trimEnd(), site.restOfLine);
  const text = filterCompletion(restored.text, filterInput(site, replaces, maxLines));
  if (text === '') return nothing('filtered');
  const local = engine.origin === 'process';
  const { prose } = languageOf(site.languageId, site.query.uri);
  const own = local ? believed(confidence, text, site.restOfLine) : confidence;
  const sure = local || confidence < 1 ? own : estimate(text, site.textBefore, prose).confidence;
  // A single line of this process is made of words that are there, and ends where its line does.
  const checked = local && !text.includes('\n');
  return { text, replaces, confidence: sure, engine: engine.name, local, checked };
}

/**
 * A block is tried out once; so is a line that comes unasked, if it has names that do not stand nearby. Who asked
 * sees a line whatever its words are.
 */
export function isToBeTried(site: Site, { checked, text }: Remembered): boolean {
  if (checked) return false;
  if (text.includes('\n')) return true;
  if (site.query.trigger === 'explicit') return false;
  const language = languageOf(site.languageId, site.query.uri);
  return usedNames(text, language).some(
    name => !hasWord(site.textBefore, name) && !hasWord(site.textAfter, name),
  );
}

/** Tries a suggestion out on an overlay: a block that would not parse is cut to its line. */
export async function tried(
  services: Services,
  site: Site,
  suggestion: Remembered,
  signal: AbortSignal,
): Promise<Remembered> {
  const { text, replaces, confidence } = suggestion;
  const { line, character } = site.end;
  const edit = {
    range: { start: site.start, end: { line, character: character + replaces } },
    newText: site.assumed + text,
  };
  const { analysis, clock } = services;
  const verdict = await inTime(clock, CHECK_MS, signal, limit =>
    analysis.checkCompletion(site.query.uri, edit, limit),
  );
  if (!verdict) return suggestion;
  const sure = suggestion.local ? confidence : reconsidered(confidence, verdict);
  const kept = verdict.parses ? text : (text.split('\n')[0] as string).trimEnd();
  return { ...suggestion, text: kept, confidence: sure, checked: true };
}

/** What is shown of a suggestion that may be shown. */
export function present(
  services: Services,
  site: Site,
  { text, replaces, engine, confidence }: Remembered,
  final: boolean,
): CompletionResult {
  const { query, start, end, assumed } = site;
  if (hasMoved(site, services.documents.get(query.uri))) return nothing('aborted');
  if (text.trim() === '') return nothing('filtered', 'it would not parse', final);
  const bar = query.trigger === 'automatic' ? SHOWN_UNASKED : query.mayBeTyping ? SHOWN_IN_MENU : 0;
  if (confidence < bar) return nothing('not confident', `${Math.round(confidence * 100)} %`, final);
  const range = { start, end: { line: end.line, character: end.character + replaces } };
  return { suggestions: [{ text: assumed + text, range, engine, confidence }], final };
}
