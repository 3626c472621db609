import { BACK_REFERENCES, CONTINUATIONS, FILLERS, QUESTION_WORDS, SECOND_PERSON_WORDS } from './word-lists.ts';
import { wordSet } from './word-set.ts';

/**
 * Words with next to no weight in a search that has more specific ones, in addition to PostgreSQL's English stop words: question words,
 * everyday verbs, contractions without their apostrophe, and words of time, in English and Hebrew, as normalized by `search_normal` (final
 * letters are written as ordinary ones).
 */
export const SEARCH_STOP_WORDS = `
happen happens happened remember recall tell tells told please would could might may shall many much also ever find finds found
show shows name names called kind kinds type types sort thing things say says said get gets got getting use uses used using let
according like likes liked likely love loves loved enjoy enjoys enjoyed prefer prefers preferred hate hates hated
adore adores adored dislike dislikes disliked detest detests detested despise loathe want wants
wanted need needs needed know knows knew known think thinks thought go goes going went gone come comes came make makes made making
take takes took taken give gives gave given put puts keep keeps kept see sees saw seen look looks looked seem seems feel feels felt
dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt havent hasnt hadnt im ive youre theyre whats wheres whos hows thats theres
today tonight tomorrow yesterday day days week weeks month months year years ago last next recently lately currently
ה ו ב ל מ ש כ אני אתה את אתמ אתנ הוא היא המ הנ אנחנו אנו של שלי שלכ שלו שלה שלנו שלהמ לי לכ לו לה לנו להמ לכמ אותי אותו אותה אותנו אותמ
מה מי מתי איפה היכנ איכ כיצד למה מדוע כמה איזה איזו אילו האמ זה זאת זו אלה אלו כל גמ רק אבל או אמ כי אשר על אל עמ מנ
לא כנ יש אינ היה היתה הייתה היו יהיה להיות עוד כבר מאוד מאד כמו בינ אז כאנ שמ פה ידי אחרי לפני אפשר צריכ בבקשה
תגיד תגידי ספר ספרי אמר אמרה אמרתי אומר אומרת אומרימ סיפר סיפרה סיפרתי מספר מספרת קרה קרתה קורה
זוכר זוכרת יודע יודעת יודעימ ידע ידעה ידעתי לדעת חושב חושבת חושבימ חשב חשבה חשבתי לחשוב
אוהב אוהבת אוהבימ אוהבות אהב אהבה אהבתי אהבנו אהבו יאהב תאהב לאהוב נהנה נהנית נהניתי נהנו נהנימ ליהנות
מעדיפ מעדיפה מעדיפימ העדיפ העדיפה העדפתי להעדיפ שונא שונאת שונאימ שנא שנאה שנאתי
עלי עליי עליו עליה
רוצה רוצימ רוצות רצה רצתה רציתי רצו לרצות צריכה צריכימ צריכות הולכ הולכת הולכימ הלכ הלכה הלכתי הלכנו הלכו ללכת
בא באה באימ באתי בוא בואי לבוא יבוא תבוא עושה עושימ עושות עשה עשתה עשיתי עשינו עשו לעשות יעשה תעשה
לוקח לוקחת לקח לקחה לקחתי לקחו לקחת נותנ נותנת נותנימ נתנ נתנה נתתי נתנו לתת רואה רואימ ראה ראתה ראיתי ראינו ראו לראות
מרגיש מרגישה הרגיש הרגישה הרגשתי שמ שמה קוראימ נקרא נקראת נמצא נמצאת נמצאימ
היומ מחר אתמול שלשומ הערב הלילה עכשיו כרגע לאחרונה יומ ימימ שבוע השבוע בשבוע שבועות חודש החודש בחודש חודשימ שנה השנה בשנה שנימ שעבר שעברה הבא הבאה
`
  .trim()
  .split(/\s+/);

/** Words that are too common in speech to show its subject, in addition to those of word-lists.ts. */
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

/** Returns whether a word can show what speech is about: no stop word, and at least three letters long (in Hebrew two). */
export function isContentWord(word: string): boolean {
  const shortest = /^\p{Script=Hebrew}/u.test(word) ? 2 : 3;
  return word.length >= shortest && !/^\d+$/.test(word) && !NOT_CONTENT_WORDS.some((words) => words.has(word));
}
