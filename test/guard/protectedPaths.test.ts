import assert from 'node:assert/strict';
import { protectedReason, protectedRules } from '../../server/guard/protectedPaths.ts';

/** One path for each thing that must be protected, by hand: not read from the rules. */
const protectedFiles = `
.git/config .git/hooks/pre-commit .git .gitmodules .gitattributes .hg/hgrc .husky/pre-commit .githooks/pre-push
hooks/pre-commit lefthook.yml .pre-commit-config.yaml .lintstagedrc.json lint-staged.config.js
.vscode/tasks.json .vscode/settings.json .idea/workspace.xml .idea/runConfigurations/a.xml app.code-workspace
.zed/tasks.json .helix/languages.toml .exrc .nvim.lua .dir-locals.el .devcontainer/devcontainer.json a.sublime-project
.codriver/config.jsonc .codriver/instructions.md .codriverignore .mcp.json .cursor/rules/a.mdc .cursor/mcp.json
.claude/settings.json .claude/commands/a.md AGENTS.md CLAUDE.md CLAUDE.local.md GEMINI.md .cursorrules .clinerules/a.md
.windsurfrules .github/copilot-instructions.md .github/instructions/a.instructions.md .continue/config.json
.github/workflows/ci.yml .github/actions/a/action.yml .gitlab-ci.yml .gitlab/ci/build.yml .circleci/config.yml Jenkinsfile
Jenkinsfile.release azure-pipelines.yml bitbucket-pipelines.yml .travis.yml appveyor.yml .drone.yml .cirrus.yml
.buildkite/pipeline.yml .forgejo/workflows/a.yml CODEOWNERS cloudbuild.yaml buildspec.yml
.npmrc .yarnrc .yarnrc.yml .yarn/releases/yarn.cjs .pnpmfile.cjs bunfig.toml .cargo/config.toml .mvn/extensions.xml
gradle/wrapper/gradle-wrapper.properties pip.conf nuget.config .envrc .direnv/a .mise.toml mise.toml .env .env.local
.bashrc .bash_profile .profile .zshrc .zshenv .inputrc .gdbinit sitecustomize.py .config/fish/config.fish profile.ps1
.ssh/authorized_keys node_modules/a/index.js .venv/bin/activate venv/lib/a.py site-packages/a.py vendor/a/b.go
package-lock.json yarn.lock pnpm-lock.yaml bun.lockb Cargo.lock Gemfile.lock poetry.lock uv.lock composer.lock go.sum
flake.lock Pipfile.lock gradle.lockfile .terraform.lock.hcl
`
  .trim()
  .split(/\s+/);

const alternating = (path: string) =>
  path.replace(/./g, (letter, at: number) => (at % 2 ? letter.toUpperCase() : letter.toLowerCase()));
const wide = (path: string) =>
  path.replace(/[a-z]/g, letter => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));

/** Other spellings that some file system takes for the same path. */
const spellings: readonly (readonly [string, (path: string) => string])[] = [
  ['as it is', path => path],
  ['in upper case', path => path.toUpperCase()],
  ['in mixed case', alternating],
  ['decomposed', path => path.normalize('NFD')],
  ['in full width', wide],
  ['with a joiner', path => path.replace(/(?<=\w)(?=\w)/, '\u200c')],
  ['with a long s', path => path.replaceAll('s', '\u017f')],
  ['with a Kelvin sign', path => path.replaceAll('k', '\u212a')],
  ['with backslashes', path => path.replaceAll('/', '\\')],
  ['with doubled separators', path => path.replaceAll('/', '//')],
  ['with a dot before it', path => `./${path}`],
  ['with a dot at the end', path => `${path}.`],
  ['with blanks at the ends', path => path.replaceAll('/', ' /') + ' '],
  ['as a stream', path => `${path}::$DATA`],
];

/** The short name that Windows gives to a component, after the rules of its file systems. */
function shortened(component: string): string | undefined {
  const [, stem = '', extension = ''] = /^(\.*[^.]*(?:\.[^.]*(?=\.))*)(?:\.([^.]*))?$/.exec(component) ?? [];
  const plain = stem.replaceAll('.', '').replace(/[^\w-]/g, '_');
  const fits = !component.startsWith('.') && stem.length <= 8 && !stem.includes('.') && extension.length <= 3;
  if (fits) return undefined;
  return `${plain.slice(0, 6)}~1${extension === '' ? '' : `.${extension.slice(0, 3)}`}`.toUpperCase();
}

const free = `
src/a.ts README.md docs/guide.md docs/agents/intro.md Makefile package.json Cargo.toml go.mod pyproject.toml .editorconfig
.gitignore .prettierrc .eslintrc.json tsconfig.json src/vendor/index.tsx src/hooks/useThing.ts hooks/useThing.ts
src/git/index.ts git.ts github/workflows.ts src/env.ts env.example.ts src/claude.ts agents.ts src/agents/index.md
src/mcp/server.ts idea/a.md vscode/extension.ts jenkins/file.ts lock.ts src/lockfile.ts my.lock.ts profile.ts src/profile/a.py
test/venvs.py a~b.ts backup~1.config.ts src/longer-name~1.ts .github/ISSUE_TEMPLATE/bug.md .github/pull_request_template.md
src/ｗｉｄｅ.ts src/grüße.ts modules/a.js node/modules.ts circleci.md npmrc.md yarn.md vendor Dockerfile .dockerignore
src/workflow/ci.yml config/fish.ts codriver.md cursor/rules.ts package-lock.ts deps/a.ex
`
  .trim()
  .split(/\s+/);

describe('protected paths', () => {
  const cases = new Map<string, string>();
  for (const path of protectedFiles) {
    for (const [name, spell] of spellings) {
      cases.set(spell(path), `${path} ${name}`);
      // What counts only at the top does so there alone.
      if (!path.startsWith('vendor/')) cases.set(`packages/a/${spell(path)}`, `${path} ${name}, deeper`);
    }
  }

  it('has at least 40 paths and 400 cases', () => {
    assert.ok(protectedFiles.length >= 40, `${protectedFiles.length}`);
    assert.ok(cases.size >= 400, `${cases.size}`);
  });

  it('are recognised in every spelling', () => {
    for (const [path, name] of cases) assert.ok(protectedReason(path), `${name}: ${JSON.stringify(path)}`);
  });

  it('are recognised by the short names of Windows', () => {
    let count = 0;
    for (const path of protectedFiles) {
      const parts = path.split('/');
      parts.forEach((part, i) => {
        const short = shortened(part);
        if (short === undefined) return;
        count++;
        for (const name of [short, short.toLowerCase(), short.replace('~1', '~2')]) {
          assert.ok(protectedReason(parts.with(i, name).join('/')), `${path} as ${name}`);
        }
      });
    }
    assert.ok(count >= 80, `${count}`);
    for (const path of ['GIT~1/config', 'GI7EBA~1/hooks/x', 'git~10', 'a/NODE_M~1/x.js', 'JENKIN~1'])
      assert.ok(protectedReason(path), path);
  });

  it('leave everything else alone', () => {
    for (const path of free) assert.equal(protectedReason(path), undefined, path);
  });

  it('are rules in lower case, each of which can be met', () => {
    for (const { what, folders = [], top = [], names = [], endings = [], trails = [] } of protectedRules) {
      for (const name of [...folders, ...names, ...trails])
        assert.ok(protectedReason(name), `${what}: ${name}`);
      for (const name of top) assert.ok(protectedReason(`${name}/a`), name);
      for (const ending of endings) assert.ok(protectedReason(`a${ending}`), ending);
      for (const name of [...folders, ...top, ...names, ...endings, ...trails])
        assert.equal(name, name.toLowerCase());
    }
  });
});
