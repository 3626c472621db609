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

/** What follows the corrected statement: ", and I live in Acre". */
const GOES_ON =
  /,? (?:and|but) (?=(?:i|my|we|our|i['’]m)\b)|,? (?:ו|אבל )(?=(?:אני|אנחנו|יש לי|קוראים לי|שמי)(?!\p{L}))/giu;
const HEBREW_NAME =
  /^(?<before>.*(?:קוראים(?: לי| לו| לה)?|שמי|שמו|שמה|בשם|השם שלי(?: הוא)?)) (?<wrong>[\p{L}'’-]+)\s*[,.…–—-]+\s*(?:סליחה|כלומר|אופס|בעצם|לא,? רגע),?(?: התכוונתי(?: ל)?)? (?!(?:לא|כן|טעות|תודה|בבקשה|רגע|אז|אבל|זה|אני|על|אם|מה|גם|שוב|שכחתי|טעיתי)(?!\p{L}))(?<value>[\p{L}'’-]+)[.!…]*$/u;
/** "I said Dana, not Dina" puts one word in place of another of the sentence before. */
const INSTEAD =
  /^(?:(?:no|sorry|oops),? )?(?:i (?:said|meant|mean)|(?:אני )?(?:אמרתי|התכוונתי ל-?)) ?(?<value>[\p{L}\p{N}'’-]+),? (?:not|(?:ו)?לא)(?: ל)? (?<wrong>[\p{L}\p{N}'’-]+)[.!…]*$/iu;
const NUMBER =
  '(?:\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|אחד|אחת|שני|שתי|שניים|שתיים|שלושה|שלוש|ארבעה|ארבע|חמישה|חמש|שישה|שש)';
const AMOUNT = new RegExp(
  String.raw`^(?<before>.*(?<!\p{L})(?:have|got|am|i['’]m|לי|לנו|בן|בת)) (?<wrong>${NUMBER})(?<noun>(?: (?!and\b|but\b)\p{L}+){1,2})\s*[,;.…–—-]+\s*(?:no,? wait|sorry|oops|actually|i mean|correction|make that|בעצם|סליחה|כלומר|אופס)[,:]? (?<value>(?!an?\b|אח)${NUMBER})[.!…]*$`,
  'iu',
);
/** Hebrew numbers before a noun. */
const BEFORE_NOUN: Record<string, string> = { שניים: 'שני', שתיים: 'שתי' };

/** Puts in what people correct within a message: of "I live in Haifa, I mean Acre" only "I live in Acre" is meant. */
export function correctSentences(sentences: readonly string[]): string[] {
  const corrected: string[] = [];
  for (const sentence of sentences) {
    const last = corrected.at(-1);
    const joined =
      last && last.length + sentence.length < MAX_CORRECTION
        ? (replaceWord(last, sentence) ?? correct(`${last} ${sentence}`))
        : null;
    if (joined) corrected.splice(-1, 1, joined);
    else corrected.push(correct(sentence) ?? sentence);
  }
  return corrected;
}

/** The maximum length of a sentence with a correction, in characters. */
const MAX_CORRECTION = 200;

function correct(sentence: string): string | null {
  if (sentence.length > MAX_CORRECTION) return null;
  const whole = correctStatement(sentence);
  if (whole) return whole;
  for (const { index } of sentence.matchAll(GOES_ON)) {
    const beginning = correctStatement(sentence.slice(0, index));
    if (beginning) return beginning + sentence.slice(index);
  }
  return null;
}

/** Returns the sentence with the word that a correction after it names in place of another; null if it has no such word, or several. */
function replaceWord(sentence: string, correction: string): string | null {
  const { value, wrong } = INSTEAD.exec(correction)?.groups ?? {};
  if (!value || !wrong) return null;
  const parts = sentence.split(new RegExp(`(?<![\\p{L}\\p{N}])${wrong}(?![\\p{L}\\p{N}])`, 'iu'));
  return parts.length === 2 ? parts.join(value) : null;
}

/** Returns a noun with its right number instead of the wrong one: "two dogs", "a dog". */
function recount({ wrong = '', noun = '', value = '' }: Record<string, string | undefined>): string {
  const name = noun.trim();
  if (/^(?:one|1)$/i.test(value) && !/^years?\b/i.test(name)) {
    const singular = name.replace(/(?<=child)ren$|(?<!s)s$/i, '');
    return `${/^[aeiou]/i.test(singular) ? 'an' : 'a'} ${singular}`;
  }
  const plural = /child$/i.test(name) ? `${name}ren` : `${name}s`;
  return `${BEFORE_NOUN[value] ?? value} ${/^(?:an?|one|1)$/i.test(wrong) ? plural : name}`;
}

function correctStatement(sentence: string): string | null {
  const amount = AMOUNT.exec(sentence)?.groups;
  if (amount) return `${amount.before} ${recount(amount)}`;
  const {
    before,
    wrong = '',
    value,
  } = (ENGLISH.exec(sentence) ?? HEBREW.exec(sentence) ?? HEBREW_NAME.exec(sentence))?.groups ?? {};
  const isOfAKind = !/^\p{Lu}/u.test(wrong) || /^[\p{Lu}\p{N}]/u.test(value ?? '');
  return before && value && isOfAKind ? `${before.trimEnd()} ${value}` : null;
}
