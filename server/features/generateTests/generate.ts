/**
 * What the action loads when it is first run: everything about tests that needs no model. One bundle of pure
 * functions over ports, which share no state with what is loaded already. It must not make or judge redacted text.
 */
export { combine } from './combine.ts';
export { copyPackage, survey } from './project.ts';
export { createRunTests } from './run.ts';
export { notRunText, reportText, summary, whyDropped } from './reportText.ts';
export { validate } from './validate.ts';
