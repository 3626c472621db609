import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#domain/sales/agent/times/parse-time.ts';
import { resolveTime, type TimeContext } from '#domain/sales/agent/times/resolve-time.ts';

const JERUSALEM = 'Asia/Jerusalem';
/** 09:00 on Thursday, 26 November 2026, in Israel. */
const THURSDAY = '2026-11-26T07:00:00Z';

const local = (at: Date, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString()
    .slice(0, 16);

/** What an utterance means, by the clock of the lead: a time, two with a bar between, a day, or a word. */
function meaning(text: string, { now = THURSDAY, zone = JERUSALEM, from = 9, to = 18 } = {}): string {
  const moment = new Date(now);
  const isOpen = (at: Date) => {
    const hour = Number(local(at, zone).slice(11, 13));
    return hour >= from && hour < to;
  };
  const language = /[\u05D0-\u05EA]/u.test(text) ? 'he' : 'en';
  const context: TimeContext = { now: moment, zone, language, isOpen };
  const meant = resolveTime(parseTime(text, context), context);
  if (meant.kind === 'moment') return local(meant.at, zone);
  if (meant.kind === 'moments') return meant.readings.map((at) => local(at, zone)).join(' | ');
  if (meant.kind === 'days') return meant.readings.join(' | ');
  return meant.kind === 'day' ? [meant.date, meant.part].filter(Boolean).join(' ') : meant.kind;
}

/** The hours from and until which a time suits, with meetings from nine to six. */
function boundsOf(text: string, { from = 9, to = 18 } = {}): [number, number] | null {
  const isOpen = (at: Date) => {
    const hour = Number(local(at, JERUSALEM).slice(11, 13));
    return hour >= from && hour < to;
  };
  const { bounds = null } = parseTime(text, { now: new Date(THURSDAY), zone: JERUSALEM, isOpen });
  return bounds && [bounds.from / 60, bounds.to / 60];
}

describe('the hours that suit', () => {
  it.each([
    ['after four', [16, 24]],
    ["I'm free after four", [16, 24]],
    ["I can't after four", [0, 16]],
    ['why not after four', [16, 24]],
    ['after 4:30 p.m.', [16.5, 24]],
    ['between the first and the second', null],
    ['ten after four', null],
    ['after one of the meetings', null],
    ['after two weeks', null],
    ['after seven', [19, 24]],
    ['until five', [0, 17]],
    ['until nine', [0, 21]],
    ['Tuesday by five', [0, 17]],
    ['no later than four', [0, 16]],
    ['stop by at ten', null],
    ['stop by two offices', null],
    ['between ten and twelve', [10, 12]],
    ['between ten and two', [10, 14]],
    ['between seven and nine', [19, 21]],
    ['from nine until five', [9, 17]],
    ['from four onwards', [16, 24]],
    ['busy until five', [17, 24]],
    ["I can't talk until five", [17, 24]],
    ['I am busy now call me after four', [16, 24]],
    ["don't call me after four", [0, 16]],
    ['call me not before 3', [15, 24]],
    ['אחרי ארבע', [16, 24]],
    ['אני לא יכול אחרי ארבע', [0, 16]],
    ['למה לא אחרי ארבע', [16, 24]],
    ['עשר דקות אחרי תשע', null],
    ['אחרי שתי פגישות', null],
    ['לפני שבועיים', null],
    ['אחרי שבע', [19, 24]],
    ['עד חמש', [0, 17]],
    ['עד חמש דקות', null],
    ['בין עשר לשתים עשרה', [10, 12]],
    ['בין עשר לשתיים', [10, 14]],
    ['מעשר עד שתים עשרה', [10, 12]],
    ['מ-10 עד 12', [10, 12]],
    ['החל מארבע', [16, 24]],
    ['אני עסוק עד חמש תתקשר אחר כך', [17, 24]],
    ['אני בישיבה עד ארבע וחצי', [16.5, 24]],
    ['אני עסוק תתקשר אחרי ארבע', [16, 24]],
    ['אל תתקשרו אחרי ארבע', [0, 16]],
    ['לא לפני שלוש', [15, 24]],
    ['אחרי שני', null],
    ['מחמישה אנשים', null],
  ])('are those of "%s"', (text, hours) => {
    expect(boundsOf(text)).toEqual(hours);
  });

  it('are in the morning where meetings are held so early', () => {
    expect(boundsOf('after seven', { from: 7 })).toEqual([7, 24]);
    expect(boundsOf('אחרי שבע', { from: 7 })).toEqual([7, 24]);
    expect(boundsOf('until nine', { from: 7 })).toEqual([0, 9]);
  });
});

// Nothing of it may depend on the clock of the server.
describe('the first day that suits', () => {
  it.each([
    ['next week', '2026-11-30'],
    ['sometime late next week', '2026-12-04'],
    ['next month', '2026-12-01'],
    ['next year', '2027-01-01'],
    ['in January', '2027-01-01'],
    ['in November', '2026-11-26'],
    ['mid November', '2026-11-26'],
    ['mid January', '2027-01-11'],
    ['at the end of January', '2027-01-21'],
    ['in May', '2027-05-01'],
    ['after January', '2027-02-01'],
    ['not before next week', '2026-11-30'],
    ["I can't until January", '2027-01-01'],
    ["I'm busy this week, next week is better", '2026-11-30'],
    ['before January', null],
    ['by next week', null],
    ['not after January', null],
    ['not in January', null],
    ['next week is bad', null],
    ['may I ask who you are', null],
    ['we march on', null],
    ['April is not here', null],
    ['on the third of January', null],
    ['next week at ten', '2026-11-30'],
    ['starting next month', '2026-12-01'],
    ["next week I'm on vacation", null],
    ['any day but next week', null],
    ['this is for June', null],
    ['it is by April', null],
    ['in June', '2027-06-01'],
    ['מהשבוע הבא', '2026-11-29'],
    ['החל משבוע הבא', '2026-11-29'],
    ['החל מהחודש הבא', '2026-12-01'],
    ['החל מינואר', '2027-01-01'],
    ['החל מיוני', '2027-06-01'],
    ['מינואר', '2027-01-01'],
    ['אני חולה מינואר', null],
    ['ינואר', '2027-01-01'],
    ['ביוני', '2027-06-01'],
    ['סוף יוני', '2027-06-21'],
    ['קוראים לי יוני', null],
    ['אני אפריל', null],
    ['תתקשר ליוני', null],
    ['קיבלתי הודעה מיוני', null],
    ['שבוע הבא אני בחופש', null],
    ['כל יום חוץ מהשבוע הבא', null],
    ['Tuesday next week', null],
    ['בשבוע הבא', '2026-11-29'],
    ['בחודש הבא', '2026-12-01'],
    ['בינואר', '2027-01-01'],
    ['בסוף ינואר', '2027-01-21'],
    ['אחרי ינואר', '2027-02-01'],
    ['אני לא יכול עד ינואר', '2027-01-01'],
    ['לא לפני השבוע הבא', '2026-11-29'],
    ['לפני ינואר', null],
    ['לא בינואר', null],
    ['בינואר לא מתאים', null],
    ['ממתי', null],
    ['3 בינואר', null],
  ])('of "%s" is %s', (text, date) => {
    expect(parseTime(text, { now: new Date(THURSDAY), zone: JERUSALEM }).notBefore ?? null).toBe(date);
  });
});

describe.each(['UTC', 'Asia/Jerusalem', 'America/Los_Angeles'])(
  'a time that is said, on a server in %s',
  (serverZone) => {
    const before = process.env.TZ;
    beforeAll(() => {
      process.env.TZ = serverZone;
    });
    afterAll(() => {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    });

    it.each([
      ['tomorrow at ten', '2026-11-27T10:00'],
      ['tomorrow at half past ten', '2026-11-27T10:30'],
      ['half ten tomorrow', '2026-11-27T10:30'],
      ['a quarter to five on Monday', '2026-11-30T16:45'],
      ['ten to five on Monday', '2026-11-30T16:50'],
      ['twenty past three on Wednesday', '2026-12-02T15:20'],
      ['the day after tomorrow, a quarter past three', '2026-11-28T15:15'],
      ["Monday, ten o'clock", '2026-11-30T10:00'],
      ['Sunday at ten thirty', '2026-11-29T10:30'],
      ['Monday at ten oh five', '2026-11-30T10:05'],
      ['tomorrow at 5', '2026-11-27T17:00'],
      ['tomorrow at eight in the evening', '2026-11-27T20:00'],
      ['the third of December at eleven', '2026-12-03T11:00'],
      ['December 3rd at 2:30 p.m.', '2026-12-03T14:30'],
      ['thirty first of December, 10 a.m.', '2026-12-31T10:00'],
      ['on the third at eleven', '2026-12-03T11:00'],
      ['on the third of next month at eleven', '2026-12-03T11:00'],
      ['the 28th of next month at eleven', '2026-12-28T11:00'],
      ['ב-28 לחודש הבא בעשר', '2026-12-28T10:00'],
      ['ב-28 בחודש הבא בעשר', '2026-12-28T10:00'],
      ['בשלישי לחודש הבא בעשר', '2026-12-03T10:00'],
      ['Friday the fourth at two', '2026-12-04T14:00'],
      ['second of May at noon', '2027-05-02T12:00'],
      ['Tuesday at half past twelve', '2026-12-01T12:30'],
      ['a week from Monday at ten', '2026-12-07T10:00'],
      ['not Monday, Tuesday at four', '2026-12-01T16:00'],
      ['in half an hour', '2026-11-26T09:30'],
      ['tomorrow at 16:45', '2026-11-27T16:45'],
      ['tomorrow at 1430 hours', '2026-11-27T14:30'],
      ['tomorrow at fourteen hundred', '2026-11-27T14:00'],
      ['a week from today at ten', '2026-12-03T10:00'],
      ['a week from tomorrow at ten', '2026-12-04T10:00'],
      ['two weeks from today at ten', '2026-12-10T10:00'],
      ['three days from now at ten', '2026-11-29T10:00'],
      ['in an hour and a half', '2026-11-26T10:30'],
      ['in two and a half hours', '2026-11-26T11:30'],
      ['in two hours and a half', '2026-11-26T11:30'],
      ['in five and a half minutes', '2026-11-26T09:10'],
      ['Tuesday at 430', '2026-12-01T16:30'],
      ['tuesday 1130', '2026-12-01T11:30'],
      ['Tuesday sixteen thirty', '2026-12-01T16:30'],
      ['Tuesday at ten, actually make it eleven', '2026-12-01T11:00'],
      ['an hour from now', '2026-11-26T10:00'],
      ['twenty minutes from now', '2026-11-26T09:20'],
      ['half an hour from now', '2026-11-26T09:30'],
      ["I can't do Monday, Tuesday at four", '2026-12-01T16:00'],
      ["Monday doesn't work Tuesday at four does", '2026-12-01T16:00'],
      ['Tuesday at four instead of Monday', '2026-12-01T16:00'],
      // Two readings, which are asked about.
      ['Thursday at ten', '2026-11-26T10:00 | 2026-12-03T10:00'],
      ['Friday the third at two', '2026-11-27T14:00 | 2026-12-03T14:00'],
      ['3/12 at ten', '2026-12-03T10:00 | 2027-03-12T10:00'],
      ['Monday or Tuesday at four', '2026-11-30T16:00 | 2026-12-01T16:00'],
      ['Monday at ten or eleven', '2026-11-30T10:00 | 2026-11-30T11:00'],
      ['next Saturday at noon', '2026-11-28T12:00 | 2026-12-05T12:00'],
      ['10 a.m. tomorrow or 3 p.m. on Monday', '2026-11-27T10:00 | 2026-11-30T15:00'],
      ['tomorrow at ten or at three on Monday', '2026-11-27T10:00 | 2026-11-30T15:00'],
      ['Monday at ten or Tuesday at three', '2026-11-30T10:00 | 2026-12-01T15:00'],
      ['Monday or Tuesday at ten or eleven', '2026-11-30 | 2026-12-01'],
      ['at ten or eleven on Monday or Tuesday', '2026-11-30 | 2026-12-01'],
      ['a week from today, Thursday at ten', '2026-12-03T10:00'],
      ['today, Thursday, at ten', '2026-11-26T10:00'],
      // No hour that was not said.
      ['tomorrow', '2026-11-27'],
      ['tomorrow morning', '2026-11-27 morning'],
      ['tomorrow after ten', '2026-11-27'],
      ['tomorrow between ten and eleven', '2026-11-27'],
      ['in two weeks', '2026-12-10'],
      ['ten', 'clock'],
      ['in two weeks on Monday at ten', 'clock'],
      ['in two and a half weeks', 'nothing'],
      ['in one and a half weeks at ten', 'clock'],
      ['two weeks from Monday at ten', 'clock'],
      ['the week after next, Monday at ten', 'clock'],
      ['Monday the week after next at ten', 'clock'],
      ['the first Monday of January at ten', 'clock'],
      ['from ten to eleven tomorrow', '2026-11-27'],
      ['we have 1400 hours of recordings', 'nothing'],
      ['yesterday at ten', 'past'],
      ['I have two questions', 'nothing'],
      ['that one works', 'nothing'],
      ['may I ask something', 'nothing'],
      ['five minutes', 'nothing'],
      ['next week', 'nothing'],
      ['right now', 'nothing'],
      ['now is fine', 'nothing'],
      ['I only have a minute', 'nothing'],
      ['an hour later', 'nothing'],
      ['call me at 555 1234', 'nothing'],
      ['the Monday one', '2026-11-30'],
      ["I don't want Monday", 'nothing'],
      ['ten on Monday is too early', 'nothing'],
      ["I'm not busy on Monday at ten", '2026-11-30T10:00'],
      ["I can't before Tuesday", '2026-12-01'],
      ["I'm away until Tuesday", '2026-12-01'],
      ['after Sunday', '2026-11-30'],
      ['after the weekend', '2026-11-29'],
      ['after tomorrow', '2026-11-28'],
      ['after the 5th', '2026-12-06'],
      ['before Friday', 'nothing'],
      ['by Friday at ten', 'clock'],
      ["I can't after Sunday", 'nothing'],
      ['Tuesday at seven', '2026-12-01T19:00'],
      ['not in the morning', 'nothing'],
      ['tomorrow, mornings are bad', '2026-11-27'],
      ['why not tomorrow in the morning', '2026-11-27 morning'],
      ['fifteen thirty on Monday', '2026-11-30T15:30'],
      ['one sec, let me get a pen', 'nothing'],
      ['Tuesday at seven a.m.', '2026-12-01T07:00'],
      // Hebrew.
      ['יום ג בעשר', '2026-12-01T10:00'],
      ['ביום ו בעשר', '2026-11-27T10:00'],
      ['שבוע מיום ראשון בעשר', '2026-12-06T10:00'],
      ['שבועיים מיום ראשון בעשר', 'clock'],
      ['Tuesday בעשר', '2026-12-01T10:00'],
      ['ביום שני לא מתאים ביום שלישי בעשר', '2026-12-01T10:00'],
      ['אני לא יכול ביום שני', 'nothing'],
      ['אני לא עסוק ביום שני בעשר', '2026-11-30T10:00'],
      ['מחר בעשר', '2026-11-27T10:00'],
      ['מחר בעשר וחצי', '2026-11-27T10:30'],
      ['מחר ברבע לחמש', '2026-11-27T16:45'],
      ['ברבע לאחת מחר', '2026-11-27T12:45'],
      ['מחרתיים ב־10', '2026-11-28T10:00'],
      ['מחר ב-10 ורבע', '2026-11-27T10:15'],
      ['יום שלישי בשתים־עשרה', '2026-12-01T12:00'],
      ['ביום שלישי באחת עשרה וחצי', '2026-12-01T11:30'],
      ['ביום שני בשלוש אחרי הצהריים', '2026-11-30T15:00'],
      ['שלישי בארבע', '2026-12-01T16:00'],
      ['שלישי בדצמבר בתשע', '2026-12-03T09:00'],
      ['ב-3 בדצמבר בשעה אחת עשרה', '2026-12-03T11:00'],
      ['ה־21 בדצמבר ב־14:30', '2026-12-21T14:30'],
      ['עשרים וחמישה בדצמבר בעשר', '2026-12-25T10:00'],
      ['שלושה לחודש בעשר', '2026-12-03T10:00'],
      ['3.12 בעשר', '2026-12-03T10:00'],
      ['3/12 ב-10:30', '2026-12-03T10:30'],
      ['ביום רביעי בעשר ועשרים', '2026-12-02T10:20'],
      ['עשר ארבעים וחמש ביום שני', '2026-11-30T10:45'],
      ['מחר בעשר פחות רבע', '2026-11-27T09:45'],
      ['מחר בעשרים לשש', '2026-11-27T17:40'],
      ['מחר בשש בערב', '2026-11-27T18:00'],
      ['הערב בשבע', '2026-11-26T19:00'],
      ['מחר ב-12 בצהריים', '2026-11-27T12:00'],
      ["יום א' בעשר", '2026-11-29T10:00'],
      ['לא ביום שני, ביום שלישי בארבע', '2026-12-01T16:00'],
      ['בעוד שלושה ימים בעשר', '2026-11-29T10:00'],
      ['עוד חצי שעה', '2026-11-26T09:30'],
      ['מָחָר בְּעֶשֶׂר', '2026-11-27T10:00'],
      ['\u200Fמחר ב\u200E10', '2026-11-27T10:00'],
      ['יום ראשון בשבוע הבא בעשר', '2026-11-29T10:00'],
      ['שבוע מהיום בעשר', '2026-12-03T10:00'],
      ['יומיים ממחר בעשר', '2026-11-29T10:00'],
      ['מחר בעשר או ביום שני בשלוש', '2026-11-27T10:00 | 2026-11-30T15:00'],
      ['יום שני או יום שלישי בעשר או באחת עשרה', '2026-11-30 | 2026-12-01'],
      ['ערב שבת בעשר', '2026-11-27T10:00'],
      ['במוצאי שבת בתשע', '2026-11-28T21:00'],
      ['ליל שבת בתשע', '2026-11-27T21:00'],
      ['מחר בחצות היום', '2026-11-27T12:00'],
      ['מחר הערב בשמונה', '2026-11-27T20:00'],
      ['מחר בעשרה אחרי תשע', '2026-11-27T09:10'],
      ['ברבע אחרי עשר מחר', '2026-11-27T10:15'],
      ['מחר בעשרים וחמישה אחרי תשע', '2026-11-27T09:25'],
      ['מחר בעשר דקות אחרי תשע', '2026-11-27T09:10'],
      ['מחר בעשר אחרי שני הדיונים', '2026-11-27T10:00'],
      ['מחר בעשר אחרי אחת הפגישות', '2026-11-27T10:00'],
      ['ביום שני ה-7 אחרי ארבע', '2026-11-30'],
      ['יום חמישי בעשר', '2026-11-26T10:00 | 2026-12-03T10:00'],
      ['יום שני או שלישי בארבע', '2026-11-30T16:00 | 2026-12-01T16:00'],
      ['מחר בין עשר לאחת עשרה', '2026-11-27'],
      ['מחר אחרי עשר', '2026-11-27'],
      ['מחר בבוקר', '2026-11-27 morning'],
      ['מחר על הבוקר', '2026-11-27 morning'],
      ['מחר אחר הצהריים', '2026-11-27 afternoon'],
      ['בשתים עשרה', 'clock'],
      ['מחר בחצי היום', '2026-11-27 noon'],
      ['בעוד שלושה שבועות ביום שני בעשר', 'clock'],
      ['יום שני בעוד שבועיים בעשר', 'clock'],
      ['בשבוע שאחרי הבא ביום שני בעשר', 'clock'],
      ['יום שני שבוע אחרי בעשר', 'clock'],
      ['אחרי יום ראשון', '2026-11-30'],
      ['אחרי סוף השבוע', '2026-11-29'],
      ['לא לפני יום חמישי', '2026-11-26 | 2026-12-03'],
      ['אני בחו"ל עד יום שלישי', '2026-12-01'],
      ['לפני יום שישי', 'nothing'],
      ['מחר לא בבוקר', '2026-11-27'],
      ['בבוקר לא נוח לי', 'nothing'],
      ['תחזרי אליי מחר בסביבות ארבע', '2026-11-27T16:00'],
      ['למה לא בבוקר מחר', '2026-11-27 morning'],
      ['ביום שלישי בשבע', '2026-12-01T19:00'],
      ['יש לי שתי שאלות', 'nothing'],
      ['שני אנשים', 'nothing'],
      ['עשר דקות', 'nothing'],
    ])('%s', (text, meant) => {
      expect(meaning(text)).toBe(meant);
    });

    it('is before eight in the morning where that is what was said', () => {
      expect(meaning('מחר בחמישה לשמונה', { from: 7, to: 12 })).toBe('2026-11-27T07:55');
      expect(meaning('tomorrow at five to eight', { from: 7, to: 12 })).toBe('2026-11-27T07:55');
    });

    it('follows the calendar over a change of the clock', () => {
      // 24 October 2026, 12:00 in Israel, where it is summer time until the next morning.
      const now = '2026-10-24T09:00:00Z';
      expect(meaning('tomorrow at 10', { now })).toBe('2026-10-25T10:00');
      expect(meaning('מחר בעשר', { now })).toBe('2026-10-25T10:00');
      expect(meaning('tomorrow at 10', { now: '2026-03-26T10:00:00Z' })).toBe('2026-03-27T10:00');
    });

    it('is the later one where the clock skips it, and the first where it comes twice', () => {
      const anyTime = { from: 0, to: 24 };
      const skipped = meaning('tomorrow at 2:30 am', { ...anyTime, now: '2026-03-26T10:00:00Z' });
      expect(skipped).toBe('2026-03-27T03:30');
      const now = new Date('2026-10-24T09:00:00Z');
      const context: TimeContext = { now, zone: JERUSALEM, language: 'en', isOpen: () => true };
      const meant = resolveTime(parseTime('tomorrow at 1:30 am', context), context);
      expect(meant).toEqual({ kind: 'moment', at: new Date('2026-10-24T22:30:00Z') });
    });

    it('may be of the day before, shortly after midnight', () => {
      const now = '2026-11-25T22:30:00Z';
      expect(meaning('tomorrow at ten', { now })).toBe('2026-11-26T10:00 | 2026-11-27T10:00');
      expect(meaning('today at ten', { now })).toBe('2026-11-26T10:00');
    });

    it('has no certain hour where it is that of another clock', () => {
      const there = { zone: 'America/New_York', now: '2026-11-26T15:00:00Z' };
      expect(meaning('tomorrow at ten Pacific time', there)).toBe('2026-11-27');
      expect(meaning('tomorrow at ten eastern', there)).toBe('2026-11-27T10:00');
      expect(meaning('10 a.m. EST tomorrow', there)).toBe('2026-11-27T10:00');
      expect(meaning('5 p.m. Eastern tomorrow')).toBe('2026-11-27');
      expect(meaning('tomorrow at ten your time')).toBe('2026-11-27');
      expect(meaning('thank you for your time, tomorrow at ten')).toBe('2026-11-27T10:00');
      expect(meaning('tomorrow at ten, Israel time')).toBe('2026-11-27T10:00');
      expect(meaning('מחר בעשר שעון ישראל')).toBe('2026-11-27T10:00');
      expect(meaning('מחר בעשר שעון לונדון')).toBe('2026-11-27');
    });

    it.each([
      'מחר בעשר בשעון ניו יורק',
      'מחר בעשר לפי השעון שלכם',
      'tomorrow at ten London time',
      'tomorrow at ten, New York time',
      'tomorrow at ten CET',
      "tomorrow at ten o'clock your time",
    ])('has no certain hour by the clock of another place: %s', (text) => {
      expect(meaning(text)).toBe('2026-11-27');
    });

    it.each([
      'מחר בעשר שעון קיץ',
      'מחר בעשר בשעון המקומי',
      'יש לי שעון יפה, מחר בעשר',
      'tomorrow at ten, we sell in Eastern Europe',
      'tomorrow at ten if that suits your time',
      'tomorrow at ten this time',
      'tomorrow at ten local time',
      'tomorrow at ten works every time',
      'tomorrow at ten would save time',
      'tomorrow at ten Jerusalem time',
      'tomorrow at ten IST',
    ])('has a certain hour though other words of a clock are said: %s', (text) => {
      expect(meaning(text)).toBe('2026-11-27T10:00');
    });

    it('is by the clock of the lead', () => {
      const now = '2026-11-26T23:30:00Z';
      expect(meaning('tomorrow at ten', { now, zone: 'America/New_York' })).toBe('2026-11-27T10:00');
      expect(meaning('tomorrow at ten', { now: '2026-11-26T20:30:00Z', zone: 'Asia/Tokyo' })).toBe('2026-11-28T10:00');
    });
  },
);

const HOURS = [
  [['אחת'], ['אחד']],
  [['שתיים', 'שתים'], ['שניים']],
  [['שלוש'], ['שלושה']],
  [['ארבע'], ['ארבעה']],
  [['חמש'], ['חמישה']],
  [['שש'], ['שישה']],
  [['שבע'], ['שבעה']],
  [['שמונה'], ['שמונה']],
  [['תשע'], ['תשעה']],
  [['עשר'], ['עשרה']],
  [['אחת עשרה', 'אחת־עשרה'], ['אחד עשר']],
  [['שתים עשרה', 'שתיים עשרה', 'שתים־עשרה'], ['שנים עשר']],
].map((forms) => forms.flat());
const MINUTES: Record<number, string[]> = {
  0: [''],
  5: [' וחמש דקות', ' וחמישה', ' אפס חמש'],
  10: [' ועשרה', ' ועשר דקות'],
  15: [' ורבע', ' חמש עשרה'],
  20: [' ועשרים', ' עשרים', ' ועשרים דקות'],
  25: [' ועשרים וחמש', ' עשרים וחמש דקות'],
  30: [' וחצי', ' שלושים', ' ושלושים'],
  35: [' שלושים וחמש'],
  40: [' ארבעים', ' וארבעים'],
  45: [' ארבעים וחמש', ' ושלושת רבעי'],
  50: [' חמישים'],
  55: [' חמישים וחמש'],
};
const DAYS: Record<string, string[]> = {
  '2026-11-27': ['מחר', 'ביום שישי', 'ב-27 בנובמבר', 'עשרים ושבעה בנובמבר', '27.11'],
  '2026-11-28': ['מחרתיים', 'בשבת', 'ביום שבת', 'ה־28 לחודש'],
  '2026-11-29': ['ביום ראשון', 'יום ראשון', "ביום א'"],
  '2026-12-01': ['ביום שלישי', 'אחד בדצמבר', 'ראשון לדצמבר', '1/12'],
  '2026-12-03': ['שלישי בדצמבר', 'ב־3 לדצמבר', 'שלושה בדצמבר', 'עוד שבוע'],
};

describe('the grammar of Hebrew times', () => {
  const hour = fc.integer({ min: 1, max: 12 });
  const minute = fc.constantFrom(...Object.keys(MINUTES).map(Number));
  const form = fc.nat({ max: 20 });
  const pick = (forms: readonly string[], index: number) => forms[index % forms.length] as string;

  it('understands every hour, in every form, with every number of minutes, on every day, in both orders', () => {
    fc.assert(
      fc.property(
        hour,
        minute,
        fc.constantFrom(...Object.keys(DAYS)),
        form,
        form,
        form,
        fc.boolean(),
        fc.boolean(),
        (h, m, date, a, b, c, dayFirst, digits) => {
          const clock = digits
            ? `ב-${h}:${String(m).padStart(2, '0')}`
            : `ב${pick(HOURS[h - 1] as string[], a)}${pick(MINUTES[m] as string[], b)}`;
          const day = pick(DAYS[date] as string[], c);
          const said = dayFirst ? `${day} ${clock}` : `${clock} ${day}`;
          const expected = `${date}T${String(h === 12 ? 12 : h < 8 ? h + 12 : h).padStart(2, '0')}:${String(m).padStart(2, '0')}`;
          expect(`${said}: ${meaning(said, { from: 8, to: 20 })}`).toBe(`${said}: ${expected}`);
        },
      ),
      { numRuns: 3_000, seed: 11 },
    );
  });

  it('understands minutes before an hour', () => {
    const before: Record<number, string[]> = {
      55: ['חמישה', 'חמש דקות'],
      50: ['עשרה', 'עשר דקות'],
      45: ['רבע'],
      40: ['עשרים', 'עשרים דקות'],
      35: ['עשרים וחמש', 'עשרים וחמישה'],
    };
    for (const [minutes, forms] of Object.entries(before))
      for (const said of forms)
        for (let h = 1; h <= 12; h += 1) {
          const text = `מחר ב${said} ל${(HOURS[h - 1] as string[])[0]}`;
          const from = h === 1 ? 12 : h - 1;
          const expected = `2026-11-27T${String(from === 12 ? 12 : from < 8 ? from + 12 : from).padStart(2, '0')}:${minutes}`;
          expect(`${text}: ${meaning(text, { from: 8, to: 20 })}`).toBe(`${text}: ${expected}`);
        }
  });

  it('reads any text without failing', () => {
    const words = fc.constantFrom(
      'ב',
      'ל',
      'עשר',
      'רבע',
      'ו',
      'יום',
      'שני',
      '3',
      '/',
      '12',
      ':',
      '30',
      'בין',
      'או',
      'דצמבר',
      'next',
      'half',
      'past',
      'ten',
      'to',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (list) => void meaning(list.join(' '))),
      { numRuns: 2_000, seed: 5 },
    );
  });
});

describe('the grammar of English times', () => {
  const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
  const dayForms: Record<string, string[]> = {
    '2026-11-27': ['tomorrow', 'on Friday', 'on November 27th', 'on the twenty seventh of November'],
    '2026-11-29': ['on Sunday', 'this Sunday', 'on the 29th'],
    '2026-12-01': ['on Tuesday', 'next Tuesday', 'the first of December', 'December first'],
  };
  it('understands every hour and minute, as words and as digits', () => {
    for (const [date, forms] of Object.entries(dayForms))
      for (const day of forms)
        for (let h = 1; h <= 12; h += 1) {
          const [word, next] = [NUMBERS[h - 1], NUMBERS[h % 12]];
          const said: [string, number][] = [
            [`at ${word}`, 0],
            [`at ${h}`, 0],
            [`at ${word} o'clock`, 0],
            [`at half past ${word}`, 30],
            [`at a quarter past ${word}`, 15],
            [`at a quarter to ${next}`, 45],
            [`at ten to ${next}`, 50],
            [`at twenty five past ${word}`, 25],
            [`at ${word} forty five`, 45],
            [`at ${h}:05`, 5],
          ];
          for (const [clock, minute] of said) {
            const hour = h === 12 ? 12 : h < 8 ? h + 12 : h;
            const expected = `${date}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
            expect(`${day} ${clock}: ${meaning(`${day} ${clock}`, { from: 8, to: 20 })}`).toBe(
              `${day} ${clock}: ${expected}`,
            );
          }
        }
  });
});
