/** Review what is selected, the file or a change; and what can be done about a finding. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import { explainPrompt } from '../../prompts/explain.ts';
import { contentKey, originOf, type ReviewFinding, toProblem } from '../review/finding.ts';
import { reviewChange } from '../review/changes.ts';
import { reviewDocument } from '../review/run.ts';
import type { Services } from '../services.ts';
import { type Action, type ActionArguments, ActionError, documentFor, type Offer } from './action.ts';
import { askModel } from './askModel.ts';

/** Why a finding may be waved away; the first is offered first. */
const REASONS = {
  'not-a-problem': 'not a problem',
  'wont-fix': 'not worth a change',
  later: 'known, for later',
} as const;

const isEmpty = ({ start, end }: Range) => start.line === end.line && start.character === end.character;

/** The last used document as a whole, for commands without arguments. */
function lastDocument({ documents }: Services): ActionArguments | undefined {
  const [document] = documents.all();
  return document && { uri: document.uri, range: whole(document), choice: 'file' };
}

function whole(document: Document): Range {
  return { start: { line: 0, character: 0 }, end: document.positionAt(document.length) };
}

/** Whole lines of a selection; one that ends before the first character of a line does not mean that line. */
function wholeLines(document: Document, { start, end }: Range): Range {
  const last = Math.min(
    end.character === 0 && end.line > start.line ? end.line - 1 : end.line,
    document.lineCount - 1,
  );
  return {
    start: { line: start.line, character: 0 },
    end: { line: last, character: document.lineAt(last).length },
  };
}

export const review: Action = {
  command: 'codriver.review',
  kind: 'source.codriver',
  level: 1,
  relevance: 0.55,
  progress: 'Reviewing',

  offers({ document, range }) {
    const { uri } = document;
    const offers: Offer[] = [
      { title: 'Review this file', arguments: { uri, range, choice: 'file' }, relevance: 0.45 },
    ];
    if (!isEmpty(range))
      offers.unshift({ title: 'Review the selection', arguments: { uri, range, choice: 'selection' } });
    return offers;
  },

  withoutPlace: lastDocument,

  async apply({ uri, range, choice }, services, progress) {
    const document = documentFor(services, uri);
    const selected = choice === 'selection' || (choice === undefined && !isEmpty(range));
    const { engine } = services.router.choose('review', 'explicit');
    const request = {
      document,
      ...(selected ? { range: wholeLines(document, range) } : {}),
      ...(engine ? { engine } : {}),
    };
    const { findings, dropped, left } = await reviewDocument(services, request, progress);
    const what = selected
      ? `the selection of ${services.places.displayPath(uri)}`
      : services.places.displayPath(uri);
    const parts = [
      `reviewed ${what}: ${count(findings.length, 'finding')}.`,
      engine ? '' : 'Only static checks were made; with a model endpoint there is more.',
      dropped > 0
        ? `${count(dropped, 'finding')} of ${engine?.name ?? 'the model'} stood for no place and ${dropped === 1 ? 'was' : 'were'} left out.`
        : '',
      left > 0
        ? `The file is long: ${count(left, 'part')} at its end ${left === 1 ? 'was' : 'were'} not shown to the model; select ${left === 1 ? 'it' : 'them'} to have ${left === 1 ? 'it' : 'them'} reviewed.`
        : '',
    ];
    services.host.tell('info', `Codriver: ${parts.filter(Boolean).join(' ')}`);
  },
};

function count(number: number, thing: string): string {
  return number === 1 ? `one ${thing}` : `${number === 0 ? 'no' : number} ${thing}s`;
}

export const reviewChanges: Action = {
  command: 'codriver.reviewChanges',
  kind: 'source.codriver',
  level: 1,
  relevance: 0.2,
  progress: 'Reviewing the change',

  offers({ document, range }) {
    const { uri } = document;
    return [
      { title: 'Review what is staged', arguments: { uri, range, choice: 'staged' } },
      { title: 'Review this branch', arguments: { uri, range, choice: 'branch' }, relevance: 0.15 },
    ];
  },

  withoutPlace: services => {
    const last = lastDocument(services);
    return last && { uri: last.uri, range: last.range };
  },

  apply: ({ uri, choice }, services, progress) =>
    reviewChange(services, uri, choice === 'staged' || choice === 'branch' ? choice : 'either', progress),
};

/** The finding that an action was offered for; edits since then may have ended it. */
function findingOf(services: Services, { uri, range, choice }: ActionArguments): ReviewFinding {
  const [, key] = choice?.split(' ') ?? [];
  const here = services.reviews.at(uri, range);
  const path = services.places.displayPath(uri);
  const finding = key === undefined ? here[0] : here.find(each => contentKey(each, path) === key);
  if (!finding) throw new ActionError('The code changed, and this finding does not stand here any more.');
  return finding;
}

export const dismissFinding: Action = {
  command: 'codriver.dismissFinding',
  kind: 'quickfix',
  level: 1,
  progress: 'Dismissing',

  offers({ document, findings }, { places }) {
    const { uri } = document;
    return findings.flatMap(finding =>
      Object.entries(REASONS).map(([reason, words], i): Offer => {
        const title = `Dismiss the finding "${shortened(finding)}": ${words}`;
        const choice = `${reason} ${contentKey(finding, places.displayPath(uri))}`;
        return { title, arguments: { uri, range: finding.range, choice }, relevance: i === 0 ? 0.8 : 0.3 };
      }),
    );
  },

  async apply(target, services) {
    const [reason = ''] = target.choice?.split(' ') ?? [];
    if (!(reason in REASONS))
      throw new ActionError(`"${reason}" is no reason; there are: ${Object.keys(REASONS).join(', ')}.`);
    await services.reviews.dismiss(findingOf(services, target), reason);
  },
};

function shortened({ message }: ReviewFinding): string {
  return message.length > 40 ? `${message.slice(0, 39).trimEnd()}…` : message;
}

export const explainFinding: Action = {
  command: 'codriver.explainFinding',
  kind: 'quickfix',
  level: 1,
  progress: 'Explaining the finding',

  offers({ document, findings }, { places }) {
    const { uri } = document;
    return findings.slice(0, 3).map(finding => ({
      title: `Explain the finding "${shortened(finding)}"`,
      arguments: {
        uri,
        range: finding.range,
        choice: `explain ${contentKey(finding, places.displayPath(uri))}`,
      },
      relevance: 0.6,
    }));
  },

  async apply(target, services, progress) {
    const finding = findingOf(services, target);
    const head = `**${finding.category}**, ${finding.severity}: ${finding.message}\n\n*Found by ${originOf(finding)}.*`;
    const { engine } = services.router.choose('action', 'explicit');
    if (!engine) return services.host.showText('finding.md', head);
    const asked = { ...target, range: finding.range, problems: [toProblem(finding)] };
    const { text, name } = await askModel(services, asked, progress, explainPrompt);
    await services.host.showText('finding.md', [head, '---', text, `*Written by ${name}.*`].join('\n\n'));
  },
};
