import { describe, expect, it } from 'vitest';
import type { Heard } from '#domain/sales/agent/heard.ts';
import type { AgentLanguage } from '#domain/sales/agent/languages/tags.ts';
import type { AgentState, CallContext, Fulfilled, Need, Step } from '#domain/sales/agent/machine.ts';
import { respond } from '#domain/sales/agent/respond.ts';
import { sayLine } from '#domain/sales/agent/sentences/sentences.ts';
import { initialState } from '#domain/sales/agent/steps.ts';
import { DEFAULT_DURATION_MINUTES } from '#domain/sales/meetings/meetings.ts';
import { KEPT, KEPT_OR_TAKEN_OFF, TAKEN_OFF } from './kept-or-removed.ts';
import { ASKS_FOR_NO_PERSON } from './persons.ts';

/** 09:00 on Thursday, 26 November 2026, in Israel. */
const NOW = new Date('2026-11-26T07:00:00Z');
const OFFERED = ['2026-11-29T08:00:00.000Z', '2026-11-30T12:00:00.000Z'];

type Options = {
  language?: AgentLanguage;
  inbound?: boolean;
  taken?: string[];
  callsAgain?: boolean;
  now?: Date;
  callTime?: string;
};

const languageOf = (text: string): AgentLanguage => (/[א-ת]/.test(text) ? 'he' : 'en');

/** A call whose other side is what a test says, without a database: every time is free but those that are taken. */
function startCall({
  language = 'en',
  inbound = false,
  taken = [],
  callsAgain = true,
  now = NOW,
  callTime,
}: Options = {}) {
  const context: CallContext = {
    names: { owner: language === 'he' ? 'לביא בע"מ' : 'Acme', lead: language === 'he' ? 'דנה' : 'Dana', topic: null },
    direction: inbound ? 'INBOUND' : 'OUTBOUND',
    language,
    now,
    zone: 'Asia/Jerusalem',
    zoneIsSure: true,
    callsAgain,
    isOpen: (at) => at.getUTCHours() >= 7 && at.getUTCHours() < 16,
  };
  let state: AgentState = initialState(language);
  const booked: string[] = [];
  const fulfil = (need: Need): Fulfilled => {
    if (need.kind === 'times') {
      const onDay = [`${need.on}T08:00:00.000Z`, `${need.on}T12:00:00.000Z`];
      const later = need.from && [`${need.from}T08:00:00.000Z`, `${need.from}T12:00:00.000Z`];
      return { kind: 'times', on: need.on, times: need.on ? onDay : later || OFFERED };
    }
    if (need.kind === 'call-time') return { kind: 'call-time', named: need.at, at: callTime ?? need.at };
    if (need.kind === 'cancel') return { kind: 'cancelled' };
    if (taken.includes(need.at)) return { kind: 'taken', times: OFFERED };
    if (need.kind === 'check') return { kind: 'free', at: need.at };
    booked.push(need.at);
    return { kind: 'booked', at: need.at };
  };
  const hear = (heard: Heard) => {
    let step: Step = respond(context, state, heard);
    const effects = [...step.effects];
    while (step.need) {
      step = respond(context, step.state, fulfil(step.need));
      effects.push(...step.effects);
    }
    // As it comes from the database.
    state = JSON.parse(JSON.stringify(step.state));
    const text = step.say.map((line) => sayLine(state.language, line, context.names, context)).join(' ');
    const { outcome, nextStep, party, language: spoken } = state;
    return { text, next: step.next, outcome, nextStep, effects, party, language: spoken };
  };
  return {
    booked,
    answer: (by: 'PERSON' | 'VOICEMAIL' | 'SCREENER' | 'HOLD' | 'UNKNOWN' = 'PERSON') => hear({ kind: 'answered', by }),
    say: (text: string) => hear({ kind: 'speech', text }),
    interrupt: (heardText: string, text: string) => hear({ kind: 'interrupted', heardText, text }),
    silence: () => hear({ kind: 'silence' }),
    hangUp: () => hear({ kind: 'hung-up' }),
    /** What was said last to each of several utterances. */
    sayAll: (...texts: string[]) =>
      texts.map((text) => hear({ kind: 'speech', text })).at(-1) as ReturnType<typeof hear>,
  };
}

describe('a call', () => {
  it('says who calls, for whom, that it is no person, and how to refuse', () => {
    expect(startCall().answer().text).toBe(
      'Hello Dana. This is an automated assistant calling on behalf of Acme. If you do not want calls from us, just say "remove me". Is this a good time to talk for a minute?',
    );
    expect(startCall({ language: 'he' }).answer().text).toBe(
      'שלום דנה. מדבר עוזר קולי אוטומטי מטעם לביא בע"מ. אם אינכם רוצים שנתקשר, אפשר פשוט לומר "תסירו אותי". נוח לכם לדבר רגע?',
    );
    expect(startCall({ inbound: true }).answer().text).toMatch(
      /^Hello, and thank you for calling\. This is the automated assistant of Acme/,
    );
  });

  it('ends in a meeting in English, said back before it is booked', () => {
    const call = startCall();
    call.answer();
    expect(call.sayAll('Yes, sure', 'sounds good').text).toBe(
      'I can offer Sunday, November 29 at 10:00 AM, or Monday, November 30 at 2:00 PM. Which of them suits you, or would another time be better?',
    );
    expect(call.say('Tuesday at half past ten').text).toBe(
      'So that would be Tuesday, December 1 at 10:30 AM. Is that right?',
    );
    expect(call.booked).toEqual([]);
    expect(call.say('yes').text).toBe(
      'Your meeting is booked for Tuesday, December 1 at 10:30 AM. Is there anything else?',
    );
    expect(call.booked).toEqual(['2026-12-01T08:30:00.000Z']);
    expect(call.say('no, thank you')).toMatchObject({ next: 'hang-up', outcome: 'MEETING_BOOKED' });
  });

  it('ends in a meeting in Hebrew', () => {
    const call = startCall({ language: 'he' });
    call.answer();
    expect(call.sayAll('כן', 'כן, בשמחה').text).toBe(
      'אפשר ביום ראשון, 29 בנובמבר, בשעה 10:00, או ביום שני, 30 בנובמבר, בשעה 14:00. מה מתאים לכם, או שמועד אחר נוח יותר?',
    );
    expect(call.say('ביום שלישי בעשר וחצי').text).toBe('אם כך, ביום שלישי, 1 בדצמבר, בשעה 10:30. נכון?');
    expect(call.say('נכון').text).toBe('הפגישה נקבעה ליום שלישי, 1 בדצמבר, בשעה 10:30. יש עוד משהו?');
    expect(call.say('לא, תודה')).toMatchObject({ text: 'תודה, ולהתראות.', next: 'hang-up', outcome: 'MEETING_BOOKED' });
    expect(call.booked).toEqual(['2026-12-01T08:30:00.000Z']);
  });

  it.each([
    ['the second one', '2026-11-30T12:00:00.000Z'],
    ['Monday', '2026-11-30T12:00:00.000Z'],
    ["the ten o'clock one is fine, at ten", '2026-11-29T08:00:00.000Z'],
    ['the first', '2026-11-29T08:00:00.000Z'],
    ['the afternoon', '2026-11-30T12:00:00.000Z'],
    ['הראשון', '2026-11-29T08:00:00.000Z'],
    ['ביום שני', '2026-11-30T12:00:00.000Z'],
  ])('takes "%s" for the one of the times that were offered', (said, at) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', said, 'yes');
    expect(call.booked).toEqual([at]);
  });

  it.each([
    ['yes, tomorrow at three works', 'Friday, November 27 at 3:00 PM. Is that right?', '2026-11-27T13:00:00.000Z'],
    ['sure, Tuesday at ten', 'Tuesday, December 1 at 10:00 AM. Is that right?', '2026-12-01T08:00:00.000Z'],
    ['yes, today at three', 'Thursday, November 26 at 3:00 PM. Is that right?', '2026-11-26T13:00:00.000Z'],
    ['כן, מחר בשלוש מתאים', '27 בנובמבר, בשעה 15:00. נכון?', '2026-11-27T13:00:00.000Z'],
    ['כן אבל עדיף ביום שלישי בעשר', '1 בדצמבר, בשעה 10:00. נכון?', '2026-12-01T08:00:00.000Z'],
  ])('takes the time that is said with the yes to the greeting, and says what it is for: "%s"', (said, asked, at) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    const { text } = call.say(said);
    expect(text).toMatch(/^(?:That is for a short meeting with one of us\.|מדובר בפגישה קצרה איתנו\.)/);
    expect(text).toContain(asked);
    call.say(languageOf(said) === 'en' ? 'yes' : 'כן');
    expect(call.booked).toEqual([at]);
  });

  it.each([
    ['yes, Tuesday is better', /^That is for a short meeting with one of us\. I can offer Tuesday, December 1/],
    ['yes, at three', /^That is for a short meeting with one of us\. On which day would that be\?$/],
    ['כן, ביום שלישי', /^מדובר בפגישה קצרה איתנו\. אפשר ביום שלישי, 1 בדצמבר/],
    ['yes, you can reach me tomorrow at three', /^We will call you again on Friday, November 27 at 3:00 PM/],
    ['yes, in ten minutes', /^We will call you again on Thursday, November 26 at 9:10 AM/],
    ['כן, אפשר לדבר מחר בשלוש', /^נתקשר שוב ביום שישי, 27 בנובמבר, בשעה 15:00/],
  ])('goes on from what is said of a time with the yes to the greeting: "%s"', (said, text) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    expect(call.say(said).text).toMatch(text);
  });

  it.each([
    'yes, good morning',
    'yes, I have until three',
    'yes, but I have to leave at three',
    'sure, today is fine',
    'yes, I have five minutes',
    'כן, ערב טוב',
    'כן, יש לי שתי דקות',
    'כן אבל יש לי פגישה בשלוש',
  ])('goes on at once where the yes to the greeting is to now: "%s"', (said) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    expect(call.say(said).text).toMatch(/^(?:Thank you\. Would you like|תודה\. תרצו)/);
  });

  it('asks which of two readings is meant, and for what is missing', () => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes');
    expect(call.say('Thursday at ten').text).toBe(
      'Do you mean Thursday, November 26 at 10:00 AM, or Thursday, December 3 at 10:00 AM?',
    );
    expect(call.say('next week').text).toContain('Thursday, December 3 at 10:00 AM. Is that right?');
    expect(call.say('no').text).toBe('Which day and what time would suit you?');
    expect(call.say('at eleven').text).toBe('On which day would that be?');
    expect(call.say('on Wednesday').text).toBe('So that would be Wednesday, December 2 at 11:00 AM. Is that right?');
    expect(call.say('no, on Tuesday').text).toBe('So that would be Tuesday, December 1 at 11:00 AM. Is that right?');
    expect(call.say('at four').text).toBe('So that would be Tuesday, December 1 at 4:00 PM. Is that right?');
    call.say('yes please');
    expect(call.booked).toEqual(['2026-12-01T14:00:00.000Z']);
  });

  it.each([
    "I don't want Tuesday",
    'Tuesday is bad',
    "I'm busy Tuesday",
    "I'm busy on Tuesday at ten",
    'I have a meeting on Tuesday at ten',
    "I don't think Tuesday works",
    "I didn't say Tuesday",
    'Tuesday at ten?',
    'in the evening',
    'ten at night',
    'yes but make it eleven',
    'I said eleven',
    'yeah no',
    "it isn't",
    "that's no good",
    "I'm not available then",
    'אני לא רוצה ביום שלישי',
    'אני עסוק ביום שלישי',
    'ביום שלישי אני תפוס',
    'יש לי פגישה ביום שלישי בעשר',
    'אני לא חושב שיום שלישי מתאים',
    'ביום שלישי בעשר?',
    'בערב',
    'כן לא',
    'בטח שלא',
  ])('is not booked at a time that is answered with "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten');
    expect(call.say(said)).toMatchObject({ next: 'listen' });
    expect(call.booked).toEqual([]);
  });

  it.each([
    'not the first one',
    "the first one doesn't work",
    "the second doesn't work for me",
    "I don't want Monday",
    "I can't do Monday",
    'Monday is no good',
    "Sunday I can't",
    'anything but Sunday',
    '2 pm is too late',
    'הראשון לא מתאים',
    'לא השני',
    'ביום שני לא מתאים',
    'אני לא יכול ביום שני',
    'ראשון לא',
    'הכל חוץ מיום ראשון',
    'בראשון אני תפוס',
  ])('is not proposed at an offer that is refused with "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes');
    expect(call.say(said).text).toMatch(
      /^(?:Which day and what time would suit you\?|איזה יום ואיזו שעה נוחים לכם\?)$/,
    );
  });

  it.each([
    ['not the first the second', 'Monday, November 30 at 2:00 PM'],
    ['Sunday is bad for me but Monday works', 'Monday, November 30 at 2:00 PM'],
    ['can we do Tuesday instead of Monday at ten', 'Tuesday, December 1 at 10:00 AM'],
    ["I can't do Monday how about Tuesday at ten", 'Tuesday, December 1 at 10:00 AM'],
    ["why don't we do Tuesday at ten", 'Tuesday, December 1 at 10:00 AM'],
    ["can't you do Tuesday at ten", 'Tuesday, December 1 at 10:00 AM'],
    ["I'm not busy on Tuesday at ten", 'Tuesday, December 1 at 10:00 AM'],
    ['first thing Monday', 'Monday, November 30 at 2:00 PM'],
    ['לא הראשון השני', '30 בנובמבר, בשעה 14:00'],
    ['ראשון לא מתאים שלישי בעשר כן', '1 בדצמבר, בשעה 10:00'],
    ['למה לא ביום שלישי בעשר', '1 בדצמבר, בשעה 10:00'],
  ])('is proposed at what remains of "%s"', (said, at) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes');
    expect(call.say(said).text).toContain(at);
    expect(call.booked).toEqual([]);
  });

  it('is asked for another time, and not ended, where one does not suit', () => {
    const booked = startCall();
    booked.answer();
    booked.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
    expect(booked.say("wait, I can't on Tuesday").text).toBe('Which day and what time would suit you?');
    const interested = startCall();
    interested.answer();
    expect(interested.sayAll('yes', "I can't do tomorrow").text).toMatch(/^I can offer/);
    const later = startCall();
    later.answer();
    expect(later.sayAll("I'm driving", 'not tomorrow').text).toBe('When may we call you again?');
  });

  it.each([
    ['next week please', 'Monday, November 30'],
    ['how about next month', 'Tuesday, December 1'],
    ['in January', 'Friday, January 1'],
    ["I'm away until January", 'Friday, January 1'],
    ['next week in the morning', 'Monday, November 30'],
    ['בשבוע הבא', '29 בנובמבר'],
    ['בינואר', '1 בינואר'],
    ['רק אחרי ינואר', '1 בפברואר'],
  ])('is offered from the week or the month on that is named: "%s"', (said, day) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    const yes = languageOf(said) === 'en' ? 'yes' : 'כן';
    expect(call.sayAll(yes, yes, said).text).toMatch(new RegExp(`^(?:I can offer|אפשר ביום \\S+) ?,? ?${day}`));
    const interested = startCall({ language: languageOf(said) });
    interested.answer();
    expect(interested.sayAll(yes, `${yes}, ${said}`).text).toContain(said.includes('away') ? 'On which day' : day);
  });

  it.each([
    [['in January', 'Tuesday at ten'], 'Tuesday, January 5 at 10:00 AM'],
    [['in January', 'the fifteenth at ten'], 'Friday, January 15 at 10:00 AM'],
    [['Friday at ten', 'next week', 'Friday'], 'Friday, December 4 at 10:00 AM'],
    [['בינואר', 'ביום שלישי בעשר'], '5 בינואר, בשעה 10:00'],
  ])('is on a day of the week or month that was named before: %j', (said, at) => {
    const call = startCall({ language: languageOf(said.join(' ')) });
    call.answer();
    const yes = languageOf(said.join(' ')) === 'en' ? 'yes' : 'כן';
    expect(call.sayAll(yes, yes, ...said).text).toContain(at);
    expect(call.booked).toEqual([]);
  });

  it('is not booked by a week alone that has the time that is said back', () => {
    const call = startCall();
    call.answer();
    expect(call.sayAll('yes', 'yes', 'Tuesday at ten', 'next week').text).toContain('Is that right?');
    expect(call.booked).toEqual([]);
    call.say('yes, next week');
    expect(call.booked).toEqual(['2026-12-01T08:00:00.000Z']);
    expect(call.say('see you next week')).toMatchObject({ outcome: 'MEETING_BOOKED', next: 'hang-up' });
  });

  it.each([
    'not next week',
    "next week doesn't work",
    "I'm on vacation next week",
    'לא בשבוע הבא',
    'בשבוע הבא אני תפוס',
  ])('is asked for another time where a week does not suit: "%s"', (said) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    const yes = languageOf(said) === 'en' ? 'yes' : 'כן';
    expect(call.sayAll(yes, yes, said).text).not.toMatch(/^(?:I can offer|אפשר ב)/);
  });

  it.each(["actually, I can't make it", 'can we do another time', 'בעצם לא אוכל להגיע', 'אפשר יום אחר?'])(
    'is moved, and not left as it is, after "%s"',
    (said) => {
      const call = startCall();
      call.answer();
      call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
      expect(call.say(said)).toMatchObject({ next: 'listen', text: expect.stringMatching(/^(?:Which day|איזה יום)/) });
      expect(call.sayAll('Wednesday at ten', 'yes').outcome).toBe('MEETING_BOOKED');
      expect(call.booked).toEqual(['2026-12-01T08:00:00.000Z', '2026-12-02T08:00:00.000Z']);
    },
  );

  it.each([[], ['yes']])(
    'begins with a question when to call again, where they would rather talk another time: %j',
    (...before) => {
      const call = startCall();
      call.answer();
      for (const text of before) call.say(text);
      expect(call.say('another time').text).toBe('When may we call you again?');
    },
  );

  it.each([
    'which Tuesday',
    'is that the first of December',
    'is that Wednesday',
    'what time',
    'what time was that again',
    'whichever',
    'what?',
    'איזה יום זה',
    'באיזו שעה',
    'זה ביום שלישי?',
    'לא שמעתי',
  ])('is said back again, and not booked, after "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten');
    expect(call.say(said).text).toMatch(
      /^(?:So that would be|אם כך,).*(?:December 1 at 10:00 AM|1 בדצמבר, בשעה 10:00)/,
    );
    expect(call.booked).toEqual([]);
  });

  it.each([
    'see you Tuesday',
    'great, see you on Tuesday then, bye',
    'see you then',
    'yes, have a good day',
    'yeah okay bye',
    'נתראה ביום שלישי',
    'נתראה',
    'כן, יום טוב',
    'סבבה ביי',
    'אחלה',
  ])('is booked where the time that is said back is left as settled: "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten', said);
    expect(call.booked).toEqual(['2026-12-01T08:00:00.000Z']);
  });

  it.each([
    'bye',
    'no, bye',
    'see you Wednesday',
    'see you Tuesday?',
    'maybe, see you',
    'ביי',
    'לא, ביי',
    'נתראה ביום רביעי',
  ])('is not booked by a goodbye that settles nothing: "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten', said);
    expect(call.booked).toEqual([]);
  });

  it.each(['see you Tuesday', 'great, Tuesday', 'see you on Tuesday then, bye', 'נתראה ביום שלישי', 'אז ביום שלישי'])(
    'stays as it is booked after "%s"',
    (said) => {
      const call = startCall();
      call.answer();
      call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
      expect(call.say(said)).toMatchObject({
        next: 'hang-up',
        outcome: 'MEETING_BOOKED',
        text: expect.stringMatching(/^(?:Thank you\. Goodbye\.|תודה, ולהתראות\.)$/),
      });
    },
  );

  it.each(['later on Tuesday', 'can we do Tuesday afternoon', 'Wednesday', 'אפשר מאוחר יותר ביום שלישי'])(
    'is not left as it is after "%s"',
    (said) => {
      const call = startCall();
      call.answer();
      call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
      expect(call.say(said)).toMatchObject({ next: 'listen' });
    },
  );

  it.each([
    'what was the time again',
    'what time did you say',
    'which Tuesday',
    'Tuesday?',
    'say again',
    'מתי זה שוב',
    'באיזה יום',
    'לא שמעתי',
  ])('is told again after "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
    expect(call.say(said)).toMatchObject({
      next: 'listen',
      text: expect.stringMatching(/^(?:Your meeting is booked for Tuesday|הפגישה נקבעה ליום שלישי)/),
    });
    expect(call.booked).toHaveLength(1);
  });

  it.each([
    ['either one', 'Sunday, November 29'],
    ['both work', 'Sunday, November 29'],
    ['whichever', 'Sunday, November 29'],
    ['whatever works for you', 'Sunday, November 29'],
    ['Sunday or Monday', 'Sunday, November 29'],
    ['Monday or Tuesday', 'Monday, November 30'],
    ['מה שנוח לך', '29 בנובמבר'],
    ['לא משנה לי', '29 בנובמבר'],
    ['שניהם מתאימים', '29 בנובמבר'],
    ['ראשון או שני', '29 בנובמבר'],
  ])('is the first one that was offered, or named, after "%s"', (said, at) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes');
    expect(call.say(said).text).toMatch(new RegExp(`^(?:So that would be|אם כך,).*${at}`));
    expect(call.booked).toEqual([]);
  });

  it('is the first of two days that are asked about, where both of them suit', () => {
    for (const said of ['Wednesday or Thursday', 'either']) {
      const call = startCall();
      call.answer();
      expect(call.sayAll('yes', 'yes', 'Tuesday or Wednesday').text).toMatch(/^Do you mean Tuesday/);
      expect(call.say(said === 'either' ? said : 'Tuesday or Wednesday').text).toMatch(/^I can offer Tuesday/);
    }
  });

  it('is another hour of the day of an offer where that is asked for', () => {
    const call = startCall();
    call.answer();
    expect(call.sayAll('yes', 'yes', 'Sunday but later').text).toMatch(/^I can offer Sunday/);
  });

  it.each([
    "wait, no, actually I don't want this at all",
    "I don't want to meet anymore",
    'בסוף אני לא רוצה להיפגש',
    'forget it',
  ])('is cancelled, and not left as it is, after "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
    expect(call.say(said)).toMatchObject({ next: 'hang-up', outcome: 'NOT_INTERESTED', nextStep: null });
  });

  it.each([
    "I won't forget it",
    'never forget it',
    'how much does it cost if I cancel?',
    'how long do I have to cancel?',
    'is it free to cancel?',
    'אל תשכחו מזה',
    'אל תבטלו את הפגישה',
    'לא רוצה לבוא יותר מאוחר',
    'כמה זה עולה אם אני מבטל?',
  ])('is neither cancelled nor declined by "%s"', (said) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    const [before, after] = [
      call.sayAll('yes', 'yes', 'Tuesday at ten', said),
      call.sayAll('Tuesday at ten', 'yes', said),
    ];
    expect(before).toMatchObject({ next: 'listen', outcome: null });
    expect(after).toMatchObject({ outcome: 'MEETING_BOOKED' });
    expect(call.booked).toHaveLength(1);
  });

  it.each(['how much is it? no, cancel it', "it's too expensive can you cancel it?", 'זה יקר, תבטל'])(
    'is cancelled beside a question or an objection: "%s"',
    (said) => {
      const call = startCall();
      call.answer();
      call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
      expect(call.say(said)).toMatchObject({ next: 'hang-up', outcome: 'NOT_INTERESTED' });
    },
  );

  it('is answered about its price where that of a cancellation is asked for', () => {
    const call = startCall();
    call.answer();
    expect(call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes', 'how much does it cost if I cancel?').text).toBe(
      'The price depends on what you need, which is best talked about in the meeting. Is there anything else?',
    );
  });

  it.each(['yes, see you at the clinic', 'yes, come to me at the hospital', 'נתראה בפגישה'])(
    'is booked where "%s" says where it will be',
    (said) => {
      const call = startCall();
      call.answer();
      call.sayAll('yes', 'yes', 'Tuesday at ten', said);
      expect(call.booked).toEqual(['2026-12-01T08:00:00.000Z']);
    },
  );

  it.each(['Roger handles my calendar', 'Talk to Roger'])('is not booked by somebody of that name: "%s"', (said) => {
    const call = startCall();
    call.answer();
    expect(call.sayAll('yes', 'yes', 'Tuesday at ten', said).text).toMatch(/Is that right\?$/);
    expect(call.booked).toEqual([]);
  });

  it('is moved where another time is named beside a cancellation, or only another hour', () => {
    for (const [said, at] of [
      ['cancel that and make it Wednesday at eleven', 'Wednesday, December 2 at 11:00 AM'],
      ['make that eleven', 'Tuesday, December 1 at 11:00 AM'],
    ] as const) {
      const call = startCall();
      call.answer();
      expect(call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes', said).text).toContain(at);
    }
  });

  it('tells of a time that is taken, and offers others', () => {
    const call = startCall({ taken: ['2026-12-01T08:00:00.000Z'] });
    call.answer();
    expect(call.sayAll('yes', 'yes', 'Tuesday at ten').text).toMatch(
      /^I am sorry, that time is taken\. I can offer Sunday/,
    );
    expect(call.booked).toEqual([]);
  });

  it('moves the meeting it has booked, and cancels it', () => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'the first', 'yes');
    expect(call.say('sorry, could we make it Tuesday at ten').text).toContain(
      'Tuesday, December 1 at 10:00 AM. Is that right?',
    );
    expect(call.say('yes').text).toContain('Your meeting is booked for Tuesday');
    expect(call.say('actually, please cancel it')).toMatchObject({
      next: 'hang-up',
      text: 'The meeting is cancelled. Goodbye.',
      nextStep: null,
    });
  });
});

describe('what was not heard', () => {
  it('does not count: a confirmation that was cut off is said again, and nothing is booked', () => {
    const call = startCall();
    call.answer();
    const back = call.sayAll('yes', 'yes', 'Tuesday at ten').text;
    expect(call.interrupt('So that would be', 'yes').text).toBe(back);
    expect(call.interrupt('', 'Tuesday at ten').text).toBe(back);
    expect(call.booked).toEqual([]);
    expect(call.interrupt(back, 'yes').text).toContain('Your meeting is booked');
    expect(call.interrupt('Your meeting is', 'ok').text).toContain(
      'Your meeting is booked for Tuesday, December 1 at 10:00 AM.',
    );
    expect(call.booked).toHaveLength(1);
  });

  it('does not keep a refusal, another time or a wrong number from being understood', () => {
    for (const [text, outcome] of [
      ['remove me', 'DO_NOT_CALL'],
      ['wrong number', 'WRONG_NUMBER'],
      ["I'm not interested", 'NOT_INTERESTED'],
    ] as const) {
      const call = startCall();
      call.answer();
      expect(call.interrupt('Hello', text)).toMatchObject({ outcome, next: 'hang-up' });
    }
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten');
    expect(call.interrupt('So', 'no, Wednesday at ten').text).toContain('Wednesday, December 2 at 10:00 AM');
  });

  it('is the greeting once: some never let anybody finish', () => {
    const call = startCall();
    const greeting = call.answer().text;
    expect(call.interrupt('Hello Dana.', 'yes?').text).toBe(greeting);
    expect(call.interrupt('Hello', 'yes yes').text).toContain('Would you like to hear more');
  });
});

describe('a refusal', () => {
  const STAGES: string[][] = [
    [],
    ['yes'],
    ['yes', 'yes'],
    ['yes', 'yes', 'Tuesday at ten'],
    ['yes', 'yes', 'the first', 'yes'],
    ["I'm busy"],
    ['yes', 'yes', 'Thursday at ten'],
  ];
  it.each(STAGES)('is understood at once in every state: %s', (...before) => {
    for (const text of ['remove me', 'תמחקו אותי', 'Stop. Thank you']) {
      const call = startCall();
      call.answer();
      for (const said of before) call.say(said);
      expect(call.say(text)).toMatchObject({ outcome: 'DO_NOT_CALL', next: 'hang-up', effects: [{ kind: 'refuse' }] });
      // Also after the last words.
      expect(call.say(text)).toMatchObject({ effects: [{ kind: 'refuse' }] });
    }
  });

  it('is asked about once where it is unsure', () => {
    const call = startCall();
    call.answer();
    call.say('yes');
    expect(call.say('stop, ehm').text).toBe('Shall I take you off our list, so that we do not call you again?');
    expect(call.say('no, go on').text).toContain('Would you like to hear more');
    for (const reply of ['yes', 'hm', 'go away']) {
      const other = startCall();
      other.answer();
      other.say('go away');
      expect(other.say(reply)).toMatchObject({ outcome: 'DO_NOT_CALL' });
    }
    const silent = startCall();
    silent.answer();
    silent.say('go away');
    expect(silent.silence()).toMatchObject({ outcome: 'DO_NOT_CALL' });
  });
});

describe('the question whether to call no more', () => {
  const ask = (answer: string) => {
    const call = startCall({ language: languageOf(answer) });
    call.answer();
    call.say(languageOf(answer) === 'en' ? 'yes' : 'כן');
    call.say(languageOf(answer) === 'en' ? 'go away' : 'עופו מפה');
    return call;
  };

  it.each([
    "I don't want to",
    "I don't want this",
    'not interested',
    "no, I don't want to talk",
    'no need',
    'לא רוצה',
    'אני לא רוצה',
    'לא מעוניין',
    'לא צריך',
  ])('is asked once more after "%s", which may mean either', (said) => {
    const [yes, no] = languageOf(said) === 'en' ? ['yes', 'no'] : ['כן', 'לא'];
    const question = /^(?:Just to be sure: would you like us to stop calling you|רק כדי לוודא: להפסיק להתקשר אליכם)/;
    const stays = ask(said);
    expect(stays.say(said)).toMatchObject({ next: 'listen', effects: [], text: expect.stringMatching(question) });
    expect(stays.say(no as string).text).toMatch(/^(?:Thank you\. Would you like to hear more|תודה\. תרצו לשמוע)/);
    for (const reply of [yes, said]) {
      const refuses = ask(said);
      expect(refuses.sayAll(said, reply as string)).toMatchObject({ outcome: 'DO_NOT_CALL', next: 'hang-up' });
    }
  });

  it.each([
    'no',
    "don't remove me",
    "no, I don't want to be removed",
    "I don't want you to remove me",
    "I didn't ask to be taken off your list",
    'keep me on the list',
    'לא',
    'אל תסירו',
    'לא רוצה שתסירו אותי',
    'אני לא צריך שתמחקו אותי מהרשימה',
    'לא להסיר',
    'תשאירו אותי',
  ])('keeps on the list whoever says so: "%s"', (said) => {
    expect(ask(said).say(said)).toMatchObject({
      next: 'listen',
      effects: [],
      text: expect.stringMatching(/^(?:Thank you\. Would you like to hear more|תודה\. תרצו לשמוע)/),
    });
  });

  it.each([
    'yes',
    "I don't want any calls",
    'no, go away',
    "no, don't call me again",
    "I don't want it, remove me",
    'כן',
    'לא רוצה, תסירו אותי',
    'לא רוצה תסירו אותי',
    'לא רוצה שתתקשרו',
    'לא, אל תתקשרו יותר',
    'לא, עופו',
  ])('takes off the list whoever wants no calls: "%s"', (said) => {
    expect(ask(said).say(said)).toMatchObject({ outcome: 'DO_NOT_CALL', effects: [{ kind: 'refuse' }] });
  });

  it.each(TAKEN_OFF)('takes off the list whoever does not clearly stay: "%s"', (said) => {
    expect(ask(said).say(said)).toMatchObject({ outcome: 'DO_NOT_CALL', effects: [{ kind: 'refuse' }] });
  });

  it.each(KEPT)('keeps on the list whoever clearly stays: "%s"', (said) => {
    expect(ask(said).say(said)).toMatchObject({
      next: 'listen',
      effects: [],
      text: expect.stringMatching(/^(?:Thank you\. Would you like to hear more|תודה\. תרצו לשמוע)/),
    });
  });

  it.each(KEPT_OR_TAKEN_OFF)('is asked once more, and no third time, after "%s"', (said) => {
    const call = ask(said);
    expect(call.say(said)).toMatchObject({
      next: 'listen',
      effects: [],
      text: expect.stringMatching(/^(?:Just to be sure|רק כדי לוודא)/),
    });
    expect(call.say(said)).toMatchObject({ outcome: 'DO_NOT_CALL', effects: [{ kind: 'refuse' }] });
  });
});

describe('who answers', () => {
  it('a voicemail gets a short message', () => {
    const call = startCall();
    expect(call.answer('VOICEMAIL')).toMatchObject({ text: '', next: 'listen' });
    const message = call.say("Hi, you've reached Dan. Please leave a message after the tone");
    expect(message).toMatchObject({ next: 'hang-up', outcome: 'VOICEMAIL', party: 'VOICEMAIL' });
    expect(message.text).toContain('calling on behalf of Acme');
    const silent = startCall();
    silent.answer('VOICEMAIL');
    expect(silent.silence()).toMatchObject({ next: 'hang-up', outcome: 'VOICEMAIL' });
    const unknown = startCall({ language: 'he' });
    unknown.answer('UNKNOWN');
    expect(unknown.say('הגעתם לתא הקולי, נא להשאיר הודעה אחרי הצפצוף')).toMatchObject({ outcome: 'VOICEMAIL' });
  });

  it('a screener is told who calls, and a person behind it is spoken with', () => {
    const call = startCall();
    call.answer('VOICEMAIL');
    const introduced = call.say('Please record your name and reason for calling');
    expect(introduced).toMatchObject({
      text: 'This is the automated assistant of Acme, calling Dana.',
      next: 'listen',
      party: 'SCREENER',
    });
    expect(call.say('Thanks, please hold on')).toMatchObject({ text: '', next: 'listen' });
    expect(call.say('Hello?').text).toMatch(/^Hello Dana\. This is an automated assistant/);
    expect(call.say('yes')).toMatchObject({ party: 'PERSON' });
  });

  it.each(['SCREENER', 'HOLD'] as const)('%s is not waited for without end', (by) => {
    const call = startCall();
    call.answer(by);
    const turns = [1, 2, 3, 4, 5, 6].map(() => call.silence());
    expect(turns.filter(({ next }) => next === 'listen').length).toBeLessThan(5);
    expect(turns.at(-1)).toMatchObject({ next: 'hang-up', outcome: 'NO_OUTCOME' });
  });

  it('a person who was taken for a machine is greeted', () => {
    const call = startCall();
    call.answer('VOICEMAIL');
    expect(call.say('Hello?').text).toMatch(/^Hello Dana/);
  });
});

describe('the end', () => {
  it('comes after two reprompts to silence, politely', () => {
    const call = startCall();
    call.answer();
    expect(call.silence().text).toMatch(/^Are you still there\?/);
    expect(call.silence().text).toMatch(/^I cannot hear you\./);
    expect(call.silence()).toMatchObject({ next: 'hang-up', outcome: 'NO_OUTCOME' });
  });

  it.each([
    [['no thanks, not interested'], 'NOT_INTERESTED'],
    [['yes', 'no'], 'NOT_INTERESTED'],
    [["I'm driving", 'tomorrow at ten'], 'CALL_BACK'],
    [['לא נוח לי עכשיו', 'מחר אחרי הצהריים'], 'CALL_BACK'],
    [['call me later', "I don't know"], 'CALL_BACK'],
    [['You have the wrong number'], 'WRONG_NUMBER'],
    [['yes', 'too expensive', 'too expensive'], 'NOT_INTERESTED'],
    [['yes', 'yes', 'blue', 'red', 'green'], 'INTERESTED'],
    [['yes', 'yes', 'Tuesday at ten', 'I do not want any meeting'], 'NOT_INTERESTED'],
    [['כן', 'כן', 'ביום שלישי בעשר', 'בעצם לא רוצה פגישה'], 'NOT_INTERESTED'],
    [['yes', 'לא נראה לי'], 'NOT_INTERESTED'],
    [['blue', 'red', 'green'], 'NO_OUTCOME'],
  ])('after %j is %s', (said, outcome) => {
    const call = startCall();
    call.answer();
    expect(call.sayAll(...said)).toMatchObject({ outcome, next: 'hang-up' });
  });

  it.each([
    ['yes', ['yes', 'yes'], 'INTERESTED'],
    ['at three in the morning', ['yes', 'yes', 'at three in the morning'], 'INTERESTED'],
    ['כן', ['כן', 'כן'], 'INTERESTED'],
    ['3/12', ["I'm busy"], 'CALL_BACK'],
    ['who are you?', [], 'NO_OUTCOME'],
    ['what did you say?', ['yes'], 'NO_OUTCOME'],
  ])('comes where %j settles nothing, again and again, and keeps what was reached', (said, before, outcome) => {
    const call = startCall();
    call.answer();
    for (const text of before) call.say(text);
    const answers = Array.from({ length: 8 }, () => call.say(said));
    const last = answers.findIndex(({ next }) => next === 'hang-up');
    expect(last).toBeGreaterThan(2);
    expect(answers[last]).toMatchObject({ outcome });
  });

  it.each(['now is fine', 'go ahead', 'now', 'no, go ahead', 'עכשיו בסדר', 'כן תגידי', 'אפשר עכשיו'])(
    'does not come where they want to talk now after all: "%s"',
    (said) => {
      const call = startCall();
      call.answer();
      call.say("I'm busy");
      expect(call.say(said)).toMatchObject({ next: 'listen', text: expect.stringMatching(/^(?:Thank you|תודה)/) });
      const interested = startCall();
      interested.answer();
      interested.sayAll('yes', 'yes', "I'm driving");
      expect(interested.say(said).text).toMatch(/^(?:I can offer|אפשר ב)/);
    },
  );

  it.each(['no, go ahead', 'לא, תגיד', 'no, tell me', 'לא, תמשיכו'])('does not come after "%s"', (said) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    expect(call.say(said).text).toMatch(/(?:would you like to hear more|תרצו לשמוע עוד)/i);
    expect(call.say(said).text).toMatch(/^(?:I can offer|אפשר ב)/);
  });

  it.each(["don't go on", 'now is not good', 'not now', 'לא עכשיו', 'אל תמשיכו', 'טוב עכשיו לא'])(
    'is not what they want who say "%s"',
    (said) => {
      const call = startCall({ language: languageOf(said) });
      call.answer();
      expect(call.say(said).text).not.toMatch(/(?:would you like to hear more|תרצו לשמוע עוד)/i);
    },
  );

  it.each(["I'll call you back", "I'm busy, I'll get back to you", 'אני אחזור אליך', 'אחזור אליכם מחר'])(
    'is polite, and no refusal, after "%s"',
    (said) => {
      for (const before of [[], ['yes'], ['yes', 'yes']]) {
        const call = startCall({ language: languageOf(said) });
        call.answer();
        for (const text of before) call.say(text);
        expect(call.say(said)).toMatchObject({ outcome: 'CALL_BACK', next: 'hang-up' });
      }
      const booked = startCall();
      booked.answer();
      booked.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
      expect(booked.say(said === 'אחזור אליכם מחר' ? 'אחזור אליכם' : said)).toMatchObject({
        outcome: 'MEETING_BOOKED',
      });
    },
  );

  it('is a wrong number where they say that they are somebody else', () => {
    for (const [said, language] of [
      ['this is not Dana', 'en'],
      ['אני לא דנה', 'he'],
    ] as const) {
      const call = startCall({ language });
      call.answer();
      expect(call.say(said)).toMatchObject({ outcome: 'WRONG_NUMBER', next: 'hang-up' });
    }
  });

  it.each(['what?', 'Sorry?', 'say again', 'מה?', 'לא שמעתי'])(
    'does not come from "%s", as it does from silence: the question is asked again',
    (said) => {
      const call = startCall();
      call.answer();
      call.say('yes');
      for (let time = 0; time < 3; time += 1)
        expect(call.say(said)).toMatchObject({
          next: 'listen',
          text: expect.stringMatching(/^(?:Thank you\. Would you like|תודה\. תרצו)/),
        });
    },
  );

  it.each([
    ['is this a scam', 'I am calling on behalf of Acme.'],
    ['are you a robot', 'Yes, I am an automated assistant, not a person.'],
    ['how long does it take', 'This call takes a minute or two, and the meeting half an hour.'],
    ['how much is it', 'The price depends on what you need, which is best talked about in the meeting.'],
    ['זו הונאה?', 'השיחה היא מטעם Acme.'],
    ['כמה זמן זה לוקח', 'השיחה הזאת אורכת דקה או שתיים, והפגישה חצי שעה.'],
  ])('does not come from "%s", which is answered before the question is asked again', (said, answer) => {
    const call = startCall();
    call.answer();
    call.say('yes');
    const { text, next } = call.say(said);
    expect(next).toBe('listen');
    expect(text).toMatch(/(?:interest you\?|תרצו לקבוע פגישה קצרה איתנו\?)$/);
    expect(text.startsWith(answer)).toBe(true);
    expect(DEFAULT_DURATION_MINUTES).toBe(30);
  });

  it.each([
    ['how much is it', 'no, seriously, how much'],
    ['כמה זה עולה', 'לא, אבל כמה בערך'],
  ])('does not come from a price that is asked for again: "%s", "%s"', (first, again) => {
    const call = startCall({ language: languageOf(first) });
    call.answer();
    expect(call.sayAll('yes', first, again)).toMatchObject({ next: 'listen' });
  });

  it.each([
    ["I'm busy, call me not before three", 'Thursday, November 26 at 3:00 PM'],
    ['call me on Sunday after four', 'Sunday, November 29 at 4:00 PM'],
    ['call me tomorrow any time after seven', 'Friday, November 27 at 7:00 PM'],
    ['call me tomorrow afternoon', 'Friday, November 27 at 2:00 PM'],
    ['תתקשרו מחר אחרי ארבע', '27 בנובמבר, בשעה 16:00'],
    ['אני עסוק עד שלוש תתקשר אחר כך', '26 בנובמבר, בשעה 15:00'],
  ])('comes with a call back from the hour on that was named: "%s"', (said, at) => {
    const call = startCall({ language: languageOf(said) });
    call.answer();
    expect(call.say(said)).toMatchObject({
      outcome: 'CALL_BACK',
      next: 'hang-up',
      text: expect.stringContaining(at),
    });
  });

  it('asks once for what is missing of a call back, and keeps the bounds of it', () => {
    for (const [texts, question, at] of [
      [['call me after Sunday', 'any time'], 'What time would suit you on Monday', 'on Monday, November 30. Goodbye.'],
      [["she's not in, try after eight p.m.", 'Sunday'], 'On which day', 'on Sunday, November 29 at 8:00 PM.'],
      [
        ["can't talk, Sunday or Monday after four", 'Monday'],
        'Do you mean Sunday',
        'on Monday, November 30 at 4:00 PM.',
      ],
      [["I'm busy", 'later today'], 'When may we call', 'on Thursday, November 26 at 11:00 AM.'],
    ] as const) {
      const call = startCall();
      call.answer();
      expect(call.say(texts[0]).text).toContain(question);
      expect(call.say(texts[1])).toMatchObject({ outcome: 'CALL_BACK', text: expect.stringContaining(at) });
    }
  });

  it.each([
    ['call me next week', 'Tuesday', 'on Tuesday, December 1. Goodbye.'],
    ['call me next week', 'any day', 'on Monday, November 30. Goodbye.'],
    ['call me in January', 'Tuesday at ten', 'on Tuesday, January 5 at 10:00 AM. Goodbye.'],
    ['תתקשרו בשבוע הבא', 'לא משנה', 'ביום ראשון, 29 בנובמבר. להתראות.'],
  ])('comes with a call back in the week or month that was named: "%s", "%s"', (named, day, at) => {
    const call = startCall({ language: languageOf(named) });
    call.answer();
    expect(call.say(named).text).toMatch(/^(?:On which day would that be\?|באיזה יום\?)$/);
    expect(call.say(day)).toMatchObject({ outcome: 'CALL_BACK', text: expect.stringContaining(at) });
  });

  it.each([
    ['call me Tuesday', 'actually, another day'],
    ['call me Tuesday', 'not Tuesday'],
    ['call me Tuesday or Wednesday', 'neither'],
    ['תתקשרו ביום שלישי', 'בעצם יום אחר'],
    ['תתקשרו ביום שלישי', 'לא ביום שלישי'],
  ])('does not promise a call on a day that does not suit: "%s", "%s"', (named, refused) => {
    const call = startCall({ language: languageOf(named) });
    call.answer();
    expect(call.sayAll(named, refused).text).toMatch(/^(?:When may we call you again\?|מתי אפשר להתקשר שוב\?)$/);
    expect(call.say(languageOf(named) === 'en' ? "I don't know" : 'לא יודע')).toMatchObject({
      outcome: 'CALL_BACK',
      text: expect.not.stringMatching(/Tuesday|Wednesday|שלישי/),
    });
  });

  it.each(['yes', 'sure', 'yes please', 'of course', 'כן', 'בטח', 'אפשר'])(
    'asks again when to call, some times, where that is answered with "%s"',
    (said) => {
      const call = startCall({ language: languageOf(said) });
      call.answer();
      const question = call.say(languageOf(said) === 'en' ? "I'm busy" : 'אני עסוק').text;
      expect([call.say(said), call.say(said)].map(({ text }) => text)).toEqual([question, question]);
      expect(call.say(said)).toMatchObject({ outcome: 'CALL_BACK', next: 'hang-up' });
      const named = startCall();
      named.answer();
      expect(named.sayAll("I'm busy", said, 'tomorrow at ten')).toMatchObject({
        outcome: 'CALL_BACK',
        next: 'hang-up',
      });
    },
  );

  it.each([
    ['call me Tuesday', 'no'],
    ['call me Tuesday', 'nope, that is no good'],
    ['call me at five', 'no'],
    ['call me Tuesday or Wednesday', 'no'],
    ['תתקשרו ביום שלישי', 'לא'],
    ['תתקשרו בחמש', 'בעצם לא'],
  ])('asks for another time of a call where "%s" is followed by "%s", which refuses no call', (named, refused) => {
    const call = startCall({ language: languageOf(named) });
    call.answer();
    expect(call.sayAll(named, refused)).toMatchObject({
      next: 'listen',
      text: expect.stringMatching(/^(?:When may we call you again\?|מתי אפשר להתקשר שוב\?)$/),
    });
    expect(call.say(refused)).toMatchObject({ outcome: 'NOT_INTERESTED', next: 'hang-up' });
  });

  it.each([
    ['not Tuesday, at five', 'On which day would that be?'],
    ['another day, at five', 'On which day would that be?'],
    ['לא ביום שלישי, בחמש', 'On which day would that be?'],
    ['not at five, at six', 'We will call you again on Tuesday, December 1 at 6:00 PM. Goodbye.'],
  ])('keeps the day of a call only where another hour of it is named: "%s"', (said, text) => {
    const call = startCall();
    call.answer();
    expect(call.sayAll('call me Tuesday', said).text).toBe(languageOf(said) === 'en' ? text : 'באיזה יום?');
  });

  it('keeps the hour of a call where one day is refused, and another is named', () => {
    const call = startCall();
    call.answer();
    expect(call.sayAll("I'm busy", 'at five', 'not Tuesday, Wednesday').text).toBe(
      'We will call you again on Wednesday, December 2 at 5:00 PM. Goodbye.',
    );
  });

  it.each([
    ['16:00', ['call me today before five'], '4:45 PM'],
    ['16:50', ['call me today before five'], null],
    ['11:30', ['call me this morning', 'today'], '11:45 AM'],
    ['11:50', ['call me this morning', 'today'], null],
    ['14:30', ['call me today between two and four'], '3:45 PM'],
    ['12:00', ['call me today before five'], '2:00 PM'],
    ['20:00', ['call me later today'], '10:00 PM'],
    ['23:00', ['call me later today'], null],
  ])('at %s, after %j, keeps within the hours that suit', (clock, said, at) => {
    const call = startCall({ now: new Date(`2026-11-26T${clock}:00+02:00`) });
    call.answer();
    call.say("I'm busy");
    expect(call.sayAll(...said)).toMatchObject(
      at === null
        ? { next: 'listen', text: 'When may we call you again?' }
        : { next: 'hang-up', text: `We will call you again on Thursday, November 26 at ${at}. Goodbye.` },
    );
  });

  it.each(["I'm kinda busy but go on", 'אני קצת עסוק אבל תמשיכו', 'one sec, let me get a pen', 'hold on'])(
    'does not come from "%s"',
    (said) => {
      const call = startCall({ language: languageOf(said) });
      call.answer();
      expect(call.say(said)).toMatchObject({
        next: 'listen',
        text: expect.not.stringMatching(/call you again|להתקשר שוב/),
      });
    },
  );

  it.each([
    ['can a person call me', /^I will pass on that you would like to talk with a person\./, 'nextPerson', []],
    ['אפשר שבן אדם יתקשר אליי', /^אעביר הלאה שתרצו לדבר עם אדם\./, 'nextPerson', []],
    [
      'can a human call me tomorrow at three',
      /a person to call you on Friday, November 27 at 3:00 PM\./,
      'nextPersonAt',
      ['2026-11-27T13:00:00.000Z'],
    ],
    ['אפשר שנציג יתקשר אליי ביום שלישי', /שאדם יתקשר אליכם ביום שלישי, 1 בדצמבר\./, 'nextPersonAt', ['2026-12-01']],
  ])('hands over to a person, whom a campaign does not call, after "%s"', (said, text, key, times) => {
    const [yes, time, busy] =
      languageOf(said) === 'en' ? ['yes', 'Tuesday at ten', "I'm busy"] : ['כן', 'ביום שלישי בעשר', 'אני עסוק'];
    for (const before of [[], [yes], [yes, yes], [yes, yes, time], [busy]] as string[][]) {
      const call = startCall({ language: languageOf(said) });
      call.answer();
      for (const earlier of before) call.say(earlier);
      const last = call.say(said);
      expect(last).toMatchObject({ outcome: 'CALL_BACK', next: 'hang-up', text: expect.stringMatching(text) });
      expect(last.nextStep).toEqual({ key, times });
      expect(call.booked).toEqual([]);
    }
    const booked = startCall();
    booked.answer();
    booked.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
    expect(booked.say(said)).toMatchObject({
      outcome: 'MEETING_BOOKED',
      next: 'hang-up',
      nextStep: { key: 'nextPersonMeeting', times: ['2026-12-01T08:00:00.000Z'] },
    });
  });

  it.each(ASKS_FOR_NO_PERSON)('is not handed over after "%s"', (said) => {
    for (const before of [[], ['yes'], ['yes', 'yes']]) {
      const call = startCall({ language: languageOf(said) });
      call.answer();
      for (const text of before) call.say(text);
      expect(call.say(said).nextStep?.key ?? '').not.toMatch(/^nextPerson/);
    }
  });

  it.each([
    "yes, I'd like to talk to someone",
    'yes, I would like to speak with one of you on Sunday at ten',
    'sure, I want to talk to a person',
    'ok, I would love to talk to one of you',
    'great, can I talk to somebody from your team on Monday at two',
    'yes, let me speak with a representative',
    'absolutely, I want to speak to a human',
    'would someone call me?',
    'will a person call me?',
    'כן אשמח לדבר עם נציג ביום ראשון בעשר',
    'כן, אני רוצה לדבר עם מישהו',
    'בטח, אשמח לדבר עם בן אדם',
    'מעולה, אפשר לדבר עם אחד מכם',
    'סבבה אני רוצה לדבר עם נציג',
    'כן, אפשר שמישהו מכם יתקשר אליי ביום ראשון בעשר',
  ])('keeps the meeting where a wish for a person agrees to it: "%s"', (said) => {
    const yes = languageOf(said) === 'en' ? 'yes' : 'כן';
    for (const before of [[yes], [yes, yes]]) {
      const call = startCall({ language: languageOf(said) });
      call.answer();
      for (const text of before) call.say(text);
      expect(call.say(said)).toMatchObject({ next: 'listen', outcome: null });
    }
  });

  it.each([
    'yes, can I talk to a person then?',
    'yes, I will talk to one of you then, great, can I speak with a human',
    'כן, אפשר לדבר עם נציג אז',
    'כן מעולה אשמח לדבר עם אחד מכם',
  ])('books the time that is confirmed with a wish for a person: "%s"', (said) => {
    const call = startCall();
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten', said);
    expect(call.booked).toEqual(['2026-12-01T08:00:00.000Z']);
  });

  it.each([
    'yes, but I want to talk to a human',
    'ok, can I talk to a person instead',
    'no, I want to talk to a person',
    'כן אבל אני רוצה לדבר עם בן אדם',
    'לא, אני רוצה לדבר עם נציג',
  ])('hands over who wants a person, and not the meeting: "%s"', (said) => {
    const yes = languageOf(said) === 'en' ? 'yes' : 'כן';
    const call = startCall({ language: languageOf(said) });
    call.answer();
    expect(call.sayAll(yes, said)).toMatchObject({ outcome: 'CALL_BACK', nextStep: { key: 'nextPerson' } });
  });

  it.each([
    'actually cancel that and get me a person',
    'cancel the meeting, I want to talk to a human',
    'please cancel it and have someone call me',
    "I can't come, cancel it, can I talk to a representative",
    'forget it, connect me to an agent',
    'I want to talk to a real person, cancel the meeting',
    'תבטלו את הפגישה ותעבירו אותי לנציג',
    'לבטל, אני רוצה לדבר עם בן אדם',
    'תבטל את זה, אפשר שמישהו יתקשר אליי',
    'אני רוצה לדבר עם נציג, תבטלו את הפגישה',
    'שיניתי את דעתי, אני רוצה נציג',
  ])('cancels the meeting that is booked, and hands over: "%s"', (said) => {
    const language = languageOf(said);
    const call = startCall({ language });
    call.answer();
    call.sayAll('yes', 'yes', 'Tuesday at ten', 'yes');
    expect(call.say(said)).toMatchObject({
      outcome: 'CALL_BACK',
      next: 'hang-up',
      nextStep: { key: 'nextPerson' },
      text:
        language === 'en'
          ? 'The meeting is cancelled. I will pass on that you would like to talk with a person. Goodbye.'
          : 'הפגישה בוטלה. אעביר הלאה שתרצו לדבר עם אדם. להתראות.',
    });
  });

  it.each([
    ['yes', /^We will call you again on Friday, November 27 at 9:00 AM/, '2026-11-27T07:00:00.000Z'],
    ['sure, that works', /^We will call you again on Friday, November 27 at 9:00 AM/, '2026-11-27T07:00:00.000Z'],
    ['no', /^When may we call you again\?$/, undefined],
    ['כן', /^נתקשר שוב ביום שישי, 27 בנובמבר, בשעה 9:00/, '2026-11-27T07:00:00.000Z'],
    ['לא', /^מתי אפשר להתקשר שוב\?$/, undefined],
  ])(
    'offers a call when calls are made, where none are at the time that was named, and hears "%s"',
    (said, text, at) => {
      const language = languageOf(said);
      const call = startCall({ language, callTime: '2026-11-27T07:00:00.000Z' });
      call.answer();
      expect(
        call.say(language === 'en' ? 'call me tomorrow at six in the morning' : 'תתקשרו מחר בשש בבוקר'),
      ).toMatchObject({
        next: 'listen',
        text: expect.stringMatching(
          /^(?:We do not call at that time\. May we call you on Friday, November 27 at 9:00 AM\?|בזמן הזה איננו מתקשרים\. אפשר להתקשר ביום שישי, 27 בנובמבר, בשעה 9:00\?)$/,
        ),
      });
      const answered = call.say(said);
      expect(answered.text).toMatch(text);
      expect(answered.nextStep?.times[0]).toBe(at);
    },
  );

  it('promises another call where a campaign makes it, and else to pass it on', () => {
    const lastWords = [true, false].map((callsAgain) => {
      const call = startCall({ callsAgain });
      call.answer();
      return call.sayAll("I'm driving", 'tomorrow at ten').text;
    });
    const at = 'Friday, November 27 at 10:00 AM';
    expect(lastWords).toEqual([
      `We will call you again on ${at}. Goodbye.`,
      `I will pass on that you asked for a call on ${at}. Goodbye.`,
    ]);
    const late = startCall();
    late.answer();
    expect(late.sayAll('call me on the first of March at ten').text).toBe(
      'I will pass on that you asked for a call on Monday, March 1 at 10:00 AM. Goodbye.',
    );
  });

  it('is judged by what was said where the other side hangs up', () => {
    const outcomes = [[], ['yes', 'yes'], ['yes', 'yes', 'the first', 'yes']].map((said) => {
      const call = startCall();
      call.answer();
      for (const text of said) call.say(text);
      return call.hangUp();
    });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['NO_OUTCOME', 'INTERESTED', 'MEETING_BOOKED']);
  });

  it('says that it is no person, where the number is from, and what it is about, and asks its question again', () => {
    const call = startCall();
    call.answer();
    expect(call.say('am I talking to a robot?').text).toBe(
      'Yes, I am an automated assistant, not a person. Is this a good time to talk for a minute?',
    );
    expect(call.say('how did you get my number').text).toMatch(/^Your number is in the contacts of Acme\./);
    expect(call.say('who is this?').text).toMatch(/^I am calling on behalf of Acme\./);
  });
});

/** What the agent answers to the last of several utterances, the others of which are "yes", in the language of the last. */
function lastAnswer(texts: readonly string[], options: Options = {}) {
  const language = languageOf(texts.join(' '));
  const call = startCall({ language, ...options });
  call.answer();
  return call.sayAll(...texts.map((text) => (text === 'YES' ? (language === 'en' ? 'yes' : 'כן') : text)));
}

describe('a time that is only spoken of', () => {
  it.each([
    'yes but I have a meeting at three today',
    "yes, I'm leaving tomorrow at ten so be quick",
    'yes, go ahead, my vacation starts tomorrow',
    'yes, I spoke with you on Monday',
    'yes, text me tomorrow',
    'yes, in December we renew our contract',
    'yes, I have a call tomorrow at ten so make it short',
    "yes, I'm flying on Tuesday",
    'yes, my wife comes back on Sunday',
    'sure, we were closed on Monday',
    'ok, I got your email on Tuesday',
    'yes, now is better than tomorrow',
    'yes, go on, Tuesday is my day off',
    'yes, I start a new job next week',
    'yes it works tomorrow I fly to London',
    'yes, in ten minutes I have to leave',
    'yes I have to talk to my boss tomorrow at three',
    'yes, but quickly, the kids come home at two on Monday',
    'כן, קיבלתי את המייל ביום שלישי',
    'כן, יש לי דקה, מחר אני טס',
    'כן, דיברתי איתכם ביום שני',
    'כן, מחר בעשר אני יוצא לחופש אז בקצרה',
    'כן, קניתי מכם ביום שני',
    'yes, next week I am on a long trip',
    "yes, on Tuesday I'm flying",
    'כן, בדצמבר אנחנו מחדשים חוזה',
    'כן, אשתי חוזרת ביום ראשון',
    'כן, תמשיכו, מחר אני לא בארץ',
    'כן, נוח לי מחר אני טס',
    'כן, עוד שעה יש לי ישיבה',
    'כן, אני צריך לדבר עם הבוס מחר בשלוש',
    'כן, עדיף עכשיו ולא מחר',
    'כן, מדבר יוני',
    'כן, אני יוני',
    'כן, זה אפריל',
    'כן, יולי מדברת',
  ])('does not put off the talk: "%s"', (said) => {
    expect(lastAnswer([said]).text).toMatch(/^(?:Thank you\. Would you like|תודה\. תרצו)/);
  });

  it.each([
    ['yes, Sunday at ten suits me', /^That is for a short meeting/],
    ['yes, how about Wednesday at two', /^That is for a short meeting/],
    ['sure, but Tuesday works better for me because I am at home', /^That is for a short meeting/],
    ['ok, can we do Monday at four instead', /^That is for a short meeting/],
    ['yes, in January', /^That is for a short meeting/],
    ['yes, we can talk tomorrow at three', /^We will call you again/],
    ['כן, מתאים לי מחר בשלוש', /^מדובר בפגישה קצרה/],
    ['כן, ביום רביעי בשתיים נוח לי יותר', /^מדובר בפגישה קצרה/],
    ['כן, אבל רק ביום שני', /^מדובר בפגישה קצרה/],
    ['כן, עדיף בינואר', /^מדובר בפגישה קצרה/],
  ])('is not one that is named because it suits: "%s"', (said, text) => {
    expect(lastAnswer([said]).text).toMatch(text);
  });

  it.each([
    "thanks, I'll be on holiday in January anyway",
    'great, we renew everything in December',
    'thank you, in March we move to a new office',
    'perfect, my son gets married next month',
    'ok, next year we will be bigger',
    'תודה, בינואר אני גם ככה בחו"ל',
    'מעולה, בדצמבר אנחנו מחדשים הכול',
    'תודה, בחודש הבא הבן שלי מתחתן',
    'סבבה, בשנה הבאה נהיה גדולים יותר',
    'יופי, במרץ אנחנו עוברים דירה',
  ])('leaves a meeting as it is booked: "%s"', (said) => {
    expect(
      lastAnswer(['YES', 'YES', languageOf(said) === 'en' ? 'Tuesday at ten' : 'ביום שלישי בעשר', 'YES', said]),
    ).toMatchObject({
      outcome: 'MEETING_BOOKED',
    });
    const asked = lastAnswer([
      'YES',
      'YES',
      languageOf(said) === 'en' ? 'Tuesday at ten' : 'ביום שלישי בעשר',
      'YES',
      said,
    ]);
    expect(asked.text).not.toMatch(/Which day|איזה יום|I can offer|אפשר ב/);
  });
});

describe('a "no" to the days before', () => {
  it.each([
    ['not before January', 'January 1'],
    ['not until next month', 'December 1'],
    ['no, next week', 'November 30'],
    ['no, only in January', 'January 1'],
    ['no, after January', 'February 1'],
    ['not until Tuesday', 'December 1'],
    ['לא לפני ינואר', '1 בינואר'],
    ['לא, רק בחודש הבא', '1 בדצמבר'],
    ['לא, בשבוע הבא', '29 בנובמבר'],
    ['לא לפני יום שלישי', '1 בדצמבר'],
    ['לא, החל מינואר', '1 בינואר'],
  ])('declines no meeting: "%s"', (said, day) => {
    expect(lastAnswer(['YES', said])).toMatchObject({ next: 'listen', text: expect.stringContaining(day) });
  });

  it.each([
    'no, we renew in January',
    'no thanks, not until next year',
    'no, I bought one last month',
    "no, I'm not interested, not before January",
    'לא, בינואר אנחנו סוגרים את העסק',
    'לא תודה, לא לפני ינואר',
    'לא מעוניין, אולי בשנה הבאה',
  ])('declines it with other words: "%s"', (said) => {
    expect(lastAnswer(['YES', said])).toMatchObject({ outcome: 'NOT_INTERESTED', next: 'hang-up' });
  });
});

describe('the offer of a call at another time', () => {
  const AT = '2026-11-29T07:00:00.000Z';
  const answerOffer = (said: string) =>
    lastAnswer([languageOf(said) === 'en' ? 'call me on Saturday at ten' : 'תתקשרו בשבת בעשר', said], { callTime: AT });

  it.each([
    "I'm abroad then",
    "that's impossible",
    "it's my wedding",
    'yes but not in the morning',
    'yes but not that early',
    'ok but later',
    "it's my good friend's wedding",
    'Sunday is my wedding',
    "I don't know",
    'maybe',
    'that is too early',
    'ok, but Sunday is a bit hard',
    'yes?',
    'לא יודע',
    'בסדר אבל לא בבוקר',
    'אני בחו"ל אז',
    'זו החתונה שלי',
    'טוב אבל מאוחר יותר',
    'כן אבל לא כל כך מוקדם',
    'ביום ראשון יש לי חתונה',
    'אי אפשר',
    'אולי',
    'זה מוקדם מדי',
  ])('is not agreed to by "%s"', (said) => {
    expect(answerOffer(said)).toMatchObject({ next: 'listen', outcome: null, nextStep: null });
  });

  it.each([
    'yes',
    'yes please',
    'sure, that works',
    'yes Sunday is fine',
    'Sunday works',
    'ok, Sunday at nine',
    'nine is fine',
    'great, thank you',
    'no problem',
    'אין בעיה',
    'of course, you can',
    'כן',
    'כן, ביום ראשון מתאים',
    'בסדר גמור',
    'ביום ראשון בתשע',
    'סבבה, תודה',
    'מתאים לי',
  ])('is agreed to by "%s"', (said) => {
    const answered = answerOffer(said);
    expect(answered).toMatchObject({ next: 'hang-up', outcome: 'CALL_BACK' });
    expect(answered.nextStep?.times).toEqual([AT]);
  });

  it.each(['now is fine', 'go ahead', 'we can talk now', 'עכשיו בסדר', 'אפשר עכשיו', 'תמשיכו'])(
    'is set aside by "%s"',
    (said) => {
      expect(answerOffer(said).text).toMatch(/^(?:Thank you\. Would you like|תודה\. תרצו)/);
    },
  );
});

describe('a week in which nothing suits', () => {
  it.each([
    ["next week I'm on vacation", 'Tuesday at ten', 'December 8'],
    ['any day but next week', 'Monday at ten', 'December 7'],
    ['next week we will be closed', 'Wednesday at ten', 'December 9'],
    ["I'm travelling next week", 'Tuesday at ten', 'December 8'],
    ["next week I'm on vacation", 'Friday at ten', 'November 27'],
    ['not next week', 'Monday at ten', 'December 7'],
    ["next month I'm away", 'Tuesday at ten', 'January 5'],
    ['שבוע הבא אני בחופש', 'ביום שלישי בעשר', '8 בדצמבר'],
    ['כל יום חוץ מהשבוע הבא', 'ביום שני בעשר', '7 בדצמבר'],
    ['בשבוע הבא אני במילואים', 'ביום רביעי בעשר', '9 בדצמבר'],
    ['שבוע הבא אנחנו סגורים', 'ביום שישי בעשר', '27 בנובמבר'],
    ['אני בחו"ל בשבוע הבא', 'ביום שלישי בעשר', '8 בדצמבר'],
  ])('has no meeting and no call back: "%s", "%s"', (away, named, day) => {
    expect(lastAnswer(['YES', 'YES', away, named]).text).toContain(day);
    const busy = languageOf(away) === 'en' ? "I'm busy" : 'אני עסוק';
    expect(lastAnswer([busy, away, named]).text).toContain(day);
    expect(lastAnswer([away, named]).text).toContain(day);
  });

  it('has no day of its own where an hour of a week is all that was named', () => {
    for (const said of ['call me next week at ten', 'call me at ten next week', 'call me next month at ten'])
      expect(lastAnswer([said])).toMatchObject({ next: 'listen', text: 'On which day would that be?' });
    expect(lastAnswer(['תתקשרו בשבוע הבא בעשר']).text).toBe('באיזה יום?');
    expect(lastAnswer(['call me next week at ten', 'Tuesday']).text).toContain('December 1 at 10:00 AM');
  });

  it.each([
    ['call me in November', 'YES'],
    ['call me mid November', 'YES'],
    ['תתקשרו בנובמבר', 'YES'],
  ])('is not over: "%s"', (named, yes) => {
    expect(lastAnswer([named, yes]).nextStep?.times).toEqual([expect.stringMatching(/^2026-11-26/)]);
  });
});

describe('the language', () => {
  it('is that of the lead, until the other is clearly spoken', () => {
    const call = startCall();
    call.answer();
    expect(call.say('שלום, מי מדבר?')).toMatchObject({
      language: 'he',
      text: expect.stringContaining('מדבר עוזר קולי אוטומטי'),
    });
    expect(call.say('כן').text).toBe('תודה. תרצו לשמוע עוד, בפגישה קצרה איתנו?');
    expect(call.say('ok')).toMatchObject({ language: 'he' });
    expect(call.say('sorry, I would rather speak English please')).toMatchObject({ language: 'en' });
  });

  it('has every sentence in both, and none is empty', () => {
    const words = { owner: 'O', lead: 'L', topic: 'T' };
    const teller = { zone: 'Asia/Jerusalem', zoneIsSure: false };
    const call = startCall({ language: 'he' });
    expect(call.answer().text).not.toMatch(/[a-z]/i);
    const line = { key: 'confirm' as const, times: OFFERED.slice(0, 1) };
    expect(sayLine('en', line, words, teller)).toBe(
      'So that would be Sunday, November 29 at 10:00 AM, Israel Standard Time. Is that right?',
    );
  });
});
