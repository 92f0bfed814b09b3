/**
 * What explanations and declarations need to know of a grammar: which node types declare, call, loop, branch and
 * leave. One small file a language; this one has the shape and the look-up.
 */
import type { GrammarName } from '../../syntax/grammars.ts';
import type { Declaration } from '../analysis.ts';
import { bash, powershell } from './shells.ts';
import { cpp } from './cpp.ts';
import { csharp } from './csharp.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { javascript } from './javascript.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';

export interface Structure {
  /** Node types that declare something, and what. */
  readonly declarations: Readonly<Record<string, Declaration['kind']>>;
  /** Node types around a declaration that belong to it: `export`, decorators. */
  readonly wrappers: readonly string[];
  /** Node types that are statements, where no declaration is near. */
  readonly statements: RegExp;
  /** Call node types and the field with what is called. */
  readonly calls: Readonly<Record<string, string>>;
  /** Loop node types and the field that says over or while what. */
  readonly loops: Readonly<Record<string, { readonly field: string; readonly over: boolean }>>;
  readonly branches: readonly string[];
  readonly switches: Readonly<Record<string, string>>;
  readonly cases: readonly string[];
  readonly returns: readonly string[];
  readonly throws: readonly string[];
  readonly awaits: readonly string[];
  readonly yields: readonly string[];
  readonly catches: readonly string[];
  /** Node types of literals that can be read aloud. */
  readonly numbers: readonly string[];
  /** Word in front of a documentation comment's lines; `docstring` stands inside the body. */
  readonly docs: 'block' | 'docstring' | 'slashes' | 'bangs' | 'hash' | 'xml';
  /** A body that stands for work not done yet, comments removed. */
  readonly unimplemented: RegExp;
}

const structures: Partial<Record<GrammarName, Structure>> = {
  typescript: javascript,
  tsx: javascript,
  javascript,
  python,
  rust,
  go,
  cpp,
  java,
  'c-sharp': csharp,
  ruby,
  php,
  bash,
  powershell,
};

/** Undefined for languages of data and style. */
export function structureOf(grammar: GrammarName): Structure | undefined {
  return structures[grammar];
}
