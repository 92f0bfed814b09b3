/**
 * Makes a completion request fit a window that turned out smaller than was thought: other files go first, then what
 * is far from the cursor. Pure.
 */
import type { CompleteRequest } from '../engine.ts';

/** Of what is left for the text around the cursor, the share before it. */
const BEFORE = 0.7;

/** UTF-16 units that a request sends. */
export function sizeOf({ prefix, suffix, context }: CompleteRequest): number {
  return prefix.length + suffix.length + context.reduce((sum, piece) => sum + piece.length, 0);
}

/** The request with at most `characters` of text; itself when it fits. */
export function fitted(request: CompleteRequest, characters: number): CompleteRequest {
  const size = sizeOf(request);
  if (size <= characters) return request;
  const around = request.prefix.length + request.suffix.length;
  // Pieces stand in a fixed order, most stable first: the last ones are given up first.
  let room = Math.max(0, characters - around);
  const context = request.context.filter(piece => {
    const fits = piece.length <= room;
    room = fits ? room - piece.length : 0;
    return fits;
  });
  if (around <= characters) return { ...request, context };
  const suffix = Math.min(
    request.suffix.length,
    Math.max(characters * (1 - BEFORE), characters - request.prefix.length),
  );
  const prefix = Math.max(0, characters - suffix);
  return {
    ...request,
    context: [],
    prefix: lineStart(request.prefix, prefix),
    suffix: request.suffix.slice(0, Math.floor(suffix)),
  };
}

/** The end of the text, from the beginning of a line on where that costs little. */
function lineStart(text: CompleteRequest['prefix'], length: number): CompleteRequest['prefix'] {
  const start = Math.max(0, text.length - Math.floor(length));
  if (start === 0) return text;
  const next = text.text.indexOf('\n', start);
  return text.slice(next >= 0 && next - start < length / 4 ? next + 1 : start);
}

/**
 * Whether a server that counted so few tokens must have cut the prompt: less than six tenths of what so many
 * characters are at four to a token. Short prompts tell nothing.
 */
export function isTruncated(counted: number, characters: number): boolean {
  const expected = characters / 4;
  return counted >= 1000 && expected >= 2000 && counted < 0.6 * expected;
}
