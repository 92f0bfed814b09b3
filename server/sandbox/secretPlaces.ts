/**
 * Where logins, keys, agents and our own state lie: what a confined program is not shown. Data. It must not know how
 * anything is hidden.
 */
import { posix } from 'node:path';

/** Below the home folder; files and folders alike. What is not there is passed over. */
const SECRET_PLACES: readonly string[] = [
  // Keys and logins.
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.oci',
  '.aliyun',
  '.kube',
  '.docker',
  '.password-store',
  '.vault-token',
  '.netrc',
  '_netrc',
  '.pgpass',
  '.my.cnf',
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.git-credentials',
  '.gitcookies',
  '.terraform.d',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.gem/credentials',
  '.m2/settings.xml',
  '.m2/settings-security.xml',
  '.gradle/gradle.properties',
  '.composer/auth.json',
  '.nuget/NuGet/NuGet.Config',
  '.huggingface',
  '.cache/huggingface/token',
  '.config/codriver',
  '.config/gh',
  '.config/glab-cli',
  '.config/hub',
  '.config/gcloud',
  '.config/op',
  '.config/git/credentials',
  '.config/rclone',
  '.config/doctl',
  '.config/containers',
  '.config/pip',
  '.config/sops',
  '.config/age',
  '.config/github-copilot',
  '.config/configstore',
  '.claude.json',
  '.claude',
  '.codex',
  '.gemini',
  // Keyrings, browsers, mail, messengers.
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.pki',
  '.mozilla',
  '.thunderbird',
  '.config/google-chrome',
  '.config/chromium',
  '.config/BraveSoftware',
  '.config/Slack',
  '.config/discord',
  '.config/Signal',
  '.config/1Password',
  '.config/Bitwarden',
  '.config/keepassxc',
  '.electrum',
  '.ethereum',
  '.bitcoin',
  'Library/Keychains',
  'Library/Cookies',
  'Library/Mail',
  'Library/Messages',
  'Library/Safari',
  'Library/Application Support/Google/Chrome',
  'Library/Application Support/Firefox',
  'Library/Application Support/codriver',
  // Sockets of machines and agents.
  '.1password',
  '.colima',
  '.lima',
  '.orbstack',
  '.rd',
  '.local/share/containers',
  // What was typed and looked at.
  '.bash_history',
  '.zsh_history',
  '.local/share/fish/fish_history',
  '.python_history',
  '.node_repl_history',
  '.psql_history',
  '.mysql_history',
  '.lesshst',
  '.viminfo',
  '.local/state/nvim',
];

/** Folders of the home folder that a person may have put elsewhere, and the variable that says where. */
const MOVED: Readonly<Record<string, string>> = {
  '.config': 'XDG_CONFIG_HOME',
  '.local/share': 'XDG_DATA_HOME',
  '.local/state': 'XDG_STATE_HOME',
  '.cache': 'XDG_CACHE_HOME',
  '.gnupg': 'GNUPGHOME',
  '.docker': 'DOCKER_CONFIG',
  '.cargo': 'CARGO_HOME',
  '.gradle': 'GRADLE_USER_HOME',
  '.composer': 'COMPOSER_HOME',
};
/** Variables that name one file. */
const NAMED = [
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
  'KUBECONFIG',
  'NETRC',
  'PGPASSFILE',
  'NPM_CONFIG_USERCONFIG',
  'npm_config_userconfig',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'PIP_CONFIG_FILE',
  'SSH_AUTH_SOCK',
];

/** Absolute: where all that is on this machine, also as its variables say. */
export function secretPlacesOf(
  home: string,
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const moved = SECRET_PLACES.flatMap(place =>
    Object.entries(MOVED).flatMap(([folder, name]) => {
      const to = variables[name];
      const isThere = to !== undefined && (place === folder || place.startsWith(`${folder}/`));
      return isThere ? [posix.join(to, place.slice(folder.length))] : [];
    }),
  );
  const named = NAMED.flatMap(name => (variables[name] ?? '').split(':'));
  const all = [...SECRET_PLACES.map(place => posix.join(home, place)), ...moved, ...named];
  return all.filter(place => posix.isAbsolute(place) && posix.normalize(place) !== '/');
}

/** Folders of sockets and of other programs' temporary files: each is an empty one of its own. */
export const SHARED_PLACES: readonly string[] = ['/tmp', '/var/tmp', '/run', '/dev/shm'];

/** In those, what programs cannot run without: where systems keep the paths of their own programs. */
export const SHOWN_AGAIN: readonly string[] = ['/run/current-system', '/run/wrappers'];

/** The same for a program that may use the network: where names are looked up. */
export const SHOWN_FOR_NETWORK: readonly string[] = ['/run/systemd/resolve', '/run/resolvconf'];
