/**
 * How each language writes definitions and imports, as patterns over one line. Data: what a pattern cannot see on
 * one line is not known. It must not know files or the index.
 */
import type { SymbolKind } from './symbolIndex.ts';

/** A definition: `name` group; `exported` and `default` groups tell reach where the language writes it. */
export interface DefinitionPattern {
  readonly kind: SymbolKind;
  readonly pattern: RegExp;
  /** When the name is reachable from other files; `marked`: by the `exported` group. */
  readonly exported: 'marked' | 'always' | 'top-level' | 'capital';
}

export interface LanguagePatterns {
  readonly definitions: readonly DefinitionPattern[];
  /** Which reader of imports.ts understands this language. */
  readonly imports?: 'ecmascript' | 'python' | 'rust' | 'go' | 'java' | 'c' | 'csharp' | 'php' | 'ruby';
}

function definition(
  kind: SymbolKind,
  exported: DefinitionPattern['exported'],
  pattern: RegExp,
): DefinitionPattern {
  return { kind, exported, pattern };
}

const ecmaHead = String.raw`^\s*(?<exported>export\s+)?(?<default>default\s+)?(?:declare\s+)?`;
const ecma: LanguagePatterns = {
  imports: 'ecmascript',
  definitions: [
    definition(
      'function',
      'marked',
      new RegExp(String.raw`${ecmaHead}(?:async\s+)?function\s*\*?\s*(?<name>[\w$]+)`),
    ),
    definition('class', 'marked', new RegExp(String.raw`${ecmaHead}(?:abstract\s+)?class\s+(?<name>[\w$]+)`)),
    definition(
      'type',
      'marked',
      new RegExp(
        String.raw`${ecmaHead}(?:interface|type|(?:const\s+)?enum)\s+(?<name>[\w$]+)\s*(?:[<{=]|extends|$)`,
      ),
    ),
    definition(
      'function',
      'marked',
      new RegExp(
        String.raw`${ecmaHead}(?:const|let|var)\s+(?<name>[\w$]+)[^=]*=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>)`,
      ),
    ),
    definition(
      'variable',
      'marked',
      /^(?<exported>export\s+)?(?:declare\s+)?(?:const|let|var)\s+(?<name>[\w$]+)/,
    ),
    definition('module', 'marked', new RegExp(String.raw`${ecmaHead}(?:namespace|module)\s+(?<name>[\w$]+)`)),
    definition(
      'method',
      'marked',
      /^\s+(?:(?:public|private|protected|static|readonly|override|async|abstract|get|set)\s+)*\*?(?<name>#?[\w$]+)\s*(?:<[^>]*>)?\([^()]*\)\s*(?::[^{;]+)?\{\s*$/,
    ),
  ],
};

const c: readonly DefinitionPattern[] = [
  definition('constant', 'always', /^\s*#\s*define\s+(?<name>\w+)/),
  definition(
    'type',
    'always',
    /^\s*(?:typedef\s+)?(?:struct|union|enum(?:\s+class)?)\s+(?<name>\w+)\s*(?:[:{]|$)/,
  ),
  definition('type', 'always', /^\s*(?:typedef\b.*\b(?<name>\w+)\s*;|\}\s*(?<alias>\w+)\s*;)/),
  definition(
    'class',
    'always',
    /^\s*(?:template\s*<.*>\s*)?class\s+(?:\w+\s+)?(?<name>(?!final\b)\w+)\s*(?:final\s*)?(?:[:{]|$)/,
  ),
  definition('module', 'always', /^\s*namespace\s+(?<name>\w+)/),
  definition(
    'function',
    'always',
    /^(?!\s|return\b|else\b|if\b|for\b|while\b|switch\b|case\b|typedef\b|#)[\w:<>,*&~\s]*?[\s*&](?:\w+::)*(?<name>~?\w+)\s*\([^;]*$/,
  ),
];

const javaHead = String.raw`^\s*(?:@\w+\s+)*(?<exported>public\s+|internal\s+|protected\s+)?(?:(?:private|static|final|abstract|sealed|partial|readonly|virtual|override|async|synchronized|default|unsafe|new|extern|const|data|open|inner|suspend|inline)\s+)*`;
const javaTypes = [
  definition(
    'class',
    'marked',
    new RegExp(String.raw`${javaHead}(?:class|record|object|struct)\s+(?<name>\w+)`),
  ),
  definition(
    'type',
    'marked',
    new RegExp(String.raw`${javaHead}(?:interface|enum|@interface|delegate\s+\S+)\s+(?<name>\w+)`),
  ),
];
const javaMethod = definition(
  'method',
  'marked',
  new RegExp(
    String.raw`${javaHead}(?!return|new|else|throw|await|if|for|while|switch|catch|using|lock|yield)[\w<>\[\],.?]+\s+(?!if|for|while|switch|catch)(?<name>\w+)\s*(?:<[^>]*>)?\([^;=]*$`,
  ),
);

const capitalPrefix = definition(
  'function',
  'marked',
  /^\s*(?<exported>pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe|inline|export|extern(?:\s+"[^"]*")?)\s+)*fn\s+(?<name>\w+)/,
);

/** Patterns by language id. */
const table: readonly (readonly [ids: string, patterns: LanguagePatterns])[] = [
  ['typescript typescriptreact javascript javascriptreact vue svelte', ecma],
  [
    'python starlark bazel',
    {
      imports: 'python',
      definitions: [
        definition('function', 'top-level', /^(?:async\s+)?def\s+(?<name>\w+)/),
        definition('method', 'top-level', /^\s+(?:async\s+)?def\s+(?<name>\w+)/),
        definition('class', 'top-level', /^\s*class\s+(?<name>\w+)/),
        definition('constant', 'top-level', /^(?<name>[A-Z][A-Z0-9_]*)\s*(?::[^=]+)?=(?!=)/),
        definition('variable', 'top-level', /^(?<name>[a-z_]\w*)\s*(?::[^=]+)?=(?!=)/),
      ],
    },
  ],
  [
    'rust',
    {
      imports: 'rust',
      definitions: [
        capitalPrefix,
        definition(
          'type',
          'marked',
          /^\s*(?<exported>pub(?:\([^)]*\))?\s+)?(?:struct|enum|union|trait|type)\s+(?<name>\w+)/,
        ),
        definition('module', 'marked', /^\s*(?<exported>pub(?:\([^)]*\))?\s+)?mod\s+(?<name>\w+)/),
        definition(
          'constant',
          'marked',
          /^\s*(?<exported>pub(?:\([^)]*\))?\s+)?(?:const|static(?:\s+mut)?)\s+(?<name>[A-Z]\w*)\s*:/,
        ),
        definition('function', 'always', /^\s*macro_rules!\s+(?<name>\w+)/),
      ],
    },
  ],
  [
    'zig',
    {
      definitions: [
        capitalPrefix,
        definition('constant', 'marked', /^\s*(?<exported>pub\s+)?(?:const|var)\s+(?<name>\w+)/),
      ],
    },
  ],
  [
    'go',
    {
      imports: 'go',
      definitions: [
        definition('method', 'capital', /^func\s+\([^)]*\)\s*(?<name>\w+)/),
        definition('function', 'capital', /^func\s+(?<name>\w+)/),
        definition('type', 'capital', /^\s*type\s+(?<name>\w+)/),
        definition('variable', 'capital', /^var\s+(?<name>\w+)/),
        definition('constant', 'capital', /^const\s+(?<name>\w+)/),
      ],
    },
  ],
  ['c cpp objective-c cuda-cpp', { imports: 'c', definitions: c }],
  ['java groovy', { imports: 'java', definitions: [...javaTypes, javaMethod] }],
  [
    'kotlin scala',
    {
      imports: 'java',
      definitions: [
        ...javaTypes,
        definition(
          'function',
          'always',
          /^\s*(?:\w+\s+)*(?:fun|def)\s+(?:<[^>]*>\s*)?(?:\w+\.)?(?<name>\w+)/,
        ),
        definition('type', 'always', /^\s*(?:\w+\s+)*(?:trait|typealias)\s+(?<name>\w+)/),
        definition('variable', 'always', /^(?:\w+\s+)*va[lr]\s+(?<name>\w+)/),
      ],
    },
  ],
  ['csharp', { imports: 'csharp', definitions: [...javaTypes, javaMethod] }],
  [
    'ruby crystal',
    {
      imports: 'ruby',
      definitions: [
        definition('method', 'always', /^\s*def\s+(?:self\.)?(?<name>\w+[?!=]?)/),
        definition('class', 'always', /^\s*class\s+(?:\w+::)*(?<name>[A-Z]\w*)/),
        definition('module', 'always', /^\s*module\s+(?:\w+::)*(?<name>[A-Z]\w*)/),
        definition('constant', 'always', /^\s*(?<name>[A-Z][A-Z0-9_]+)\s*=/),
      ],
    },
  ],
  [
    'php',
    {
      imports: 'php',
      definitions: [
        definition(
          'function',
          'always',
          /^\s*(?:(?:public|private|protected|static|final|abstract)\s+)*function\s+&?(?<name>\w+)/,
        ),
        definition(
          'class',
          'always',
          /^\s*(?:(?:final|abstract|readonly)\s+)*(?:class|trait|enum)\s+(?<name>\w+)/,
        ),
        definition('type', 'always', /^\s*interface\s+(?<name>\w+)/),
        definition('constant', 'always', /^\s*(?:\w+\s+)*const\s+(?<name>\w+)/),
      ],
    },
  ],
  [
    'elixir',
    {
      definitions: [
        definition('function', 'always', /^\s*def(?:p|macro)?\s+(?<name>\w+[?!]?)/),
        definition('module', 'always', /^\s*defmodule\s+(?:\w+\.)*(?<name>\w+)/),
      ],
    },
  ],
  [
    'elisp emacs-lisp commonlisp scheme racket clojure',
    {
      definitions: [
        definition(
          'function',
          'always',
          /^\s*\((?:cl-)?(?:defun|defmacro|defmethod|defgeneric|defsubst|defn-?|define)\s+\(?(?<name>[^\s()]+)/,
        ),
        definition(
          'variable',
          'always',
          /^\s*\((?:defvar|defcustom|defconst|defparameter|def)\s+(?<name>[^\s()]+)/,
        ),
      ],
    },
  ],
  [
    'lua',
    {
      definitions: [
        definition('function', 'always', /^\s*(?:local\s+)?function\s+(?:[\w.]+[.:])?(?<name>\w+)/),
        definition('function', 'always', /^\s*(?:local\s+)?(?:\w+\.)?(?<name>\w+)\s*=\s*function\b/),
        definition('variable', 'always', /^local\s+(?<name>\w+)\s*=/),
      ],
    },
  ],
  [
    'shellscript bash',
    { definitions: [definition('function', 'always', /^\s*(?:function\s+)?(?<name>[\w-]+)\s*\(\)/)] },
  ],
  ['css scss less', { definitions: [] }],
  [
    'sql',
    {
      definitions: [
        definition(
          'type',
          'always',
          /^\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:table|view|function|procedure|type)\s+(?:if\s+not\s+exists\s+)?(?:\w+\.)?["`]?(?<name>\w+)/i,
        ),
      ],
    },
  ],
];

/** For languages without a row of their own: the words that mostly begin definitions. */
const generic: LanguagePatterns = {
  definitions: [
    definition(
      'function',
      'always',
      /^\s*(?:(?:pub|public|export|private|local|async|static)\s+)*(?:func|function|fn|fun|def|sub|proc|defun)\s+(?<name>\w+)/,
    ),
    definition(
      'class',
      'always',
      /^\s*(?:(?:pub|public|export|private|abstract|final|open)\s+)*(?:class|struct|trait|interface|protocol|enum|module|object|record)\s+(?<name>\w+)/,
    ),
    definition('type', 'always', /^\s*(?:type|data|newtype|typealias)\s+(?<name>\w+)/),
  ],
};

const byLanguage = new Map<string, LanguagePatterns>();
for (const [ids, patterns] of table) for (const id of ids.split(' ')) byLanguage.set(id, patterns);
const without: LanguagePatterns = { definitions: [] };

/** The patterns of a language; data and prose have none. */
export function patternsOf(languageId: string, prose: boolean): LanguagePatterns {
  const known = byLanguage.get(languageId);
  if (known) return known;
  return prose || /^(?:json|jsonc|yaml|toml|ini|xml|html|plaintext|git-commit)$/.test(languageId)
    ? without
    : generic;
}
