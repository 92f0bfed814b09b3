/**
 * Strings that try to make one allowed command (`node --version`) into another that touches a file: what shells,
 * parsers of allow-lists and careless joins of words have fallen for. Data, made by combining a few ways.
 */

/** Ways of putting a second command behind, before, or into the first. */
const JOINS: readonly ((first: string, second: string) => string)[] = [
  (a, b) => `${a}; ${b}`,
  (a, b) => `${a};${b}`,
  (a, b) => `${a} && ${b}`,
  (a, b) => `${a} || ${b}`,
  (a, b) => `${a} | ${b}`,
  (a, b) => `${a} |& ${b}`,
  (a, b) => `${a} & ${b}`,
  (a, b) => `${a}\n${b}`,
  (a, b) => `${a}\r\n${b}`,
  (a, b) => `${a}\r${b}`,
  (a, b) => `${a}\u2028${b}`,
  (a, b) => `${a}\u0085${b}`,
  (a, b) => `${a}\u000b${b}`,
  (a, b) => `${a} $(${b})`,
  (a, b) => `${a} "$(${b})"`,
  (a, b) => `${a} \`${b}\``,
  (a, b) => `${a} <(${b})`,
  (a, b) => `${a} >(${b})`,
  (a, b) => `${a} \${x:-$(${b})}`,
  (a, b) => `${a} $((a[$(${b})]))`,
  (a, b) => `${a} #\n${b}`,
  (a, b) => `${a} \\\n; ${b}`,
  (a, b) => `(${b}); ${a}`,
  (a, b) => `{ ${b}; }; ${a}`,
  (a, b) => `! ${b}; ${a}`,
  (a, b) => `if ${b}; then ${a}; fi`,
  (a, b) => `while ${b}; do ${a}; break; done`,
  (a, b) => `f() { ${b}; }; f; ${a}`,
  (a, b) => `trap '${b}' EXIT; ${a}`,
  (a, b) => `eval '${b}'; ${a}`,
  (_a, b) => `exec ${b}`,
  (a, b) => `command ${b}; ${a}`,
  (_a, b) => `X=1 ${b}`,
  (a, b) => `NODE_OPTIONS=--require=./x ${a}; ${b}`,
  (a, b) => `PATH=.:$PATH ${a}; ${b}`,
  (_a, b) => `sh -c '${b}'`,
  (_a, b) => `bash -lc "${b}"`,
  (_a, b) => `env ${b}`,
  (_a, b) => `env -S '${b}'`,
  (_a, b) => `xargs ${b} < /dev/null`,
  (_a, b) => `nohup ${b}`,
  (_a, b) => `timeout 1 ${b}`,
  (_a, b) => `find . -maxdepth 0 -exec ${b} \\;`,
  (_a, b) => `git -c core.pager='${b}' log`,
  (_a, b) => `git -c alias.x='!${b}' x`,
  (_a, b) => `awk 'BEGIN { system("${b}") }'`,
  (_a, b) => `sed -n '1e ${b}' /etc/hostname`,
  (_a, b) => `perl -e 'system("${b}")'`,
  (_a, b) => `tar -cf /dev/null . --checkpoint=1 --checkpoint-action=exec='${b}'`,
  (a, b) => `${a}\u0000; ${b}`,
];

/** Ways of writing the second command. */
const SECONDS: readonly ((file: string) => string)[] = [
  file => `touch ${file}`,
  file => `touch\${IFS}${file}`,
  file => `{touch,${file}}`,
  file => `t''ouch ${file}`,
  file => `\\touch ${file}`,
  file => `$'\\x74ouch' ${file}`,
  file => `: > ${file}`,
];

/** 350 of them, each different. */
export function bypasses(file: string): readonly string[] {
  return JOINS.flatMap(join => SECONDS.map(second => join('node --version', second(file))));
}
