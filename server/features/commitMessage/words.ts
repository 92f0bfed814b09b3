/** The few verbs that a message composed without a model uses, in the moods that histories use. Pure data. */

/** `Add`, `Added`, `Adds`, `Adding`. */
export type Mood = 'imperative' | 'past' | 'present' | 'gerund';

export type Verb =
  | 'add'
  | 'remove'
  | 'rename'
  | 'move'
  | 'update'
  | 'change'
  | 'fix'
  | 'document'
  | 'format'
  | 'bump'
  | 'test';

const FORMS: Readonly<Record<Verb, readonly [past: string, present: string, gerund: string]>> = {
  add: ['added', 'adds', 'adding'],
  remove: ['removed', 'removes', 'removing'],
  rename: ['renamed', 'renames', 'renaming'],
  move: ['moved', 'moves', 'moving'],
  update: ['updated', 'updates', 'updating'],
  change: ['changed', 'changes', 'changing'],
  fix: ['fixed', 'fixes', 'fixing'],
  document: ['documented', 'documents', 'documenting'],
  format: ['formatted', 'formats', 'formatting'],
  bump: ['bumped', 'bumps', 'bumping'],
  test: ['tested', 'tests', 'testing'],
};

export function inMood(verb: Verb, mood: Mood): string {
  const [past, present, gerund] = FORMS[verb];
  return { imperative: verb, past, present, gerund }[mood];
}

/** Verbs that subjects begin with. */
const COMMON = new Set(
  'add allow apply avoid bump change check clean correct create cut deprecate disable document drop enable ensure expose extend extract fix format handle hide ignore implement improve include initialize inline introduce keep lint load log make mark merge migrate move optimize parse pass port prepare prevent print pull push put raise read reduce refactor release remove rename reorder replace require reset restore return reuse revert rewrite run save send set show simplify skip sort split start stop support switch test tidy tweak unify update upgrade use validate wrap write'.split(
    ' ',
  ),
);
const IRREGULAR: Readonly<Record<string, Mood>> = {
  made: 'past',
  wrote: 'past',
  ran: 'past',
  sent: 'past',
  kept: 'past',
  split: 'imperative',
};

/** The mood of a subject's first word; undefined where it is no verb that we know. */
export function moodOf(word: string): Mood | undefined {
  const lower = word.toLowerCase();
  if (COMMON.has(lower)) return 'imperative';
  const irregular = IRREGULAR[lower];
  if (irregular) return irregular;
  const stems = (ending: string) => {
    if (!lower.endsWith(ending)) return [];
    const stem = lower.slice(0, -ending.length);
    return [stem, `${stem}e`, stem.replace(/(.)\1$/, '$1'), stem.replace(/i$/, 'y')];
  };
  const known = (ending: string) => stems(ending).some(stem => COMMON.has(stem));
  if (known('ed') || known('d')) return 'past';
  if (known('ing')) return 'gerund';
  if (known('es') || known('s')) return 'present';
  return undefined;
}
