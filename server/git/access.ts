/** What the composition root needs of this room, as the one module that is loaded late. */
export { createGit, pendingIndexes } from './git.ts';
export { locate, reflogSubjects } from './locate.ts';
