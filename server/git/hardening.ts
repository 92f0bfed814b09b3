/**
 * What keeps git from running anything that a repository's configuration, attributes or hooks name: variables and
 * configuration that win over every file. It must not know which commands are run.
 */

/** Variables that switch off questions, helpers, the network, and writing on the side. */
const VARIABLES: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  // An empty list: no protocol at all, whatever protocol.<name>.allow says.
  GIT_ALLOW_PROTOCOL: '',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_PAGER: 'cat',
  PAGER: 'cat',
  GIT_EDITOR: 'false',
  GIT_SEQUENCE_EDITOR: 'false',
  GIT_SSH_COMMAND: 'false',
  GIT_ASKPASS: 'false',
  SSH_ASKPASS: 'false',
  LC_ALL: 'C',
};

/** Configuration of one value, which the last word decides; ours is the last. */
const SETTINGS: readonly (readonly [key: string, value: string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['sequence.editor', 'false'],
  ['core.askPass', 'false'],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', ''],
  ['core.alternateRefsCommand', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.quotePath', 'false'],
  ['credential.helper', ''],
  // One that is missing is an error, even of a status.
  ['diff.orderFile', '/dev/null'],
  ['diff.submodule', 'short'],
  ['diff.ignoreSubmodules', 'dirty'],
  ['diff.autoRefreshIndex', 'false'],
  ['log.showSignature', 'false'],
  ['log.diffMerges', 'off'],
  ['status.submoduleSummary', 'false'],
  ['submodule.recurse', 'false'],
  ['gpg.program', 'false'],
  ['gpg.openpgp.program', 'false'],
  ['gpg.x509.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['gpg.ssh.defaultKeyCommand', 'false'],
  ['protocol.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['color.ui', 'false'],
  ['advice.detachedHead', 'false'],
];

/** A key of ours that only a git that reads such configuration can tell back. */
export const PROOF = 'core.hookspath';

/** A program that the configuration gives to a driver: `filter`, `diff` or `merge`, by its name in the attributes. */
export interface ConfiguredDriver {
  readonly kind: 'filter' | 'diff' | 'merge';
  readonly name: string;
}

const DRIVER =
  /^(?:(filter)\.(.+)\.(?:clean|smudge|process)|(diff)\.(.+)\.(?:command|textconv)|(merge)\.(.+)\.driver)$/s;

/** The drivers among configuration keys, each once. Git writes section and key in small letters, names as they are. */
export function driversIn(keys: readonly string[]): readonly ConfiguredDriver[] {
  const found = new Map<string, ConfiguredDriver>();
  for (const key of keys) {
    const match = DRIVER.exec(key);
    if (!match) continue;
    const kind = (match[1] ?? match[3] ?? match[5]) as ConfiguredDriver['kind'];
    const name = (match[2] ?? match[4] ?? match[6]) as string;
    found.set(`${kind} ${name}`, { kind, name });
  }
  return [...found.values()];
}

/**
 * The hardening as variables. Configuration goes through the environment and not through `-c`, since a driver's name
 * may hold `=`, and `-c` would set another key then. Filters are set to nothing, which git takes for none.
 */
export function hardened(drivers: readonly ConfiguredDriver[] = []): Readonly<Record<string, string>> {
  const settings = [...SETTINGS];
  for (const { kind, name } of drivers) {
    if (kind === 'filter') {
      for (const part of ['clean', 'smudge', 'process']) settings.push([`filter.${name}.${part}`, '']);
      settings.push([`filter.${name}.required`, 'false']);
    } else if (kind === 'merge') settings.push([`merge.${name}.driver`, 'false']);
  }
  const variables: Record<string, string> = { ...VARIABLES, GIT_CONFIG_COUNT: String(settings.length) };
  for (const [i, [key, value]] of settings.entries()) {
    variables[`GIT_CONFIG_KEY_${i}`] = key;
    variables[`GIT_CONFIG_VALUE_${i}`] = value;
  }
  return variables;
}
