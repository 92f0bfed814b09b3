/**
 * Models that are trained to write the next edit, and the prompt that each was trained on, as data: the marks are those
 * published with the models. A name belongs to at most one family; every other model is asked by `nextEdit.ts`. Pure.
 */
import { joinRedacted, type Redacted, redacted } from '../guard/redacted.ts';
import { type DiffPiece, keptEdits, type NextEditPieces, signedLines } from './nextEdit.ts';

export interface EditFamily {
  readonly name: string;
  /** Model names that use it, tested on the lower-case name. */
  readonly models: RegExp;
  /** What has a meaning to the model: none of it may come from the person's text. */
  readonly marks: readonly string[];
  /** Where the answer ends. */
  readonly stops: readonly string[];
  readonly prompt: (pieces: NextEditPieces, edits: readonly Redacted[]) => Redacted;
  /** One edit made lately. */
  readonly edit: (piece: DiffPiece) => Redacted;
  /** The rewritten region of a whole answer; undefined where it is not exactly one. */
  readonly read: (answer: string) => string | undefined;
}

const startMark = '<|editable_region_start|>';
const endMark = '<|editable_region_end|>';

export const editFamilies: readonly EditFamily[] = [
  {
    name: 'zeta',
    models: /\bzeta\b(?![-_ ]?2)/,
    marks: [startMark, endMark, '<|user_cursor_is_here|>', '<|start_of_file|>', '### Response:'],
    stops: ['<|endoftext|>', '<|im_end|>', '<|file_sep|>'],
    prompt: ({ path, above, region, cursor, below }, edits) =>
      redacted`### Instruction:\nRewrite the editable region of the excerpt as the user will have it after the next edit, given the user's last edits and the place of the cursor.\n\n### User Edits:\n\n${joinRedacted(edits, '\n\n')}\n\n### User Excerpt:\n\n\`\`\`${path}\n${above}\n<|editable_region_start|>\n${region.slice(0, cursor)}<|user_cursor_is_here|>${region.slice(cursor)}\n<|editable_region_end|>\n${below}\n\`\`\`\n\n### Response:\n\n`,
    edit: ({ path, removed, added }) =>
      redacted`User edited "${path}":\n\n\`\`\`diff\n${joinRedacted([...signedLines(removed, redacted`-`), ...signedLines(added, redacted`+`)], '\n')}\n\`\`\``,
    read: answer => {
      const start = answer.indexOf(startMark);
      const end = answer.indexOf(endMark);
      if (start < 0 || end < start || !/^\s*(?:```[^\n]*\n[^]*)?$/.test(answer.slice(0, start)))
        return undefined;
      const inside = answer.slice(start + startMark.length, end);
      return unframed(inside.replaceAll('<|user_cursor_is_here|>', ''));
    },
  },
  {
    name: 'sweep',
    models: /sweep[-_ ]?next[-_ ]?edit/,
    marks: ['<|file_sep|>', '<|cursor|>', '<|endoftext|>', '<|repo_name|>'],
    stops: ['<|endoftext|>', '<|file_sep|>', '<|im_end|>'],
    prompt: ({ path, before, above, region, cursor, below }, edits) =>
      redacted`<|file_sep|>${path}\n${above}\n${region}\n${below}\n${joinRedacted(edits, '')}<|file_sep|>original/${path}\n${before}\n<|file_sep|>current/${path}\n${region.slice(0, cursor)}<|cursor|>${region.slice(cursor)}\n<|file_sep|>updated/${path}\n`,
    edit: ({ path, removed, added }) =>
      redacted`<|file_sep|>${path}.diff\noriginal:\n${removed ?? redacted``}\nupdated:\n${added ?? redacted``}\n`,
    read: answer => unframed(answer.replaceAll('<|cursor|>', '')),
  },
];

/** The family of a model by its name, which may be a path, a tag or have words before it. */
export function familyOf(model: string): EditFamily | undefined {
  const name = model.toLowerCase();
  return editFamilies.find(({ models }) => models.test(name));
}

/** Text of the person's that holds a mark of the family cannot be told from the prompt. */
export function holdsMarks({ marks }: EditFamily, text: string): boolean {
  return marks.some(mark => text.includes(mark));
}

/** The whole prompt: bounded like that of any model. */
export function familyPrompt(family: EditFamily, pieces: NextEditPieces): Redacted {
  return family.prompt(pieces, keptEdits(pieces.diffs, family.edit).kept);
}

/** The family's answer as the region it rewrote; nothing where a mark is left in it. */
export function readFamily(family: EditFamily, answer: string): string | undefined {
  const region = family.read(answer);
  return region === undefined || holdsMarks(family, region) ? undefined : region;
}

/** Without the line break on either side. */
function unframed(text: string): string {
  return text.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
}
