/** The contract of searching the workspace's files for similar code, by keywords; answered by the worker. */

export interface CodeSearchQuery {
  /** Text whose identifiers are looked for; the nearest to the cursor last. */
  readonly text: string;
  readonly languageId: string;
  /** The document that asks: left out of the result, and files near it rank higher. */
  readonly uri: string;
  readonly limit: number;
}

export interface CodeSnippet {
  /** Absolute path. */
  readonly path: string;
  /** Lines from 0, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  /** As on disk or in the open document; already through the read gate, not yet redacted. */
  readonly text: string;
  /** Comparable within one answer only. */
  readonly score: number;
}

export interface CodeSearch {
  /** Best first. Empty while nothing is indexed. */
  search(query: CodeSearchQuery, signal: AbortSignal): Promise<readonly CodeSnippet[]>;
}
