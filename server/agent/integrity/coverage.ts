/**
 * Which lines of the changed files a run went through, read from what runtimes write: V8's coverage with source maps,
 * Go's profiles, and lines as our own tracer of Python tells them. Pure; what is broken says nothing.
 */

import { bare } from './code.ts';

/** Lines from 1 by path. A file that is missing was not loaded by any run that was measured. */
export type Covered = ReadonlyMap<string, ReadonlySet<number>>;

interface V8Script {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/**
 * Lines that V8 saw run (`NODE_V8_COVERAGE`, one JSON a process). `pathOf` gives the relative path of a file URL in the
 * tree, undefined for others; `text` is what the file holds.
 */
export function v8Lines(
  report: string,
  pathOf: (url: string) => string | undefined,
  text: (path: string) => string | undefined,
): Covered {
  const covered = new Map<string, Set<number>>();
  let parsed: { result?: readonly V8Script[]; 'source-map-cache'?: Readonly<Record<string, unknown>> };
  try {
    parsed = JSON.parse(report) ?? {};
  } catch {
    return covered;
  }
  for (const script of Array.isArray(parsed.result) ? (parsed.result as readonly V8Script[]) : []) {
    const path = pathOf(script.url);
    const source = path === undefined ? undefined : text(path);
    if (path === undefined || source === undefined) continue;
    const lines = covered.get(path) ?? new Set<number>();
    covered.set(path, lines);
    const ran = ranAt(script);
    for (const { offset, line } of placesOf(parsed['source-map-cache']?.[script.url], source))
      if (ran(offset)) lines.add(line);
  }
  return covered;
}

/** Whether what stands at an offset ran: the innermost range around it decides. */
function ranAt({ functions }: V8Script): (offset: number) => boolean {
  const ranges = functions
    .flatMap(each => each.ranges)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return offset =>
    (ranges.find(each => each.startOffset <= offset && offset < each.endOffset)?.count ?? 0) > 0;
}

/** Where each line of the source stands in what V8 ran. */
function placesOf(
  map: unknown,
  source: string,
): readonly { readonly offset: number; readonly line: number }[] {
  const { lineLengths, data } = (map ?? {}) as {
    readonly lineLengths?: readonly number[];
    readonly data?: { readonly mappings?: unknown } | null;
  };
  if (Array.isArray(lineLengths) && typeof data?.mappings === 'string')
    return mapped(data.mappings, lineLengths);
  let offset = 0;
  return source.split('\n').map((text, i) => {
    const place = { offset: offset + (/^\s*/.exec(text)?.[0].length ?? 0), line: i + 1 };
    offset += text.length + 1;
    return place;
  });
}

/** Segments of a source map (ECMA-426): generated column, source, line and column as differences in base 64 VLQ. */
function mapped(
  mappings: string,
  lineLengths: readonly number[],
): readonly { readonly offset: number; readonly line: number }[] {
  const places: { offset: number; line: number }[] = [];
  let start = 0;
  let line = 0;
  for (const [i, group] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of group.split(',')) {
      const [byColumn, , byLine] = vlq(segment);
      if (byColumn === undefined) continue;
      column += byColumn;
      if (byLine === undefined) continue;
      line += byLine;
      places.push({ offset: start + column, line: line + 1 });
    }
    start += (lineLengths[i] ?? 0) + 1;
  }
  return places;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function vlq(segment: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0) return numbers;
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

/** Go's cover profile. Names begin with the module's path; the longest path of the tree that ends them is meant. */
export function goLines(profile: string, paths: readonly string[]): Covered {
  const covered = new Map<string, Set<number>>();
  for (const [, name = '', from, to, count] of profile.matchAll(
    /^(\S+\.go):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)$/gm,
  )) {
    const path = paths.find(each => name === each || name.endsWith(`/${each}`));
    if (path === undefined) continue;
    const lines = covered.get(path) ?? new Set<number>();
    covered.set(path, lines);
    if (count !== '0') for (let line = Number(from); line <= Number(to); line++) lines.add(line);
  }
  return covered;
}

/** What `TRACER` writes: `{"path": [lines]}`. A statement of several lines is told by its first. */
export function pythonLines(report: string, text: (path: string) => string | undefined): Covered {
  const covered = new Map<string, Set<number>>();
  let parsed: Readonly<Record<string, unknown>>;
  try {
    parsed = (JSON.parse(report) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return covered;
  }
  for (const [path, told] of Object.entries(parsed)) {
    if (!Array.isArray(told)) continue;
    const shadows = bare(text(path) ?? '', 'python', true).split('\n');
    const lines = new Set<number>();
    for (const line of told as readonly unknown[]) {
      if (!Number.isInteger(line)) continue;
      let depth = 0;
      for (let at = Number(line); at <= shadows.length; at++) {
        lines.add(at);
        for (const character of shadows[at - 1] ?? '') {
          if ('([{'.includes(character)) depth++;
          else if (')]}'.includes(character)) depth--;
        }
        if (depth <= 0) break;
      }
    }
    covered.set(path, lines);
  }
  return covered;
}

/**
 * `sitecustomize.py`: traces only the files that are named, so that it costs little; one report a process. It must not
 * change what a program does, nor fail.
 */
export const TRACER = `import atexit, json, os, sys, threading
_root = os.environ.get("CODRIVER_TRACE_ROOT", "")
_to = os.environ.get("CODRIVER_TRACE_TO", "")
_wanted = {os.path.join(_root, p): p for p in json.loads(os.environ.get("CODRIVER_TRACE_FILES", "[]"))}
_seen = {}
_names = {}

def _path(name):
    if name not in _names:
        _names[name] = _wanted.get(os.path.realpath(name))
    return _names[name]

def _trace(frame, event, arg):
    path = _path(frame.f_code.co_filename)
    if path is None:
        return None
    lines = _seen.setdefault(path, set())
    top = frame.f_code.co_name == "<module>"
    if not top:
        lines.add(frame.f_lineno)

    def local(frame, event, arg):
        if event == "line":
            lines.add(frame.f_lineno)
        return local

    return local

def _write():
    try:
        sys.settrace(None)
        with open(os.path.join(_to, "%d.json" % os.getpid()), "w") as f:
            json.dump({p: sorted(l) for p, l in _seen.items()}, f)
    except Exception:
        pass

if _root and _to:
    threading.settrace(_trace)
    sys.settrace(_trace)
    atexit.register(_write)
`;

/** All that any run went through. */
export function mergeCovered(all: readonly Covered[]): Covered {
  const merged = new Map<string, Set<number>>();
  for (const covered of all)
    for (const [path, lines] of covered) {
      const known = merged.get(path) ?? new Set<number>();
      for (const line of lines) known.add(line);
      merged.set(path, known);
    }
  return merged;
}
