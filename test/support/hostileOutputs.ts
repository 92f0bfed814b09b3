/**
 * What models write that must not reach a buffer, made from data: classes of faults, each with many outputs around
 * a good text of a language. It must not know the filters.
 */
import { fimFormats, genericFormat, tokensOf } from '../../server/engines/fim/formats.ts';

export interface HostilePlace {
  readonly languageId: string;
  readonly file: string;
  /** What a good model would write. */
  readonly good: string;
  /** Lines before the cursor, the last one unfinished. */
  readonly before: readonly string[];
  /** Lines after the cursor, the first one the rest of the cursor's. */
  readonly after: readonly string[];
}

export interface HostileOutput {
  readonly kind: string;
  readonly text: string;
  /** The good text is in there and could be shown. */
  readonly savable: boolean;
}

const fenceWords = ['', 'ts', 'python', 'c++', 'text', 'diff'];
const introductions = [
  'Sure! Here is the completed code:',
  "Here's the missing line:",
  'Certainly! The completed function is below:',
  'Of course. To complete the function, you can use the following code:',
  'The missing code is:',
  "I'll complete the code for you.",
  'Okay, here you go:',
  'Based on the context, the function should return the sum:',
  'Let me complete that for you:',
  'Below is the implementation:',
];
const explanations = [
  'This code sums the prices and returns the total.',
  'Explanation: the function adds all of the prices.',
  'Note that this assumes a list of numbers.',
  'Hope this helps! Let me know if you have any questions.',
  "I've completed the function as you asked.",
  'The function now returns the total of all the prices.',
  'You can use it like this in your own code.',
  '**Explanation:** it sums the prices.',
  '## Explanation',
  'In this example, the prices are summed.',
];
const refusals = [
  "I'm sorry, but I can't help with that.",
  'As an AI language model, I cannot complete this code.',
  'Unfortunately, I do not have enough context to complete the function.',
  'I cannot complete this because the file is not whole.',
  'I apologize, but this code seems to be cut.',
];
const roles = [
  'Human: write a test',
  'User: go on',
  'Assistant: of course',
  '### Instruction:',
  '### Response:',
  '<|im_start|>user',
  '<|start_header_id|>user<|end_header_id|>',
  '[INST] go on [/INST]',
  '<start_of_turn>user',
  '<|user|>',
];
const hidden = [
  0x202a, 0x202b, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x200b, 0x2060, 0x00ad, 0xfeff, 0x0007, 0x001b,
  0x0000, 0x0008, 0x007f, 0x009b, 0xe0041, 0x3164, 0x2028,
];
const foreign: readonly (readonly [languages: RegExp, text: string])[] = [
  [/^$/, '<!DOCTYPE html>\n<html>\n<body>\n</body>\n</html>'],
  [/^$/, 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@'],
  [/^$/, 'Traceback (most recent call last):\n  File "x.py", line 1'],
  [/python/, 'def main(argv):\n    return 1'],
  [/^(?:c|cpp)$/, '#include <stdlib.h>\nint main(void) {}'],
  [/go/, 'package main\nfunc main() {'],
  [/rust/, 'fn main() {\n    let mut x = 1;'],
  [/java$/, 'public class Main {\n    public static void main(String[] args) {'],
  [/typescript|shellscript/, 'function main() {\n  console.log(1)'],
  [/^$/, '>>> total([1, 2])\n3'],
  [/^$/, '# Cart\n\nThis is the page of the cart.\n\n* **First** point'],
];
const tokens = [...new Set([...fimFormats, genericFormat].flatMap(format => [...tokensOf(format)]))].filter(
  token => /^(?:<[|｜[]|<fim|<\/?[A-Z]{3}|\[[A-Z]{4})/.test(token),
);

/** All outputs for a place; the same kinds in the same order for each. */
export function hostileOutputs(place: HostilePlace): readonly HostileOutput[] {
  const { good, before, after } = place;
  const all: HostileOutput[] = [];
  const add = (kind: string, text: string, savable = true): void => void all.push({ kind, text, savable });
  const next = after.filter(line => line.trim() !== '');
  const below = after.slice(1).join('\n');

  for (const word of fenceWords) {
    add('fence', `\`\`\`${word}\n${good}\n\`\`\``);
    add('fence', `\`\`\`${word}\n${good}`);
    add('fence', `${good}\n\`\`\`\n\nMore.`);
    add('fence', `\n\n\`\`\`${word}\n${good}\n\`\`\`\n\n\`\`\`${word}\nother\n\`\`\``);
  }
  for (const words of introductions) {
    add('introduction', `${words}\n${good}`);
    add('introduction', `${words}\n\n\`\`\`\n${good}\n\`\`\`\n${explanations[0]}`);
  }
  for (const words of explanations) {
    add('explanation', `${good}\n\n${words}`);
    add('explanation', `${good}\n${words}\n- It is short.\n- It is right.`);
  }
  for (const words of refusals) add('refusal', words, false);
  for (const words of roles) add('role', `${good}\n${words}\n${good}`);
  for (const token of tokens) {
    add('control token', `${good}${token}`);
    add('control token', `${good}${token}${good}\n${token}`);
    if (token.length > 6) add('half a control token', good + token.slice(0, Math.ceil(token.length * 0.7)));
  }
  for (const tag of ['think', 'thinking', 'reasoning']) {
    add('thoughts', `<${tag}>\nThe person wants the sum.\n</${tag}>\n\n${good}`);
    add('thoughts', `<${tag}>The person wants the sum. Let me see.`, false);
    add('thoughts', `The person wants the sum.\n</${tag}>\n${good}`);
  }
  for (const count of [1, 2, 3, 4])
    add('echo', [...before.slice(-count - 1, -1), (before.at(-1) as string) + good].join('\n'));
  add('echo', before.join('\n') + good);
  add('echo', `${before.join('\n')}${good}${after.join('\n')}`);
  add('echo', `${before.slice(2).join('\n')}${good}${after.join('\n')}\n${before.join('\n')}`);
  for (let count = 1; count <= next.length; count++) {
    add('repeated suffix', `${good}\n${after.slice(1, 1 + count + 1).join('\n')}`);
    add('repeated suffix', `${good}${after[0] ?? ''}\n${below}`);
  }
  add('repeated suffix', `${good}\n${below}\n${below}\n${below}`);
  add('repeated suffix', below.trimStart(), false);
  for (const times of [4, 12, 200]) {
    const lead = before.at(-1) as string;
    add('repetition', Array.from({ length: times }, () => good).join(`\n${lead}`));
    add(
      'repetition',
      Array.from({ length: times }, () => `${good}\n${lead}${before.at(-2)?.trim()}`).join(`\n${lead}`),
      false,
    );
    add('repetition', `${good.slice(0, 8)}${'total '.repeat(times * 6)}`, false);
    add('repetition', `${'again and '.repeat(times * 6)}`, false);
  }
  for (const code of hidden) {
    const character = String.fromCodePoint(code);
    add('hidden character', `${good.slice(0, 6)}${character}${good.slice(6)}`, false);
    add('hidden character', `${good} ${character}`, false);
  }
  for (const [home, text] of foreign) {
    if (home.test(place.languageId)) continue;
    add('wrong language', text, false);
    add('wrong language', `${good}\n${text}`);
  }
  for (const closers of [')', '}', '))', '});', ')]}', '\n}\n}\n}'])
    add('surplus closers', `${good}${closers}`, place.languageId !== 'shellscript');
  const key = ['sk', 'proj', 'Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0LmNbVcXzQwErTyUiOp'].join('-');
  add('recited secret', `apiKey = "${key}"`, false);
  add('recited secret', `${good}\n${before.at(-1)}password = "${key}"`);
  for (const ends of ['\r\n', '\r']) add('line ends', `${good}${ends}${ends}${ends}`);
  add('blank', '   \n\n\t\n', false);
  add('blank', '\n'.repeat(500), false);
  add('trailing blanks', `${good}   \t  \n   \n`);
  return all;
}
