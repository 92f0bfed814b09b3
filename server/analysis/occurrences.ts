/** Where a name stands in a file and what it means there, from the binder's scopes. It must not know who asks. */
import type { Range } from 'vscode-languageserver-textdocument';
import { type ScopeModel, visibleAt } from './scopes/model.ts';
import type { Lines } from './view.ts';

/** One place of a name. */
export interface Occurrence {
  readonly range: Range;
  readonly role: 'declaration' | 'use' | 'member';
  /** Where the declaration stands that it means; undefined for a name that nothing in the file declares. */
  readonly declaredAt: Range['start'] | undefined;
}

/** The names of one state of a document. */
export interface Names {
  occurrences(name: string): readonly Occurrence[];
  /** What can be named at the beginning of a line's text. */
  visible(line: number): ReadonlySet<string>;
}

export function namesOf(model: ScopeModel, lines: Lines): Names {
  const declaration = ({ start }: { start: number }) => lines.positionAt(start);
  return {
    occurrences(name) {
      const found: Occurrence[] = [];
      for (const binding of model.bindings) {
        if (binding.name !== name) continue;
        const declaredAt = declaration(binding);
        for (const { start, end } of [binding, ...binding.others])
          found.push({ range: lines.range(start, end), role: 'declaration', declaredAt });
      }
      for (const { name: used, start, end, binding } of model.uses)
        if (used === name)
          found.push({
            range: lines.range(start, end),
            role: 'use',
            declaredAt: binding && declaration(binding),
          });
      for (const { name: used, start, end } of model.members)
        if (used === name)
          found.push({ range: lines.range(start, end), role: 'member', declaredAt: undefined });
      return found;
    },
    visible(line) {
      const text = lines.line(line);
      const offset = (lines.starts[line] ?? lines.text.length) + text.length - text.trimStart().length;
      return new Set(visibleAt(model, offset).map(binding => binding.name));
    },
  };
}
