import { wordSet } from '#domain/text/word-set.ts';

/** Pairs of valid words that are one letter apart: neither is taken for a misspelling of the other. */
const CONFUSABLE = wordSet(`
  addictive|additive amiable|amicable backlash|backslash badness|baldness blackhead|blockhead carton|cartoon
  casual|causal clatter|clutter collage|college command|commend compete|complete compete|compute compiled|complied
  compiles|complies complaint|compliant complement|compliment concession|concussion confidant|confident
  constrict|construct contact|contract continent|contingent convection|conviction countess|countless currant|current
  decease|decrease deprave|deprive deprecate|depreciate desert|dessert discreet|discrete distract|district
  exercise|exorcise expandable|expendable expanse|expense expansive|expensive flatter|flutter flounder|founder
  hypotheses|hypothesis ingenious|ingenuous inhabit|inhibit insolent|insolvent install|instill insulating|insulting
  interment|internment lightening|lightning marital|martial mediate|medicate mediate|meditate mediation|medication
  morning|mourning multiples|multiplies nutrient|nutriment outgrew|outgrow outshine|outshone overcame|overcome
  overdraw|overdrew overeat|overheat overgrew|overgrow overhang|overhung overran|overrun override|overrode
  perfect|prefect perform|preform portable|potable preclude|prelude predicate|predict premise|promise
  preposition|proposition prescribe|proscribe prostate|prostrate quadruped|quadrupled rewrite|rewrote
  scrabble|scribble sentence|sentience sentient|sentiment shatter|shutter solitaires|solitaries spacious|specious
  spatter|splatter spatter|sputter stationary|stationery straggle|struggle summaries|summarizes therein|thereon
  thorough|through tortuous|torturous transit|transmit treasures|treasuries underlies|underlines underwrite|underwrote
  vacation|vocation withdraw|withdrew withheld|withhold`);

/** Words that are others with a capital. */
const PROPER = wordSet('china turkey polish');

/** Maps British spellings to American ones, where this cannot turn a word into a different one. */
const AMERICAN: readonly (readonly [RegExp, string])[] = [
  [/^practis(?=e[ds]?$|ing$)/, 'practic'],
  [/(?<=\p{L}{3})our/u, 'or'],
  [/(?<=\p{L}{4})is(?=(?:e[ds]?|ers?|ing|ations?)$)/u, 'iz'],
  [/(?<=\p{L}{4})ll(?=(?:ed|ing|ers?)$)/u, 'l'],
  [/^(cent|fib|lit|lust|met|millimet|centimet|kilomet|theat)re(?=s?$)/, '$1er'],
  [/(?<=^(?:cata|dia|ana|mono)log)ue(?=s?$)/, ''],
  [/(?<=^program)me(?=s?$)/, ''],
  [/^grey(?=s?$)/, 'gray'],
];

const HEBREW = /^[א-ת]+$/;
/** Words that become others without a yod: "מילון" is a dictionary and "מלון" a hotel, "פעמיים" twice and "פעמים" times. */
const SIGNIFICANT_YOD =
  /^[ובהלמשכ]{0,3}(?:(?:פעמ|חודש|שנ|אלפ)יימ|(?:אילונ|מילונ|חישוב|ביטוח|סיכומ|פיתוח|חיסונ|קישור|שיכור|ציבור|גידול|עיצוב|איסור|אישור|פיטור|כיבוש|שימור|חידוש|חיבור)(?:ימ|ה|י)?)$/;
/** At the end of a noun, the second yod is a plural: "אחי" is one brother, "אחיי" are more. Prepositions and feminine plurals have no other. */
const SINGLE_YOD = /יי(?!$)|(?<=^[ושכ]?(?:על|אל|לפנ|אחר|לגב|בלעד|סביב|תחת)|ות)יי$/g;
/** Hebrew letters that sound alike. Swapped letters make another root, though: "התלבט" and "התבלט". */
const HOMOPHONES = ['אע', 'טת', 'כק'];
const VOWEL = /^[aeiou]$/;
/** Endings after a stem. Short stems with the same ending are mostly different words, such as "shopping" and "shipping". */
const ENDING = /(?:ings?|ed|i?est|ers?|ly|ations?|ions?|es|(?<!s)s)$/;

/**
 * Whether two words, letters without diacritics, are the same word: equal but for letter case, for American or British spelling, for a
 * second yod or vav, or for a misspelling. Without a dictionary that is undecidable for short words and for names, which differ in one
 * letter as often; in doubt, they are two words.
 */
export function isSameWord(a: string, b: string): boolean {
  const [first, second] = [normalizeSpelling(a.toLowerCase()), normalizeSpelling(b.toLowerCase())];
  if (first === second) return !PROPER.has(first) || isCapitalized(a) === isCapitalized(b);
  if (/\P{L}/u.test(first + second) || isCapitalized(a) || isCapitalized(b)) return false;
  if (HEBREW.test(first) && HEBREW.test(second)) return isHebrewMisspelling(findDifference(first, second));
  return !areConfusable(first, second) && isMisspelling(findDifference(first, second));
}

/** Whether both are valid words, with or without the same ending. */
function areConfusable(a: string, b: string): boolean {
  const pairs = [
    [a, b],
    [stem(a), stem(b)],
    [`${stem(a)}e`, `${stem(b)}e`],
  ];
  return pairs.some((pair) => CONFUSABLE.has(pair.sort().join('|')));
}

const stem = (word: string) => word.replace(ENDING, '');

/** A name, or the first word of a sentence; words in capitals throughout are only emphasis. */
const isCapitalized = (word: string) => /^\p{Lu}.*\p{Ll}/u.test(word);

/** Returns the canonical spelling of a word in lower case, for comparison. */
export function normalizeSpelling(word: string): string {
  if (SIGNIFICANT_YOD.test(word)) return word.replace(/וו/g, 'ו');
  if (HEBREW.test(word))
    return word
      .replace(/^([ולמבכהש]{0,2})אימא$/, '$1אמא')
      .replace(/^([ולמבכהש]{0,2})תכנית$/, '$1תוכנית')
      .replace(SINGLE_YOD, 'י')
      .replace(/וו/g, 'ו')
      .replace(/^(.)י(?=.ו[^ת])/, '$1');
  return AMERICAN.reduce((spelling, [british, american]) => spelling.replace(british, american), word);
}

/** Where two words differ: the letters between the shared prefix of `before` letters and the shared suffix of `after` letters. */
type Difference = { words: [string, string]; middles: [string, string]; before: number; after: number };

function findDifference(a: string, b: string): Difference {
  const shortest = Math.min(a.length, b.length);
  let before = 0;
  while (before < shortest && a[before] === b[before]) before += 1;
  let after = 0;
  while (after < shortest - before && a.at(-1 - after) === b.at(-1 - after)) after += 1;
  const middle = (word: string) => word.slice(before, word.length - after);
  return { words: [a, b], middles: [middle(a), middle(b)], before, after };
}

/** The length of the shorter stem, without endings. */
const stemLength = ({ words }: Difference) => Math.min(...words.map((word) => stem(word).length));

/** Whether the difference is a typical misspelling: another vowel, two letters swapped, a letter doubled or not, a letter left out. */
function isMisspelling(difference: Difference): boolean {
  const { middles, before, after, words } = difference;
  if (before < 2 || after < 1) return false;
  const length = stemLength(difference);
  if (middles.every((middle) => VOWEL.test(middle)))
    return length >= 7 && !words.some((word) => /m[ae]n$|s[ie]s$/.test(word));
  if (after < 2) return false;
  if (areSwapped(middles)) return length >= 6;
  const extra = findExtraLetter(middles);
  const isDoubled = extra === words[0].at(before - 1);
  return extra !== null && length >= (isDoubled ? 6 : 7);
}

function isHebrewMisspelling({ words, middles, before, after }: Difference): boolean {
  const length = Math.max(...words.map((word) => word.length));
  if (before < 2 || after < 1) return false;
  if (HOMOPHONES.some((letters) => middles.every((middle) => middle.length === 1 && letters.includes(middle))))
    return length >= 7;
  // "מכוניות" and "מכונות" are different words.
  return findExtraLetter(middles) === 'י' && length >= 9 && words.every((word) => word.at(-after) !== 'ו');
}

const areSwapped = ([a, b]: readonly [string, string]) =>
  a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];

/** Returns the letter that one word has in addition to the other; null if they differ otherwise. */
function findExtraLetter([a, b]: readonly [string, string]): string | null {
  return a.length + b.length === 1 ? a + b : null;
}
