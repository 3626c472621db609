import { wordSet } from './word-set.ts';

/**
 * The English and Hebrew words that features look for. Other languages find none of them: their clips are ranked by
 * what does not need words (length, rate, speakers, punctuation, TF-IDF keywords).
 */

/** Words that begin a question. */
const QUESTION_WORDS = wordSet(`
  who what when where why how which whose is are am was were do does did can could should would will have has
  מה מי למה מדוע איך כיצד איפה היכן מתי האם כמה איזה איזו אילו לאן מאיפה`);

/** Words that only a sentence before can explain, so that a clip does not begin with them: conjunctions and replies. */
export const CONTINUATIONS = wordSet(`
  and but or so because then also plus which whereas though although anyway therefore yeah yes yep no nope right okay
  ok well um uh oh mm hmm like exactly totally sure correct cool nice awesome thanks alright again
  אז אבל או כי גם לכן ולכן ואז כן לא נכון בדיוק אוקיי טוב בסדר יפה תודה נו`);

/** Pronouns that point back. */
export const BACK_REFERENCES = wordSet(`
  it its it's that that's this these those he she him her they they're them their he's she's there's
  זה זאת זו הוא היא הם הן אותו אותה אותם כך ככה`);

/** Sounds and words that carry nothing. "You know" and the like are in FILLER_PHRASES. */
export const FILLERS = wordSet(
  'um uh uhm umm er erm ah hmm mm mhm like basically literally actually אה אהה אמ אממ כאילו יעני בעצם',
);
export const FILLER_PHRASES = new Set([
  'you know',
  'i mean',
  'sort of',
  'kind of',
  'or whatever',
  'את יודעת',
  'אתה יודע',
]);

/** Words of stakes, surprise and extremes: what headlines that are clicked have in common. */
export const STRONG_WORDS = wordSet(`
  never always nobody everybody everyone nothing everything impossible wrong secret mistake mistakes truth lie problem
  problems crazy insane biggest best worst first only imagine danger dangerous scary love hate kill free fear war stop
  must need money future dead death surprising surprised shocked amazing incredible terrible huge perfect broken fail
  failed failure risk steal stolen lost rich poor power believe hard hardest easy mystery
  תמיד לעולם כולם אסור חייב חייבים סוד טעות אמת שקר בעיה מטורף הכי ראשון מסוכן פחד כסף עתיד מוות מדהים נורא ענק שבור כישלון סיכון`);

/** Words that speak to the one who watches. */
export const SECOND_PERSON_WORDS = wordSet(`you your you're you've you'll yourself אתה את אתם שלך שלכם לך לכם`);

const NUMBER_WORDS = wordSet(`
  two three four five six seven eight nine ten twenty fifty hundred hundreds thousand thousands million millions billion
  billions trillion percent half double twice dozen
  שניים שתיים שלוש שלושה ארבע ארבעה חמש חמישה שש שישה שבע שבעה שמונה תשע תשעה עשר עשרה עשרים שלושים ארבעים חמישים
  מאה מאות אלף אלפים אלפיים מיליון מיליונים מיליארד אחוז אחוזים חצי`);

/** Words too common to tell what a text is about, beside all of those above. */
const COMMON_WORDS = wordSet(`
  a an the i i'm i've i'd i'll me my mine we we're we've our ours us one ones thing things stuff lot lots bit way ways
  be been being had having done doing get gets getting got go goes going gone went come comes came make makes made take
  takes took put see look looks looking say says said saying tell told think thinks thought know knows knew want wants
  wanted work works really very just even still much many more most some any all every each other another such same
  than too not don't doesn't didn't isn't aren't wasn't weren't can't won't wouldn't couldn't to of in on at by for
  with from up down out off over under into onto about around through between after before during without within if
  else while as until since now here there ever maybe probably guess kind sort mean people guy guys man time times
  let let's may might shall able also back good great pretty quite little big new old long use used using what's who's
  where's how's gonna wanna gotta talk talking actually different whole part point yet both few own something anything
  someone somebody anyone anybody today week year years day days sense sure feel
  אני אנחנו של על עם אל אם רק עוד יש אין היה היתה היו יהיה להיות לי לו לה לנו להם שלי שלו שלה שלנו שלהם מאוד פה שם
  כל כמו יותר פחות אחד אחת אחרי לפני בין עד מן בו בה הזה הזאת האלה אותי אותנו דבר דברים איש אנשים היום עכשיו צריך
  יכול יכולה רוצה אומר אומרת חושב חושבת יודע יודעת עושה לעשות אפשר כבר עדיין שהוא שהיא שזה שאני שלא ולא הרבה קצת`);

const NOT_CONTENT_WORDS = [QUESTION_WORDS, CONTINUATIONS, BACK_REFERENCES, FILLERS, SECOND_PERSON_WORDS, COMMON_WORDS];

/** Whether a word can tell what a text is about: not a common one, and of three letters or more (Hebrew: two). */
export function isContentWord(word: string): boolean {
  const shortest = /^\p{Script=Hebrew}/u.test(word) ? 2 : 3;
  return word.length >= shortest && !/^\d+$/.test(word) && !NOT_CONTENT_WORDS.some((words) => words.has(word));
}

/** Sentences have at most 200 words; what is longer than they can be is not speech, and not worth the time. */
export const MAX_SENTENCE_CHARACTERS = 4000;

/** The words of a sentence in small letters, without punctuation around them. Apostrophes are written as `'`. */
export function tokenize(text: string): string[] {
  const sentence = text.slice(0, MAX_SENTENCE_CHARACTERS);
  return (
    sentence
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'״׳-]*[\p{L}\p{M}\p{N}])?/gu) ?? []
  );
}

/** "…, right?" asks for nothing. */
const TAG_QUESTION = /[\s,](?:right|you know|ok|okay|yeah|huh|correct|נכון|לא)[?？]["'”’)]*$/i;

/** By its mark; without punctuation, by its first word. */
export function isQuestion(text: string): boolean {
  if (/[?？؟]/.test(text.replace(TAG_QUESTION, ''))) return true;
  if (TAG_QUESTION.test(text)) return false;
  return !/[.!…]["'”’)]*$/.test(text) && QUESTION_WORDS.has(tokenize(text.slice(0, 40))[0] ?? '');
}

export function hasNumber(tokens: readonly string[]): boolean {
  return tokens.some((token) => /\p{N}/u.test(token) || NUMBER_WORDS.has(token));
}
