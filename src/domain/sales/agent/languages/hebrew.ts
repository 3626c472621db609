import { hebrew as sentences } from '#domain/sales/agent/sentences/hebrew.ts';
import { HEBREW_FIRST_WEEKDAY } from '#domain/sales/agent/times/hebrew-starts.ts';
import { hebrewTime } from '#domain/sales/agent/times/hebrew-times.ts';
import { HEBREW_CALL_AT, HEBREW_ONLY_TIME, HEBREW_SUITING_TIME } from '#domain/sales/agent/times/only-time-hebrew.ts';
import { HEBREW_INTENTS } from '#domain/sales/agent/understanding/intents-hebrew.ts';
import { HEBREW as refusals } from '#domain/sales/agent/understanding/refusals-hebrew.ts';
import type { LanguagePack } from './pack.ts';

export const hebrew: LanguagePack = {
  tag: 'he',
  name: 'Hebrew',
  names: ['hebrew', 'עברית'],
  locale: 'he-IL',
  firstWeekday: HEBREW_FIRST_WEEKDAY,
  letter: /[\u05D0-\u05EA]/u,
  otherLetter: /(?!\p{Script=Hebrew})\p{L}/u,
  ownWord: (word) => /[\u05D0-\u05EA]/u.test(word),
  clearlySpoken: 1,
  sentences,
  joinTime: (day, clock) => `${day}, בשעה ${clock}`,
  intents: HEBREW_INTENTS,
  refusals,
  nextWeek: /שבוע הבא/u,
  moves: /להזיז|לשנות|לדחות|להקדים|להעביר|במקום|אחר|אחרת|מאוחר|מוקדם|אפשר/u,
  otherHour: /מאוחר|מוקדם/u,
  meets: /נתראה|ניפגש|נפגש/u,
  onlyTime: HEBREW_ONLY_TIME,
  suitingTime: HEBREW_SUITING_TIME,
  callAt: HEBREW_CALL_AT,
  now: / (?:עכשיו|כרגע|מייד|מיד)(?= )/,
  asksPrice: /כמה|מה ה|\?\s*$/u,
  machineOnly:
    /^[ובלהמשכ]{0,2}(?:שתיים|שניים|שתי|שלוש|שלושה|ארבע|ארבעה|חמש|חמישה|שש|שישה|שבע|שבעה|שמונה|תשע|תשעה|עשר|עשרה|עשרים|שלושים|ארבעים|חמישים|שישים|שבעים|שמונים|תשעים|מאה|מאות|אלף|אלפים|חצי|רבע|היום|הערב|מחר|מחרתיים|חינם|הנחה|הנחות|זול|שקל|שקלים|דולר|דולרים|יורו|אחוז|אחוזים|מובטח|מובטחת|מבטיחים|נקבע|נקבעה|קבענו|אושר|אושרה|בוטלה|שוריין)$/u,
  parseTime: hebrewTime,
};
