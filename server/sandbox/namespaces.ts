/**
 * Confines a program by Linux namespaces through util-linux alone: a user, mount, process, IPC, host name and (mostly)
 * network namespace of its own, in which a fixed script lays out the file system and gives up every right before the
 * program starts. It must not know which program that is.
 */
import type { Limits } from './command.ts';
import type { Step } from './layout.ts';

/** Absolute paths of what this needs. */
export interface NamespaceTools {
  readonly unshare: string;
  readonly setpriv: string;
  readonly prlimit: string;
  readonly shell: string;
}

/** What the kernel of this machine can count for one namespace alone. */
export interface NamespaceCounts {
  /** RLIMIT_NPROC counts in a user namespace by itself since Linux 5.14; before, all of the person's processes. */
  readonly processesOfUser: boolean;
  /** `kernel.pid_max` is a setting of each process namespace since Linux 6.14; before, of the machine. */
  readonly processesOfNamespace: boolean;
}

export function countsOf(kernelRelease: string): NamespaceCounts {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(kernelRelease) ?? [];
  const version = Number(major) * 1000 + Number(minor);
  return { processesOfUser: version >= 5014, processesOfNamespace: version >= 6014 };
}

/** How the script says that it could not confine; the program has not been started then. */
export const CONFINE_FAILED = 125;
export const CONFINE_MARK = 'codriver-confine: ';

/** A file that a program writes may not grow beyond this; a disk filled by one file takes the whole machine down. */
const MOST_FILE_BYTES = 4 * 1024 ** 3;
/** The smallest `kernel.pid_max` that Linux takes. */
const LEAST_PIDS = 301;

/**
 * Everything that varies comes by "$@", so that no path is ever read as shell text. In order: a private tree at /tmp
 * holds two copies of the file system, one as it is (src) and one to be seen (new); every mount of the latter becomes
 * read-only, without devices and set-user-id; /proc, /dev and /tmp are made anew; only then, with it as root, are the
 * steps carried out, so that a link planted in a writable folder leads nowhere that could be written. For the same
 * reason what is shown elsewhere becomes read-only before it is put there.
 */
export const SCRIPT = `
set -u
theirs=$PATH
PATH=/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin
unshare=$1 setpriv=$2 cwd=$3 pids=$4 network=$5
shift 5
die() { printf '${CONFINE_MARK}%s\\n' "$1" >&2; exit ${CONFINE_FAILED}; }
must() { "$@" || die "$* failed"; }
read -r _ uid _ < /proc/self/uid_map || die 'no user'
read -r _ gid _ < /proc/self/gid_map || die 'no group'

below() {
  while read -r _ _ _ _ point options _; do
    case $point in *\\\\*) point=$(printf '%b' "$(printf '%s' "$point" | sed 's/\\\\\\([0-7]\\{3\\}\\)/\\\\0\\1/g')") ;; esac
    case $point in "$1"|"$1"/*) ;; *) continue ;; esac
    mount -o "remount,bind,$options,nosuid,nodev,ro" none "$point" 2>/dev/null && continue
    [ -e "$point" ] || continue
    mount -t tmpfs -o ro,nosuid,nodev,mode=0555,size=4k tmpfs "$point" 2>/dev/null || die "$point stays writable"
  done < /proc/self/mountinfo
}

must mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs /tmp
must mkdir /tmp/src /tmp/new
must mount --rbind / /tmp/src
must umount /tmp/src/tmp
must mount --rbind /tmp/src /tmp/new
below /tmp/new

must mount -t proc -o nosuid,nodev,noexec proc /tmp/new/proc
must mount -t tmpfs -o nosuid,noexec,mode=0755,size=4m tmpfs /tmp/new/dev
for each in null zero full random urandom tty; do
  [ -e "/tmp/src/dev/$each" ] || continue
  : > "/tmp/new/dev/$each"
  must mount --bind "/tmp/src/dev/$each" "/tmp/new/dev/$each"
done
must mkdir /tmp/new/dev/shm /tmp/new/dev/pts
must mount -t tmpfs -o nosuid,nodev,mode=1777,size=256m tmpfs /tmp/new/dev/shm
mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0600 devpts /tmp/new/dev/pts 2>/dev/null
ln -s pts/ptmx /tmp/new/dev/ptmx
ln -s /proc/self/fd /tmp/new/dev/fd
for each in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/\${each%:*}" "/tmp/new/dev/\${each#*:}"; done
must mount -t tmpfs -o nosuid,nodev,mode=1777,size=1g tmpfs /tmp/new/tmp
must mkdir -m 0700 /tmp/new/tmp/.old
must cd /tmp/new
must pivot_root . tmp/.old
must cd /

from=/tmp/.old/tmp/src
while [ "$1" != -- ]; do
  case $1 in
    empty)
      [ -d "$2" ] || must mkdir -p -- "$2"
      must mount -t tmpfs -o nosuid,nodev,mode=1777,size=256m tmpfs "$2"; shift 2 ;;
    blank) [ ! -e "$2" ] || must mount --bind /dev/null "$2"; shift 2 ;;
    write)
      [ -d "$2" ] || must mkdir -p -- "$2"
      must mount --rbind "$from$2" "$2"; shift 2 ;;
    show)
      stage=/tmp/.old/tmp/$#
      if [ -d "$from$2" ]; then
        must mkdir "$stage"
        [ -d "$3" ] || must mkdir -p -- "$3"
      else
        : > "$stage"
        [ -e "$3" ] || : > "$3" || die "$3 cannot be made"
      fi
      must mount --rbind "$from$2" "$stage"
      below "$stage"
      must mount --rbind "$stage" "$3"; shift 3 ;;
    *) die "$1 is no step" ;;
  esac
done
shift

[ -z "$pids" ] || echo "$pids" > /proc/sys/kernel/pid_max 2>/dev/null
case $("$unshare" --help 2>&1) in *--map-user*) own=yes; spaces=1 ;; *) own=; spaces=0 ;; esac
echo $spaces > /proc/sys/user/max_user_namespaces || die 'namespaces cannot be counted'
for each in sys sysrq-trigger irq bus fs scsi acpi; do
  [ -e "/proc/$each" ] || continue
  must mount --bind "/proc/$each" "/proc/$each"
  must mount -o remount,bind,nosuid,nodev,noexec,ro none "/proc/$each"
done
[ "$network" = yes ] || ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || :
must umount -l /tmp/.old
rmdir /tmp/.old
cd "$cwd" || die "$cwd is not to be seen"
PATH=$theirs
export PATH
[ "$uid" = 0 ] || [ -z "$own" ] && set -- --bounding-set=-all "$@"
set -- "$setpriv" --no-new-privs --inh-caps=-all --ambient-caps=-all "$@"
[ -z "$own" ] || set -- "$unshare" --user --map-user="$uid" --map-group="$gid" -- "$@"
exec "$@"
`;

/** The script makes these itself. */
const OWN_PLACES: ReadonlySet<string> = new Set(['/tmp', '/dev/shm']);

/** The command line that runs `argv` confined to `steps`. `cwd` is a real path. */
export function namespacesArgv(
  argv: readonly string[],
  {
    cwd,
    steps,
    network,
    limits,
    tools,
    counts,
  }: {
    readonly cwd: string;
    readonly steps: readonly Step[];
    readonly network: boolean;
    readonly limits: Limits;
    readonly tools: NamespaceTools;
    readonly counts: NamespaceCounts;
  },
): readonly string[] {
  const { processes } = limits;
  const pids = counts.processesOfNamespace && processes ? String(Math.max(LEAST_PIDS, processes)) : '';
  return [
    // Should this server be killed, the namespace ends with it.
    [tools.setpriv, '--pdeathsig', 'KILL', '--', tools.unshare],
    ['--user', '--map-root-user', '--mount', '--propagation', 'private', '--pid', '--ipc', '--uts'],
    network ? [] : ['--net'],
    ['--fork', '--kill-child=KILL', '--', tools.shell, '-c', SCRIPT, 'confine'],
    [tools.unshare, tools.setpriv, cwd, pids, network ? 'yes' : 'no'],
    steps
      .filter(({ at }) => !OWN_PLACES.has(at))
      .flatMap(step => (step.do === 'show' ? ['show', step.from, step.at] : [step.do, step.at])),
    '--',
    // A shell is the init of the namespace: it reaps what others leave, and passes on how the program ended.
    [tools.shell, '-c', '"$@"; exit $?', 'init'],
    limitsArgv(argv, tools.prlimit, limits, counts.processesOfUser),
  ].flat();
}

/** The command line that runs `argv` within what the kernel can hold it to. */
export function limitsArgv(
  argv: readonly string[],
  prlimit: string,
  { memoryBytes, processes }: Limits,
  countsProcesses: boolean,
): readonly string[] {
  return [
    prlimit,
    '--core=0',
    `--fsize=${MOST_FILE_BYTES}`,
    memoryBytes === undefined ? [] : [`--data=${memoryBytes}`],
    processes === undefined || !countsProcesses ? [] : [`--nproc=${processes}`],
    '--',
    argv,
  ].flat();
}
