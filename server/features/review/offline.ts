/** The pure parts of a review, loaded with the first one; no class may be in here that others have too. */
export { anchor, readReview } from './answer.ts';
export { changedLines, type ChangedFile, reviewText } from './report.ts';
export { windowsOf } from './windows.ts';
