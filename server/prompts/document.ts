/**
 * The prompt for a documentation comment in the language's own convention; answered with search/replace blocks.
 * Pure; it must not know features.
 */
import type { ChatMessage } from '../engines/engine.ts';
import { type Redacted, redacted } from '../guard/redacted.ts';
import { assemble, type CodePrompt, codeSections, EDIT_FORMAT, printable } from './shared.ts';

const SYSTEM = redacted`You write documentation comments. Say what a caller must know: purpose, parameters, result, errors, side effects. Leave out what the signature already says. Add only the comment; do not change any code.

${EDIT_FORMAT}`;

/** Conventions by language ids, as said to the model. */
const CONVENTIONS: readonly (readonly [ids: string, convention: Redacted])[] = [
  [
    'javascript javascriptreact',
    redacted`a JSDoc comment (/** … */) with @param and @returns, above the declaration`,
  ],
  [
    'typescript typescriptreact',
    redacted`a TSDoc comment (/** … */) with @param and @returns but without types, above the declaration`,
  ],
  [
    'python',
    redacted`a docstring (""" … """) as the first statement of the body, first line in the imperative`,
  ],
  [
    'rust',
    redacted`/// lines above the item and its attributes, with "# Errors" and "# Panics" where they apply`,
  ],
  ['go', redacted`// lines directly above the declaration that begin with its name`],
  [
    'java groovy',
    redacted`a Javadoc comment (/** … */) with @param, @return and @throws, above the declaration and its annotations`,
  ],
  ['kotlin', redacted`a KDoc comment (/** … */) with @param and @return, above the declaration`],
  ['scala', redacted`a Scaladoc comment (/** … */) with @param and @return, above the declaration`],
  [
    'csharp',
    redacted`/// lines with <summary>, <param> and <returns>, above the declaration and its attributes`,
  ],
  [
    'c cpp objective-c cuda-cpp',
    redacted`a Doxygen comment (/** … */) with @param and @return, above the declaration`,
  ],
  ['php', redacted`a PHPDoc comment (/** … */) with @param and @return, above the declaration`],
  ['swift', redacted`/// lines with "- Parameters:" and "- Returns:", above the declaration`],
  ['dart zig', redacted`/// lines above the declaration`],
  ['ruby crystal', redacted`# lines above the declaration, with @param and @return`],
  ['lua', redacted`--- lines above the function, with @param and @return`],
  ['haskell elm', redacted`a Haddock comment (-- | …) above the signature`],
  ['elixir', redacted`an @doc """ … """ attribute above the function`],
  ['erlang', redacted`an EDoc comment (%% @doc …) above the function`],
  ['clojure', redacted`a docstring after the name`],
  [
    'elisp emacs-lisp commonlisp',
    redacted`a docstring after the argument list, first line a full sentence, arguments in capitals`,
  ],
  ['julia', redacted`a """ … """ docstring above the declaration`],
  ['r', redacted`roxygen comments (#' …) with @param and @return, above the function`],
  ['ocaml', redacted`an odoc comment ((** … *)) above the declaration`],
  [
    'shellscript bash fish',
    redacted`# lines above the function: what it does, its arguments, its output and exit status`,
  ],
  ['sql', redacted`-- lines above the statement`],
];
const FALLBACK = redacted`the documentation comment that is usual in this language`;

/** `languageId` picks the convention, unless the project has one of its `own`; it is not shown to the model. */
export function documentPrompt(
  prompt: CodePrompt,
  languageId: string,
  own?: Redacted,
): readonly ChatMessage[] {
  const usual = CONVENTIONS.find(([ids]) => ids.split(' ').includes(languageId))?.[1] ?? FALLBACK;
  const convention = own === undefined ? usual : redacted`${own}, as the rest of this project does`;
  const subject = prompt.symbol === undefined ? redacted`the selection` : redacted`\`${prompt.symbol}\``;
  const question = redacted`Document ${subject} in the ${prompt.language} file "${printable(prompt.path)}". Write ${convention}.`;
  return assemble(SYSTEM, codeSections(prompt), question, prompt.budget);
}
