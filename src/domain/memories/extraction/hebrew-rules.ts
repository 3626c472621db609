import { anyOf, type Rule, regex } from './grammar.ts';

const END = String.raw`(?![\p{L}])`;
const WORD = String.raw`[\p{L}'’׳״"-]+`;
const NAME = `(?!(?:לא|כל|תמיד|גם|רק|אחרי|עוד|הוא|היא|קשה|ארוך|סודי)${END})${WORD}(?: (?!אבל|אני|ו)${WORD}){0,2}`;
const PET = anyOf('כלב | כלבה | חתול | חתולה | תוכי | אוגר | ארנב | ארנבת | סוס | סוסה | צב');
const ONLY =
  anyOf(`אשתי | בעלי | אמי | אמא שלי | אבי | אבא שלי | האישה שלי | הבעל שלי | בן הזוג שלי | בת הזוג שלי | החבר שלי |
  החברה שלי | ארוסי | ארוסתי`);
const ONE_OF_SOME = anyOf(`אחי | אחותי | בני | בתי | הבן שלי | הבת שלי | הבן הקטן שלי | הבת הקטנה שלי | הבן הגדול שלי |
  הבת הגדולה שלי | אח שלי | אחות שלי | האח שלי | האחות שלי | הנכד שלי | הנכדה שלי | סבתא שלי | סבא שלי | הדוד שלי | הדודה שלי |
  החבר הכי טוב שלי | החברה הכי טובה שלי`);
const VERY = anyOf('מאוד | ממש | כל כך | גם | עדיין | הכי | בדרך כלל | תמיד');
/** What points at something said before, or is a manner of speaking. */
const POINTING = `(?:אותך|אותו|אותה|אותם|אותן|אתכם|זה|את זה|את ה(?:רעיון|תשובה|הצעה|אפשרות|גרסה|דרך|שאלה|תוצאה)|כש|איך|מה|לדעת|לשאול|לראות|להגיד|להבין|לחשוב)${END}`;
const SOMETHING = String.raw`(?!${POINTING})(?<what>[\p{L}\d].{0,79})$`;
const TRADE =
  anyOf(`מורה | אחות | אח סיעודי | רופא | רופאה | מהנדס | מהנדסת | מתכנת | מתכנתת | מפתח תוכנה | מפתחת תוכנה | מעצב | מעצבת |
  עורך דין | עורכת דין | רואה חשבון | רואת חשבון | סטודנט | סטודנטית | טבח | טבחית | נהג | נהגת | פסיכולוג | פסיכולוגית |
  עיתונאי | עיתונאית | אדריכל | אדריכלית | מנהל | מנהלת | חייל | חיילת | צלם | צלמת | מוזיקאי | מוזיקאית | שחקן | שחקנית |
  עובד סוציאלי | עובדת סוציאלית | גננת | חוקר | חוקרת | סופר | סופרת | וטרינר | וטרינרית`);
const OCCASION = anyOf(
  `טיסה | פגישה | חתונה | מבחן | בחינה | תור | ניתוח | ראיון | חופשה | מסיבה | הופעה | הרצאה | טיול | כנס | מצגת`,
);

const fact = (importance: number, tag: string) => ({ kind: 'FACT' as const, importance, tags: [tag] });
const likes = { kind: 'PREFERENCE' as const, importance: 0.6, tags: ['likes'] };
const plan = { kind: 'EVENT' as const, importance: 0.7, tags: ['plans'], dated: true as const };

/** What is worth recalling of Hebrew statements, the more particular forms first. */
export const HEBREW_RULES: readonly Rule[] = [
  { pattern: regex`^(?:שמי|השם שלי(?: הוא)?|קוראים לי) ${NAME}$`, ...fact(0.9, 'name'), topic: () => 'name' },
  {
    pattern: regex`^(?:יום ההולדת שלי|יש לי יום הולדת|נולדתי) `,
    ...fact(0.8, 'birthday'),
    topic: () => 'birthday',
    dated: true,
  },
  { pattern: regex`^אני (?:בן|בת) \d{1,3}$`, ...fact(0.6, 'age'), topic: () => 'age' },
  {
    pattern: regex`^(?:אני|אנחנו) (?:(?:היום|עכשיו|כרגע|עדיין|כבר) )?(?:גר|גרה|גרים|גרות|מתגורר|מתגוררת|מתגוררים) ב(?!סרט|פחד|הכחשה|עבר${END})[\p{L}\d]`,
    ...fact(0.8, 'home'),
    topic: () => 'home',
  },
  {
    pattern: regex`^(?:עברתי|עברנו) (?:דירה|בית|לגור|להתגורר) (?:ב|ל)[\p{L}\d]`,
    ...fact(0.8, 'home'),
    topic: () => 'home',
  },
  {
    pattern: regex`^אני (?:(?:היום|עכשיו|כרגע|עדיין) )?(?:עובד|עובדת) (?:ב(?!בית|לילות|ערב|ערבים|בוקר|זה|עצמי|בקרים|סופי)|כ(?!ל${END}|בר${END}|ך${END})|בתור |אצל )[\p{L}\d]`,
    ...fact(0.7, 'work'),
    topic: () => 'work',
  },
  { pattern: regex`^אני ${TRADE}${END}`, ...fact(0.7, 'work'), topic: () => 'work' },
  { pattern: regex`^(?:אני (?:אלרגי|אלרגית|רגיש|רגישה) ל|יש לי (?:אלרגיה|רגישות) ל)[\p{L}]`, ...fact(0.9, 'health') },
  { pattern: regex`^אני (?:טבעוני|טבעונית|צמחוני|צמחונית)${END}`, ...fact(0.8, 'food'), topic: () => 'diet' },
  { pattern: regex`^אני (?:סוכרתי|סוכרתית|חולה צליאק|בהיריון|בהריון)${END}`, ...fact(0.8, 'health') },
  { pattern: regex`^אני (?:שומר|שומרת) כשרות${END}`, ...fact(0.8, 'food') },
  { pattern: regex`^אני (?:לא|אף פעם לא) (?:אוכל|אוכלת|שותה) (?!הרבה|מספיק|${POINTING})[\p{L}]`, ...fact(0.8, 'food') },
  {
    pattern: regex`^(?:קוראים )?ל(?<pet>${PET}) שלי (?:קוראים )?${NAME}$`,
    ...fact(0.7, 'pets'),
    topic: ({ pet }) => `pet:${pet}`,
  },
  {
    pattern: regex`^יש (?:לי|לנו) (?<pet>${PET}) (?:בשם|ששמו|ששמה|שקוראים לו|שקוראים לה) ${NAME}$`,
    ...fact(0.7, 'pets'),
    topic: ({ pet }) => `pet:${pet}`,
  },
  {
    pattern: regex`^יש (?:לי|לנו) (?:(?:שני|שתי|שלושה|שלוש|ארבעה|ארבע|חמישה|חמש|\d+) )?(?:כלב|כלבה|כלבים|חתול|חתולה|חתולים|ילד|ילדה|ילדים|בנים|בנות|אחים|אחיות|נכדים)$`,
    ...fact(0.6, 'family'),
  },
  {
    pattern: regex`^ל(?:ה)?(?<who>${ONLY}) קוראים ${NAME}$`,
    ...fact(0.7, 'family'),
    topic: ({ who }) => `family:${who}`,
  },
  { pattern: regex`^(?:קוראים ל|ל)${ONE_OF_SOME} (?:קוראים )?${NAME}$`, ...fact(0.7, 'family') },
  {
    pattern: regex`^(?:${ONLY}|${ONE_OF_SOME}) (?:גר|גרה|עובד|עובדת|לומד|לומדת|אוהב|אוהבת|שונא|שונאת|אלרגי|אלרגית|נולד|נולדה) (?!${POINTING})[\p{L}]`,
    ...fact(0.5, 'family'),
  },
  {
    pattern: regex`^אני (?:נשוי|נשואה|מאורס|מאורסת|גרוש|גרושה|רווק|רווקה|אלמן|אלמנה)(?: ל.+)?$`,
    ...fact(0.6, 'family'),
    topic: () => 'relationship',
  },
  {
    pattern: regex`^ה(?<thing>${WORD}) (?:האהוב|האהובה|האהובים|האהובות) עלי?י (?:הוא|היא|הם|הן|זה) [\p{L}]`,
    ...likes,
    importance: 0.7,
    topic: ({ thing }) => `favourite:${thing}`,
  },
  {
    pattern: regex`^אני (?:${VERY} )*(?:לא )?(?:אוהב|אוהבת|שונא|שונאת|סובל|סובלת|נהנה|נהנית) (?:${VERY} )*${SOMETHING}`,
    ...likes,
    topic: ({ what }) => `taste:${what}`,
  },
  { pattern: regex`^אני (?:מת|מתה|משוגע|משוגעת) על ${SOMETHING}`, ...likes, topic: ({ what }) => `taste:${what}` },
  { pattern: regex`^אני (?:${VERY} )*(?:מעדיף|מעדיפה) ${SOMETHING}`, ...likes },
  { pattern: regex`^ה${OCCASION} (?:[\p{L}]+ )?(?:שלי|שלנו)${END}`, ...plan },
  { pattern: regex`^יש (?:לי|לנו) ${OCCASION}${END}`, ...plan },
  {
    pattern: regex`^(?:אני|אנחנו) (?:טס|טסה|טסים|נוסע|נוסעת|נוסעים|עובר|עוברת|עוברים|מתחתן|מתחתנת|מתחתנים|מתחיל|מתחילה)${END}`,
    ...plan,
  },
];
