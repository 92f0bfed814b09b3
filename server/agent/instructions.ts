/**
 * Standing instructions for a task: `AGENTS.md` at the top of the tree and skill folders (`SKILL.md`), the project's
 * only where the person trusts the folder. What hides characters is left out whole and said. It must not know prompts.
 */
import { posix } from 'node:path';
import type { Files } from '../base/ports.ts';
import { matterValue, readFrontMatter } from '../documents/frontMatter.ts';
import { parseMarkdown, printLines } from '../documents/markdown.ts';
import { hiddenCharacters } from '../guard/hidden.ts';
import { plainLine } from '../guard/sanitise.ts';
import type { Instruction } from './ports.ts';

export interface InstructionSources {
  readonly files: Files;
  /** The project's folder, absolute; undefined where the person does not trust it. */
  readonly trusted: string | undefined;
  /** Whether text of the project's may be sent, by its absolute path: the read gate. */
  readonly mayRead: (path: string) => Promise<boolean>;
  /** The user's own folder of skills, absolute. */
  readonly userSkills: string;
}

export interface FoundInstructions {
  readonly instructions: readonly Instruction[];
  /** Words for the person about what was left out. */
  readonly problems: readonly string[];
}

/** In the project, where assistants keep them. Folders of skills, each with a `SKILL.md`. */
const SKILL_FOLDERS = ['.codriver/skills', '.agents/skills', '.claude/skills'];
const MOST_BYTES = 64 * 1024;
const MOST_SKILLS = 24;
/** Of one instruction; prompts cut further. In UTF-16 units. */
const MOST_TEXT = 12_000;

export async function findInstructions(sources: InstructionSources): Promise<FoundInstructions> {
  const { files, mayRead, trusted, userSkills } = sources;
  const instructions: Instruction[] = [];
  const problems: string[] = [];

  const isProjects = (path: string): boolean => trusted !== undefined && path.startsWith(`${trusted}/`);

  async function readClean(path: string, name: string): Promise<string | undefined> {
    if (isProjects(path) && !(await mayRead(path))) return undefined;
    const real = await files.realPath(path).catch(() => path);
    const found = await files.readText(real, MOST_BYTES);
    if (!found.ok) {
      if (found.why === 'too-large')
        problems.push(`${name} is larger than 64 KiB and was left out. Shorten it.`);
      return undefined;
    }
    const [hidden] = hiddenCharacters(found.text);
    if (hidden === undefined) return found.text;
    problems.push(
      `${name} holds characters that cannot be seen (${hidden.name}) and was left out. Remove them.`,
    );
    return undefined;
  }

  async function readSkills(folder: string, whose: string): Promise<void> {
    const entries = (await files.list(folder)).filter(({ kind }) => kind === 'directory');
    for (const { name } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_SKILLS)) {
      const shown = plainLine(name, 60);
      const text = await readClean(posix.join(folder, name, 'SKILL.md'), `The skill "${shown}"`);
      if (text !== undefined) instructions.push(skillOf(text, shown, whose));
    }
  }

  if (trusted !== undefined) {
    const text = await readClean(posix.join(trusted, 'AGENTS.md'), 'AGENTS.md');
    if (text !== undefined && text.trim() !== '') instructions.push({ title: 'AGENTS.md', text: cut(text) });
  }
  await readSkills(userSkills, 'yours');
  if (trusted !== undefined) {
    for (const folder of SKILL_FOLDERS) await readSkills(posix.join(trusted, folder), "the project's");
  }
  return { instructions, problems };
}

function skillOf(text: string, folder: string, whose: string): Instruction {
  const document = parseMarkdown(text);
  const matter = readFrontMatter(document);
  const [head] = document.blocks;
  const first = head?.kind === 'frontMatter' ? head.end : 0;
  const body = printLines(document, { first, end: document.lines.length }).trim();
  const said = (key: string): string => {
    const value = matterValue(matter, key);
    return typeof value === 'string' ? plainLine(value, 300) : '';
  };
  const when = said('description');
  return {
    title: `skill ${said('name') || folder} (${whose})`,
    text: cut(when === '' ? body : `When to use it: ${when}\n\n${body}`),
  };
}

function cut(text: string): string {
  return text.length <= MOST_TEXT
    ? text
    : `${text.slice(0, MOST_TEXT)}\n[cut: ${text.length - MOST_TEXT} characters left out]`;
}
