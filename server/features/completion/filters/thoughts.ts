/** Takes away what a model thinks aloud between tags, finished or not. */
import type { Filter } from './filter.ts';

const tags = 'think|thinking|thought|thoughts|reasoning|scratchpad|analysis|reflection|seed:think';
const whole = new RegExp(String.raw`<(${tags})>[\s\S]*?(?:</\1>|$)|\[THINK\][\s\S]*?(?:\[/THINK\]|$)`, 'g');
/** The end of thoughts whose beginning was in the prompt. */
const rest = new RegExp(String.raw`^[\s\S]*?(?:</(?:${tags})>|\[/THINK\])`);
const outer = new RegExp(String.raw`</?(?:${tags}|answer|response|output|completion|fill)>`, 'g');

export const thoughts: Filter = (text, { languageId }) => {
  if (!/[<[]\/?[a-z]/i.test(text)) return text;
  const clean = text.replace(whole, '').replace(rest, '');
  // What remains of the markup around an answer; in markup itself these may be elements.
  const bare = /^(?:html|xml|vue|svelte|markdown|.*react)$/.test(languageId)
    ? clean
    : clean.replace(outer, '');
  return bare === text ? text : bare.replace(/^\n+(?=\S)/, '');
};
