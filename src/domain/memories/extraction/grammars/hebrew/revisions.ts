import { anyOf, regex } from '#domain/memories/extraction/grammars/grammar.ts';
import type { Revisions } from '#domain/memories/extraction/grammars/revisions.ts';
import { ONE_OF_SOME, ONLY, PET } from './rules.ts';

const END = String.raw`(?![\p{L}])`;
const WORD = String.raw`[\p{L}\p{N}'’׳״"-]+`;
const DO_NOT_REMEMBER =
  anyOf(`אל ת(?:זכור|זכרי|זכרו|שמור|שמרי|שמרו|רשום|רשמי|רשמו|תעד|תעדי) | תפסיק(?:י|ו)? (?:לזכור|לשמור) |
  אני לא רוצה ש(?:תזכור|תזכרי|תשמור|תשמרי) | (?:תוכל|תוכלי|אפשר|אתה יכול|את יכולה|נא)(?: בבקשה)? לא (?:לזכור|לשמור|לרשום)`);
const DELETE = anyOf('תמחק(?:י|ו)? | מחק(?:י|ו)? | תסיר(?:י|ו)? | הסר | הסירי | הסירו');
const NOT_REMEMBER = anyOf(`אל ת(?:זכור|זכרי|זכרו) | תפסיק(?:י|ו)? לזכור | אני לא רוצה ש(?:תזכור|תזכרי) |
  (?:תוכל|תוכלי|אפשר|אתה יכול|את יכולה|נא)(?: בבקשה)? לא לזכור`);
const CAN_YOU = '(?:תוכל|תוכלי|אפשר|אתה יכול|את יכולה|נא)(?: בבקשה)?';
const FORGET_NOW = '(?:תשכח(?:י|ו)?|שכח(?:י|ו)?)';
const FORGET = `(?:${FORGET_NOW}|${CAN_YOU} לשכוח)`;
const DELETES = `(?:${DELETE}|${CAN_YOU} (?:למחוק|להסיר))`;
const ASKING = '(?:בבקשה )?(?:אני (?:רוצה|מבקש|מבקשת) ש)?ו?';
const PREFERRING = '(?:בבקשה )?(?:(?:אני (?:רוצה|מבקש|מבקשת|מעדיף|מעדיפה)|הייתי (?:רוצה|מעדיף|מעדיפה)|עדיף) ש)?ו?';
const NO_NEED =
  '(?:(?:(?:אתה |את )?לא (?:צריך|צריכה|חייב|חייבת|חייבים|צריכים)|אין (?:צורך|טעם)) (?:לזכור|לשמור|לרשום))';
const IGNORE = '(?:(?:עזוב|עזבי|תעזוב|תעזבי)(?: את)? מה|(?:תתעלם|תתעלמי|התעלם|התעלמי) ממה)';
const CONFIDED =
  '(?:(?:ש?זה |תשאיר(?:י)? את זה |נשאיר את זה )?(?:(?:ש|ו)?(?:יישאר|ישאר|נשאר) )?(?:רק |ממש )?(?:בינינו|ביני לבינ[ךכ]))';
const FROM_MEMORY = '(?: מה(?:זי?כרון|רשומות)(?: שלך)?)';
const ERASE = `${DELETES}(?=.*${FROM_MEMORY})`;
const ASK_TO_FORGET = `(?:${FORGET}|${NOT_REMEMBER}|${ERASE})`;
const YOU_KNOW = '(?:(?:אתה |את )?(?:יודע|יודעת|זוכר|זוכרת|למדת|שמרת|רשמת)|(?:אמרתי|סיפרתי|כתבתי)(?: לך)?|יש לך)';
/** Things that people mention about the conversation itself, and do not mean to have remembered. */
const OF_THE_TALK =
  '(?:רעיון|שאלה|תשובה|הודעה|הצעה|אפשרות|תוכנית|טקסט|סיפור|קובץ|בדיחה|עבר|פרטים|שאר|הוראות)(?![\\p{L}])';
const UNNAMED = '(?:את (?:זה|הדבר הזה|ההודעה (?:הזאת|הזו)))(?: בבקשה)?';
const WHAT_FOLLOWS = String.raw`(?:${UNNAMED}(?=$|\s*[,.:;!–—-]| אבל )|(?:את )?(?:הדבר הבא|הדברים הבאים|ההודעה הבאה|המשפט הבא|מה ש(?:אני (?:אומר|אומרת|עומד|עומדת|הולך|הולכת|כותב|כותבת)|אומר|אגיד|אספר|אכתוב)).*?(?=$|[,.:;!–—]))`;
/** The present of what one did: being something has none. */
const PRESENT: Record<string, string> = { גרתי: 'גר', עבדתי: 'עובד', אהבתי: 'אוהב' };
const NOW = anyOf('עכשיו | כעת | כיום | מעכשיו | מהיום');
const WHEN = `(?: (?:היום|אתמול|הלילה|לאחרונה|(?:ה|ב)?(?:שבוע|חודש|שנה)(?: שעבר[ה]?)?|לפני .{2,20}|ב-?\\d.{0,15}))`;
const RELATIVE = `(?:${ONLY}|${ONE_OF_SOME})`;
const PARTNER = anyOf(
  `אשתי | בעלי | ארוסי | ארוסתי | ל?(?:ה)?(?:חבר|חברה|בן הזוג|בת הזוג|אישה|בעל) שלי | לאשתי | לבעלי | לארוסי | לארוסתי`,
);
const DIED = anyOf('מת | מתה | נפטר | נפטרה | הלך לעולמו | הלכה לעולמה | הורדם | הורדמה | ברח | ברחה | הלך לאיבוד');
const NAMED = `(?!הוא|היא|הם|הן|אני|אנחנו|זה|את)(?:${WORD})`;
const word = (text = '') => `(?<![\\p{L}])[ובלמהש]{0,2}${text}${END}`;
/** Matches memories of somebody with a name. */
const named = (name = '') =>
  `^(?:${name}(?! של)|.*(?<![\\p{L}])(?:קוראים|בשם|ששמו|ששמה|שלי) (?:ל[\\p{L}]+ )?(?:הוא |היא )?${name})${END}`;
/** Matches the beginning of memories about a possession, and not about what belongs to it. */
const possession = (thing = '') => {
  const bare = thing.replace(/^ה(?=[א-ת]{2})/, '');
  return `^(?:ל?ה?${bare}(?: [\\p{L}]+)? (?:שלי|שלנו)|(?:היי?ו? )?יש (?:לי|לנו) (?:[\\p{L}\\d]+ )?${bare})${END}`;
};
/** Matches the beginning of memories about a plan. */
const planned = (plan: string) => `^(?:ה|יש (?:לי|לנו) )${plan.replace(/ ה?(?=[א-ת])/g, ' ה?')}${END}`;
const BECAUSE = '(?:,? (?:(?:לגמרי|לחלוטין|לתמיד)(?= |$)|(?:כי|בגלל|מטעמי|ועברתי ל|והתחלתי ל) ?.*))?';
const CONSUME = anyOf('שותה | שותים | אוכל | אוכלת | אוכלים | מעשן | מעשנת | צורך | צורכת');
const TO_CONSUME = '(?:לשתות|לאכול|לעשן|לצרוך|לקחת)';
const LIKE = '(?:אוהב|אוהבת|מעדיף|מעדיפה|נהנה|נהנית|מת על|מתה על)';
const WE = `^(?:אני|אנחנו) (?:(?:${anyOf('מאוד | ממש | כל כך | נורא | גם | עדיין | הכי | תמיד | די')}) )*`;
/** What may follow a thing that is liked, and leaves it the same thing: "קפה שחור" is coffee, "קפה ותה" is more. */
const SAME_THING = '(?![\\p{L}])(?! ו[א-ת])';
const SUBSTANCE = `(?<thing>${WORD}(?: ${WORD})??)`;
/** Matches memories of liking or consuming a thing: "אני אוהב קפה", not "אני אוהב גלידת קפה". */
const consumption = (thing = '') => {
  const bare = thing.replace(/^ה(?=[א-ת]{3})/, '');
  return `${WE}(?:${LIKE}|${CONSUME})(?: ${TO_CONSUME})? (?:את |מ|ב)?ה?${bare}${SAME_THING}|^ה[\\p{L}]+ האהובה? עלי?י (?:הוא |היא )?${bare}${SAME_THING}`;
};
/** Matches memories of liking to do something. */
const activity = (infinitive = '') => {
  const done = /^[\p{L} -]+$/u.test(infinitive) ? infinitive : '(?!)';
  return `${WE}${LIKE} ל${done}${SAME_THING}`;
};
/** Verbs that have a מ in the present: "הפסקתי לעשן" ends "אני מעשן". */
const WITH_MEM = anyOf('עשן | נגן | צייר | טייל | למד | בשל | שחק | דבר | טפל | גדל');
const IS = '(?:הוא|היא|הם|הן|זה|זאת)';
const THING = `(?!אני|אנחנו|הוא|היא|הם|הן|זה|זאת)(?:${WORD} ){0,5}?(?:${WORD})`;

const ALL_MEMORIES = `(?:(?:את )?(?:כל מה ש${YOU_KNOW}|הכו?ל|כל (?:המידע|הזי?כרונות)(?: שלך)?) (?:עליי?|לגביי)|את (?:כל )?הזי?כרונות (?:שלי|שלך)(?: עליי?)?)`;
/** "תשכח את הפגישה" is said of plans that are off. */
const EVENT =
  '(?:פגישה|ישיבה|טיסה|מסיבה|תור|חתונה|ארוחה|שיעור|מבחן|ראיון|טיול|נסיעה|חופשה|משחק|הופעה|שיחה)(?![\\p{L}])';

/** How Hebrew says that something has changed. */
export const HEBREW_REVISIONS: Revisions = {
  forget: regex`^(?:בבקשה )?${IGNORE} ש(?:אמרתי|סיפרתי|כתבתי)(?: לך)?(?: קודם)? (?:על|לגבי) (?!ה${OF_THE_TALK})(?<ignored>.+)$|^${PREFERRING}(?:${ASK_TO_FORGET}|${DO_NOT_REMEMBER}|${NO_NEED})(?: בבקשה)?${FROM_MEMORY}?,? (?:את זה |מזה )?ש(?:אמרתי ש|סיפרתי(?: לך)? ש)?(?<what>\p{L}.+?)${FROM_MEMORY}?$|^${PREFERRING}${ASK_TO_FORGET}(?: בבקשה)?(?:(?: את)? (?<answer>(?:איפה|היכן|איך|מתי|במה|מי|כמה|מה|(?:בן|בת) כמה) (?!ש)[\p{L} ]+?)${FROM_MEMORY}?|${FROM_MEMORY}? את (?<subject>ה?\p{L}+(?: \p{L}+){0,3} של[יו]|שמי)${FROM_MEMORY}?)$|^${ASKING}(?:${FORGET}|${DO_NOT_REMEMBER}|${DELETES})(?: בבקשה)?(?: את)? (?:(?:מ?מה|כל מה) ש${YOU_KNOW}|ה(?:זי?כרון|זי?כרונות)(?: שלך)?) (?:על|לגבי) (?<about>.+)$|^${ASKING}(?:${FORGET}|${DO_NOT_REMEMBER}|${ERASE})(?: בבקשה)? את ה(?!.* של|${OF_THE_TALK}|${EVENT}(?!.*${FROM_MEMORY}))(?<thing>\p{L}+(?: \p{L}+){0,2}?)${FROM_MEMORY}?(?: עכשיו| בבקשה)?$`,
  forgetLast: regex`^${ASKING}(?:${FORGET}|${DELETES}|${NOT_REMEMBER})(?: בבקשה)?(?: (?:את )?מ?מה שאמרתי(?: לך)?(?: עכשיו| הרגע| קודם)?| שאמרתי (?:לך )?(?:את זה|משהו)| את (?:ההודעה|המשפט) האחרו(?:ן|נה)(?: שלי)?)$`,
  forgetAll: regex`^(?:${ASKING}(?:${FORGET_NOW}|${DELETE})(?: בבקשה)?|(?=.*(?<![\p{L}])(?:בבקשה|נא)${END})(?:בבקשה )?${CAN_YOU} (?:לשכוח|למחוק|להסיר)(?: בבקשה)?) ${ALL_MEMORIES}(?: בבקשה|,? תודה)*$`,
  courteous: regex`^(?:בבקשה,? )?(?:תוכל|תוכלי|אפשר|אתה יכול|את יכולה|נא)${END}`,
  offRecord: {
    anywhere: regex`(?:^${ASKING}|[,;:–—-] ?(?:ו|אבל |רק )?(?:בבקשה )?|(?:אבל|רק) (?:בבקשה )?)(?:${DO_NOT_REMEMBER}|${NO_NEED})(?: לך| בבקשה)* ${WHAT_FOLLOWS}|^(?:זה )?(?:לא לפרוטוקול|מחוץ לפרוטוקול|אוף דה רקורד)(?![\p{L}])|^(?!.*(?<![\p{L}])(?:אמר|אמרה|סיפר|סיפרה)${END}).*(?:[,;–—-] ?(?:אבל )?(?:זה )?|(?<![\p{L}])זה )(?:לא לפרוטוקול|מחוץ לפרוטוקול|אוף דה רקורד)$|^(?:אבל )?${CONFIDED}\s*(?=$|[,.:;!–—]| -)|^(?!.*(?<![\p{L}])(?:אמר|אמרה|סיפר|סיפרה)${END}).*[,;(–—-] ?(?:אבל |ו)?${CONFIDED}$`,
    confided: regex`^(?:אבל |ו)?(?:${CONFIDED}|${NO_NEED}(?: לך| בבקשה)* ${UNNAMED}|לא לפרוטוקול|מחוץ לפרוטוקול|אוף דה רקורד)$`,
    appended: regex`^(?<said>.+?)(?: אבל)?(?: בבקשה)? (?:${DO_NOT_REMEMBER}|${NO_NEED})(?: לך| בבקשה)* ${UNNAMED}$`,
    bare: regex`^(?:(?:אוקיי?|היי?|שלום|תודה|בעצם|אבל|גם)[,.!:]* )*(?:${ASKING}${DO_NOT_REMEMBER}(?: לך| בבקשה)* ${UNNAMED}|זה (?:היה )?(?:לא לפרוטוקול|מחוץ לפרוטוקול|אוף דה רקורד))$`,
  },
  beginsWith: (thing) => `^ה?${thing}${END}`,
  aside: regex`,? (?:כי|בגלל|זה (?:כבר )?לא|זו טעות|(?:אבל |ו)(?:תזכור|תזכרי) ש(?<instead>.+)$)(?![\p{L}]).*$`,
  conjunction: regex` וש(?=(?:אני|אנחנו|שמי|השם|קוראים|יש|אין|ה?\p{L}+ שלי)${END})`,
  elided: regex`^(?=.*(?<![\p{L}])(?:כבר|יותר)${END})(?:כבר )?לא (?:גר|גרה|עובד|עובדת|לומד|לומדת|אוהב|אוהבת|שונא|שונאת|שותה|אוכל|אוכלת) `,
  first: 'אני',
  endings: [
    { pattern: regex`^זה (?:כבר )?לא נכון ש(?!.*(?<![\p{L}])(?:לא|אינ(?:ני|ו|ה)|אין)${END})(?<after>\p{L}.+)$` },
    { pattern: regex`^ו?(?:אני )?(?:החלפתי|שיניתי) (?:מקום )?עבודה${WHEN}?$`, statement: () => '', topic: 'work' },
    {
      pattern: regex`^ו?(?:אני |אנחנו )?(?:כבר )?לא (?:גר|גרה|גרים) (?:יותר )?(?:שם|פה|כאן)${END}`,
      statement: () => '',
      topic: 'home',
    },
    {
      pattern: regex`^ו?(?:אני |אנחנו )?(?:כבר )?לא (?:עובד|עובדת|עובדים) (?:יותר )?(?:שם|פה|כאן)${END}`,
      statement: () => '',
      topic: 'work',
    },
    {
      pattern: regex`^ו?(?:(?:פעם|בעבר) (?:אני )?(?<verb>גרתי|עבדתי|אהבתי|הייתי) (?<what>.+)|(?:אני )?(?<past>גרתי|עבדתי|אהבתי|הייתי) (?<then>.+) עד (?:לפני (?:שבוע|חודש|חודשיים|שנה|שנתיים|\d+)|לא מזמן|לאחרונה|ה?(?:שנה|חודש|שבוע) שעברה?|20\d\d)(?: .*)?)$`,
      statement: ({ verb, past, what, then }) => `אני ${PRESENT[verb ?? past ?? ''] ?? ''} ${what ?? then}`,
    },
    {
      pattern: regex`^ו?(?:אני |אנחנו )?(?=.*(?<![\p{L}])(?:כבר|יותר)${END})(?:כבר )?(?:לא|אינני|איני) ${CONSUME} (?:יותר )?${SUBSTANCE}(?: יותר)?${WHEN}?${BECAUSE}$`,
      statement: ({ thing }) => `אני אוהב ${thing}`,
      memories: ({ thing }) => consumption(thing),
    },
    { pattern: regex`^ו?(?<before>(?:${WORD} ){0,5}?)כבר (?:לא|אינ(?:ני|נה|ו|ה|ם)) (?<after>.+)$` },
    { pattern: regex`^ו?(?<before>(?:${WORD} ){0,4}?)(?:לא|אינו|אינה|אינם) (?!רק|סתם|תמיד)(?<after>.+)$` },
    { pattern: regex`^ו?(?:אינני|איני) (?<after>.+)$`, statement: ({ after }) => `אני ${after}` },
    { pattern: regex`^ו?(?:כבר )?אין (?<after>ל(?:י|נו) .+)$`, statement: ({ after }) => `יש ${after}` },
    {
      pattern: regex`^ו?(?:אני )?(?:(?:חזרתי|התחלתי) ${TO_CONSUME} ${SUBSTANCE}|(?:שוב )?${CONSUME} (?<other>${WORD}(?: ${WORD})??)(?= שוב$))(?: שוב)?$`,
      statement: ({ thing, other = thing }) => `אני לא אוכל שותה ${other}`,
      memories: ({ thing = '', other = thing }) =>
        `^(?:אני )?(?:(?:כבר |אף פעם )?(?:לא|אינני|איני) ${CONSUME}(?: יותר)?|הפסקתי ${TO_CONSUME}) ${other}${SAME_THING}`,
    },
    {
      pattern: regex`^ו?(?:אני )?(?:(?:ויתרתי על|נאלצתי לוותר על|הפסקתי (?:עם|את|${TO_CONSUME})|התנזרתי מ|נמאס לי מ) ?|(?:נגמלתי|התנקיתי|ירדתי) מ-?)${SUBSTANCE}${WHEN}?${BECAUSE}$`,
      statement: ({ thing }) => `אני אוהב ${thing}`,
      memories: ({ thing }) => consumption(thing),
    },
    { pattern: regex`^ו?(?:אני )?הפסקתי להיות (?<what>.+?)${WHEN}?$`, statement: ({ what }) => `אני ${what}` },
    {
      pattern: regex`^ו?(?:אני )?(?:הפסקתי|סיימתי) ל(?<after>${WITH_MEM}${END}.*?)${WHEN}?${BECAUSE}$`,
      statement: ({ after }) => `אני מ${after}`,
      further: ({ after }) => activity(after),
    },
    {
      pattern: regex`^ו?(?:אני )?(?:הפסקתי|סיימתי) ל(?<after>\p{L}.+?)${WHEN}?${BECAUSE}$`,
      statement: ({ after }) => `אני ${after}`,
      further: ({ after }) => activity(after),
    },
    {
      pattern: regex`^ו?(?:אני )?(?:התפטרתי|פוטרתי|פיטרו אותי|פרשתי(?! (?:ל|מוקדם))|יצאתי לפנסיה|עזבתי את (?:העבודה|מקום העבודה)(?! (?:מוקדם|מאוחר|בשעה|ב-?\d|לפני (?:שע|דק|כמה דק|\d+ (?:דק|שע)))))${END}`,
      statement: () => '',
      topic: 'work',
    },
    {
      pattern: regex`^ו?(?:אני |אנחנו )?(?:עזבתי|עזבנו) את (?!.* (?:היום|אתמול|הלילה|הבוקר|הערב|בבוקר|בערב|לפני (?:שעה|שעתיים|דקה|יום|יומיים|(?:כמה|\d+|\p{L}+) (?:דקות|שעות|ימים)))$)(?<place>${WORD}(?: ${WORD})?)${WHEN}?$`,
      statement: ({ place }) => `אני גר ב${place}`,
      memories: ({ place }) => `^(?:אני|אנחנו) (?:[\\p{L}]+ )?(?:גר|גרה|גרים|עובד|עובדת|עובדים) .*${word(place)}`,
    },
    {
      pattern: regex`^ו?(?:נפרדנו|התגרשנו|אנחנו גרושים|(?:אני )?(?:נפרדתי|התגרשתי)(?: מ.+)?)${WHEN}?$`,
      statement: () => 'אשתי בעלי לאשתי לבעלי חבר חברה בן בת הזוג נשוי נשואה נשואים מאורס מאורסת',
      memories: () => `^(?:קוראים )?${PARTNER}${END}|^(?:אני|אנחנו) (?:נשוי|נשואה|נשואים|מאורס|מאורסת|מאורסים)${END}`,
    },
    {
      pattern: regex`^(?:(?<who>${PARTNER}) (?:(?:זרק|זרקה|עזב|עזבה) אותי|(?:נפרד|נפרדה|התגרש|התגרשה) ממני)|(?:אני )?(?:זרקתי|עזבתי) את (?<other>${PARTNER}))$`,
      statement: ({ who = '', other = who }) => `${other} ל${other.replace(/^ה/, '')} נשוי נשואה מאורס מאורסת`,
      memories: ({ who = '', other = who }) =>
        `^(?:קוראים )?ל?ה?${other.replace(/^ה(?=חבר|בן|בת|איש|בעל)/, '')}${END}${/^(?:אשתי|בעלי|ה?אישה|ה?בעל|ארוס)/.test(other) ? `|^אני (?:נשוי|נשואה|מאורס|מאורסת)${END}` : ''}`,
    },
    {
      pattern: regex`^(?:ה(?<pet>${PET})(?: שלי| שלנו)?(?: ${WORD})?) ${DIED}${WHEN}?$`,
      statement: ({ pet }) => `${pet} ל${pet} ה${pet} שלי`,
      memories: ({ pet }) => possession(pet),
    },
    {
      pattern: regex`^(?<who>${RELATIVE})(?: שלי)? ${DIED}${WHEN}?$`,
      statement: ({ who = '' }) => who,
    },
    {
      pattern: regex`^(?<who>${NAMED}) ${DIED}${WHEN}?$`,
      statement: ({ who = '' }) => who,
      memories: ({ who }) => named(who),
    },
    {
      pattern: regex`^ו?(?:אני )?(?:אנחנו )?(?:מכרתי|איבדתי|מסרתי|תרמתי|החזרתי|זרקתי|ריסקתי|נפטרתי מ|מכרנו|איבדנו|מסרנו|תרמנו|החזרנו|זרקנו)(?: את)? ?(?<thing>(?:ה?${WORD}(?: ${WORD})??))(?: שלי| שלנו)?${WHEN}?$`,
      statement: ({ thing = '' }) => `${thing} ${thing.replace(/^ה/, '')}`,
      memories: ({ thing }) => `${possession(thing)}|^(?:יש (?:לי|לנו)|(?:קוראים )?ל[\\p{L}]+ שלי).*${word(thing)}`,
    },
    {
      pattern: regex`^ו?(?:אני |אנחנו )?(?:ביטלתי|ביטלנו) את ה(?<plan>${WORD}(?: ${WORD}){0,4}?)(?: שלי| שלנו)?${WHEN}?$`,
      statement: ({ plan = '' }) => `${plan} ה${plan}`,
      memories: ({ plan = '' }) => planned(plan),
    },
    {
      pattern: regex`^(?:ה(?<plan>${WORD}(?: ${WORD}){0,4}?)(?: שלי| שלנו)?) (?:בוטל|בוטלה|בוטלו|התבטלו|התבטל|התבטלה|מבוטל|מבוטלת|לא מתקיים|לא מתקיימת)${WHEN}?$`,
      statement: ({ plan = '' }) => `${plan} ה${plan}`,
      memories: ({ plan = '' }) => planned(plan),
    },
  ],
  updates: [
    {
      pattern: regex`^(?<subject>ה${THING}) (?:נדחה|נדחתה|נדחו|הוזז|הוזזה|הוקדם|הוקדמה|עבר|עברה|הועבר|הועברה|הוחלף|הוחלפה|הוחלפו) (?:מ(?:יום )?\p{L}+ )?ל-?(?<value>.+)$`,
    },
    { pattern: regex`^(?<subject>ה${THING}) החדשה? (?:${IS} )?(?<value>.+)$` },
    { pattern: regex`^${NOW},? (?<subject>ה${THING}) (?<value>\d.*)$` },
    { pattern: regex`^(?<subject>${THING}) (?:${IS} )?${NOW} (?:${IS} )?(?<value>.+)$` },
    { pattern: regex`^(?:${NOW},? )(?<subject>${THING}) ${IS} (?<value>.+)$` },
    { pattern: regex`^(?<subject>${THING}) ${IS} (?<value>.+?) ${NOW}$` },
    { pattern: regex`^(?<subject>${THING}) (?:השתנה|השתנתה|התחלף|התחלפה|שונה|שונתה) ל-?(?<value>.+)$` },
    { pattern: regex`^יש לי (?<subject>${THING}) חדשה?(?:[:,]| -| והוא| והיא) (?<value>.+)$`, whose: 'שלי' },
    { pattern: regex`^(?<subject>${THING}) החדשה? (?<whose>שלי|שלנו)(?: ${IS})? (?<value>.+)$` },
    { pattern: regex`^(?<subject>ה${THING}) (?:עבר|עברה|הועבר|הועברה) ל-?(?<value>.+)$` },
    { pattern: regex`^(?:שיניתי|שינינו|החלפתי|החלפנו) את (?<subject>${THING}) ל-?(?<value>.+)$` },
    {
      pattern: regex`^(?<subject>(?!ה)(?:${WORD} ){0,3}?(?:\p{L}+י)) (?:עבר|עברה|עברו) (?:לגור |להתגורר )?[לב](?<value>[\p{L}].+)$`,
      statement: (subject) => `${subject} גר`,
    },
  ],
  subjects: [
    [regex`^(?:השם(?: הפרטי| המלא)? שלי|(?:את )?שמי|איך קוראים לי|מה השם שלי|מי אני)$`, 'name'],
    [regex`^(?:(?:איפה|היכן) (?:אני|אנחנו) (?:גר|גרה|גרים|מתגורר|מתגוררת)|מקום המגורים שלי|העיר שלי)$`, 'home'],
    [regex`^(?:(?:איפה|היכן|במה) אני (?:עובד|עובדת)|(?:מקום )?העבודה שלי|המקצוע שלי)$`, 'work'],
    [regex`^(?:(?:תאריך|יום) (?:ה)?(?:לידה|הולדת) שלי|מתי נולדתי|מתי יום ההולדת שלי)$`, 'birthday'],
    [regex`^(?:הגיל שלי|(?:בן|בת) כמה אני)$`, 'age'],
  ],
  correction: regex`^(?<holds>.+?),? (?:אבל )?ו?לא (?<denied>${WORD}(?: ${WORD})?)$`,
  now: regex`^ו?(?:${NOW}|היום),? (?=(?:אני|אנחנו)${END})|,? (?:יותר|עוד|כבר|${NOW})(?=$|[ ,])`,
  outdated: regex`(?<![\p{L}])(?:ו|ש)?(?:לא נכון|כבר (?:לא|אינ(?:ני|נה|ו|ה|ם))|פעם הייתי|בעבר)${END}`,
  clause: regex`\s+(?:ו|אבל )(?=(?:${NOW}|היום)${END})|\s*[,;–—]\s*(?:אבל |אלא |ו(?=[א-ת]))?|\s+[-–—]\s+|\s+אלא\s+`,
  replacement: regex`(?<![\p{L}])ו?(?:${NOW}|היום|כרגע|הצטרפתי|התחלתי|במקום|עברתי|קוראים|נקרא|נקראת)${END}`,
  pronoun: regex`^(?:הוא|היא|הם|הן|זה|זאת) |(?<![\p{L}])(?:לו|לה|להם|אותו|אותה)${END}`,
};
