/** What only work on a task needs: the loop, its tools, its tree. Loaded with the first task. */
export { newTask, answer as answerEdits } from '../../agent/document/edits.ts';
export { editDocument } from '../../agent/tools/steer.ts';
export { accepting } from './acceptFinding.ts';
export { approving, drive, rejecting, resuming, waitsFor } from './drive.ts';
export { tasksLeft } from './orphans.ts';
export { knownTask } from './phase.ts';
