/**
 * Files that grant authority: whoever writes them decides what a program, an editor, an agent or CI does later, unasked.
 * No model makes them. Recognised by name alone; it must not know the file system, nor who wants to write.
 */
import { aiIgnoreFiles } from './ignoreFiles.ts';
import { laxName } from './neverSend.ts';

/** All names in lower case. Everything counts in any folder, except `top`. */
export interface ProtectedRule {
  /** Ends the sentence "a model may not make it, since it is …". */
  readonly what: string;
  /** Folders of this name with everything in them; also a file of this name. */
  readonly folders?: readonly string[];
  /** Folders that count only at the top of the workspace folder. */
  readonly top?: readonly string[];
  readonly names?: readonly string[];
  readonly endings?: readonly string[];
  /** Components that follow each other, joined by `/`; a folder with everything in it, or a file. */
  readonly trails?: readonly string[];
  /** Tried on the name of every component. */
  readonly pattern?: RegExp;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const protectedRules: readonly ProtectedRule[] = [
  {
    what: "version control's own data or settings",
    folders: words('.git .hg .svn .jj .bzr .fossil .sl .repo'),
    names: words('.gitmodules .gitattributes .gitconfig .hgrc .hgsub .lfsconfig .git-credentials'),
  },
  {
    what: 'a hook that version control runs',
    folders: words('.husky .githooks githooks .git-hooks git-hooks .hooks .overcommit'),
    names: words('.huskyrc .pre-commit-hooks.yaml .overcommit.yml'),
    pattern:
      /^(?:\.?lefthook(?:-local)?\.|\.?pre-commit-config\.|\.huskyrc|\.?lint-?staged(?:rc|\.config)|\.?simple-git-hooks|\.?prek\.)/,
    trails: words(
      'hooks/applypatch-msg hooks/pre-applypatch hooks/post-applypatch hooks/pre-commit hooks/pre-merge-commit hooks/prepare-commit-msg hooks/commit-msg hooks/post-commit hooks/pre-rebase hooks/post-checkout hooks/post-merge hooks/pre-push hooks/pre-receive hooks/update hooks/post-receive hooks/post-update hooks/push-to-checkout hooks/pre-auto-gc hooks/post-rewrite hooks/fsmonitor-watchman',
    ),
  },
  {
    what: 'a setting or task of an editor',
    folders: words(
      '.vscode .vscode-insiders .vscode-oss .vscode-server .idea .fleet .zed .vs .helix .nvim .vim .emacs.d .devcontainer .settings .theia .run',
    ),
    endings: words('.code-workspace .code-profile .sublime-project .sublime-workspace .sublime-build .iml'),
    names: words(
      '.devcontainer.json .exrc _exrc .nvimrc _nvimrc .nvim.lua .vimrc _vimrc .gvimrc _gvimrc .lvimrc .local.vimrc .lazy.lua .neoconf.json .dir-locals.el .dir-locals-2.el .emacs .spacemacs .kakrc .kakrc.local .lnav .project .classpath .ycm_extra_conf.py',
    ),
  },
  {
    what: 'a setting or rules file of an AI assistant',
    folders: words(
      '.codriver .claude .cursor .continue .windsurf .codeium .roo .cline .clinerules .roorules .gemini .codex .opencode .kiro .amazonq .augment .junie .trae .qwen .goose .agent .agents .copilot .mcp .aider .crush .factory .zencoder .void .pearai .openhands .devin .serena',
    ),
    names: [
      ...aiIgnoreFiles,
      ...words(
        'agents.md agents.override.md agents.local.md agent.md claude.md claude.local.md gemini.md qwen.md crush.md warp.md codex.md jules.md skill.md replit.md copilot-instructions.md .rules .goosehints .cursorrules .windsurfrules .clinerules .roorules .roomodes .aider.conf.yml .aider.model.settings.yml opencode.json opencode.jsonc mcp.json mcp_config.json',
      ),
    ],
    endings: words('.mdc .instructions.md .prompt.md .chatmode.md .agent.md'),
    pattern:
      /^\.mcp(?:[._-][^/]*)?\.jsonc?$|^\.claude\.json$|^\.(?:clinerules|roorules|windsurfrules|cursorrules)-/,
    trails: words('.github/instructions .github/prompts .github/chatmodes .github/agents .github/copilot'),
  },
  {
    what: 'something that CI runs',
    folders: words(
      '.circleci .buildkite .woodpecker .teamcity .semaphore .drone .tekton .builds .gitlab-ci .azure-pipelines .azuredevops .harness .codebuild .earthly',
    ),
    trails: words(
      '.github/workflows .github/actions .github/codeowners .github/dependabot.yml .github/dependabot.yaml .github/settings.yml .gitea/workflows .gitea/actions .forgejo/workflows .forgejo/actions .gitlab/ci .gitlab/codeowners .gitlab/agents',
    ),
    names: words(
      'codeowners bitbucket-pipelines.yml buildspec.yml buildspec.yaml wercker.yml codefresh.yml codemagic.yaml bitrise.yml buildkite.yml screwdriver.yaml cloudbuild.yaml cloudbuild.yml cloudbuild.json shippable.yml buddy.yml magnum.yml .scrutinizer.yml .build.yml',
    ),
    pattern:
      /^(?:\.?gitlab-ci(?:[._-].*)?\.ya?ml|.*\.gitlab-ci\.ya?ml|\.?travis\.ya?ml|jenkinsfile(?:[._-].*)?|.*\.jenkinsfile|\.?(?:azure|vsts)-pipelines?(?:[._-].*)?\.ya?ml|\.vsts-ci\.ya?ml|\.?appveyor\.ya?ml|\.(?:drone|cirrus|woodpecker)\.(?:ya?ml|jsonnet|star)|\.gocd\.ya?ml|.*\.gocd\.(?:ya?ml|json))$/,
  },
  {
    what: 'a setting of a package manager that decides what is fetched or run',
    folders: words('.yarn .cargo .mvn .bundle .pip .gem .nuget'),
    names: words(
      '.npmrc .pnpmrc .pnpmfile.cjs pnpmfile.cjs .pnpmfile.mjs bunfig.toml .bunfig.toml .bowerrc .pypirc pip.conf pip.ini .condarc .gemrc nuget.config .pnp.cjs .pnp.loader.mjs .pnp.js',
    ),
    pattern: /^\.yarnrc/,
    trails: words('gradle/wrapper .gradle/init.d .sbt/repositories .m2/settings.xml'),
  },
  {
    what: 'an environment that a shell enters by itself',
    folders: words('.direnv .mise .devbox .flox .autoenv'),
    names: words('.autoenv.zsh .in .out .rtx.toml .devenv.local.nix'),
    pattern: /^\.envrc|^\.?mise(?:\..+)?\.toml$|^\.autoenv|^\.env(?:$|\.)/,
  },
  {
    what: 'read by a shell or another tool when it starts',
    folders: words('.ssh .gnupg .aws .bashrc.d .zshrc.d .profile.d .oh-my-zsh .ipython'),
    names: words(
      '.bashrc .bash_profile .bash_login .bash_logout .bash_aliases .bash_completion .profile .zshrc .zshenv .zprofile .zlogin .zlogout .zpreztorc .kshrc .mkshrc .shrc .cshrc .tcshrc .login .logout config.fish .inputrc .xinitrc .xsession .xsessionrc .xprofile .pam_environment .tmux.conf .screenrc .wgetrc .curlrc .netrc _netrc .gdbinit .lldbinit .pdbrc .pythonrc .pythonrc.py .pythonstartup sitecustomize.py usercustomize.py .irbrc .pryrc .rdbgrc .perldb .rprofile .renviron .octaverc .psqlrc .sqliterc .my.cnf .ghci .haskeline .guile .sbclrc .nanorc .mailcap .selected_editor .rc profile.ps1 microsoft.powershell_profile.ps1 microsoft.vscode_profile.ps1 autorun.inf desktop.ini',
    ),
    trails: words(
      '.config/fish .config/nvim .config/git .config/autostart .config/systemd .config/environment.d .config/nushell .config/powershell .config/helix .config/zed .config/kak library/launchagents',
    ),
  },
  {
    what: 'in a folder of dependencies',
    folders: words(
      'node_modules bower_components jspm_packages web_modules .pnpm-store .venv venv virtualenv site-packages dist-packages __pypackages__ __pycache__ .eggs .tox .nox elm-stuff .dart_tool .pub-cache .gradle .m2 .ivy2 .stack-work .terraform carthage .rustup .cpcache deps.edn.d',
    ),
    top: words('vendor pods'),
    pattern: /\.(?:pth|egg-link|dist-info|egg-info)$/,
  },
  {
    what: 'a lock file, which pins what is installed',
    names: words(
      'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml shrinkwrap.yaml bun.lock bun.lockb deno.lock cargo.lock gemfile.lock gems.locked poetry.lock pipfile.lock uv.lock pdm.lock pixi.lock pylock.toml conda-lock.yml composer.lock symfony.lock go.sum go.work.sum glide.lock gopkg.lock mix.lock rebar.lock pubspec.lock podfile.lock package.resolved cartfile.resolved flake.lock devenv.lock devbox.lock gradle.lockfile buildscript-gradle.lockfile verification-metadata.xml packages.lock.json project.assets.json paket.lock .terraform.lock.hcl chart.lock shard.lock stack.yaml.lock cabal.project.freeze module.bazel.lock maven_install.json renv.lock manifest.lock lazy-lock.json conan.lock vcpkg-lock.json dub.selections.json',
    ),
    pattern: /^pylock\..+\.toml$|^conda-lock\.ya?ml$/,
  },
];

const folders = new Map<string, string>();
const tops = new Map<string, string>();
const names = new Map<string, string>();
const endings: (readonly [string, string])[] = [];
const trails: (readonly [string, string])[] = [];
const patterns: (readonly [RegExp, string])[] = [];
for (const { what, ...rule } of protectedRules) {
  for (const name of rule.folders ?? []) folders.set(name, what);
  for (const name of rule.top ?? []) tops.set(name, what);
  for (const name of rule.names ?? []) names.set(name, what);
  for (const ending of rule.endings ?? []) endings.push([ending, what]);
  for (const trail of rule.trails ?? []) trails.push([`/${trail}/`, what]);
  if (rule.pattern) patterns.push([rule.pattern, what]);
}

/** What Windows calls a file beside its name (`GIT~1`); it may stand for any name, so it is never taken. */
const shortName = /^(?=.{1,8}(?:\.|$))[^.]*~\d{1,6}(?:\.[^.]{0,3})?$/;

/**
 * Why no model may make the file, as the end of "since it is …"; undefined where nothing is against it. `path` is
 * relative to its workspace folder, in any spelling: either separator, any case, any Unicode form.
 */
export function protectedReason(path: string): string | undefined {
  const parts = path
    .split(/[\\/]+/)
    // Upper case first: letters without a lower-case form of their own fall together with others.
    .map(part => laxName(laxName(part).toUpperCase()))
    .filter(part => part !== '');
  const top = tops.get(parts[0] ?? '');
  if (top !== undefined && parts.length > 1) return top;
  for (const part of parts) {
    const found =
      folders.get(part) ??
      names.get(part) ??
      endings.find(([ending]) => part.endsWith(ending))?.[1] ??
      patterns.find(([pattern]) => pattern.test(part))?.[1];
    if (found !== undefined) return found;
    if (shortName.test(part)) return 'perhaps another file, under the short name that Windows gives it';
  }
  const joined = `/${parts.join('/')}/`;
  return trails.find(([trail]) => joined.includes(trail))?.[1];
}
