import { wordSet } from '#domain/text/word-set.ts';

/**
 * Function words that can be dropped from a statement: articles, forms of the copula in the present, the auxiliary "do", words that
 * introduce a clause. Prepositions, negations, pronouns and adverbs change the meaning, so they stay.
 */
const FUNCTION_WORDS = wordSet('the a an that which am is are be do does and את');
/** After these, "and" names somebody else: "my boss, Dana" is one person. */
const PEOPLE =
  wordSet(`wife husband partner girlfriend boyfriend mother mom mum father dad son daughter brother sister child friend
  boss cousin uncle aunt nephew niece neighbor neighbour roommate אשה אישה בעל אמא אבא אח אחות בנ בת חבר חברה דוד דודה
  האשה האישה הבעל האמא האבא האח האחות הבנ הבת החבר החברה הדוד הדודה`);
/** A noun with one of these may be followed by the name of what it is: "my teacher, Dana" is one person, "my teacher and Dana" are two. */
const DETERMINERS = wordSet('my our your his her their the this that');
/** After these, an "a" is a letter. */
const LETTERED = wordSet(`vitamin hepatitis team group class block gate terminal building section apartment flat grade
  option`);
/** Participles without "-ed" that are also a past tense: who is paid does not pay. */
const PARTICIPLE = String.raw`(?:(?!(?:called|named)\b)\p{L}{2,}ed|paid|lost|hit|hurt|cut|left|fed|led|sold|told|taught|caught|bought|built|sent|held|met|shot|found|kept|heard|made)(?![\p{L}'])`;

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:can'?t|cannot)\b/gi, 'can not'],
  [/\bwon'?t\b/gi, 'will not'],
  [/\b(do|does|did|is|are|was|were|would|could|should|has|have|had|must|need)n'?t\b/gi, '$1 not'],
  [/\bi'?m\b/gi, 'I am'],
  [/(?<=\p{L})'re\b/giu, ' are'],
  [/(?<=\p{L})'ve\b/giu, ' have'],
  [/(?<=\p{L})'ll\b/giu, ' will'],
  [new RegExp(String.raw`(?<=\p{L})'s(?= ${PARTICIPLE})`, 'giu'), ' is'],
  // Whose something is: "The car is my mother's".
  [
    /(?<!\b(?:it|he|she|that|what|who|there|here|where|let))'s(?=[\s.,;!?]*(?:$|(?:is|are|was|were|and|or)\b))/giu,
    ' his',
  ],
  [/(?<=\p{L})'s\b/giu, ''],
];

const FINAL_LETTERS: Record<string, string> = { ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' };

/** A number with its sign, a word, or a sign that carries meaning: "C++" is not "C", "A-" not "A", "1/2" not "1-2". */
const WORD =
  /(?<![\p{L}\p{N}])-?\p{N}+(?:[.,:]\p{N}+)*|\p{N}+(?:[.,:]\p{N}+)*|\p{L}+|[+#%<>=°\p{Sc}\p{So}]|(?<=\p{N})[/⁄](?=\p{N})|(?<=(?<![\p{L}\p{N}])(?:[A-F]|AB|O))-(?![\p{L}\p{N}])/giu;
/** A sign in front of which a letter is no article. */
const SIGN = /[\p{N}+#%=]|-$/u;
/** An e-mail address, a URL, a handle or an identifier, in which every sign counts. */
const ADDRESS = /[\p{L}\p{N}][_@][\p{L}\p{N}]|^@\p{L}|:\/\//u;
const AROUND_ADDRESS = /^[^\p{L}\p{N}@]+|[^\p{L}\p{N}]+$/gu;

/** From the first letter to the last. */
const LETTERS = /\p{L}(?:.*\p{L})?/su;

/** The maximum in UTF-16 units: three times the maximum length of a memory, because Hangul is decomposed into jamo. */
const MAX_PLAIN_LENGTH = 32_768;

/** Whether a text is too long to be split into words once its letters are decomposed. U+FDFA is one letter to a user, and eighteen then. */
export const isExpansive = (text: string): boolean => text.normalize('NFKD').length > MAX_PLAIN_LENGTH;

/**
 * Returns the words of a statement in order, in their letter case, without diacritics and function words. A hyphen between two words is
 * replaced as given, except after "re": who re-signs does not resign. The "a" of "team-a" or "Vitamin A" is no article.
 */
export function statementWords(text: string, hyphen: ' ' | '' = ' '): string[] {
  const chunks = normalize(text).split(/\s+/);
  return chunks.flatMap((chunk, index) => {
    const [word = ''] = LETTERS.exec(chunk) ?? [];
    if (ADDRESS.test(chunk)) return [chunk.replace(AROUND_ADDRESS, '')];
    if (FUNCTION_WORDS.has(word.toLowerCase()) && !isMeaningful(chunks, index)) return [];
    return chunk.replace(/(?<=\p{L})(?<!(?<!\p{L})re)-(?=\p{L})/giu, hyphen).match(WORD) ?? [];
  });
}

/** Whether a chunk that looks like a function word is none, or changes the meaning where it stands. */
function isMeaningful(chunks: readonly string[], index: number): boolean {
  const [before = '', chunk = '', after = ''] = [chunks[index - 1], chunks[index], chunks[index + 1]];
  if (after === '' || SIGN.test(chunk)) return true;
  const word = (LETTERS.exec(chunk)?.[0] ?? '').toLowerCase();
  if (word === 'a') return index > 0 && (/A/.test(chunk) || LETTERED.has(before.toLowerCase()));
  if (word === 'am' && /\p{N}$/u.test(before)) return true;
  if (word === 'את') return index === 0;
  if (word === 'and') return isName(before) || isName(after) || namesOne(chunks[index - 2], before);
  return /^(?:am|is|are)$/.test(word) && STARTS_WITH_PARTICIPLE.test(after);
}

/** Whether a word is capitalized: words in capitals only say nothing, as whole texts are written so. */
const isName = (chunk: string) => /^\P{L}*\p{Lu}\p{L}*\p{Ll}/u.test(chunk);
const namesOne = (determiner = '', noun = '') =>
  PEOPLE.has(noun.toLowerCase()) || DETERMINERS.has(determiner.toLowerCase());

const STARTS_WITH_PARTICIPLE = new RegExp(`^${PARTICIPLE}`, 'iu');

function normalize(text: string): string {
  const plain = text
    .replace(/(?<=\d)(?=[¼-¾⅐-⅞])/gu, ' ')
    .normalize('NFKD')
    .replace(/ & /g, ' and ')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘ʼ׳]/g, "'")
    .replace(/[־‐‑–−]/g, '-')
    .replace(/(?<=[א-ת])["״”'](?=[א-ת])/g, '')
    .replace(/[ךםןףץ]/g, (letter) => FINAL_LETTERS[letter] as string)
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  return CONTRACTIONS.reduce((words, [contracted, whole]) => words.replace(contracted, whole), plain).trim();
}
