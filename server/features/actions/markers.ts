/** Finding the `AI!` or `AI?` comment that an action is about. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Marker } from '../../analysis/analysis.ts';
import type { Services } from '../services.ts';
import type { ActionArguments } from './action.ts';

/** True if the two ranges have a line in common. */
export function touchesLines(a: Range, b: Range): boolean {
  return a.start.line <= b.end.line && b.start.line <= a.end.line;
}

export async function markerAt(
  services: Services,
  { uri, range }: ActionArguments,
  kind: Marker['kind'],
  signal: AbortSignal,
): Promise<Marker | undefined> {
  const markers = await services.analysis.markers(uri, signal);
  return markers.find(marker => marker.kind === kind && touchesLines(marker.range, range));
}
