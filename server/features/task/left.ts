/** What earlier sessions left of tasks, told to the person once. It must not know how it is found. */
import type { Services } from '../services.ts';
import { runsOf } from './store.ts';

const MOST_NAMED = 5;

/** Costs one look at a folder where there were never tasks. */
export async function tellOfTasksLeft(services: Services): Promise<void> {
  const { files, host, places, programs, settings, tasks } = services;
  if (settings().autonomy < 3 || (await files.list(runsOf(tasks.store)).catch(() => [])).length === 0) return;
  const trusted = await Promise.all(places.folders.map(folder => programs.trusted(folder)));
  if (!trusted.some(each => each)) return;
  const { tasksLeft } = await import('./late.ts');
  const { archived, missing, waiting } = await tasksLeft(services);
  if (waiting.length > 0) {
    const named = waiting
      .slice(0, MOST_NAMED)
      .map(({ document, words }) => `${places.displayPath(places.uriOf(document))} ${words}`);
    const more = waiting.length > MOST_NAMED ? `; and ${waiting.length - MOST_NAMED} more` : '';
    host.tell(
      'info',
      `Codriver: an earlier session left ${waiting.length === 1 ? 'a task' : `${waiting.length} tasks`}: ${named.join('; ')}${more}. Open the document and choose how it goes on.`,
    );
  }
  for (const { document, words } of missing)
    host.tell(
      'warning',
      `Codriver: the document of a task, ${places.displayPath(places.uriOf(document))}, is not there any more; the task ${words}, and nothing of it is lost. Bring the document back (it may be on another branch) to go on, or to discard the task with codriver.taskDiscard.`,
    );
  if (archived.length > 0)
    host.tell(
      'info',
      `Codriver: copies of the project whose tasks are over were put away; what they had changed is in ${archived.slice(0, MOST_NAMED).join(', ')}.`,
    );
}
