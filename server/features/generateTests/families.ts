/** Languages whose tests are made and run alike. Small data that is loaded with the action menu; it must not know frameworks. */

export type Family = 'javascript' | 'python' | 'go' | 'rust' | 'java';

const FAMILIES: readonly (readonly [family: Family, endings: RegExp])[] = [
  ['javascript', /\.[cm]?[jt]sx?$/],
  ['python', /\.py$/],
  ['go', /\.go$/],
  ['rust', /\.rs$/],
  ['java', /\.java$/],
];

/** Undefined for code that no framework here tests. */
export function familyOf(path: string): Family | undefined {
  if (/\.d\.[cm]?ts$/.test(path)) return undefined;
  return FAMILIES.find(([, endings]) => endings.test(path))?.[0];
}

/** What marks the root of a package. */
export const MARKERS: Readonly<Record<Family, readonly string[]>> = {
  javascript: ['package.json'],
  python: ['pyproject.toml', 'setup.py', 'setup.cfg', 'tox.ini', 'requirements.txt'],
  go: ['go.mod'],
  rust: ['Cargo.toml'],
  java: ['pom.xml', 'build.gradle', 'build.gradle.kts'],
};
