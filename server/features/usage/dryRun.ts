/**
 * What an action or a completion would send, found by doing just that up to the moment of sending: the same code
 * runs with an engine that writes down what it is given and answers nothing, and with hands tied otherwise. It must
 * not know how the result is shown.
 */
import type { Position } from 'vscode-languageserver-textdocument';
import type { Host, Progress } from '../../base/host.ts';
import type { ChatRequest, CompleteRequest, Engine, EngineEvent } from '../../engines/engine.ts';
import { type Choice, type RoutedFeature, Router, type Trigger } from '../../engines/router.ts';
import type { ReadGate } from '../../guard/readGate.ts';
import { type Action, type ActionArguments, ActionError, documentFor } from '../actions/action.ts';
import type { Cache } from '../../store/cache.ts';
import { Explanations } from '../explanations.ts';
import { ChatMemory } from '../chat/memory.ts';
import { noChecks } from '../checks/types.ts';
import { recentEdits } from '../nextEdit/nextEdits.ts';
import { askNextEdit } from '../nextEdit/withModel.ts';
import { prepare } from '../completion/prepare.ts';
import { siteAt } from '../completion/site.ts';
import type { Services } from '../services.ts';
import { TaskMemory } from '../task/memory.ts';

export interface Composed {
  readonly engine: Pick<Engine, 'name' | 'origin' | 'capabilities'>;
  readonly request: ChatRequest | CompleteRequest;
}

export interface DryRun {
  /** In the order in which they would be sent; what would come after an answer is not known. */
  readonly composed: readonly Composed[];
  /** Files that were asked for and may not be read, with the reason. */
  readonly withheld: ReadonlyMap<string, string>;
  /** Why nothing would be sent, where it is known. */
  readonly why?: string;
}

export async function dryRun(
  action: Action,
  target: ActionArguments,
  services: Services,
  signal: AbortSignal,
): Promise<DryRun> {
  if (action.command === 'codriver.chatSend')
    throw new ActionError('codriver.chatSent shows what a chat sends, so it was not tried out here.');
  return dry(services, tied => action.apply(target, tied, { ...idle, signal }));
}

/** Does the work with tied hands. */
async function dry(services: Services, work: (tied: Services) => Promise<unknown>): Promise<DryRun> {
  const composed: Composed[] = [];
  const withheld = new Map<string, string>();
  const tied = tiedHands(services, composed, withheld);
  try {
    await work(tied);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    if (composed.length === 0) return { composed, withheld, why: error.message };
  }
  return { composed, withheld };
}

/** What a hover would send by itself. */
export function dryHover(
  services: Services,
  uri: string,
  position: Position,
  signal: AbortSignal,
): Promise<DryRun> {
  return dry(services, async tied => {
    const document = documentFor(services, uri);
    if (services.settings().hover.model !== 'auto')
      throw new ActionError('hover.model is not "auto", so a hover never asks a model.');
    const place = await services.analysis.explain(uri, position, signal);
    if (!place) throw new ActionError('There is nothing at this place that a hover would explain.');
    const choice = tied.router.choose('hover', 'automatic');
    if (!choice.engine) throw new ActionError(choice.why);
    await new Explanations(() => tied, nothingStored).of(document, place, choice.engine, signal);
  });
}

/** What asking for the next edit would send. */
export async function dryNextEdit(services: Services, signal: AbortSignal): Promise<DryRun> {
  const run = await dry(services, async tied => {
    const choice = tied.router.choose('nextEdit', 'explicit');
    if (!choice.engine) throw new ActionError(choice.why);
    const { nextEdit } = services.settings();
    if (!nextEdit.enabled || nextEdit.model === 'off')
      throw new ActionError('nextEdit.enabled or nextEdit.model is off, so no model is asked.');
    const edits = recentEdits(services);
    if (edits.length === 0) throw new ActionError('Nothing was edited yet that something could follow from.');
    await askNextEdit(tied, edits, 'explicit', signal);
  });
  const why = 'The file may not be read, or the lines around the last edit hold a secret.';
  return run.composed.length > 0 || run.why !== undefined ? run : { ...run, why };
}

/** What a completion that is asked for by hand would send. */
export async function dryCompletion(
  services: Services,
  uri: string,
  position: Position,
  signal: AbortSignal,
): Promise<DryRun> {
  const document = documentFor(services, uri);
  const withheld = new Map<string, string>();
  const query = { uri, position, trigger: 'explicit', patience: 'until-done' } as const;
  // With the services themselves: what was sent before at this place decides what is sent now.
  const prepared = await prepare(services, siteAt(document, query), signal);
  if (!('engine' in prepared))
    return { composed: [], withheld, why: prepared.detail ?? prepared.nothing ?? 'Nothing is asked here.' };
  const { engine, request } = prepared;
  if (engine.origin !== 'process') return { composed: [{ engine, request }], withheld };
  return { composed: [], withheld, why: 'The engine in this process completes here.' };
}

const refusal = { applied: false, why: 'refused', message: 'This only shows what would be sent.' } as const;
const idle: Omit<Progress, 'signal'> = { report: () => {}, done: () => {} };

const silentHost: Host = {
  apply: () => Promise.resolve(refusal),
  showText: () => Promise.resolve(),
  open: () => Promise.resolve(false),
  tell: () => {},
  ask: () => Promise.resolve(undefined),
  progress: () => ({ ...idle, signal: new AbortController().signal }),
};

const nothingStored: Cache = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  purge: () => Promise.resolve(),
};

/** A port of which every call is refused. */
function refusing<T extends object>(): T {
  return new Proxy({} as T, { get: () => () => Promise.reject(new ActionError(refusal.message)) });
}

function tiedHands(services: Services, composed: Composed[], withheld: Map<string, string>): Services {
  const { changes, explanations, gate, gateFor, git, places, reviews, router } = services;
  const watched = (of: ReadGate): ReadGate => ({
    ...of,
    check: async path => {
      const verdict = await of.check(path);
      if (!verdict.allowed) withheld.set(places.displayPath(places.uriOf(path)), verdict.why);
      return verdict;
    },
    checkDocument: async uri => {
      const verdict = await of.checkDocument(uri);
      if (!verdict.allowed) withheld.set(places.displayPath(uri), verdict.why);
      return verdict;
    },
  });
  const tied: Services = {
    ...services,
    host: silentHost,
    router: new DryRouter(router, services, composed),
    gate: () => watched(gate()),
    gateFor: root => watched(gateFor(root)),
    git: { ...git, askTrust: () => Promise.resolve(false) },
    checks: {
      ...noChecks,
      overlapping: (uri, range) => services.checks.overlapping(uri, range),
      problems: uri => services.checks.problems(uri),
    },
    programs: {
      trusted: () => Promise.resolve(false),
      runner: {
        isolation: () => Promise.resolve('none'),
        run: () => Promise.reject(new ActionError(refusal.message)),
      },
      scratch: { create: () => Promise.reject(new ActionError(refusal.message)) },
    },
    chats: new ChatMemory(),
    tasks: new TaskMemory(refusing()),
    explanations: {
      shownAt: (uri, range) => explanations.shownAt(uri, range),
      renew: (document, place, engine, signal) =>
        new Explanations(() => tied, nothingStored).renew(document, place, engine, signal),
    },
    reviews: {
      at: (uri, range) => reviews.at(uri, range),
      choose: findings => reviews.choose(findings),
      show: () => {},
      dismiss: () => Promise.resolve(),
    },
    changes: {
      apply: () => Promise.resolve(refusal),
      revert: () => Promise.resolve({ ok: false, message: refusal.message, conflicts: [] }),
      chains: () => changes.chains(),
      find: id => changes.find(id),
      settled: () => Promise.resolve(),
    },
  };
  return tied;
}

/** Chooses as the real one does; what it chooses sends nothing. */
class DryRouter extends Router {
  readonly #real: Router;
  readonly #composed: Composed[];

  constructor(real: Router, { clock }: Services, composed: Composed[]) {
    const nobody = { automaticAllowed: () => undefined, endpointAccepted: () => undefined };
    super(real.embedded, { consents: nobody, clock, tell: () => {} });
    this.#real = real;
    this.#composed = composed;
  }

  override choose(feature: RoutedFeature, trigger: Trigger): Choice {
    const choice = this.#real.choose(feature, trigger);
    if (!choice.engine || choice.engine.origin === 'process') return choice;
    return { engine: this.#recording(choice.engine) };
  }

  #recording(engine: Engine): Engine {
    const composed = this.#composed;
    async function* record(request: ChatRequest | CompleteRequest): AsyncGenerator<EngineEvent, void> {
      composed.push({ engine, request });
      yield await Promise.resolve({ type: 'aborted' });
    }
    const { name, origin, capabilities } = engine;
    return { name, origin, capabilities, complete: record, chat: record, close: () => {} };
  }
}
