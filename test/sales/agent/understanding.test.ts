import { describe, expect, it } from 'vitest';
import { understand } from '#domain/sales/agent/understanding/understand.ts';
import { ASKS_FOR_NO_PERSON, ASKS_FOR_PERSON } from './persons.ts';
import { INTENTS, NO_REFUSALS, REFUSALS, UNSURE } from './utterances.ts';

describe('a refusal', () => {
  it.each(REFUSALS)('is understood: %s', (text) => {
    expect(understand(text).refusal).toBe('clear');
  });

  it.each(NO_REFUSALS)('is not heard in: %s', (text) => {
    expect(understand(text).refusal).toBe('none');
  });

  it.each(UNSURE)('is asked about: %s', (text) => {
    expect(understand(text).refusal).toBe('unsure');
  });

  it('is understood beside marks of direction, points, other apostrophes and capitals', () => {
    expect(understand('\u202Bתַּמְחְקוּ אוֹתִי\u202C').refusal).toBe('clear');
    expect(understand('DON’T CALL ME AGAIN!!!').refusal).toBe('clear');
    expect(understand('dont call me again').refusal).toBe('clear');
  });
});

describe('an intent', () => {
  it.each(INTENTS)('%s is %s', (text, intent) => {
    expect(understand(text).intents[0]).toBe(intent);
  });

  it.each([
    "I won't forget it",
    'never forget it',
    "don't you forget it",
    "please don't cancel it",
    "I haven't changed my mind",
    "don't call it off",
    'what if I need to cancel?',
    'can I cancel it later?',
    'Roger handles my calendar',
    'talk to Roger',
    'Roger?',
    'אל תשכחו מזה',
    'לא אשכח מזה',
    'שלא תשכחו מזה',
    'אל תבטלו את הפגישה',
    'מה אם אני מבטל',
  ])('is none in "%s"', (text) => {
    expect(understand(text).intents).toEqual([]);
  });

  it.each(ASKS_FOR_PERSON)('asks for a person in "%s"', (text) => {
    expect(understand(text)).toMatchObject({ refusal: 'none', intents: expect.arrayContaining(['person']) });
  });

  it.each(ASKS_FOR_NO_PERSON)('asks for no person in "%s"', (text) => {
    expect(understand(text).intents).not.toContain('person');
  });

  it('is none where nothing is said that is known', () => {
    expect(understand('blue elephants').intents).toEqual([]);
    expect(understand('...').words).toBe(0);
  });

  it.each(['הקו תפוס', 'הספק שלנו תפוס'])('is no "no" where something else is busy: %s', (text) => {
    expect(understand(text).intents).not.toContain('no');
  });

  it.each([
    ['this is not Dana', 'Dana Levi', true],
    ["no, I'm not Dana Levi", 'Dana Levi', true],
    ['אני לא נועה', 'נועה', true],
    ['מדברת לא נועה כהן', 'נועה כהן', true],
    ['this is not good', 'Dana', false],
    ['this is not Dana', 'D.', false],
    ['what is this? (', '(?', false],
  ])('is a wrong number where "%s" is said to a call for %s: %s', (text, lead, isWrong) => {
    expect(understand(text, null, lead).intents[0] === 'wrong-number').toBe(isWrong);
  });
});

describe('a language', () => {
  it.each([
    ['שלום, מי זה?', 'he'],
    ['כן', 'he'],
    ['who are you people', 'en'],
    ['באנגלית בבקשה', 'en'],
    ['אני לא מדבר אנגלית', 'he'],
    ['ok', null],
    ['yes, thank you', null],
    ['123', null],
  ])('%s is spoken in %s', (text, language) => {
    expect(understand(text).language).toBe(language);
  });
});
