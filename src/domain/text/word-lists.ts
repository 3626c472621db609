import { wordSet } from './word-set.ts';

/*
 * English and Hebrew word lists for analysing sentences. They match nothing in other languages, whose clips are ranked without words: by
 * length, speech rate, speakers, punctuation and TF-IDF keywords.
 */

/** Words that begin a question. */
export const QUESTION_WORDS = wordSet(`
  who what when where why how which whose is are am was were do does did can could should would will have has
  מה מי למה מדוע איך כיצד איפה היכן מתי האם כמה איזה איזו אילו לאן מאיפה`);

/** Words that need a sentence before them, so that no clip begins with them: conjunctions and replies. */
export const CONTINUATIONS = wordSet(`
  and but or so because then also plus which whereas though although anyway therefore yeah yes yep no nope right okay
  ok well um uh oh mm hmm like exactly totally sure correct cool nice awesome thanks alright again
  אז אבל או כי גם לכן ולכן ואז כן לא נכון בדיוק אוקיי טוב בסדר יפה תודה נו`);

/** Pronouns that refer back. */
export const BACK_REFERENCES = wordSet(`
  it its it's that that's this these those he she him her they they're them their he's she's there's
  זה זאת זו הוא היא הם הן אותו אותה אותם כך ככה`);

/** Fillers. "You know" and the like are in FILLER_PHRASES. */
export const FILLERS = wordSet(
  'um uh uhm umm er erm ah hmm mm mhm like basically literally actually אה אהה אמ אממ כאילו יעני בעצם',
);

/** Fillers of several words. */
export const FILLER_PHRASES = new Set([
  'you know',
  'i mean',
  'sort of',
  'kind of',
  'or whatever',
  'את יודעת',
  'אתה יודע',
]);

/** Words of stakes, surprise and extremes, which popular headlines have in common. */
export const STRONG_WORDS = wordSet(`
  never always nobody everybody everyone nothing everything impossible wrong secret mistake mistakes truth lie problem
  problems crazy insane biggest best worst first only imagine danger dangerous scary love hate kill free fear war stop
  must need money future dead death surprising surprised shocked amazing incredible terrible huge perfect broken fail
  failed failure risk steal stolen lost rich poor power believe hard hardest easy mystery
  תמיד לעולם כולם אסור חייב חייבים סוד טעות אמת שקר בעיה מטורף הכי ראשון מסוכן פחד כסף עתיד מוות מדהים נורא ענק שבור כישלון סיכון`);

/** Words that address the audience. */
export const SECOND_PERSON_WORDS = wordSet(`you your you're you've you'll yourself אתה את אתם שלך שלכם לך לכם`);

/** Numbers that are spelt out. */
export const NUMBER_WORDS = wordSet(`
  two three four five six seven eight nine ten twenty fifty hundred hundreds thousand thousands million millions billion
  billions trillion percent half double twice dozen
  שניים שתיים שלוש שלושה ארבע ארבעה חמש חמישה שש שישה שבע שבעה שמונה תשע תשעה עשר עשרה עשרים שלושים ארבעים חמישים
  מאה מאות אלף אלפים אלפיים מיליון מיליונים מיליארד אחוז אחוזים חצי`);
