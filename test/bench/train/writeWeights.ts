/** The text of server/engines/embedded/weights.ts for trained weights. It must not know how they were found. */

/** Weights are kept as 16 bit integers in units of 1/scale. */
const scale = 2048;
const lineWidth = 100;

/** The module's text; `repositories` are named in its head as what it was trained on. */
export function weightsModule(weights: Float32Array, repositories: readonly string[]): string {
  const packed = Int16Array.from(weights, weight =>
    Math.max(-32767, Math.min(32767, Math.round(weight * scale))),
  );
  const bytes = Buffer.alloc(packed.length * 2);
  for (const [i, value] of packed.entries()) bytes.writeInt16LE(value, 2 * i);
  const text = bytes.toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += lineWidth) lines.push(`  '${text.slice(at, at + lineWidth)}',`);
  return `/**
 * The trained weights of the network: 16 bit integers, little-endian, in units of 1/${scale}, in base64. Written by
 * test/bench/train/train.ts; data only. Trained on lines that people added to public repositories other than those
 * that figures are reported for:
${wrapped(repositories)}
 */

const packed = [
${lines.join('\n')}
].join('');

/** The weights as numbers, in the order of \`layout\` in network.ts. */
export function trainedWeights(): Float32Array {
  const bytes = Buffer.from(packed, 'base64');
  const weights = new Float32Array(bytes.length / 2);
  for (let i = 0; i < weights.length; i++) weights[i] = bytes.readInt16LE(2 * i) / ${scale};
  return weights;
}
`;
}

/** Names, separated by commas, in comment lines of at most `lineWidth` characters. */
function wrapped(names: readonly string[]): string {
  const lines: string[] = [''];
  for (const [i, name] of names.entries()) {
    const word = name + (i < names.length - 1 ? ',' : '.');
    const last = lines.length - 1;
    const longer = `${lines[last] ?? ''} ${word}`;
    if (longer.length > lineWidth && lines[last]) lines.push(` ${word}`);
    else lines[last] = longer;
  }
  return lines.map(line => ` *${line}`).join('\n');
}
