/** The levels of the dial at which a session may work, as the protocol's modes. Data; it must not know sessions. */

export interface Mode {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Of `codriver.autonomy`. */
  readonly level: number;
}

export const MODES: readonly [Mode, ...Mode[]] = [
  {
    id: 'delegate',
    name: 'Delegate',
    description: 'You approve the plan and the result (level 3).',
    level: 3,
  },
  {
    id: 'drive',
    name: 'Drive',
    description: 'The plan is carried out at once; you approve the result (level 4).',
    level: 4,
  },
];
