/** textDocument/codeAction: instant offers that carry a command; the work starts when the command is executed. */
import {
  type CodeAction,
  type CodeActionParams,
  CodeActionTag,
  CodeActionTriggerKind,
  type Command,
  type Diagnostic,
} from 'vscode-languageserver';
import { ACTIONS } from '../../features/actions/table.ts';
import { type Action, lostTrack, type Offer, TOO_LARGE } from '../../features/actions/action.ts';
import { shortMenu } from '../../features/actions/menu.ts';
import { hindrance } from '../../features/actions/possible.ts';
import { placeAt } from '../../features/actions/placeAt.ts';
import { documentKind } from '../../features/documentKinds.ts';
import { plain } from '../../guard/sanitise.ts';
import { foreignProblems } from '../convert.ts';
import { historyActions } from '../history.ts';
import { nextEditActions } from '../nextEdit.ts';
import type { Session } from '../session.ts';

const OURS = 'source.codriver';

export async function codeAction(
  session: Session,
  { textDocument, range, context }: CodeActionParams,
  signal: AbortSignal,
): Promise<(CodeAction | Command)[]> {
  const { actions, autonomy } = session.services.settings();
  if (!actions.enabled || autonomy < 1) return [];
  const { uri } = textDocument;
  const ofHistory = await historyActions(session, uri, range);
  if (ofHistory) return ofHistory;
  const diagnostics = context?.diagnostics ?? [];
  // A menu that comes by itself shows what can be done; one that was asked for also what cannot, and why.
  const greys = session.client.disabledActions && context?.triggerKind !== CodeActionTriggerKind.Automatic;
  session.diagnostics.othersSeen(uri, range, diagnostics);
  const wanted = context?.only ?? undefined;
  const greyed = (reason: string): CodeAction[] =>
    greys && isWanted(OURS, wanted)
      ? [{ title: 'Codriver', kind: OURS, disabled: { reason: plain(reason) } }]
      : [];
  if (session.documents.isDesynchronised(uri)) {
    const why = lostTrack(session.services, uri);
    session.host.tell('warning', `Codriver: ${why}`);
    return greyed(why);
  }
  const kind = documentKind(uri);
  if (!kind) session.services.chats.look({ uri, range }, session.services.clock.now());
  const asker = context?.triggerKind === CodeActionTriggerKind.Automatic ? 'editor' : 'person';
  const place = await placeAt(session.services, uri, range, foreignProblems(diagnostics), asker, signal);
  if (!place) return session.documents.get(uri) ? greyed(TOO_LARGE) : [];
  const nextEdits = nextEditActions(session, uri, range, diagnostics, wanted);
  const rows: { readonly action: Action; readonly offer: Offer }[] = [];
  for (const action of ACTIONS) {
    if (action.document !== kind || (action.level > autonomy && !greys)) continue;
    try {
      for (const offer of action.offers(place, session.services)) {
        if (!isWanted(offer.kind ?? action.kind, wanted)) continue;
        const disabled = hindrance(action, offer, place);
        if (disabled === undefined) rows.push({ action, offer });
        else if (greys) rows.push({ action, offer: { ...offer, disabled } });
      }
    } catch (error) {
      // One row's failure must not hide the others.
      session.failed(action.command, error);
    }
  }
  // Who asks for a kind wants all of it; who only looks wants to see what is meant at a glance.
  const isBroad = !wanted || wanted.includes('');
  const shown = isBroad ? shortMenu(rows, nextEdits.length) : rows;
  const offered = shown.flatMap(({ action, offer }) => toCodeAction(session, action, offer, diagnostics));
  return [...nextEdits, ...offered];
}

/** A kind matches a filter that is the same or a dotted prefix of it; `source` actions appear only when asked for or unfiltered. */
function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return !only || only.some(filter => filter === '' || kind === filter || kind.startsWith(`${filter}.`));
}

function toCodeAction(
  { client }: Session,
  action: Action,
  offer: Offer,
  diagnostics: readonly Diagnostic[],
): (CodeAction | Command)[] {
  const title = plain(offer.title);
  const command: Command = { title, command: action.command, arguments: [offer.arguments] };
  if (!client.codeActionLiterals) return [command];
  // A client that takes no edit from a server still takes one that it asked for.
  const edits = client.applyEdit || offer.disabled ? undefined : offer.edits;
  const work = edits ? { edit: { changes: { [offer.arguments.uri]: [...edits] } } } : { command };
  const kind = offer.kind ?? action.kind;
  const answers = kind === 'quickfix' ? diagnostics.filter(diagnostic => concerns(offer, diagnostic)) : [];
  return [
    {
      title,
      kind,
      ...(answers.length > 0 ? { diagnostics: answers } : {}),
      ...(offer.preferred ? { isPreferred: true } : {}),
      ...(offer.generated && client.actionTags ? { tags: [CodeActionTag.LLMGenerated] } : {}),
      ...(offer.disabled ? { disabled: { reason: plain(offer.disabled) } } : work),
    },
  ];
}

/** A quick fix answers the diagnostics at the place it changes. */
function concerns({ arguments: { range } }: Offer, diagnostic: Diagnostic): boolean {
  const { start, end } = diagnostic.range;
  const before = (a: typeof start, b: typeof start) =>
    a.line < b.line || (a.line === b.line && a.character < b.character);
  return !before(end, range.start) && !before(range.end, start);
}
