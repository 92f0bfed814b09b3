/** Whether a goal asks for a repair, so that its tests must fail without it. By words alone; the person can say otherwise. */

/** Words of a repair in a goal, in the languages that most goals are written in. */
const REPAIR =
  /\b(?:fix(?:es|ed|ing)?|bugs?|bugfix|repairs?|regressions?|crash(?:es|ed|ing)?|broken|breaks?|fails?|failing|incorrect(?:ly)?|wrong(?:ly)?|off[- ]by[- ]one|should(?:n't| not)|does(?:n't| not) work|no longer works?|leaks?|race condition|deadlock|hangs?|fehler|behebe\w*|repariere\w*|corrige\w*|corrija\w*|arreglar?|bogue)\b/i;

/** `explicit` is what the document says, which decides. */
export function isRepair(goal: string, explicit?: boolean): boolean {
  return explicit ?? REPAIR.test(goal.replace(/`[^`]*`|"[^"]*"/g, ' '));
}
