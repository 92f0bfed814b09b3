/**
 * What the embedded engine is measured against: simple completers that need no training. They cut text by the
 * protocol's own rule and know nothing of the engine.
 */
import type { Case, Repository } from './protocol.ts';
import { tokenPattern } from './protocol.ts';

export interface Baseline {
  readonly name: string;
  /** The rest of the line, '' for none. */
  line(each: Case): string;
  /** Next tokens, best first; empty if it cannot tell. */
  tokens(each: Case): readonly string[];
}

const tokensOf = (line: string): string[] => line.match(tokenPattern) ?? [];
const end = '\n';
const longestContext = 8;

/** The open file above the cursor as tokens, greedy by the longest context that occurred, the latest first. */
export function inFileCache(): Baseline {
  const continuations = (
    each: Case,
  ): { stream: string[]; next: (context: readonly string[]) => string[] } => {
    const stream = each.above.slice(-1500).flatMap(line => [...tokensOf(line), end]);
    const next = (context: readonly string[]): string[] => {
      const found: { token: string; depth: number; at: number }[] = [];
      for (let at = stream.length - 1; at > 0; at--) {
        let depth = 0;
        while (depth < longestContext && depth < at && stream[at - 1 - depth] === context.at(-1 - depth))
          depth++;
        if (depth > 0) found.push({ token: stream[at] ?? end, depth, at });
      }
      found.sort((a, b) => b.depth - a.depth || b.at - a.at);
      return [...new Set(found.map(one => one.token))];
    };
    return { stream, next };
  };
  return {
    name: 'in-file cache',
    tokens(each) {
      const { stream, next } = continuations(each);
      return next([...stream.slice(-longestContext), ...tokensOf(each.left)]).slice(0, 10);
    },
    line(each) {
      const { stream, next } = continuations(each);
      const context = [...stream.slice(-longestContext), ...tokensOf(each.left)];
      let text = '';
      for (let i = 0; i < 20; i++) {
        const token = next(context)[0];
        if (token === undefined || token === end) break;
        text += text && /[\p{L}\p{N}_$]$/u.test(text) && /^[\p{L}\p{N}_$]/u.test(token) ? ` ${token}` : token;
        context.push(token);
      }
      return text;
    },
  };
}

/** The latest line, in the file or else the workspace, that begins as this one does. */
export function lastExactMatch(repository: Repository): Baseline {
  const lines = repository.files.map(file => ({ path: file.path, lines: file.text.split(/\r?\n/) }));
  const find = (each: Case): string => {
    const left = each.left.trimStart();
    if (!left) return '';
    for (let i = each.above.length - 1; i >= 0; i--) {
      const line = (each.above[i] ?? '').trim();
      if (line.startsWith(left) && line.length > left.length) return line.slice(left.length);
    }
    for (const file of lines) {
      if (file.path === each.path) continue;
      const line = file.lines.find(one => one.trim().startsWith(left) && one.trim().length > left.length);
      if (line !== undefined) return line.trim().slice(left.length);
    }
    return '';
  };
  return {
    name: 'last exact match',
    line: find,
    tokens: each => tokensOf(find(each)).slice(0, 1),
  };
}

/** The most frequent tokens of the workspace, whatever the place. */
export function wordList(repository: Repository): Baseline {
  const counts = new Map<string, number>();
  for (const file of repository.files) {
    for (const token of tokensOf(file.text)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const best = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 10)
    .map(([token]) => token);
  return { name: 'word list', line: () => '', tokens: () => best };
}
