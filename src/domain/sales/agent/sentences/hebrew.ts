import type { Sentences } from './lines.ts';

const about = (topic: string | null) => (topic ? `, בנושא ${topic}` : '');

/**
 * The agent's lines in Hebrew, which address anybody in the plural. A spoken time begins with "יום", which takes a prefixed preposition.
 */
export const hebrew: Sentences = {
  greeting: ({ owner, lead, topic }) =>
    `שלום ${lead}. מדבר עוזר קולי אוטומטי מטעם ${owner}${about(topic)}. אם אינכם רוצים שנתקשר, אפשר פשוט לומר "תסירו אותי". נוח לכם לדבר רגע?`,
  inboundGreeting: ({ owner, topic }) =>
    `שלום, ותודה שהתקשרתם. מדבר העוזר הקולי האוטומטי של ${owner}. אם אינכם רוצים שנתקשר, אפשר פשוט לומר "תסירו אותי". תרצו לשמוע עוד${about(topic).slice(1)}, בפגישה קצרה איתנו?`,
  mayWeTalk: () => 'נוח לכם לדבר רגע?',
  qualify: () => 'תודה. תרצו לשמוע עוד, בפגישה קצרה איתנו?',
  interest: () => 'תרצו לקבוע פגישה קצרה איתנו?',
  who: ({ owner, topic }) => `השיחה היא מטעם ${owner}${about(topic)}.`,
  robot: () => 'כן, מדבר עוזר קולי אוטומטי, ולא אדם.',
  source: ({ owner }) =>
    `המספר שלכם נמצא ברשימת אנשי הקשר של ${owner}. אם אינכם רוצים שנתקשר, אפשר פשוט לומר "תסירו אותי".`,
  price: () => 'המחיר תלוי במה שאתם צריכים, ועל כך כדאי לדבר בפגישה.',
  duration: () => 'השיחה הזאת אורכת דקה או שתיים, והפגישה חצי שעה.',
  provider: () => 'מובן. הפגישה היא ללא התחייבות, ומאפשרת לכם להשוות.',
  sendInfo: () => 'אעביר הלאה שתרצו לקבל פרטים בכתב.',
  offerTwo: ({ times: [first, second] }) => `אפשר ב${first}, או ב${second}. מה מתאים לכם, או שמועד אחר נוח יותר?`,
  offerOne: ({ times: [first] }) => `אפשר ב${first}. זה מתאים לכם, או שמועד אחר נוח יותר?`,
  offerNone: () => 'אין מועד פנוי בשבועות הקרובים. ניצור איתכם קשר. להתראות.',
  whichOffer: ({ times: [first, second] }) => `המועד הראשון, ${first}, או השני, ${second}?`,
  askTime: () => 'איזה יום ואיזו שעה נוחים לכם?',
  askHour: ({ times: [day] }) => `איזו שעה נוחה לכם ב${day}?`,
  askDay: () => 'באיזה יום?',
  either: ({ times: [first, second] }) => `הכוונה ל${first}, או ל${second}?`,
  past: () => 'המועד הזה כבר עבר.',
  aboutMeeting: () => 'מדובר בפגישה קצרה איתנו.',
  confirm: ({ times: [at] }) => `אם כך, ב${at}. נכון?`,
  booked: ({ times: [at] }) => `הפגישה נקבעה ל${at}.`,
  anythingElse: () => 'יש עוד משהו?',
  goOn: () => 'בבקשה.',
  passOn: () => 'אעביר את זה הלאה.',
  taken: () => 'מצטערים, המועד הזה תפוס.',
  closed: () => 'מצטערים, במועד הזה אין פגישות.',
  cancelled: () => 'הפגישה בוטלה. להתראות.',
  askRefusal: () => 'להסיר אתכם מהרשימה, כך שלא נתקשר שוב?',
  refused: () => 'הסרנו אתכם מהרשימה, ולא נתקשר שוב. סליחה על ההפרעה, ולהתראות.',
  notInterested: () => 'מובן. תודה על הזמן, ולהתראות.',
  wrongNumber: () => 'סליחה על הטעות. להתראות.',
  askCallBack: () => 'מתי אפשר להתקשר שוב?',
  callBackAt: ({ times: [at] }) => `נתקשר שוב ב${at}. להתראות.`,
  callBackOn: ({ times: [day] }) => `נתקשר שוב ב${day}. להתראות.`,
  passOnCallBackAt: ({ times: [at] }) => `אעביר הלאה את הבקשה להתקשר ב${at}. להתראות.`,
  passOnCallBackOn: ({ times: [day] }) => `אעביר הלאה את הבקשה להתקשר ב${day}. להתראות.`,
  callBackSometime: () => 'אעביר הלאה שזמן אחר מתאים יותר. להתראות.',
  waiting: () => 'בבקשה, אין מה למהר.',
  stillThere: () => 'אתם עדיין על הקו?',
  inaudible: () => 'לא שומעים אתכם.',
  silenceEnd: () => 'לא שומעים אף אחד, ולכן השיחה תסתיים כאן. להתראות.',
  notUnderstood: () => 'סליחה, זה לא היה ברור.',
  giveUp: () => 'מצטערים, זה לא היה ברור, ולכן נסיים כאן. להתראות.',
  followUp: () => 'מצטערים, זה לא היה ברור. ניצור איתכם קשר. להתראות.',
  voicemail: ({ owner, lead, topic }) =>
    `שלום ${lead}. מדבר עוזר קולי אוטומטי מטעם ${owner}${about(topic)}. אם אינכם רוצים שנתקשר, אפשר להתקשר למספר הזה ולומר "תסירו אותי". להתראות.`,
  screener: ({ owner, lead, topic }) => `מדבר העוזר הקולי האוטומטי של ${owner}, בשיחה אל ${lead}${about(topic)}.`,
  goodbye: () => 'תודה, ולהתראות.',
  nextMeeting: ({ times: [at] }) => `פגישה ב${at}.`,
  nextCallBack: ({ times: [at] }) => `להתקשר שוב ב${at}.`,
  nextCallBackSometime: () => 'להתקשר שוב בפעם אחרת.',
  nextSendInfo: () => 'לשלוח פרטים בכתב.',
  nextRightNumber: () => 'למצוא את המספר הנכון.',
  nextFollowUp: () => 'ליצור קשר אישי: יש עניין.',
};
