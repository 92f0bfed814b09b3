/**
 * The contract of a code action: a cheap offer, then an expensive apply. An offer carries everything that apply
 * needs in its arguments, so that nothing is remembered between the two. Nothing here knows the protocol.
 */
import type { Range, TextEdit } from 'vscode-languageserver-textdocument';
import type { Declaration, Marker, Problem, Repair } from '../../analysis/analysis.ts';
import type { Opportunities } from '../../analysis/refactor/refactor.ts';
import type { Document } from '../../base/document.ts';
import type { Progress } from '../../base/host.ts';
import type { CustomAction } from '../../config/settings.ts';
import { LARGEST_DOCUMENT } from '../../context/ports.ts';
import type { DocumentKind } from '../documentKinds.ts';
import type { ReviewFinding } from '../review/finding.ts';
import type { Services } from '../services.ts';

/** What is known cheaply about the place an action menu was opened at; each part is asked for once, for all rows. */
export interface Place {
  readonly document: Document;
  readonly range: Range;
  /** The client's diagnostics here, other servers' included, ours excluded. */
  readonly problems: readonly Problem[];
  readonly repairs: readonly Repair[];
  /** What a review found on these lines, the worst first. */
  readonly findings: readonly ReviewFinding[];
  readonly declaration: Declaration | undefined;
  readonly markers: readonly Marker[];
  readonly opportunities: Opportunities;
  /** The language that comments and texts are translated to. */
  readonly language: string;
  /** The person's own actions. */
  readonly custom: readonly CustomAction[];
  /** The level that the person set. */
  readonly autonomy: number;
  /** Why no model may see this document; undefined when one may. */
  readonly withheld: string | undefined;
  /** Why no model can be asked; undefined when one can. */
  readonly noModel: string | undefined;
  readonly modelName: string;
}

/** Arguments of a command, as they travel through the client and come back; checked before use. */
export interface ActionArguments {
  readonly uri: string;
  readonly range: Range;
  /** Title of the repair that was offered. */
  readonly repair?: string;
  readonly problems?: readonly Problem[];
  /** Which of several ways an action was offered for; each action knows its own. */
  readonly choice?: string;
  /** The command itself, set by whoever runs it: what is shown first tells how it can be tried again. */
  readonly command?: string;
}

export interface Offer {
  readonly title: string;
  readonly arguments: ActionArguments;
  /** Only where the result is verified already. */
  readonly preferred?: boolean;
  /** What apply would do, where it is known already: for clients that take edits of a menu but none from a server. */
  readonly edits?: readonly TextEdit[];
  /** Set: shown greyed out with this reason, where the client can. */
  readonly disabled?: string;
  /** A model writes the result. */
  readonly generated?: boolean;
  /** LSP's kind, where it is not the action's. */
  readonly kind?: string;
  /** Instead of the action's. */
  readonly relevance?: number;
  /** Instead of the action's. */
  readonly level?: 1 | 2;
}

export interface Action {
  readonly command: `codriver.${string}`;
  /** LSP's kind, for example `quickfix`. */
  readonly kind: string;
  /** 0…1, 0.5 unless said otherwise: what a menu that would be too long keeps. */
  readonly relevance?: number;
  /** Least level of `codriver.autonomy` this needs. */
  readonly level: 1 | 2 | 3;
  /** The kind of Codriver's own documents that this is offered in; absent: in everybody's, and not in ours. */
  readonly document?: DocumentKind;
  offers(place: Place, services: Services): readonly Offer[];
  /** What the person sees while it runs. */
  readonly progress: string;
  /** What the command is about when it comes without arguments; without this, arguments are needed. */
  withoutPlace?(services: Services): ActionArguments | undefined;
  /** Does the work and applies or shows the result; failures are told to the person by whoever calls. */
  apply(target: ActionArguments, services: Services, progress: Progress): Promise<void>;
}

/** A failure with words for the person; told as they are. */
export class ActionError extends Error {}

export const TOO_LARGE = 'This document is larger than 50 MB, so Codriver leaves it alone.';

/** The document an action is about, checked anew at apply time. */
export function documentFor(services: Services, uri: string): Document {
  const document = services.documents.get(uri);
  if (!document) throw new ActionError('The document is not open any more, so nothing was done.');
  if (services.documents.isDesynchronised(uri)) {
    throw new ActionError(lostTrack(services, uri));
  }
  if (document.length > LARGEST_DOCUMENT) {
    throw new ActionError(TOO_LARGE);
  }
  return document;
}

/** Why nothing may be edited from a text that may differ from the editor's. */
export function lostTrack({ places }: Pick<Services, 'places'>, uri: string): string {
  return `Changes of ${places.displayPath(uri)} came out of order, so its text here may not be the editor's, and nothing was changed. Close and reopen it, then run the action again.`;
}
