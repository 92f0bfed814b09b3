/**
 * What one person has open: settings, trust, the gate, the engines and the worker, wired together for whichever
 * front door is in use. Reads settings again whenever told; must not know a protocol.
 */
import { join } from 'node:path';
import type { EditHistory } from './base/history.ts';
import type { Host } from './base/host.ts';
import { nodeScratch } from './base/node/scratch.ts';
import type { Machine } from './base/ports.ts';
import { ApiKeys } from './config/apiKey.ts';
import { loadSettings } from './config/load.ts';
import { defaultSettings, type ResolvedSettings, type Settings } from './config/settings.ts';
import { configuredEndpoint } from './endpoint.ts';
import { EmbeddedEngine } from './engines/embedded/engine.ts';
import type { LoopbackServer } from './engines/openai/discover.ts';
import { memoryKeys, type OpenAIPorts, originOf } from './engines/openai/settings.ts';
import { Router } from './engines/router.ts';
import { Usage } from './features/usage/usage.ts';
import { RecordedChanges } from './features/changes/changes.ts';
import { createChangeStore } from './features/changes/store.ts';
import { ChangeSetMemory } from './features/changeSet/memory.ts';
import { ChatMemory } from './features/chat/memory.ts';
import { ProjectChecks } from './features/checks/checks.ts';
import { alsoFromChecks } from './features/checks/merged.ts';
import type { WorkspacePlaces } from './features/places.ts';
import { Explanations } from './features/explanations.ts';
import { Reviews } from './features/review/reviews.ts';
import type { OpenDocuments, OtherDiagnostics, Services } from './features/services.ts';
import { Answers, memoryOver, type StoredMemory } from './answers.ts';
import { createRepositories } from './repositories.ts';
import { createReadGate, type ReadGate } from './guard/readGate.ts';
import { createRedactor } from './guard/redaction.ts';
import { createCache } from './store/cache.ts';
import { createDismissals } from './store/dismissals.ts';
import { storeDirectories } from './store/directories.ts';
import { TaskMemory } from './features/task/memory.ts';
import { openRunner, openTaskStore } from './tasks.ts';
import type { Workbench } from './workbench.ts';
import type { IndexStatus } from './workerApi.ts';

/** The connection to an endpoint is opened early, or not early at all, in ms. */
const WARM_MS = 5_000;
/** Of what models said on hover, all together on disk. */
const EXPLANATION_BYTES = 2 * 1024 * 1024;

export interface WorkspaceParts {
  readonly machine: Machine;
  readonly host: Host;
  readonly documents: OpenDocuments;
  readonly history: EditHistory;
  readonly places: WorkspacePlaces;
  readonly otherDiagnostics: OtherDiagnostics;
  readonly workbench: Workbench;
  /** What the project's checkers said of these documents is other than before. */
  readonly checked?: (uris: readonly string[]) => void;
  /** Asks the person whether to trust a folder, and grants it; absent where nobody can be asked. */
  readonly askTrust?: (folder: string) => Promise<boolean>;
}

export interface ConfigurationSources {
  readonly initializationOptions?: unknown;
  readonly workspaceConfiguration?: unknown;
  /** The client tells of files that change. */
  readonly watched?: boolean;
  /** A server on this machine that the person chose in this session; counts where no endpoint is configured. */
  readonly loopback?: { readonly baseURL: string; readonly model: string };
}

export class Workspace {
  readonly services: Services;
  readonly answers: Answers;
  readonly checks: ProjectChecks;
  readonly router: Router;
  readonly reviews: Reviews;
  readonly explanations: Explanations;
  /** What was sent to endpoints. */
  readonly usage: Usage;
  readonly #parts: WorkspaceParts;
  readonly #keys: ApiKeys;
  readonly #memory: StoredMemory;
  readonly #enginePorts: OpenAIPorts;
  #resolved: Pick<ResolvedSettings, 'settings' | 'problems' | 'userOrigins'> = {
    settings: defaultSettings,
    problems: [],
    userOrigins: [],
  };
  #gate: ReadGate;
  #endpointURL: string | undefined;
  #inForce: string | undefined;
  #ended: Promise<void> | undefined;

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
    const { machine, workbench, places, documents, history, host, otherDiagnostics } = parts;
    const { files, clock, environment, processes, log } = machine;
    this.#keys = new ApiKeys(processes, environment);
    this.#gate = createReadGate({ roots: [], files, clock, environment });
    this.answers = new Answers(machine);
    this.#memory = memoryOver(createCache(machine, { name: 'endpoints' }));
    this.#enginePorts = {
      clock,
      log,
      memory: this.#memory,
      notice: message => host.tell('info', `Codriver: ${message}`),
    };
    const embedded = new EmbeddedEngine((request, signal) => workbench.complete(request, signal));
    this.usage = new Usage({
      machine,
      limits: () => this.#resolved.settings.budget,
      tell: message => host.tell('warning', `Codriver: ${message}`),
    });
    this.router = new Router(embedded, {
      consents: this.answers,
      clock,
      meter: this.usage,
      tell: error => host.tell('warning', `Codriver: ${error.message}`),
      discover: async signal => {
        const { discoverLoopback } = await import('./engines/openai/discover.ts');
        return discoverLoopback(this.#enginePorts, signal);
      },
    });
    this.checks = new ProjectChecks({
      machine,
      documents,
      places,
      analysis: workbench.analysis,
      trusted: folder => this.answers.trust.folderTrusted(folder),
      changed: uris => parts.checked?.(uris),
    });
    this.reviews = new Reviews({
      settings: () => this.#resolved.settings,
      documents,
      displayPath: uri => places.displayPath(uri),
      dismissals: createDismissals(machine),
    });
    this.explanations = new Explanations(
      () => this.services,
      createCache(machine, { name: 'explanations', maxBytes: EXPLANATION_BYTES }),
    );
    this.services = {
      settings: () => this.#resolved.settings,
      documents,
      history,
      places,
      gate: () => this.#gate,
      gateFor: root =>
        createReadGate({
          roots: [root],
          files,
          clock,
          environment,
          neverSend: this.#resolved.settings.privacy.neverSend,
        }),
      git: createRepositories({
        machine,
        trusted: folder => this.answers.trust.folderTrusted(folder),
        ...(parts.askTrust ? { ask: parts.askTrust } : {}),
      }),
      programs: {
        trusted: folder => this.answers.trust.folderTrusted(folder),
        runner: openRunner(machine),
        scratch: nodeScratch,
      },
      redactor: createRedactor(),
      analysis: workbench.analysis,
      symbols: workbench.symbols,
      codeSearch: workbench.codeSearch,
      nextEdits: (edits, signal) => workbench.nextEdits(edits, signal),
      indexed: signal => workbench.indexed(signal),
      otherDiagnostics: alsoFromChecks(otherDiagnostics, this.checks),
      checks: this.checks,
      chats: new ChatMemory(),
      changeSets: new ChangeSetMemory(),
      tasks: new TaskMemory(openTaskStore(machine)),
      reviews: this.reviews,
      explanations: this.explanations,
      router: this.router,
      host,
      changes: new RecordedChanges({
        host,
        documents,
        places,
        files,
        clock,
        log,
        store: createChangeStore(machine),
      }),
      files,
      clock,
      log,
    };
  }

  get settings(): Settings {
    return this.#resolved.settings;
  }

  get problems(): ResolvedSettings['problems'] {
    return this.#resolved.problems;
  }

  /** The origin of the configured endpoint, whether it may be used or not. */
  get endpointOrigin(): string | undefined {
    return this.#endpointURL === undefined ? undefined : originOf(this.#endpointURL);
  }

  /** Reads all settings again and puts them in force. Problems are returned, not thrown. */
  async configure(
    sources: ConfigurationSources,
  ): Promise<{ problems: ResolvedSettings['problems']; rerouted: boolean }> {
    const { machine, places, workbench } = this.#parts;
    const { files, clock, environment } = machine;
    await Promise.all([this.answers.load(), this.usage.load()]);
    const trusted = await Promise.all(places.folders.map(folder => this.answers.trust.folderTrusted(folder)));
    const resolved = await loadSettings({
      files,
      environment,
      initializationOptions: sources.initializationOptions,
      workspaceConfiguration: sources.workspaceConfiguration,
      trustedFolders: places.folders.filter((_, i) => trusted[i]),
    });
    this.#resolved = resolved;
    this.usage.check();
    this.checks.reconfigured();
    this.#keys.forget();
    const { privacy, index, completion } = resolved.settings;
    const roots = places.folders;
    this.#gate = createReadGate({ roots, files, clock, environment, neverSend: privacy.neverSend });
    workbench.configure({ roots, index, neverSend: privacy.neverSend, watched: sources.watched ?? false });
    const routing = {
      userOrigins: resolved.userOrigins,
      completionEngine: completion.engine,
      automatic: privacy.automatic,
    };
    const endpoint = configuredEndpoint(resolved, this.#keys, environment, sources.loopback);
    this.#endpointURL = endpoint?.settings.baseURL;
    if (endpoint) await this.#memory.prime(memoryKeys(endpoint.settings));
    const openai = endpoint && (await import('./engines/openai/engine.ts'));
    // The same endpoint again must not end what is running; but a paused one deserves another try.
    const inForce = JSON.stringify([routing, endpoint]);
    const { reason } = { reason: undefined, ...this.router.choose('action', 'automatic') };
    const rerouted = inForce !== this.#inForce;
    if (rerouted || reason === 'paused') {
      this.#inForce = inForce;
      this.router.configure(
        routing,
        openai && {
          engine: openai.createOpenAIEngine(endpoint.settings, this.#enginePorts),
          source: endpoint.source,
        },
      );
    }
    return { problems: resolved.problems, rerouted };
  }

  /** Opens the connection before the first request needs it, where text may be sent unasked anyway. */
  warm(): Promise<void> {
    return this.router.warm(AbortSignal.timeout(WARM_MS));
  }

  /** Files that changed on disk, by absolute path. */
  filesChanged(paths: readonly string[]): void {
    for (const path of paths) this.#gate.changed(path);
    this.#parts.workbench.filesChanged(paths);
  }

  indexStatus(signal: AbortSignal): Promise<IndexStatus> {
    return this.#parts.workbench.status(signal);
  }

  /** Where texts that are shown as documents are written; only this user can read them. */
  answersFolder(): Promise<string> {
    return Promise.resolve(join(storeDirectories(this.#parts.machine.environment).state, 'answers'));
  }

  /** Model servers on this machine; found because the person asked, offered and not used. */
  findEndpoints(signal: AbortSignal): Promise<readonly LoopbackServer[]> {
    return this.router.discoverLoopback(signal);
  }

  end(): Promise<void> {
    this.#ended ??= (async () => {
      await this.services.tasks.end();
      this.checks.end();
      this.router.close();
      await Promise.all([
        this.#parts.workbench.shutdown(),
        this.answers.settled(),
        this.usage.settled(),
        this.services.changes.settled(),
      ]);
    })();
    return this.#ended;
  }
}
