/**
 * `codriver setup EDITOR`: prints the configuration an editor needs, or writes it without losing what is there. It
 * must not know any editor; each is a planner of the table below.
 */
import type { Command, EditorName } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findProgram } from '../places.ts';
import { planEglot, planLspMode } from './emacs.ts';
import { planHelix } from './helix.ts';
import { planKakoune, planSublime, planVim, planVSCode, planZed } from './others.ts';
import { planNeovim } from './neovim.ts';
import type { PlannedFile, Planner } from './plan.ts';

const planners: Readonly<Record<EditorName, Planner>> = {
  neovim: planNeovim,
  helix: planHelix,
  'emacs-eglot': planEglot,
  'emacs-lsp-mode': planLspMode,
  vscode: planVSCode,
  kakoune: planKakoune,
  vim: planVim,
  zed: planZed,
  sublime: planSublime,
};

const serverName = 'codriver-language-server';
const maxFileBytes = 4 * 1024 * 1024;

/** Exit code 1 when something could not be written. */
export async function runSetup(
  command: Extract<Command, { mode: 'setup' }>,
  context: CliContext,
): Promise<number> {
  const { machine, output } = context;
  const onPath = (await findProgram(serverName, machine.environment, machine.files)) !== undefined;
  const argv = onPath ? [serverName, '--stdio'] : [...context.program, '--stdio'];
  const plan = await planners[command.editor](context, argv);
  let failures = 0;
  for (const file of plan.files) {
    if (!command.write) {
      output.err(`--- for ${file.path}\n`);
      output.out(file.snippet);
      continue;
    }
    const problem = await write(file, context);
    if (problem === undefined) continue;
    failures++;
    output.err(`${file.path} was left as it is: ${problem}\n`);
  }
  if (command.write && plan.files.length === 0) {
    failures++;
    output.err(`There is no file that setup could write for ${command.editor}.\n`);
  }
  if (!onPath) {
    output.err(
      `${serverName} is not on PATH, so the configuration names this copy. Put it on PATH and run setup again to change that.\n`,
    );
  }
  for (const note of plan.notes) output.err(`${note}\n`);
  if (!command.write && plan.files.length > 0) output.err('Nothing was written; use --write for that.\n');
  return failures === 0 ? 0 : 1;
}

/** Writes one file, with a copy of what was there; returns why not. */
async function write(file: PlannedFile, context: CliContext): Promise<string | undefined> {
  const { machine, output } = context;
  const current = await machine.files.readText(await machine.files.realPath(file.path), maxFileBytes);
  if (!current.ok && current.why !== 'missing') {
    return `it cannot be read as text (${current.why}).`;
  }
  const before = current.ok ? current.text : undefined;
  const edited = file.edit(before);
  if ('refuse' in edited) return edited.refuse;
  if (edited.text === before) {
    output.out(`${file.path} is set up already.\n`);
    return undefined;
  }
  if (before !== undefined) {
    const copy = await freeName(`${file.path}.before-codriver`, context);
    await context.writeUserFile(copy, before);
    output.out(`${copy} is a copy of what was there.\n`);
  }
  await context.writeUserFile(file.path, edited.text);
  output.out(`${file.path} is written.\n`);
  return undefined;
}

async function freeName(wanted: string, { machine }: CliContext): Promise<string> {
  let name = wanted;
  for (let i = 2; (await machine.files.stat(name)) !== undefined; i++) name = `${wanted}.${i}`;
  return name;
}
