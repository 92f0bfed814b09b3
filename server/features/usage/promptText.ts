/** A dry run as a Markdown document: where to, how much, what was replaced and left out, and every text to the letter. */
import type { ChatRequest, CompleteRequest } from '../../engines/engine.ts';
import { estimateTokens, sizeOfRequest } from '../../engines/meter.ts';
import { codeFence, plainLine } from '../../guard/plain.ts';
import type { Composed, DryRun } from './dryRun.ts';

const MOST_PATHS = 50;

/** `what`: the command, or the word for what is asked. */
export function promptText(what: string, { composed, withheld, why }: DryRun): string {
  const lines = [`# What ${plainLine(what, 100)} would send`, ''];
  if (composed.length === 0)
    lines.push(`Nothing. ${plainLine(why ?? 'No model is needed for this here.', 500)}`, '');
  else lines.push('This only shows it; nothing was sent. What would follow an answer is not known yet.', '');
  for (const each of composed) lines.push(...requestLines(each), '');
  const left = [...withheld].slice(0, MOST_PATHS);
  if (left.length > 0) {
    lines.push('## Left out', '');
    for (const [path, reason] of left) lines.push(`- ${plainLine(path)}: ${plainLine(reason)}`);
    lines.push('');
  }
  return lines.join('\n');
}

function requestLines({ engine, request }: Composed): readonly string[] {
  const parts = partsOf(request);
  const secrets = new Set(parts.flatMap(([, text]) => text.match(/\bCODRIVER_SECRET_\d+\b/g) ?? []));
  const prompt = estimateTokens(sizeOfRequest(request));
  return [
    `- to \`${engine.origin}\`, ${plainLine(engine.name)}`,
    `- about ${prompt} tokens (four characters a token), the answer at most ${request.maxTokens}; one request may use ${engine.capabilities.contextTokens}`,
    secrets.size === 0
      ? '- no secrets were found, so none were replaced'
      : `- secrets are replaced by placeholders: ${[...secrets].join(', ')}`,
    ...('messages' in request
      ? []
      : ['- the endpoint gets these parts in the order and with the marks of its own format for completion']),
    ...('tools' in request && request.tools
      ? [`- tools that it may call: ${request.tools.map(({ name }) => name).join(', ')}`]
      : []),
    ...parts.flatMap(([title, text], i) => ['', `## ${i + 1}. ${title}`, '', codeFence(text, 'text')]),
  ];
}

function partsOf(
  request: ChatRequest | CompleteRequest,
): readonly (readonly [title: string, text: string])[] {
  if ('messages' in request) return request.messages.map(({ role, content }) => [role, content.text]);
  const { path, context, prefix, suffix } = request;
  return [
    ['path', path.text],
    ...context.map(piece => ['from another file', piece.text] as const),
    ['before the cursor', prefix.text],
    ['after the cursor', suffix.text],
  ];
}
