import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran } from '../../server/sandbox/command.ts';
import { canary, confinementIn, createWorld, type World } from './support/world.ts';

/** Attempts in shell, with their names; each escapes if it succeeds, and does no harm then. `$R` the world, `$T` the tree, `$P` our process. */
const SHELL: Readonly<Record<string, string>> = {
  'writes outside': 'echo x > $R/outside/file',
  'makes a file outside': 'echo x > $R/outside/new1',
  'writes outside by ..': 'echo x > $T/../outside/file',
  'writes through a link': 'ln -s $R/outside/file $T/link && echo x > $T/link',
  'writes through a link to a folder': 'ln -s $R/outside $T/folder && echo x > $T/folder/new2',
  'makes a hard link and writes': 'ln $R/outside/file $T/hard && echo x > $T/hard',
  'moves a file in': 'mv $R/outside/file $T/moved',
  'removes a file outside': 'rm -f $R/outside/file && [ ! -e $R/outside/file ]',
  'changes a mode outside': 'chmod 777 $R/outside/file',
  'changes a time outside': 'touch -d 2001-01-01 $R/outside/file',
  'writes by /proc/self/root': 'echo x > /proc/self/root$R/outside/file',
  'writes by /proc/1/root': 'echo x > /proc/1/root$R/outside/file',
  'writes by /proc/self/cwd': 'cd $R && echo x > /proc/self/cwd/outside/file',
  'writes by an open folder': 'exec 9< $R/outside && echo x > /proc/self/fd/9/file',
  'reads the environment of the server': 'grep -q . /proc/$P/environ',
  'reads the memory of the server': 'head -c 1 /proc/$P/mem || [ -e /proc/$P/maps ]',
  'sees the server': '[ -e /proc/$P ] && [ $P -gt 300 ]',
  'ends the server': 'kill -0 $P',
  'ends all': 'kill -0 -- -$P',
  'mounts over the tree': 'mount -t tmpfs tmpfs $T',
  'takes the cover from secrets': 'umount $R/home/.ssh || umount -l $R/project',
  'makes the root writable': 'mount -o remount,bind,rw / || mount -o remount,rw none /',
  'makes namespaces of its own': 'unshare -Ur true || unshare -Urm true || unshare -m true',
  'enters the namespaces of its init': 'nsenter -t 1 -m true',
  'changes its root': 'chroot / true',
  'makes a device': 'mknod $T/disk b 254 0 || mknod $T/memory c 1 1',
  'reads a disk':
    'for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/mem /dev/kmsg; do head -c 1 $d && exit 0; done; exit 1',
  'sets user id': 'cp /bin/sh $T/sh && chmod u+s $T/sh && $T/sh -c "echo x > $R/outside/file"',
  'gains rights by a set-user-id program': 'su -c "echo x > $R/outside/file" || sudo -n true',
  'writes to .git': 'echo x >> $T/.git/config',
  'makes a hook': 'mkdir -p $T/.git/hooks && echo x > $T/.git/hooks/pre-commit',
  'replaces .git': 'mv $T/.git $T/.old || rm -rf $T/.git/config && [ ! -e $T/.git/config ]',
  'writes to a dependency': 'echo x >> $T/node_modules/dep/index.js',
  'adds a dependency': 'mkdir $T/node_modules/evil',
  'reads a key': 'grep -q . $R/home/.ssh/id_rsa || grep -q . $R/home/.netrc',
  'reads our configuration': 'grep -q . $R/home/.config/codriver/config.jsonc',
  'reads what is secret by its name': 'grep -q . $R/home/my-secrets.json',
  'reads the project behind the tree': 'grep -q . $R/project/.env',
  'writes a setting of the kernel': 'f=/proc/sys/kernel/core_pattern && v=$(cat $f) && printf %s "$v" > $f',
  'asks the kernel for a reboot': 'echo h > /proc/sysrq-trigger',
  'leaves its control group':
    'for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do [ -e $f ] && echo $$ > $f && exit 0; done; exit 1',
  'has another network': 'ip -o link | grep -v " lo:" | grep -q .',
  'puts a file where the next program looks for commands':
    '[ -w /usr/local/bin ] || echo x > $R/home/.profile',
};

/** Attempts by Node; each function's promise is kept if it escapes. */
const NODE = `
const net = require('net'), dgram = require('dgram'), fs = require('fs');
const [port, socket, abstract, shared] = process.argv.slice(1);
const connect = where => new Promise((yes, no) => net.connect(where).on('connect', yes).on('error', no));
const attempts = {
  'reaches a server on the loopback': () => connect({ host: '127.0.0.1', port: Number(port) }),
  'reaches one by IPv6': () => connect({ host: '::1', port: Number(port) }),
  'reaches the world': () => connect({ host: '192.0.2.1', port: 80 }),
  'looks up a name': () => require('dns').promises.lookup('example.com'),
  'sends a datagram': () => new Promise((yes, no) => dgram.createSocket('udp4').send('x', 53, '192.0.2.1', e => e ? no(e) : yes())),
  'reaches a socket in /tmp': () => connect({ path: socket }),
  'reaches an abstract socket': () => connect({ path: '\\0' + abstract }),
  'reads a file in /dev/shm': async () => fs.readFileSync('/dev/shm/' + shared),
  'reads a file in /tmp': async () => fs.readFileSync(socket + '.txt'),
};
(async () => {
  for (const [name, attempt] of Object.entries(attempts)) {
    const kept = await attempt().then(() => true, () => false);
    console.log((kept ? 'ESCAPED ' : 'held ') + name);
  }
  process.exit(0);
})();
`;

const never = new AbortController().signal;
const limits = { timeMs: 30_000, outputBytes: 200_000, processes: 400 };

describe('a confined program', () => {
  let world: World;
  let server: Server;
  let local: Server;
  let shell: Ran;
  let node: Ran;
  const own = `codriver-test-${process.pid}`;
  const socket = join(tmpdir(), `${own}.socket`);

  before(async function () {
    this.timeout(20_000);
    world = createWorld();
    const isolation = await world.runner.isolation();
    if (isolation !== 'bubblewrap' && isolation !== 'namespaces') {
      console.log(
        `      Nothing confines programs here (isolation: ${isolation}); the escape attempts are not made.`,
      );
      this.skip();
    }
    const listening = (s: Server, where: number | string) =>
      new Promise<void>(done => s.listen(where, () => done()));
    server = createServer();
    local = createServer();
    await Promise.all([listening(server, 0), listening(local, socket)]);
    writeFileSync(`${socket}.txt`, canary);
    if (existsSync('/dev/shm')) writeFileSync(`/dev/shm/${own}`, canary);
    const { port } = server.address() as { port: number };
    const run = (argv: readonly string[], environment: Readonly<Record<string, string>>) =>
      world.runner.run(
        { argv, cwd: world.tree, environment, limits, confinement: confinementIn(world) },
        never,
      );
    const lines = Object.entries(SHELL).map(
      ([name, attempt]) =>
        `if ( ${attempt} ) >/dev/null 2>&1; then echo "ESCAPED ${name}"; else echo "held ${name}"; fi`,
    );
    [shell, node] = await Promise.all([
      run(['/bin/sh', '-c', lines.join('\n')], { R: world.root, T: world.tree, P: String(process.pid) }),
      run([process.execPath, '-e', NODE, String(port), socket, `${own}-abstract`, own], {}),
    ]);
  });
  after(() => {
    world?.dispose();
    server?.close();
    local?.close();
  });

  it('ran, and every attempt has its answer', () => {
    assert.deepEqual([shell.ending, shell.code, node.ending, node.code], ['exit', 0, 'exit', 0], node.stderr);
    const told = `${shell.stdout}${node.stdout}`.trim().split('\n');
    assert.equal(told.length, Object.keys(SHELL).length + 9);
    assert.ok(told.length >= 40);
  });

  for (const name of [
    ...Object.keys(SHELL),
    ...[...NODE.matchAll(/^ {2}'(.+)': /gm)].map(match => match[1] as string),
  ])
    it(`holds one that ${name}`, () => {
      const told = `${shell.stdout}${node.stdout}`.split('\n');
      assert.ok(told.includes(`held ${name}`), told.find(line => line.endsWith(name)) ?? 'it was not tried');
    });

  it('left everything outside as it was', () => {
    assert.equal(readFileSync(join(world.root, 'outside/file'), 'utf8'), 'outside');
    assert.deepEqual(readdirSync(join(world.root, 'outside')), ['file']);
    assert.equal(readFileSync(join(world.tree, '.git/config'), 'utf8'), '[core]\n');
    assert.deepEqual(readdirSync(join(world.project, 'node_modules')), ['dep']);
  });

  it('can do its work: read, write in its folder, load dependencies, have temporary files and processes', async () => {
    const script = `
      set -e
      echo b > b.txt; mkdir -p deep/er; mv b.txt deep/er/; cat $R/home/notes.txt > read.txt
      t=$(mktemp); echo x > $t; echo y > /dev/shm/y; echo z > /dev/null; head -c 4 /dev/urandom > /dev/null
      (sleep 0 & wait); ${JSON.stringify(process.execPath)} -e 'console.log("loaded", require("dep"))'
      ${JSON.stringify(process.execPath)} -e 'const n=require("net"),s=n.createServer(c=>{c.end();s.close()}).listen(0,"127.0.0.1",()=>n.connect(s.address().port,"127.0.0.1",()=>console.log("loopback")).on("error",e=>{console.log(e.code);s.close()}))'
      exit 7`;
    const ran = await world.runner.run(
      {
        argv: ['/bin/sh', '-c', script],
        cwd: world.tree,
        environment: { R: world.root },
        limits,
        confinement: confinementIn(world),
      },
      never,
    );
    assert.equal(ran.code, 7, ran.stderr);
    assert.match(ran.stdout, /^loaded 1\nloopback\n$/);
    assert.equal(readFileSync(join(world.tree, 'deep/er/b.txt'), 'utf8'), 'b\n');
    assert.equal(readFileSync(join(world.tree, 'read.txt'), 'utf8'), 'readable');
  });

  it('is shown nothing writable through a link that was planted where a dependency goes', async () => {
    const run = (script: string, at: string) =>
      world.runner.run(
        {
          argv: ['/bin/sh', '-c', script],
          cwd: world.tree,
          environment: { R: world.root },
          limits,
          confinement: {
            writable: [world.tree],
            bound: [{ from: join(world.project, 'node_modules'), at: join(world.tree, at) }],
            network: false,
          },
        },
        never,
      );
    await run('mkdir -p src; ln -s src planted; ln -s $R/outside away', 'node_modules');
    for (const at of ['planted', 'away', 'away/below']) {
      const ran = await run('echo x > src/evil; echo x > planted/evil; echo x > away/evil; exit 0', at);
      assert.ok(ran.ending === 'exit' || ran.ending === 'not-confined', ran.ending);
      assert.deepEqual(readdirSync(join(world.project, 'node_modules')), ['dep']);
      assert.deepEqual(readdirSync(join(world.root, 'outside')), ['file']);
    }
  });

  it('is not run where it may not be: folders that are not there, a root that is everything', async () => {
    for (const writable of [['/'], ['relative'], ['/no/../']]) {
      const ran = await world.runner.run(
        { argv: ['/bin/true'], cwd: world.tree, limits, confinement: { writable, network: false } },
        never,
      );
      assert.deepEqual([ran.ending, ran.code], ['not-confined', null]);
    }
    const nowhere = await world.runner.run(
      {
        argv: ['/bin/true'],
        cwd: world.project,
        limits,
        confinement: { writable: [join(world.root, 'missing')], network: false },
      },
      never,
    );
    assert.deepEqual([nowhere.ending, nowhere.code], ['not-confined', null]);
    assert.ok(!existsSync(join(world.root, 'missing')));
  });
});
