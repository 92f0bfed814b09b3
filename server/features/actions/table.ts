/** The table of code actions: one row, one file each. The order is the order in the menu. */
import { tryAgain } from '../changeSet/again.ts';
import { CHANGE_SET_ACTIONS } from '../changeSet/acts.ts';
import { applyHere, applyToFile, newFile } from '../chat/applyBlock.ts';
import { handOff } from '../chat/handoff.ts';
import { openChat } from '../chat/open.ts';
import { sendChat, stopChat } from '../chat/send.ts';
import { showSent } from '../chat/sent.ts';
import { TASK_ACTIONS } from '../task/acts.ts';
import { createTask } from '../task/create.ts';
import type { Action } from './action.ts';
import { answerComment } from './answerComment.ts';
import { check } from './check.ts';
import { rewriteCommitMessage, writeCommitMessage } from './commitMessage.ts';
import { convert } from './convert.ts';
import { custom } from './custom.ts';
import { documentAction } from './document.ts';
import { explain } from './explain.ts';
import { explainAgain, explainDeeper } from './explainAgain.ts';
import { extractFunction, extractVariable } from './extract.ts';
import { fix } from './fix.ts';
import { fixAll } from './fixAll.ts';
import { followAll } from './followAll.ts';
import { followComment } from './followComment.ts';
import { generateTests } from './generateTests.ts';
import { implement } from './implement.ts';
import { clearerName } from './clearerName.ts';
import { dismissFinding, explainFinding, review, reviewChanges } from './review.ts';
import { simplify } from './simplify.ts';
import { translate } from './translate.ts';

export const ACTIONS: readonly Action[] = [
  fix,
  explainFinding,
  dismissFinding,
  followComment,
  followAll,
  answerComment,
  custom,
  writeCommitMessage,
  rewriteCommitMessage,
  implement,
  extractVariable,
  extractFunction,
  simplify,
  convert,
  clearerName,
  translate,
  documentAction,
  generateTests,
  explain,
  explainAgain,
  explainDeeper,
  review,
  reviewChanges,
  fixAll,
  check,
  openChat,
  applyHere,
  applyToFile,
  newFile,
  sendChat,
  stopChat,
  showSent,
  handOff,
  tryAgain,
  ...CHANGE_SET_ACTIONS,
  createTask,
  ...TASK_ACTIONS,
];

export const ACTION_COMMANDS: readonly string[] = ACTIONS.map(action => action.command);
