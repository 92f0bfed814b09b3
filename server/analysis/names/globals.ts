/**
 * Which names a language gives without declaration or import. It must not know any file.
 */
import type { GrammarName } from '../../syntax/grammars.ts';
import { browserTypes, browserValues } from '../data/browserGlobals.ts';
import { languageTypes, languageValues, nodeValues, otherValues, testValues } from '../data/jsGlobals.ts';
import { builtinNames } from '../data/pythonNames.ts';
import { familyOf } from '../scopes.ts';

let javascript: ReadonlySet<string> | undefined;
let python: ReadonlySet<string> | undefined;

/** All global names of a language that has a binder; empty for others. */
function globalNames(grammar: GrammarName): ReadonlySet<string> {
  const family = familyOf(grammar);
  if (family === 'python') return (python ??= words(builtinNames));
  if (family !== 'javascript') return new Set();
  javascript ??= words(
    languageValues,
    languageTypes,
    browserValues,
    browserTypes,
    nodeValues,
    testValues,
    otherValues,
  );
  return javascript;
}

export function isKnownGlobal(name: string, grammar: GrammarName): boolean {
  return globalNames(grammar).has(name);
}

let commonJavascript: readonly string[] | undefined;

/** Globals that people type by hand often enough to be the meaning of a slip. */
export function commonGlobals(grammar: GrammarName): readonly string[] {
  if (familyOf(grammar) === 'python')
    return [...globalNames(grammar)].filter(name => !/^_|Warning$/.test(name));
  commonJavascript ??= [
    ...words(languageValues, nodeValues, testValues),
    ...'document window console fetch setTimeout clearTimeout setInterval clearInterval localStorage sessionStorage'.split(
      ' ',
    ),
    ...'navigator location history AbortController AbortSignal URL URLSearchParams Response Request Headers'.split(
      ' ',
    ),
    ...'Partial Readonly Record Pick Omit Exclude Extract ReturnType Parameters Awaited NonNullable Required'.split(
      ' ',
    ),
    ...'HTMLElement Element Event EventTarget Node queueMicrotask requestAnimationFrame undefined'.split(' '),
  ];
  return familyOf(grammar) === 'javascript' ? commonJavascript : [];
}

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap(list => list.split(/\s+/).filter(Boolean)));
}
