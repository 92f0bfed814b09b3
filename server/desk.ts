/**
 * Composition root of tasks without an editor: a workspace for one project, its documents as files, and the person
 * behind whatever host the front door brings. It must not know which front door that is.
 */
import { join } from 'node:path';
import { Document } from './base/document.ts';
import type { Host } from './base/host.ts';
import { languageOf } from './base/languages.ts';
import type { LogOptions } from './base/node.ts';
import type { Machine } from './base/ports.ts';
import type { Desk, DeskDoor, DeskTask, Refusal, ResultFile } from './agent/desk.ts';
import { TASK_ENDING } from './agent/document/task.ts';
import { changeFiles } from './diskJournal.ts';
import { writeChangeSet } from './edits/changeSet/write.ts';
import { WorkspacePlaces } from './features/places.ts';
import { differenceOf, unfitNote } from './features/task/difference.ts';
import { openTaskRun, type TaskRun } from './features/task/run.ts';
import { startWorker, Workbench } from './workbench.ts';
import { Workspace } from './workspace.ts';

/** Below it nothing is delegated; see `codriver.autonomy`. */
const LEVEL = 3;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/;
const MOST_BYTES = 2 * 1024 * 1024;

export async function openDesk(
  machine: Machine,
  log: LogOptions,
  root: string,
  door: DeskDoor,
): Promise<Desk> {
  const { clock, files } = machine;
  const places = new WorkspacePlaces();
  places.changeFolders([places.uriOf(root)], []);
  const documents = new Map<string, Document>();
  const workbench = new Workbench({
    start: () => startWorker(log),
    clock,
    log: machine.log,
    openDocuments: () => documents.values(),
  });
  const base = door.host(async path => {
    const shown = documents.get(places.uriOf(path));
    if (shown !== undefined) return shown.getText();
    const read = await files.readText(await files.realPath(path), MOST_BYTES);
    if (read.ok) return read.text;
    if (read.why === 'missing') return undefined;
    throw new Error(read.why);
  });
  const host: Host = {
    ...base,
    async apply(change) {
      const outcome = await base.apply(change);
      // What editors show counts for one change, since nobody tells of what is typed after it.
      if (change.documents.some(({ uri }) => documents.has(uri))) documents.clear();
      return outcome;
    },
  };
  const workspace = new Workspace({
    machine,
    host,
    documents: {
      get: uri => documents.get(uri),
      all: () => [...documents.values()],
      isDesynchronised: () => false,
    },
    places,
    otherDiagnostics: { overlapping: () => [] },
    history: { edits: () => [], viewed: () => [] },
    workbench,
  });
  const { problems } = await workspace.configure({});
  for (const { key, message } of problems) machine.log.write('warn', `settings, ${key}: ${message}`);
  const { services } = workspace;
  const { trust } = workspace.answers;
  const fileOf = (name: string): string => join(root, '.codriver', 'tasks', `${name}${TASK_ENDING}`);
  const refused = (why: Refusal['why'], message: string): Refusal => ({ ok: false, why, message });

  return {
    root,
    level: () => services.settings().autonomy,
    trusted: () => trust.folderTrusted(root),
    async trust() {
      await trust.trustFolder(root);
      // What the project says about settings counts from now on.
      await workspace.configure({});
    },
    async create(name, text) {
      if (!NAME.test(name)) return { ok: false, why: 'A task cannot have this name.' };
      const file = fileOf(name);
      const why = await changeFiles(machine, [{ path: file, before: undefined, after: text }]);
      return why === undefined ? { ok: true, value: file } : { ok: false, why };
    },
    async find(name) {
      if (!NAME.test(name)) return undefined;
      const read = await files.readText(fileOf(name), MOST_BYTES);
      return read.ok ? { file: fileOf(name), text: read.text } : undefined;
    },
    shown(texts) {
      for (const [path, text] of texts) {
        const uri = places.uriOf(path);
        documents.set(uri, new Document(uri, languageOf('', path).id, 1, text));
      }
    },
    async open(file, signal, level = 0) {
      if (!(await trust.folderTrusted(root)))
        return refused(
          'untrusted',
          `Tasks work only in folders that you trust. To trust it: codriver trust ${root}`,
        );
      if (Math.max(level, services.settings().autonomy) < LEVEL)
        return refused(
          'level',
          `Tasks need codriver.autonomy ${LEVEL}; it is ${services.settings().autonomy}. Set it in your settings, or CODRIVER_AUTONOMY=${LEVEL} for this time.`,
        );
      const parts = {
        services,
        store: services.tasks.store,
        uri: places.uriOf(file),
        person: { showPlan: nothing, showResult: nothing, showBlock: nothing },
        watcher: door.watcher,
      };
      const opened = await openTaskRun(parts, signal).finally(() => documents.clear());
      return opened.ok ? deskTask(opened.run, workspace, file) : refused('failed', opened.why);
    },
    close: () => workspace.end(),
  };
}

const nothing = async (): Promise<void> => undefined;

function deskTask(run: TaskRun, { services }: Workspace, file: string): DeskTask {
  /** What the result was stays known when the task's tree is gone. */
  let known: readonly ResultFile[] = [];
  return {
    ok: true,
    running: run,
    document: run.document,
    approve: result => run.approve(result),
    async files() {
      const { phase } = run.state;
      if (phase === 'applied' || phase === 'discarded' || phase === 'archived') return known;
      known = differenceOf(await run.difference()).files;
      return known;
    },
    async changeSet(result) {
      const difference = differenceOf(await run.difference());
      const written = writeChangeSet({
        title: run.task().title || 'task',
        origin: services.router.choose('task', 'explicit').engine?.name ?? 'a model',
        base: 'the project as it was when the task began',
        files: difference.files,
        extras: {
          task: services.places.displayPath(services.places.uriOf(file)),
          result: result.diff,
          ...unfitNote(difference),
        },
      });
      return written.ok ? { ok: true, value: written.text } : written;
    },
    close: () => run.close(),
  };
}
