/**
 * One suggestion as ghost text. Pure; it must not know the pipeline. An editor shows an item only if its range is on
 * the cursor's line and begins with what stands there, or, while a menu is open, if it goes on from the selected item.
 */
import type { InlineCompletionItem, SelectedCompletionInfo } from 'vscode-languageserver';
import type { Document } from '../base/document.ts';
import type { Suggestion } from '../features/completion/types.ts';
import { ACCEPTED_COMMAND } from './commands.ts';
import { asWritten } from './convert.ts';

/** Undefined where the editor would not show it: it contradicts the selected item. */
export function inlineItem(
  { text, range }: Suggestion,
  document: Document,
  id: string,
  selected?: SelectedCompletionInfo,
): InlineCompletionItem | undefined {
  const command = { title: 'Codriver: accepted', command: ACCEPTED_COMMAND, arguments: [{ id }] };
  if (!selected) return { insertText: asWritten(text, document), range, command };
  const { start } = selected.range;
  if (start.line !== range.start.line || start.character > range.start.character) return undefined;
  const whole = document.getText({ start, end: range.start }) + text;
  if (!whole.startsWith(selected.text)) return undefined;
  const replaced = document.getText({ start, end: selected.range.end });
  return {
    insertText: asWritten(whole, document),
    range: { start, end: range.end },
    // Editors compare what stands in the range with this, and a menu also offers what merely resembles it.
    ...(whole.startsWith(replaced) ? {} : { filterText: replaced + whole.slice(selected.text.length) }),
    command,
  };
}
