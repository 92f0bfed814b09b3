/** The session that is recorded and replayed: which file, what is typed into it, and the model behind the server. */
import { readFileSync } from 'node:fs';
import { type ModelServer, type RecordedRequest, startModelServer } from '../support/modelServer.ts';
import { author } from './author.ts';

/** The document that is written in, in the project of test/fixtures/editors. */
export const DOCUMENT = 'src/receipt.ts';

const FIXTURE = new URL(`../fixtures/editors/project/${DOCUMENT}`, import.meta.url);

/** What is typed at the document's end. */
export const TYPED = [
  'export function averageTip(baskets: Basket[], tipPercent: number): string {',
  '  const nets = baskets.map(basket => basket.net());',
  '  const tips = nets.map(net => percentOf(net, tipPercent));',
  '  const total = tips.reduce((sum, tip) => addMoney(sum, tip));',
  '  if (tips.length === 1) {',
  '    return formatMoney(total);',
  '  }',
  '  return formatMoney(percentOf(total, 100 / tips.length));',
  '}',
].join('\n');

/** The text as the person means it to become. */
export const target = (): string => `${readFileSync(FIXTURE, 'utf8')}${TYPED}\n`;

export const MODEL = 'qwen2.5-coder';

/** A slow model that knows the target; loopback, a port of its own. */
export function slowModel(text: string): Promise<ModelServer> {
  return startModelServer({
    profile: 'llamacpp',
    models: [MODEL],
    replies: [{ say: request => author(text, prefixOf(request)) }],
  });
}

/** What stands before the cursor, however the request says it: by its own fields, or by the model's marks. */
function prefixOf({ body }: RecordedRequest): string {
  const prefix = body['input_prefix'] ?? body['prompt'];
  return typeof prefix === 'string' ? prefix.replace(/<\|fim_suffix\|>[\s\S]*$/, '') : '';
}

/** Whether it asked for text, and not for what there is. */
export const asksForText = ({ method }: RecordedRequest): boolean => method === 'POST';
