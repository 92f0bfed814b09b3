/**
 * The style in which a project writes its documentation comments, counted from the file, the open documents and the
 * files beside it; and whether an edit keeps to it and to comments. It must not know menus or models.
 */
import { basename, dirname, extname, join } from 'node:path';
import { lex } from '../../analysis/delimiters/lexer.ts';
import type { Document } from '../../base/document.ts';
import { languageOf } from '../../base/languages.ts';
import { openFile } from '../../context/open.ts';
import { type Redacted, redacted } from '../../guard/redacted.ts';
import type { Services } from '../services.ts';

export interface DocStyle {
  /** For the person. */
  readonly name: string;
  /** Language ids. */
  readonly languages: string;
  /** What only this style writes; global. */
  readonly mark: RegExp;
  /** As said to the model. */
  readonly convention: Redacted;
}

const C = 'c cpp objective-c cuda-cpp';
const TYPED = 'typescript typescriptreact';
const UNTYPED = 'javascript javascriptreact';

const STYLES: readonly DocStyle[] = [
  {
    name: 'Google style',
    languages: 'python',
    mark: /^[ \t]+(?:Args|Arguments|Returns|Raises|Yields|Attributes):[ \t]*$/gm,
    convention: redacted`a docstring (""" … """) in Google style ("Args:", "Returns:", "Raises:" with indented entries) as the first statement of the body`,
  },
  {
    name: 'NumPy style',
    languages: 'python',
    mark: /^[ \t]*(?:Parameters|Returns|Raises|Yields|Attributes)[ \t]*\r?\n[ \t]*-{3,}[ \t]*$/gm,
    convention: redacted`a docstring (""" … """) in NumPy style ("Parameters" underlined with dashes, then "name : type" with an indented description) as the first statement of the body`,
  },
  {
    name: 'reStructuredText style',
    languages: 'python',
    mark: /^[ \t]*:(?:param|type|returns?|rtype|raises)\b[^:\n]*:/gm,
    convention: redacted`a docstring (""" … """) with reStructuredText fields (":param name:", ":returns:", ":raises Error:") as the first statement of the body`,
  },
  {
    name: 'Epytext style',
    languages: 'python',
    mark: /^[ \t]*@(?:param|type|return|rtype|raise)\b[^:\n]*:/gm,
    convention: redacted`a docstring (""" … """) with Epytext fields ("@param name:", "@return:") as the first statement of the body`,
  },
  {
    name: 'JSDoc with types',
    languages: `${UNTYPED} ${TYPED}`,
    mark: /^[ \t]*\*[ \t]*@(?:param|returns?)[ \t]+\{/gm,
    convention: redacted`a JSDoc comment (/** … */) with types in braces ("@param {string} name - what it is", "@returns {number} what"), above the declaration`,
  },
  {
    name: 'TSDoc without types',
    languages: `${UNTYPED} ${TYPED}`,
    mark: /^[ \t]*\*[ \t]*@param[ \t]+[\w$.[\]]+|^[ \t]*\*[ \t]*@returns?[ \t]+[^{\s]/gm,
    convention: redacted`a TSDoc comment (/** … */) with "@param name - what it is" and "@returns what", without types, above the declaration`,
  },
  {
    name: 'rustdoc with an "# Arguments" section',
    languages: 'rust',
    mark: /^[ \t]*\/\/[/!][ \t]*#+[ \t]*(?:Arguments|Parameters)[ \t]*$/gm,
    convention: redacted`/// lines above the item and its attributes, with "# Arguments" as a list of \`name\`, and "# Errors" and "# Panics" where they apply`,
  },
  {
    name: 'Doxygen with @',
    languages: C,
    mark: /^[ \t]*(?:\*|\/\/[/!])[ \t]*@(?:param|returns?|brief)\b/gm,
    convention: redacted`a Doxygen comment (/** … */) with @brief, @param and @return, above the declaration`,
  },
  {
    name: 'Doxygen with backslashes',
    languages: C,
    mark: /^[ \t]*(?:\*|\/\/[/!])[ \t]*\\(?:param|returns?|brief)\b/gm,
    convention: redacted`a Doxygen comment with backslash commands (\\brief, \\param, \\return), above the declaration`,
  },
  {
    name: 'Javadoc',
    languages: 'java groovy',
    mark: /^[ \t]*\*[ \t]*@(?:param|return|throws)\b/gm,
    convention: redacted`a Javadoc comment (/** … */) with @param, @return and @throws, above the declaration and its annotations`,
  },
  {
    name: 'Markdown Javadoc',
    languages: 'java',
    mark: /^[ \t]*\/\/\/[ \t]*@(?:param|return|throws)\b/gm,
    convention: redacted`a Markdown documentation comment (/// lines) with @param, @return and @throws, above the declaration and its annotations`,
  },
  {
    name: 'YARD',
    languages: 'ruby crystal',
    mark: /^[ \t]*#[ \t]*@(?:param|return|raise)\b/gm,
    convention: redacted`YARD lines (# …) above the method, with "@param name [Type] what" and "@return [Type] what"`,
  },
  {
    name: 'TomDoc',
    languages: 'ruby',
    mark: /^[ \t]*#[ \t]*(?:Returns (?:the|a|an|nothing|true|nil)\b|\w+[ \t]+- The\b)/gm,
    convention: redacted`TomDoc lines (# …) above the method: a description, "name - The …" for each argument, and "Returns …"`,
  },
];

/** Fewer places show no habit. */
const LEAST = 2;
/** Share of all marks that a habit has. */
const SHARE = 0.6;
/** Files beside the document that are read, and of each so much, in bytes. */
const MOST_FILES = 12;
const MOST_BYTES = 200 * 1024;

/** The style that the texts keep to; undefined where there is too little to tell, or no choice. */
export function styleOfTexts(texts: readonly string[], languageId: string): DocStyle | undefined {
  const counted = rivals(languageId).map(style => ({
    style,
    count: texts.reduce((sum, text) => sum + (text.match(style.mark)?.length ?? 0), 0),
  }));
  const all = counted.reduce((sum, { count }) => sum + count, 0);
  return counted.find(({ count }) => count >= LEAST && count >= all * SHARE)?.style;
}

const rivals = (languageId: string) =>
  STYLES.filter(({ languages }) => languages.split(' ').includes(languageId));

/** The style around a document: its own first, since a file is of one piece, then that of the files near it. */
export async function docStyleFor(
  services: Pick<Services, 'documents' | 'files' | 'gate' | 'places' | 'redactor'>,
  document: Document,
): Promise<DocStyle | undefined> {
  if (rivals(document.languageId).length === 0) return undefined;
  const own = styleOfTexts([document.getText()], document.languageId);
  if (own) return own;
  const { documents, files, places } = services;
  const ports = { ...services, gate: services.gate() };
  const path = places.pathOf(document.uri);
  const open = documents.all();
  const near = new Set<string>();
  for (const other of open) {
    const at = places.pathOf(other.uri);
    if (at !== undefined && other.uri !== document.uri && other.languageId === document.languageId)
      near.add(at);
  }
  if (path !== undefined) {
    for (const folder of [dirname(path), dirname(dirname(path))]) {
      for (const { name, kind } of await files.list(folder).catch(() => [])) {
        if (kind === 'file' && extname(name) === extname(path) && name !== basename(path))
          near.add(join(folder, name));
      }
    }
  }
  const texts: string[] = [];
  for (const each of near) {
    if (texts.length === MOST_FILES) break;
    const found = await openFile(each, open, ports);
    if (found) texts.push(found.getText().slice(0, MOST_BYTES));
  }
  return styleOfTexts(texts, document.languageId);
}

/** What is written where another style is usual; in words for the model. */
export function againstStyle(
  style: DocStyle,
  languageId: string,
  before: string,
  after: string,
): string | undefined {
  const more = ({ mark }: DocStyle) => (after.match(mark)?.length ?? 0) - (before.match(mark)?.length ?? 0);
  if (more(style) > 0) return undefined;
  const other = rivals(languageId).find(each => each !== style && more(each) > 0);
  return other && `This project documents in ${style.name}, and your comment is in ${other.name}.`;
}

/** Languages whose comments tell themselves from code without doubt. */
const CHECKED = new RegExp(
  `^(?:${`${UNTYPED} ${TYPED} ${C} python rust go java csharp kotlin php swift`.replaceAll(' ', '|')})$`,
);

/** Whether two texts differ in comments, docstrings and blanks alone; true where that cannot be told. */
export function onlyDocuments(languageId: string, before: string, after: string): boolean {
  return !CHECKED.test(languageId) || codeOf(languageId, before) === codeOf(languageId, after);
}

function codeOf(languageId: string, text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, comment } of lex(text, languageOf(languageId, '')).skipped) {
    if (!comment && !(languageId === 'python' && standsAlone(text, start, end))) continue;
    parts.push(text.slice(at, start));
    at = Math.max(at, end);
  }
  return [...parts, text.slice(at)].join('').replace(/\s+/g, ' ').trim();
}

/** A string that is a statement: what a docstring is. */
function standsAlone(text: string, start: number, end: number): boolean {
  const head = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const tail = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  return /^[ \t]*[rRuU]?$/.test(head) && /^[ \t]*(?:#.*)?$/.test(tail);
}
