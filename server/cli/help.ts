/** The words of `--help`, as data. They must agree with `commandLine.ts`; a snapshot test keeps them in sight. */
import type { SubCommand } from './command.ts';

/** One line per command; the order of the page. */
const summaries: Readonly<Record<SubCommand, string>> = {
  doctor: 'check this machine, the configuration and the endpoint; says what to do',
  setup: 'print (or write) what an editor needs to start Codriver',
  schema: 'print the JSON Schema of the settings',
  trust: 'let the settings of a project folder count (default: the current one)',
  untrust: 'take that back',
  complete: 'complete at a place of a file and print the text',
  explain: 'explain what is at a place of a file',
  fix: 'repair what can be repaired in a file; prints a diff, writes only with --write',
  run: 'work on a task: plan, change, verify; applies nothing without your approval',
  acp: 'serve an agent shell over the Agent Client Protocol (Zed, JetBrains, Neovim, Emacs)',
};

export function helpText(version: string): string {
  const commands = Object.entries(summaries).map(([name, words]) => `  ${name.padEnd(10)}${words}`);
  return `Codriver ${version}: a language server that brings AI to every editor that speaks LSP.

Usage
  codriver-language-server [--stdio]        serve an editor (the default)
  codriver COMMAND [ARGUMENTS]              work in the terminal

Commands
${commands.join('\n')}
  help COMMAND says more about one of them.

Server
  --stdio                 speak over stdin and stdout (the default)
  --socket=PORT           connect to a port of this machine that the editor listens on
  --pipe=PATH             connect to a named pipe or Unix socket that the editor listens on
  --listen=[HOST:]PORT    wait on loopback for a client that shows the token printed at start
  --clientProcessId=PID   end when this process ends

Everywhere
  --log-file=FILE         write the log there; it never holds document text, prompts or keys
  --log-level=LEVEL       error, warn, info (default) or debug
  --version, -v           print the version
  --help, -h              print this page

Without a key and without a network Codriver completes, explains and repairs with what it knows of
your code. For your own model set OPENAI_API_KEY, or OPENAI_BASE_URL to any OpenAI-compatible server,
and OPENAI_MODEL. Then: codriver doctor
`;
}

const place = `FILE:LINE:COL counts lines and columns from 1. The file is read as it is on disk.`;

const topics: Readonly<Record<SubCommand, string>> = {
  doctor: `codriver doctor [--json]

Checks Node, the configuration and where each setting comes from, the key (shown masked), the endpoint
and its model with times, grammars, git, the state folder, trust of the current folder, local model
servers, and editors. Sends three tiny requests to your endpoint if one is configured.
Exit code 0: nothing is broken; 1: something is.
`,
  setup: `codriver setup EDITOR [--write]

EDITOR is neovim, helix, emacs-eglot, emacs-lsp-mode, vscode, kakoune, vim, zed or sublime.
Prints the configuration to stdout and where it goes to stderr. With --write it is written there:
the rest of a file stays as it is, and a copy of the file before is kept beside it.
`,
  schema: `codriver schema

Prints the JSON Schema (draft-07) of the settings file.
`,
  trust: `codriver trust [PATH]

A trusted folder may bring its own settings (.codriver/config.jsonc, for what a project may set). None of
its programs are run. Trust is kept in your own state folder, by real path.
`,
  untrust: `codriver untrust [PATH]

Takes the trust of a folder back.
`,
  complete: `codriver complete FILE:LINE:COL [--json]

Prints the text that would be inserted there.
${place}
Exit code 0: there is one; 1: there is none, or it failed (stderr says why).
`,
  explain: `codriver explain FILE:LINE:COL [--json]

Prints what is there and why, as Markdown.
${place}
Exit code 0: there is an explanation; 1: there is none, or it failed.
`,
  fix: `codriver fix FILE [--write] [--json]

Repairs what the analysis can repair with confidence and prints a unified diff. Nothing is written
without --write.
Exit code 0: nothing was wrong, or it is repaired and written; 1: there is a diff that was not
written, or it failed.
`,
  run: `codriver run TASK.task.md [--yes-to-plan] [--json FILE] [--apply HASH]

Works on the task of a document until it needs you: makes a plan, changes a copy of the project, runs
the checks. In a terminal you are asked for the plan, for answers and for the result. Without one it
stops there; --yes-to-plan approves the plan as it is. The result is written beside the document as
a change-set (.diff) and is never applied without your approval: in the terminal, or by a second run
with --apply and the hash of the result. Ctrl-C pauses; running it again goes on.
--json FILE writes a report (- for standard output); its schema is schemas/run-report.schema.json.
Needs a trusted folder (codriver trust) and codriver.autonomy 3.
Exit code 0: the result is applied, or verified and waits for --apply; 1: it failed or was discarded;
2: wrongly called; 3: a question, or the plan, waits for you; 4: a budget is used up; 5: the folder is
not trusted, or the level not allowed; 130: paused by Ctrl-C.
`,
  acp: `codriver acp

Speaks the Agent Client Protocol, version 1, over stdin and stdout. An agent shell starts it; in a
terminal it waits for one. A prompt becomes a task's document in .codriver/tasks; the plan, commands
that nothing confines, and the result are asked for there. Modes are levels of codriver.autonomy.
`,
};

export function topicText(topic: SubCommand): string {
  return topics[topic];
}
