const VALUE = String.raw`(?!(?:i|my|we|it|he|she|they|you|that|this|not|no|for|about|if|but|because|and|so|to|the|well|kidding|really|problem|thanks)\b)[\p{L}\p{N}][\p{L}\p{N}'’:/-]*(?: [\p{L}\p{N}'’:/-]+)?`;
/** What people say when they take back what they just said. Alone, "no" and "sorry" begin other things as well. */
const REPAIR =
  '(?:(?:no,? wait|wait,? no|oh wait|or rather|make that|scratch that)[,:]?|(?:(?:sorry|oops|no),? )?i mean(?:t)?|(?:sorry|no|oops|correction)[,:])';
const ENGLISH = new RegExp(
  String.raw`^(?<before>.*\b(?:in|at|on|is|are|am|called|named|from)) (?!.*\b(?:and|but)\b)(?<wrong>[\p{L}\p{N}'’:/-]+(?: [\p{L}\p{N}'’:/-]+){0,2})\s*[,;.…–—-]+\s*${REPAIR}\s+(?:(?:in|at|on)\s+)?(?<value>${VALUE})[.!…]*$`,
  'iu',
);
const HEBREW =
  /^(?<before>.* )(?<preposition>[בלמ])[\p{L}'’׳״"-]+(?: [\p{L}'’׳״"-]+)?\s*[,.…–—-]+\s*(?:סליחה|כלומר|לא|רגע|אופס|בעצם)(?:,| התכוונתי)?\s+(?<value>\k<preposition>[\p{L}'’׳״"-]+(?: [\p{L}'’׳״"-]+)?)[.!…]*$/u;

/** Puts in what people correct within a message: of "I live in Haifa, I mean Acre" only "I live in Acre" is meant. */
export function correctSentences(sentences: readonly string[]): string[] {
  const corrected: string[] = [];
  for (const sentence of sentences) {
    const last = corrected.at(-1);
    const joined = last && sentence.length < MAX_CORRECTION ? correct(`${last} ${sentence}`) : null;
    if (joined) corrected.splice(-1, 1, joined);
    else corrected.push(correct(sentence) ?? sentence);
  }
  return corrected;
}

/** The maximum length of a sentence with a correction, in characters. */
const MAX_CORRECTION = 200;

function correct(sentence: string): string | null {
  if (sentence.length > MAX_CORRECTION) return null;
  const { before, wrong = '', value } = (ENGLISH.exec(sentence) ?? HEBREW.exec(sentence))?.groups ?? {};
  const isOfAKind = !/^\p{Lu}/u.test(wrong) || /^[\p{Lu}\p{N}]/u.test(value ?? '');
  return before && value && isOfAKind ? `${before.trimEnd()} ${value}` : null;
}
