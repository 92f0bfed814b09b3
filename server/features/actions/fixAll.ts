/** Fix all in file: every repair that the analysis is sure of, in one undoable step. */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../analysis/analysis.ts';
import { type Action, ActionError, documentFor } from './action.ts';
import { applyEdits } from './applyEdits.ts';

export const fixAll: Action = {
  command: 'codriver.fixAll',
  kind: 'source.fixAll.codriver',
  level: 2,
  relevance: 0.3,
  progress: 'Fixing all in file',

  offers({ document, range, repairs }) {
    const offer = { title: 'Fix all in file', arguments: { uri: document.uri, range } };
    // Where one thing can be repaired, others often can.
    return [repairs.length > 0 ? { ...offer, relevance: 0.7 } : offer];
  },

  async apply(target, services, progress) {
    const { uri } = target;
    const document = documentFor(services, uri);
    const compute = async () => {
      const findings = await services.analysis.findings(uri, progress.signal);
      const { edits, fixed } = together(findings);
      if (fixed === 0) throw new ActionError('Codriver found nothing here that it can repair for certain.');
      const verdict = await services.analysis.preflight(uri, edits, progress.signal);
      if (!verdict.ok)
        throw new ActionError(`The repairs do not fit together: ${verdict.problems.join('; ')}`);
      return { edits, what: `fix ${fixed} ${fixed === 1 ? 'problem' : 'problems'}` };
    };
    await applyEdits(services, document, compute, target);
  },
};

/** The best repair of each finding, as far as they do not get in each other's way. */
function together(findings: readonly Finding[]): { edits: readonly TextEdit[]; fixed: number } {
  const edits: TextEdit[] = [];
  let fixed = 0;
  for (const { repairs } of findings) {
    const [best] = repairs;
    if (!best || best.edits.some(edit => edits.some(other => overlaps(edit, other)))) continue;
    // Two findings may want the same import line: once is enough.
    edits.push(...best.edits.filter(edit => !edits.some(other => same(edit, other))));
    fixed++;
  }
  return { edits, fixed };
}

const same = (a: TextEdit, b: TextEdit) =>
  a.newText === b.newText && JSON.stringify(a.range) === JSON.stringify(b.range);

/** True if both change a common character; insertions at one place stand side by side. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  const atOrBefore = (p: TextEdit['range']['start'], q: TextEdit['range']['start']) =>
    p.line < q.line || (p.line === q.line && p.character <= q.character);
  return !same(a, b) && !atOrBefore(a.range.end, b.range.start) && !atOrBefore(b.range.end, a.range.start);
}
