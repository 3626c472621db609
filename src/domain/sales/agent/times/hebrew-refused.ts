import { createRefusedTimes } from './refused-times.ts';

const NAME = "(?:ראשון|שני|שלישי|רביעי|חמישי|שישי|ששי|שבת|[א-ו]')";
const DAY = `(?:(?:[בלומה]|מה)?יום ${NAME}|[בלומה]?${NAME}|[בלומ]?(?:היום|מחר|מחרתיים))(?: הבא| הקרוב)?`;
const NUMBER =
  '(?:\\d{1,2}(?::\\d\\d)?|אחת עשרה|שתים עשרה|שתיים עשרה|אחת|שתיים|שלוש|ארבע|חמש|שש|שבע|שמונה|תשע|עשר)(?: וחצי| ורבע)?';
const CLOCK = `[בל]?(?:שעה )?${NUMBER}`;
const PART = '(?: ב(?:בוקר|צהריים|ערב|לילה))?';
const VERY = '(?: (?:כל כך|ממש|כבר|גם|דווקא|לצערי))*';
/** A week or a month that is named without a day. */
const STRETCH =
  '(?:(?:[בלה]|מה?)?(?:שבוע|חודש) הבא|[בל]?שנה הבאה|[בלמ](?:ינואר|פברואר|מרץ|מרס|אפריל|מאי|יוני|יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר))';
const UNSUITABLE =
  '(?:מתאים|מתאימה|טוב|נוח|מסתדר|יכול|יכולה|יכולים|אפשר|אפשרי|בא|פנוי|פנויה|פנויים|זמין|זמינה|רוצה|רוצים)';
const BUSY = '(?:עסוק|עסוקה|עסוקים|תפוס|תפוסה|תפוסים)';
/** Somebody is not there for some days. */
const ABSENT = '(?:בחופש|בחופשה|בחופשת \\S+|בחו"ל|במילואים|בטיול|נוסע|נוסעת|נוסעים|טס|טסה|טסים|סגור|סגורים)';
const BEHIND = `(?: (?:זה|אני|אנחנו))?${VERY} (?:לא${VERY} ${UNSUITABLE}|אין מצב|${BUSY}|בעייתי|(?:מוקדם|מאוחר)(?: לי| לנו)? מדי|(?:מוקדם|מאוחר) (?:לי|לנו)|לא(?= (?:[,?]|$)))(?: (?:לי|לנו))?`;

/** Days and times of day that are named because they do not suit. */
const REFUSED: readonly RegExp[] = [
  new RegExp(` (?:${DAY}${PART}(?: ${CLOCK})?|${CLOCK})${PART}${BEHIND}(?= )`, 'g'),
  new RegExp(
    `(?<! למה) (?:לא|אינני)${VERY} (?:(?:${UNSUITABLE}|אמרתי|ביקשתי|התכוונתי|לי|לנו|לקבוע|להיפגש|להגיע|פגישה) ?)+(?<= )${DAY}${PART}(?: ${CLOCK})?(?= )`,
    'g',
  ),
  new RegExp(` (?:חוץ|במקום|למעט|פרט|מלבד) (?:${DAY}|${STRETCH})(?= )`, 'g'),
  new RegExp(`(?<! (?:לא|אינני)) ${BUSY}(?: כל)? ${DAY}(?= )`, 'g'),
  new RegExp(
    ` יש (?:לי|לנו) (?:כבר )?(?:פגישה|תור|ישיבה|טיסה|חתונה|אירוע)(?: אחר| אחרת)? ${DAY}${PART}(?: ${CLOCK})?(?= )`,
    'g',
  ),
  new RegExp(` לא (?:חושב|חושבת|נראה לי) שב?(?:יום )?${NAME}(?= )`, 'g'),
  new RegExp(`(?<! למה) לא ${DAY}(?= )`, 'g'),
  new RegExp(`(?<! למה) לא${VERY}(?: ${UNSUITABLE})? ב(?:בוקר|צהריים|ערב|לילה)(?= )`, 'g'),
  new RegExp(` ב(?:בוקר|צהריים|ערב|לילה)${BEHIND}(?= )`, 'g'),
  new RegExp(
    ` ${STRETCH}(?:${BEHIND}|(?: (?:זה|אני|אנחנו))?${VERY}(?: (?:נהיה|אהיה|נמצא|נמצאת))? (?:${BUSY}|${ABSENT}))(?= )`,
    'g',
  ),
  new RegExp(`(?<! למה) לא${VERY}(?: ${UNSUITABLE})* ${STRETCH}(?= )`, 'g'),
  new RegExp(`(?<! (?:לא|אינני)) (?:${BUSY}|${ABSENT})(?: כל)? ${STRETCH}(?= )`, 'g'),
];

export const { withoutRefused, refusesDay, refusedStretch } = createRefusedTimes(REFUSED, DAY, STRETCH);
