/** Words that precede a colon in ordinary speech and captions, by the first word or as a whole. */
export const NO_NAMES: ReadonlySet<string> = new Set(
  `note notes tip tips hint warning caution danger attention important urgent reminder remember example examples question
  questions answer answers fact facts fun step steps chapter part section episode scene act first second third fourth last
  next then finally lastly also plus so now and but or because well ok okay yes no look listen see read update correction
  clarification disclaimer spoiler breaking news headline source sources credit credits caution summary conclusion
  conclusions result results recap outline agenda topic topics title subject theme introduction intro outro translation
  translated subtitles captions transcript transcribed transcription recorded recording duration length time date   location place address phone email website link links url cost total ingredients method materials tools
  requirements definition meaning quote rule rules lesson lessons myth truth problem solution reason reasons idea point
  points pros cons pro con goal goals bottom side quick final editor's editors ps p.s fyi btw re to from cc sponsor
  music lyrics sound language kind format version copyright file author exclusive live today tomorrow yesterday
  monday tuesday wednesday thursday friday saturday sunday meanwhile later here there this that it he she they we i you
  what when where which who why how spoken speaking however therefore alternatively namely
  הערה הערות שאלה שאלות תשובה תשובות דוגמה דוגמא דוגמאות למשל כלומר לסיכום סיכום מסקנה מסקנות אז ואז חשוב אזהרה זהירות
  תזכורת טיפ שלב פרק חלק ראשית שנית שלישית לבסוף בנוסף עדכון תיקון הבהרה מקור מקורות קרדיט כותרת נושא נושאים מבוא תקציר
  תרגום כתוביות תמלול תמליל הוקלט משך זמן תאריך יום מקום כתובת טלפון אתר קישור מחיר מרכיבים מצרכים הגדרה ציטוט כלל
  לקח מיתוס אמת בעיה פתרון סיבה סיבות רעיון נקודה יתרונות חסרונות מטרה מטרות מוזיקה קול שפה היום מחר אתמול כן לא
  זאת זה זו הנה ובכן בקיצור כאמור נכון עובדה מה מי מתי איפה למה איך`.split(/\s+/),
);

/** What announces words, or a list, in a sentence: a text with one of these is no name before a colon. */
export const SAYING: ReadonlySet<string> = new Set(
  `say says said saying tell tells told ask asks asked asking reply replied answered answer think thinks thought thinking wrote writes
  write shouted whispered added goes went go is are was were be been like means meant do does did have has had want wants can will would
  should must i you he she we they it me him us them my your his her our their this that these those follows following
  אמר אמרה אמרו אמרתי אומר אומרת אומרים שאל שאלה שאלו שאלתי שואל שואלת ענה ענתה ענו עניתי כתב כתבה כתבתי חשב חשבה חשבתי צעק צעקה
  הוסיף הוסיפה לי לו לה לנו להם אני אתה את הוא היא אנחנו הם הן זה זאת זו יש אין היה הייתה`.split(/\s+/),
);
