/** Takes the words out of a documentation comment: summary and what it says of parameters. It knows no code. */

export interface DocWords {
  readonly summary: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly returns: string | undefined;
}

/** Reads JSDoc, Javadoc, rustdoc, godoc, XML doc comments and Python docstrings alike. */
export function readDoc(comment: string): DocWords {
  const lines = clean(comment);
  const parameters = new Map<string, string>();
  const summary: string[] = [];
  let returns: string | undefined;
  let section = 'summary';
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    const heading =
      /^(Args|Arguments|Parameters|Returns?|Raises|Yields|Examples?|Attributes|Notes?|See Also)\s*:?$/.exec(
        text,
      );
    const underlined = /^[-=]{3,}$/.test(lines[at + 1]?.trim() ?? '');
    if (heading && (text.endsWith(':') || underlined)) {
      section = (heading[1] ?? '').toLowerCase();
      continue;
    }
    if (/^[-=]{3,}$/.test(text)) continue;
    const tag =
      /^@(?:param|arg)\s+(?:\{[^}]*\}\s*)?\[?([\w$.]+)[^\s\]]*\]?\s*-?\s*(.*)$/.exec(text) ??
      /^:param\s+(?:\S+\s+)?(\w+):\s*(.*)$/.exec(text) ??
      /^<param name="(\w+)">(.*?)(?:<\/param>)?$/.exec(text);
    if (tag?.[1]) {
      parameters.set(tag[1], tag[2] ?? '');
      section = 'tags';
      continue;
    }
    const back = /^(?:@returns?|:returns?:|<returns>)\s*(?:\{[^}]*\}\s*)?(.*?)(?:<\/returns>)?$/.exec(text);
    if (back) {
      returns = back[1];
      section = 'tags';
      continue;
    }
    if (/^(?:@\w|:\w+.*:|<\/?(?!summary|para|c>|see)\w)/.test(text)) section = 'tags';
    if (section === 'args' || section === 'arguments') {
      const row = /^\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$/.exec(text);
      if (row?.[1]) parameters.set(row[1], row[2] ?? '');
    } else if (section === 'parameters') {
      // A name with its type, then its words on the next line.
      const words = lines[at + 1] ?? '';
      const deeper = /^\s*/.exec(words)?.[0].length ?? 0;
      const row = /^\*{0,2}(\w+)\s*(?::.*)?$/.exec(text);
      if (row?.[1] && deeper > (/^\s*/.exec(line)?.[0].length ?? 0)) parameters.set(row[1], words.trim());
    } else if ((section === 'return' || section === 'returns') && text && returns === undefined)
      returns = text;
    else if (section === 'summary') summary.push(text.replace(/<\/?(?:summary|para|c|see[^>]*)\/?>/g, ''));
  }
  const paragraphs = summary
    .join('\n')
    .trim()
    .split(/\n\s*\n/);
  return { summary: (paragraphs[0] ?? '').replace(/\s*\n\s*/g, ' '), parameters, returns };
}

function clean(comment: string): readonly string[] {
  const text = comment.trim();
  if (/^[a-zA-Z]{0,2}(?:"""|'''|"|')/.test(text))
    return text.replace(/^[a-zA-Z]{0,2}(?:"""|'''|"|')|(?:"""|'''|"|')$/g, '').split(/\r?\n/);
  if (text.startsWith('/*'))
    return text
      .replace(/^\/\*+!?|\*+\/$/g, '')
      .split(/\r?\n/)
      .map(line => line.replace(/^\s*\*? ?/, ''));
  return text.split(/\r?\n/).map(line => line.replace(/^\s*(?:\/\/[/!]?|#+|--+|;+|%+)\s?/, ''));
}
