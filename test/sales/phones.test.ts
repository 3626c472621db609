import { describe, expect, it } from 'vitest';
import { placeOfNumber } from '#domain/sales/phones/number-place.ts';
import { parsePhone, regionsOf } from '#domain/sales/phones/parse-phone.ts';
import { findTimeZone, placeOfZone } from '#domain/sales/phones/time-zones.ts';

describe('a phone number', () => {
  it.each([
    ['+972522345678'],
    ['052-234-5678'],
    ['0522345678'],
    ['522345678'],
    ['972522345678'],
    ['00972522345678'],
    ['+972 (0)52 234 5678'],
    ['052\u200e2345678'],
    ['\u202a+972 52\u2011234\u20115678\u202c'],
    ['052\u05be234\u05be5678'],
    ['٠٥٢٢٣٤٥٦٧٨'],
    ['="+972522345678"'],
    ["'+972522345678"],
    ["'0522345678"],
    ['tel:+972-52-234-5678'],
    ['0522345678.0'],
    ['972522345678.00'],
    ['\u00a0052.234.5678 '],
    ['p:+972522345678'],
    ['052-2345678 (נייד)'],
    ['(mobile) 052-2345678'],
    ['טל: 052-2345678'],
    ['Phone. 052-2345678;'],
    ['052-2345678,'],
  ])('is one number, however it is written: %j', (text) => {
    expect(parsePhone(text, ['IL'])).toEqual({ phone: '+972522345678' });
  });

  it.each(['+972501234567', '+972541234567', '+15551234567', '+97235551234'])(
    'may be of a range that is younger than the metadata: %s',
    (phone) => expect(parsePhone(phone, [])).toEqual({ phone }),
  );

  it('is of another country where it says so', () => {
    expect(parsePhone('+44 20 7183 8750', ['IL'])).toEqual({ phone: '+442071838750' });
    expect(parsePhone('972522345678', ['US'])).toEqual({ phone: '+972522345678' });
    expect(parsePhone('(212) 555-0123', ['US'])).toEqual({ phone: '+12125550123' });
  });

  it.each([
    ['9.7254E+11', /last digits are lost/],
    ['9,72522E+11', /last digits are lost/],
    ['052234567', /missing or wrong digits/],
    ['+9725223456780', /missing or wrong digits/],
    ['0522345678 ext 5', /extension/],
    ['052-2345678 / 054-7654321', /missing or wrong digits/],
    ['call me', /not a phone number/],
    ['', /not a phone number/],
    ['1-800-FLOWERS', /missing or wrong digits/],
    ['7'.repeat(61), /too long/],
  ])('is refused with its reason: %j', (text, reason) => {
    expect(parsePhone(text, ['IL'])).toEqual({ problem: expect.stringMatching(reason) });
  });

  it('without a country is of that of the language, where the operator has set none', () => {
    expect(regionsOf(['he'], null)).toEqual(['IL']);
    expect(regionsOf(['en', 'he'], null)).toEqual(['US', 'IL']);
    expect(regionsOf(['en', 'he'], 'IL')).toEqual(['IL']);
    expect(regionsOf(['en-GB'], 'IL')).toEqual(['GB']);
  });
});

describe('the place of a number', () => {
  it.each([
    ['+972522345678', 'IL', ['Asia/Jerusalem'], 'MOBILE'],
    ['+12125550123', 'US', ['America/New_York'], 'FIXED_LINE_OR_MOBILE'],
    ['+18765550123', 'JM', ['America/Jamaica'], 'MOBILE'],
    ['+80012345678', null, [], 'TOLL_FREE'],
  ])('is one where there is one: %s', (phone, country, timeZones, type) => {
    expect(placeOfNumber(phone)).toEqual({ country, timeZones, type });
  });

  it('is every zone of the country where the first digits tell none', () => {
    expect(placeOfNumber('+61412345678').timeZones).toEqual(
      expect.arrayContaining(['Australia/Sydney', 'Australia/Perth', 'Australia/Lord_Howe']),
    );
    expect(placeOfNumber('+18005550199').timeZones.length).toBeGreaterThan(30);
  });
});

describe('a time zone', () => {
  it('is spelt as IANA spells it, and has a place by any of its names', () => {
    expect(findTimeZone('asia/jerusalem')).toBe('Asia/Jerusalem');
    expect(findTimeZone('Asia/Tel_Aviv')).toBe('Asia/Tel_Aviv');
    for (const alias of ['asia/tel_aviv', 'ASIA/TEL_AVIV']) expect(findTimeZone(alias)).toBe('Asia/Jerusalem');
    expect(findTimeZone('us/eastern')).toBe('America/New_York');
    expect(findTimeZone('etc/gmt+5')).toBe('Etc/GMT+5');
    expect(placeOfZone('Asia/Tel_Aviv')).toEqual(placeOfZone('Asia/Jerusalem'));
    expect(placeOfZone('Asia/Jerusalem')?.latitude).toBeCloseTo(31.8, 1);
  });

  it.each(['IST', '+02:00', 'Mars/Olympus', 'Asia/', ''])('is none: %j', (name) => {
    expect(findTimeZone(name)).toBeNull();
  });
});
