/** Hebrew vowel points and accents, without the maqaf. */
const POINTS = /[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7]/gu;
/** Bidirectional marks and other invisible characters. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** English contractions, also without the apostrophe, as speech recognizers write them. */
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bcan'?t\b/g, 'can not'],
  [/\bcannot\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n'?t\b/g, '$1 not'],
  [/\b(i)'?m\b/g, '$1 am'],
  [/\b(it|that|what|who|where|there|he|she|how)'?s\b/g, '$1 is'],
  [/\b(you|they)'?re\b/g, '$1 are'],
  [/\bwe're\b/g, 'we are'],
  [/\b(i|you|we|they|he|she|it|that)'ll\b/g, '$1 will'],
  [/\b(you|they|it|that)ll\b/g, '$1 will'],
  [/\b(i|you|we|they)'?ve\b/g, '$1 have'],
  [/\b(i|you|we|they|he|she)'d\b/g, '$1 would'],
  [/\bgonna\b/g, 'going to'],
  [/\bwanna\b/g, 'want to'],
  [/\bany more\b/g, 'anymore'],
];

/** Words that only add force: "stop the hell calling". */
const EXPLETIVES =
  / (?:(?:mother ?)?fuck(?:ing|in|in')|freaking|frigging|bloody|god ?damn|damn|the (?:fuck|hell|heck)|פאקינג|לכל הרוחות)(?= )/gu;

/**
 * Returns the plain words of an utterance, with a space around each: lower case, no vowel points, no punctuation, contractions expanded, no
 * expletives.
 * Commas and ends of sentences become words of their own, `,` and `?`.
 */
export function plainWords(text: string): string {
  const letters = text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(POINTS, '')
    .toLowerCase()
    .replace(/[\u2018\u2019\u02BC\u05F3`´]/gu, "'")
    .replace(/[\u201C\u201D\u05F4]/gu, '"');
  const spelt = CONTRACTIONS.reduce((words, [short, long]) => words.replace(short, long), letters);
  const marked = spelt
    .replace(/\?+/g, ' ? ')
    .replace(/[!.,;:…]+(?=\s|$)/gu, ' , ')
    .replace(/[-\u05BE\u2010-\u2015/]/gu, ' ')
    .replace(/[^\p{L}\p{N}\s'",?]/gu, ' ');
  return ` ${marked.split(/\s+/).filter(Boolean).join(' ')} `.replace(EXPLETIVES, '');
}

/**
 * The maximum length of each part in UTF-16 units. Nobody says more at once; of longer text, such as from a text-based line, the beginning
 * and the end are read.
 */
const MAX_PART = 500;

/** Shortens an utterance that is too long to judge at once. */
export const shorten = (text: string): string =>
  text.length <= 2 * MAX_PART ? text : `${text.slice(0, MAX_PART)} , ${text.slice(-MAX_PART)}`;

/** Counts the words, without punctuation. */
export const countWords = (words: string): number =>
  words.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
