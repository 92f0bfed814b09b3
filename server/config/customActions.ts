/** The shape of a person's own actions, as part of the table of settings. It imports zod: never on the hot path. */
import { z } from 'zod';

/** Completes "must be …". */
export const CUSTOM_ACTIONS =
  'a list of { title, prompt, kind, scope, level }: kind quickfix, refactor.extract, refactor.rewrite or source.codriver; scope selection, symbol or file; level 1 (the answer is shown) or 2 (an edit)';

export const customActionList = z
  .array(
    z.strictObject({
      title: z
        .string()
        .regex(/^[^\x00-\x1f\x7f]{1,80}$/)
        .describe('As the menu shows it.'),
      prompt: z.string().min(1).max(8_000).describe('What the model is to do.'),
      kind: z
        .enum(['quickfix', 'refactor.extract', 'refactor.rewrite', 'source.codriver'])
        .default('refactor.rewrite'),
      scope: z.enum(['selection', 'symbol', 'file']).default('selection'),
      level: z.literal([1, 2]).default(2),
    }),
  )
  .max(50);
