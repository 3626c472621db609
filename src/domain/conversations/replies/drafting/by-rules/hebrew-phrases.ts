import type { Phrases } from './english-phrases.ts';

const format = new Intl.ListFormat('he');
const percent = new Intl.NumberFormat('he', { style: 'percent' });
const day = new Intl.DateTimeFormat('he', { dateStyle: 'long', timeZone: 'UTC' });
const weekday = new Intl.DateTimeFormat('he', { dateStyle: 'full', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat('he', { timeStyle: 'short', timeZone: 'UTC' });

/** One, two, more. */
const UNITS = {
  hour: ['שעה', 'שעתיים', 'שעות'],
  minute: ['דקה', 'שתי דקות', 'דקות'],
  second: ['שנייה', 'שתי שניות', 'שניות'],
} as const;

const formatCount = (count: number, [one, two, more]: readonly [string, string, string]) =>
  count === 1 ? one : count === 2 ? two : `${count} ${more}`;

/** The phrases of replies by rules, in Hebrew: in forms that fit whoever reads them, man or woman. */
export const hebrew: Phrases = {
  greeting: 'שלום! אפשר לשאול אותי על כל מה שסיפרת לי.',
  greetingInEpisode: 'שלום! אפשר לשאול אותי על הפרק הזה.',
  howAreYou: 'אני תוכנה, אז אצלי תמיד אותו הדבר. תודה ששאלת!',
  thanks: 'בשמחה.',
  goodbye: 'להתראות!',
  sorry: 'לא קרה כלום.',
  agreement: 'בסדר.',
  whoAreYou: 'שמי Parley. התשובות שלי נכתבות לפי כללים: לא הוגדר כאן מודל שפה.',
  abilities: 'אפשר לשאול אותי מה סיפרת לי בעבר, מה נאמר בפרק על נושא מסוים ומתי, במה הפרק עוסק, מה אורכו ומי מדבר בו.',
  unreadable: 'לא מצאתי בזה מילים.',
  onlyRules: 'ליותר מזה דרוש מודל שפה, וכאן לא הוגדר מודל.',
  getModel: 'כדי שיענה מודל שפה צריך להגדיר את MODEL_BASE_URL ואת MODEL_NAME (פרטים ב־README).',
  getModelSpoken: 'מי שמפעיל את השרת יכול להגדיר מודל שפה, לפי קובץ ההסבר.',
  time: (now) => `השעה ${clock.format(now)} לפי UTC.`,
  date: (now) => `היום ${weekday.format(now)} (לפי UTC).`,
  dateSpoken: (now) => `היום ${weekday.format(now)}.`,

  thankYou: 'תודה שסיפרת לי.',
  willRemember: (quotes) => `אזכור את זה: ${quotes.join(' ')}`,
  forgetting: {
    FORGETS: 'בסדר, אשכח את זה, ולא אענה לפיו.',
    FORGETS_ALL: 'בסדר, אשכח את כל מה שסיפרת לי, ולא אענה לפיו.',
    WITHHOLDS: 'בסדר, לא אזכור את זה, ולא אענה לפיו.',
    FINDS_NOTHING: 'לא מצאתי מה לשכוח. אפשר לשאול "מה ידוע לך עליי?" ולראות מה שמור אצלי.',
  },
  whichToForget: (found) =>
    `אני זוכר יותר מדבר אחד שאפשר להתכוון אליו, ולא שכחתי אף אחד: ${found.map((content) => `"${content}"`).join(' ')} איזה מהם?`,
  keptAsMessage: 'זה נשמר בין ההודעות שלך, ושם אפשר יהיה למצוא את זה.',
  learningIsOff: 'זה נשמר בין ההודעות שלך; לימוד זיכרונות מתוכן כבוי כאן.',
  youToldMe: (quote) => `סיפרת לי: ${quote}`,
  youToldMeBefore: (quote) => `בעבר סיפרת לי: ${quote}`,
  youWroteHere: (quote) => `קודם בשיחה הזאת כתבת: ${quote}`,
  youWrote: (when, quote) => `ב־${day.format(when)} כתבת: ${quote}`,
  knownOfYou: 'זה מה שידוע לי עליך:',
  moreIsKnown: 'יש עוד: אפשר לשאול על משהו מסוים.',
  nothingKnownOfYou: 'עדיין לא ידוע לי עליך דבר.',
  nothingRecalled: 'לא מצאתי על כך דבר במה שסיפרת לי.',

  passages: (count) => (count === 1 ? 'כך נאמר בפרק:' : 'אלה הקטעים הקרובים ביותר:'),
  goesOn: 'וזה ההמשך:',
  elsewhere: 'ובמקום אחר:',
  nothingSaid: 'שום דבר בפרק הזה לא עוסק בכך.',
  nothingMoreSaid: 'לא מצאתי בפרק הזה דבר נוסף על כך.',
  itSpeaksOf: (words) => `מילים בולטות בו: ${format.format(words)}.`,
  noTranscript: 'לפרק הזה אין עדיין תמליל, ולכן אי אפשר לענות עליו.',
  lasts: (title, duration) => `האורך של ${title} הוא ${duration}.`,
  speakers: (names) => `בפרק מדברים ${format.format(names)}.`,
  speaker: (name) => `בפרק נשמע רק הקול של ${name}.`,
  namelessSpeakers: 'בתמליל לא כתוב מי מדבר.',
  share: (name, share) => `${name} (${percent.format(share)})`,
  begins: 'כך הוא נפתח:',
  quote: (text) => `"${text}"`,
  saidAt: (speaker, time, quote) => `${speaker ? `${speaker} ` : ''}[${time}]: ${quote}`,
  saidAtSpoken: (speaker, time, quote) => (speaker ? `${speaker}, אחרי ${time}: ${quote}` : `אחרי ${time}: ${quote}`),
  duration: (parts) => format.format(parts.map(([count, unit]) => formatCount(count, UNITS[unit]))),
};
