/** Tells sentences for a person from code. Pure; it must not know where a line came from. */

const functionWord =
  /\b(?:the|an?|is|are|was|be|been|to|of|this|that|these|you|your|we|i|it|its|and|or|with|for|in|on|as|will|would|should|can|could|which|when|if|by|from|not|have|has|please|let)\b/gi;

/** Whether a line reads as a sentence: words in a row, some of them little ones, and hardly any code among them. */
export function isSentence(line: string): boolean {
  const text = line.trim().replace(/^[*_]{1,2}|[*_]{1,2}$/g, '');
  if (text.length < 12 || /^[@#/$%;<>{}()[\]|=*~`"'\\.-]/.test(text)) return false;
  const words = text.split(/\s+/);
  if (words.length < 4) return false;
  const plain = words.filter(word =>
    /^["'(`*]{0,2}[\p{L}\p{M}’'-]+["')`*]{0,2}[,.:;!?…]{0,2}$/u.test(word),
  ).length;
  if (plain / words.length < 0.7) return false;
  const little = text.match(functionWord)?.length ?? 0;
  const startsLikeOne = /^["(*]*\p{Lu}/u.test(text);
  const endsLikeOne = /[.:!?…]["')*`]*$/.test(text);
  const code = /[{}=;]|\w\(|->|=>|::|\w\.\w+\(/.test(text.replace(/`[^`]*`/g, ''));
  if (code && !endsLikeOne) return false;
  if (code && /[;{}]\s*$/.test(text)) return false;
  return startsLikeOne && little >= (endsLikeOne ? 1 : 2);
}

const opening =
  /^\s*(?:\*\*|__?|> |#{2,6} )?(?:sure|certainly|of course|absolutely|okay|ok|great|got it|no problem|happy to|gladly|here(?:'s|’s| is| are| you go)|below (?:is|are)|the (?:completed?|completion|following|missing|full|updated|corrected|final) (?:code|text|line|lines|function|implementation|completion|part|section|solution|version|is)|this (?:code|function|snippet|completes|implementation|will|completion|line)|to complete|explanation|note(?: that)?\b|let(?:'s| me)|as an ai|i(?:'m|’m| am) (?:sorry|unable|an ai)|i (?:can(?:'t|not| help)|have|will|apologi[sz]e|don(?:'t|’t))|i(?:'ve|’ve|'ll|’ll)|unfortunately|you can (?:use|complete|write)|based on the|in this (?:code|example|case|completion)|hope (?:this|that|it)|feel free|voici|aquí|hier ist|これ|以下|这里|当然)/i;

/** Whether a line talks to the person: how chat models introduce, explain or excuse what they write. */
export function isChatter(line: string): boolean {
  if (!opening.test(line)) return false;
  const text = line.trim();
  if (/[;{}]\s*$|^\w+\s*[=(]|^\w+\.\w+\(/.test(text)) return false;
  return (
    isSentence(text) || /[:!.…]["')*`]*$/.test(text) || /^[*_#>\s-]*(?:explanation|note)\b[*_]*:?/i.test(text)
  );
}
