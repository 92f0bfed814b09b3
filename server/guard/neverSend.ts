/**
 * Files whose very purpose is to hold secrets, recognised by name alone, in any folder and for every feature.
 * Data first, then one small matcher. It must not know the file system.
 */

/** All names in lower case. `endings` include the dot; `trails` are whole trailing components joined by `/`. */
export interface NeverSendRule {
  readonly what: string;
  readonly names?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly endings?: readonly string[];
  readonly trails?: readonly string[];
  /** Directories of this name, with everything in them. */
  readonly directories?: readonly string[];
  readonly pattern?: RegExp;
  /** Harmless in spite of the rest of the row. */
  readonly except?: RegExp;
}

/** Program text may be called `credentials.ts`; values in it are found by the secret scanner instead. */
const sourceCode =
  /\.(?:[cm]?[jt]sx?|vue|svelte|pyi?|rb|rs|go|java|kts?|scala|groovy|cs|fs|vb|swift|mm?|c|cc|cpp|cxx|h|hh|hpp|php|pl|pm|lua|el|clj[sc]?|exs?|erl|hs|ml|mli|dart|zig|nim|jl|r|sh|bash|zsh|fish|ps1|sql|md|mdx|rst|adoc|html?|s?css|less)$/;

const template = /[._-](?:example|examples|sample|template|tmpl|tpl|dist|defaults?|schema)(?:\.[a-z]+)?$/;

const neverSendRules: readonly NeverSendRule[] = [
  {
    what: 'environment file',
    prefixes: ['.env'],
    endings: ['.env'],
    pattern: /^env\.(?:local|prod|production|dev|development|staging|test)$/,
    except: template,
  },
  {
    what: 'private key or certificate',
    endings: [
      '.pem',
      '.key',
      '.p8',
      '.p12',
      '.pfx',
      '.ppk',
      '.pkcs12',
      '.der',
      '.crt',
      '.cer',
      '.asc',
      '.gpg',
      '.pgp',
      '.age',
      '.snk',
      '.mobileprovision',
    ],
    names: [
      '.vault-token',
      '.vault_pass',
      '.vault_pass.txt',
      'master.key',
      'secring.gpg',
      'ssh_host_rsa_key',
    ],
    pattern: /^ssh_host_\w+_key$|^(?:private|server|client|signing)[-_]?key(?:\.txt)?$/,
  },
  {
    what: 'SSH identity',
    prefixes: ['id_'],
    pattern: /^(?:identity|authorized_keys|known_hosts)$/,
    except: new RegExp(`\\.pub$|${sourceCode.source}`),
  },
  {
    what: 'keystore or password database',
    endings: [
      '.jks',
      '.keystore',
      '.truststore',
      '.bks',
      '.kdb',
      '.kdbx',
      '.keychain',
      '.keychain-db',
      '.opvault',
    ],
    names: ['logins.json', 'key3.db', 'key4.db', 'login data', 'wallet.dat'],
  },
  {
    what: 'login data of a tool',
    names: [
      '.netrc',
      '_netrc',
      '.pgpass',
      'pgpass.conf',
      '.my.cnf',
      '.mylogin.cnf',
      '.npmrc',
      '.yarnrc',
      '.yarnrc.yml',
      '.pnpmrc',
      '.pypirc',
      '.gemrc',
      '.git-credentials',
      '.gitcookies',
      '.dockercfg',
      '.htpasswd',
      '.htdigest',
      '.s3cfg',
      '.boto',
      '.passwd-s3fs',
      '.remote-sync.json',
      '.ftpconfig',
      'sftp-config.json',
      '.ftppass',
      'filezilla.xml',
      'sitemanager.xml',
      'recentservers.xml',
      '.esmtprc',
      '.msmtprc',
      '.fetchmailrc',
      '.muttrc',
      '.tugboat',
      '.databrickscfg',
      '.snowsql',
      '.terraformrc',
      'terraform.rc',
      '.cloudflared',
      '.flyrc',
      '.twurlrc',
      '.trc',
      '.pip.conf',
      'auth.json',
      '.composer-auth.json',
      'nuget.config',
      'kubeconfig',
      '.kubeconfig',
      'robomongo.json',
      'connections.xml',
      'proftpdpasswd',
      'shadow',
      'gshadow',
      'passwd',
    ],
    pattern: /^kubeconfig[._-]|[._-]kubeconfig$/,
    trails: [
      '.kube/config',
      '.docker/config.json',
      '.config/gh/hosts.yml',
      '.config/hub',
      '.config/rclone/rclone.conf',
      '.config/doctl/config.yaml',
      '.m2/settings.xml',
      '.m2/settings-security.xml',
      '.gradle/gradle.properties',
      '.cargo/credentials',
      '.gem/credentials',
      '.bundle/config',
      '.subversion/auth',
      '.irssi/config',
      '.config/codriver/config.jsonc',
      'pip/pip.conf',
      '.pip/pip.conf',
    ],
  },
  {
    what: 'credentials file',
    prefixes: ['credentials', 'credential.'],
    pattern:
      /^(?:.*[._-])?credentials?(?:\.(?:json|ya?ml|toml|ini|cfg|conf|txt|xml|csv|properties|db|enc|bak|old))?$/,
    except: new RegExp(`${template.source}|${sourceCode.source}`),
  },
  {
    what: 'secrets file',
    pattern:
      /^(?:.*[._-])?secrets?(?:[._-](?:local|dev|development|prod|production|staging|test))?(?:\.(?:json|ya?ml|toml|ini|cfg|conf|txt|xml|properties|env|enc|bak))?$/,
    except: template,
  },
  {
    what: 'service account key',
    pattern:
      /(?:service[-_]?account|serviceaccount|firebase[-_]?adminsdk|gcp[-_]?(?:key|creds?)|gcloud[-_]?(?:key|creds?)|client[-_]?secret|application_default_credentials).*\.json$/,
    except: template,
  },
  {
    what: 'infrastructure state or variables',
    endings: ['.tfstate', '.tfstate.backup', '.tfvars', '.tfvars.json'],
    pattern: /\.tfstate\.\d+(?:\.backup)?$/,
    directories: ['.terraform', '.pulumi'],
    except: template,
  },
  {
    what: 'cookie or session store',
    names: [
      'cookies',
      'cookies.txt',
      'cookies.sqlite',
      'cookies.db',
      'cookies.json',
      'cookies-journal',
      '.cookies',
    ],
    endings: ['.cookies', '.cookiejar', '.har', '.ovpn'],
  },
  {
    what: 'history of a shell or tool',
    pattern:
      /^\.(?:\w+_)?history$|^\.(?:lesshst|viminfo|zhistory|histfile)$|^(?:console|fish)_history(?:\.txt|\.ps1)?$|^consolehost_history\.txt$/,
  },
  {
    what: 'memory dump or packet capture',
    endings: ['.dmp', '.hprof', '.core', '.pcap', '.pcapng', '.keytab', '.ccache'],
  },
  {
    what: 'folder of keys or logins',
    directories: [
      '.ssh',
      '.aws',
      '.azure',
      '.gnupg',
      '.password-store',
      '.gcloud',
      '.oci',
      '.aliyun',
      '.bluemix',
      '.1password',
      '.secrets',
      '.vault',
      '.mozilla',
      '.thunderbird',
      '.electrum',
      '.ethereum',
    ],
    trails: ['.config/gcloud', '.config/op', 'library/keychains', 'appdata/roaming/gnupg'],
  },
  { what: "git's own data", directories: ['.git', '.hg', '.svn', '.jj'] },
];

const secretDirectories = new Map<string, string>();
const trails: (readonly [string, string])[] = [];
const fileNames = new Map<string, NeverSendRule>();
const endingRules = new Map<string, NeverSendRule>();
for (const rule of neverSendRules) {
  for (const name of rule.directories ?? []) secretDirectories.set(name, rule.what);
  for (const trail of rule.trails ?? []) trails.push([`/${trail}`, rule.what]);
  for (const name of rule.names ?? []) fileNames.set(name, rule);
  for (const ending of rule.endings ?? []) endingRules.set(ending, rule);
}
const shapedRules = neverSendRules.filter(rule => rule.prefixes || rule.pattern);

/** Characters that some file systems do not count as part of a name. */
const uncounted =
  /\u00ad|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u2064]|[\u2066-\u206f]|[\ufe00-\ufe0f]|\ufeff/g;

/** The name as the laxest file system would read it: case, normalisation, streams, trailing dots and spaces. */
export function laxName(component: string): string {
  const plain = /^[\u0020-\u007e]*$/.test(component)
    ? component
    : component.normalize('NFKC').replace(uncounted, '');
  const stream = plain.indexOf(':');
  return (stream > 0 ? plain.slice(0, stream) : plain).replace(/[. ]+$/, '').toLowerCase();
}

/** Backups and editor copies hold what the original holds. */
const copySuffix = /(?:~|\.(?:bak|backup|old|orig|save|swp|swo|tmp|copy)|[ ._-]copy|\.\d{1,3})$/;

/**
 * Why a file or folder may never be read or sent, by the names in its path, or undefined. `path` may use either
 * separator; every component counts, so a workspace inside `.ssh` is refused as a whole.
 */
export function neverSendReason(path: string, kind: 'file' | 'directory' = 'file'): string | undefined {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const above = judgeAbove(cut < 0 ? '' : path.slice(0, cut));
  if (above.reason !== undefined) return above.reason;
  const { name, reason } = judge(path.slice(cut + 1), above);
  if (reason !== undefined || kind === 'directory') return reason;
  return reasonOfName(name) ?? reasonOfName(name.replace(copySuffix, ''));
}

interface Judged {
  /** All components as the laxest file system reads them, each behind a `/`, and the last of them. */
  readonly joined: string;
  readonly name: string;
  readonly reason: string | undefined;
}

const top: Judged = { joined: '', name: '', reason: undefined };
/** The folder that was judged last: a crawl asks for all of its entries in turn. */
let latest = { path: '', judged: top };

function judgeAbove(path: string): Judged {
  if (latest.path === path) return latest.judged;
  let judged = top;
  for (const part of path.split(/[\\/]+/)) {
    judged = judge(part, judged);
    if (judged.reason !== undefined) break;
  }
  latest = { path, judged };
  return judged;
}

function judge(component: string, above: Judged): Judged {
  if (component === '') return above;
  const name = laxName(component);
  const joined = `${above.joined}/${name}`;
  const what = secretDirectories.get(name);
  if (what !== undefined) return { joined, name, reason: `${what} (${name}/)` };
  for (const [trail, why] of trails) {
    if (joined.endsWith(trail)) return { joined, name, reason: `${why} (${trail.slice(1)})` };
  }
  return { joined, name, reason: undefined };
}

function reasonOfName(name: string): string | undefined {
  const named = fileNames.get(name);
  if (named) return `${named.what} (${name})`;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const rule = endingRules.get(name.slice(dot));
    if (rule && !rule.except?.test(name)) return `${rule.what} (*${name.slice(dot)})`;
  }
  for (const rule of shapedRules) {
    const shaped = rule.prefixes?.some(prefix => name.startsWith(prefix)) || rule.pattern?.test(name);
    if (shaped && !rule.except?.test(name)) return `${rule.what} (${name})`;
  }
  return undefined;
}
