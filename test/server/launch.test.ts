/** Where the launcher keeps compiled code: whoever can write there decides what runs, so only where nobody else can. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Place } from './support/place.ts';

const binary = join(import.meta.dirname, '..', '..', 'dist', 'codriver.cjs');

describe('the code cache', () => {
  let place: Place;
  let home: string;
  let count = 0;

  before(() => (place = new Place()));
  after(() => place.dispose());
  beforeEach(() => {
    home = join(place.folder, `home${++count}`);
    mkdirSync(home);
  });

  function launch(cacheHome?: string): void {
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, USERPROFILE: home };
    delete env['XDG_CACHE_HOME'];
    delete env['CODRIVER_NO_CODE_CACHE'];
    delete env['NODE_DISABLE_COMPILE_CACHE'];
    if (cacheHome !== undefined) env['XDG_CACHE_HOME'] = cacheHome;
    const { status, stdout } = spawnSync(process.execPath, [binary, '--version'], {
      cwd: home,
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+/);
  }

  function isUsed(cacheHome: string): boolean {
    const folder = join(cacheHome, 'codriver', 'code');
    return existsSync(folder) && readdirSync(folder).length > 0;
  }

  /** Makes the folders of a cache with these permissions, whatever the umask says. */
  function planted(modes: readonly [base: number, codriver: number, code: number]): string {
    const base = join(home, 'caches');
    const folders = [base, join(base, 'codriver'), join(base, 'codriver', 'code')];
    for (const folder of folders) mkdirSync(folder);
    folders.forEach((folder, i) => chmodSync(folder, modes[i] as number));
    return base;
  }

  it('lies in the home folder by default', () => {
    launch();
    assert.ok(isUsed(join(home, '.cache')));
  });

  it('lies where XDG_CACHE_HOME says, if that is absolute', () => {
    launch(join(home, 'elsewhere'));
    assert.ok(isUsed(join(home, 'elsewhere')));
    assert.ok(!existsSync(join(home, '.cache')));
    launch('relative');
    assert.ok(!existsSync(join(home, 'relative')));
    assert.ok(isUsed(join(home, '.cache')));
  });

  describe('with permissions', function () {
    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    for (const [name, modes, used] of [
      ['of its own alone', [0o700, 0o700, 0o700], true],
      ['that let others look around it', [0o755, 0o755, 0o700], true],
      ['as a temporary folder has them', [0o1777, 0o700, 0o700], true],
      ['that let others write beside it', [0o700, 0o777, 0o700], false],
      ['that let the group write beside it', [0o700, 0o770, 0o700], false],
      ['that let others look into it', [0o700, 0o700, 0o755], false],
      ['that let others write in the cache home', [0o777, 0o700, 0o700], false],
      ['that let the group write in the cache home', [0o775, 0o700, 0o700], false],
    ] as const) {
      it(`${used ? 'is used' : 'is left alone'} ${name}`, () => {
        const base = planted(modes);
        launch(base);
        assert.equal(isUsed(base), used);
      });
    }

    it('is left alone where its folder is a link', () => {
      const base = planted([0o700, 0o700, 0o700]);
      const other = join(home, 'other');
      mkdirSync(other, { mode: 0o700 });
      symlinkSync(join(base, 'codriver'), join(other, 'codriver'));
      launch(other);
      assert.ok(!isUsed(base));
    });

    it('is used where the cache home itself is a link', () => {
      const base = planted([0o700, 0o700, 0o700]);
      symlinkSync(base, join(home, 'link'));
      launch(join(home, 'link'));
      assert.ok(isUsed(base));
    });
  });
});
