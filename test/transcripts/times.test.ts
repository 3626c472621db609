import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read, timedTextsOf } from './support.ts';

describe('the times of a cue', () => {
  it.each<[string, number, number]>([
    ['0:0:7.5 --> 0:0:9.25', 7.5, 9.25],
    ['00:00:07,5 --> 00:00:09,25', 7.5, 9.25],
    ['0:07 --> 1:09', 7, 69],
    ['00:07.120 --> 00:09.1', 7.12, 9.1],
    ['123:00:07,000 --> 123:00:09,000', 442_807, 442_809],
    ['-00:00:01,000 --> 00:00:02,000', 0, 2],
    ['00:00:07.000-->00:00:09.000', 7, 9],
    ['00:00:07.000 --> 00:00:09.000align:start position:0%', 7, 9],
    ['00:00:07,000 --> 00:00:09,000 X1:40 X2:600 Y1:20 Y2:50', 7, 9],
    ['00:00: 07, 000 --> 00:00:09 ,000', 7, 9],
    ['00:00:07,000 -> 00:00:09,000', 7, 9],
    ['00:00:07,000 --&gt; 00:00:09,000', 7, 9],
    ['00:00:07:120 --> 00:00:09:100', 7.12, 9.1],
    ['00:00:07,000 – > 00:00:09,000', 7, 9],
    ['00:00:07.1234567 --> 00:00:09.9999999', 7.123, 9.999],
    ['\u200f00:00:07,000 --> 00:00:09,000\u200f', 7, 9],
    ['00:00:57,500 --> 00:00:60,000', 57.5, 60],
    ['00:59:60,000 --> 01:00:01,000', 3600, 3601],
    ['\u221200:00:02,000 --> 00:00:01,500', 0, 1.5],
    ['００：００：０７，０００ --> 00：00：09．5', 7, 9.5],
    ['00:00:07:15 --> 00:00:09:06', 7.5, 9.2],
    ['00:00:07;15 --> 00:00:09;06', 7.5, 9.2],
  ])('%s are read', (times, startSeconds, endSeconds) => {
    for (const format of ['SRT', 'VTT'] as const) {
      const { segments, warnings } = read(format, `1\n${times}\nמה שנאמר\n`);
      expect(segments).toMatchObject([{ startSeconds, endSeconds, text: 'מה שנאמר' }]);
      expect(warnings.count).toBe(0);
    }
  });

  const digits = fc.constantFrom(1, 2);
  const spelling = fc.record({
    hours: fc.integer({ min: 0, max: 999 }),
    minutes: fc.integer({ min: 0, max: 59 }),
    seconds: fc.integer({ min: 0, max: 59 }),
    decimals: fc.stringMatching(/^\d{0,3}$/),
    mark: fc.constantFrom('.', ','),
    digits: fc.tuple(digits, digits, digits),
  });

  it('are read in any number of digits, with or without hours and decimals', () => {
    fc.assert(
      fc.property(spelling, fc.boolean(), ({ hours, minutes, seconds, decimals, mark, digits }, hasHours) => {
        const parts = [...(hasHours ? [hours] : []), minutes, seconds];
        const clock = parts.map((part, index) => String(part).padStart(digits[index] ?? 1, '0')).join(':');
        const time = decimals === '' ? clock : `${clock}${mark}${decimals}`;
        const milliseconds =
          ((hasHours ? hours : 0) * 60 + minutes) * 60_000 + seconds * 1000 + Number(decimals.padEnd(3, '0'));
        const { segments, warnings } = read('SRT', `${time} --> ${time}\nsaid`);
        expect(segments[0]?.startSeconds).toBe(milliseconds / 1000);
        expect(warnings.count).toBe(0);
      }),
    );
  });

  it('that end before they begin, or begin before those above, are put right and told', () => {
    const source = '0:10 --> 0:08\none two three\n\n0:20 --> 0:22\nlater\n\n0:15 --> 0:17\nsooner\n';
    const { segments, warnings } = read('SRT', source);
    expect(segments).toMatchObject([
      { startSeconds: 10, endSeconds: 11.2, text: 'one two three' },
      { startSeconds: 15, endSeconds: 17, text: 'sooner' },
      { startSeconds: 20, endSeconds: 22, text: 'later' },
    ]);
    expect(warnings).toMatchObject({ passedOver: 0, list: [{ line: 1 }, { line: 7 }] });
  });

  it('may have the text behind them', () => {
    expect(timedTextsOf('VTT', 'WEBVTT\n\n0:01 --> 0:02 align:start Hello there\n')).toEqual([[1, 'Hello there']]);
  });
});

describe('what cannot be read', () => {
  it('is told with its line, and neither its text nor its number is given to the cue before', () => {
    const source = '1\n0:01 --> 0:02\nkept\n2\n0:0x --> 0:04\nlost\n\nlost too\n\n3\n0:05 --> 0:06\nkept, too\n';
    for (const format of ['SRT', 'VTT'] as const) {
      const { segments, warnings } = read(
        format,
        source.replace('\n\nlost too', format === 'SRT' ? '\n\nlost too' : ''),
      );
      expect(segments.map(({ text }) => text)).toEqual(['kept', 'kept, too']);
      expect(warnings).toMatchObject({ passedOver: 1, count: 1, list: [{ line: 5 }] });
      expect(warnings.list[0]?.message).toContain('"0:0x --> 0:04" are no times');
    }
  });

  it('may be two times without an arrow, under the number of a cue', () => {
    const source = '1\n0:01 --> 0:02\nkept\n\n2\n0:03 - 0:04\nlost\n\n3\n0:05 --> 0:06\nat\n0:03 - 0:04\n';
    const { segments, warnings } = read('SRT', source);
    expect(segments.map(({ text }) => text)).toEqual(['kept', 'at 0:03 - 0:04']);
    expect(warnings).toMatchObject({ passedOver: 1, list: [{ line: 6 }] });
  });

  it('is told a hundred times in words, and counted beyond', () => {
    const lost = '0:0x --> 0:04\nlost\n\n'.repeat(150);
    const { warnings } = read('SRT', `${lost}0:05 --> 0:06\nkept\n`);
    expect(warnings).toMatchObject({ passedOver: 150, count: 150 });
    expect(warnings.list).toHaveLength(100);
    expect(warnings.list[99]?.line).toBe(298);
  });

  it('is told where text is in no cue, and where a cue is too late', () => {
    const source = 'WEBVTT\n\n0:01 --> 0:02\nkept\n\nin no cue\n\n4000:00:00 --> 4000:00:01\nlost\n';
    const { segments, warnings } = read('VTT', source);
    expect(segments).toMatchObject([{ text: 'kept' }]);
    expect(warnings).toMatchObject({ passedOver: 2, list: [{ line: 6 }, { line: 8 }] });
  });

  it('never takes more than its own cue', () => {
    const cues = fc.array(fc.record({ broken: fc.boolean(), numbered: fc.boolean(), blank: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(cues, (cues) => {
        const source = cues.map(({ broken, numbered, blank }, index) => {
          const number = numbered ? `${index + 1}\n` : '';
          return `${number}0:${broken ? 'xx' : '01'} --> 0:02\ntext${index}\n${blank ? '\n' : ''}`;
        });
        const { segments, warnings } = read('SRT', `0:00 --> 0:01\nfirst\n${source.join('')}`);
        const kept = cues.flatMap(({ broken }, index) => (broken ? [] : [`text${index}`]));
        expect(segments.map(({ text }) => text)).toEqual(['first', ...kept]);
        expect(warnings.passedOver).toBe(cues.length - kept.length);
      }),
    );
  });

  it('is no arrow in what is said', () => {
    expect(timedTextsOf('SRT', '1\n0:01 --> 0:02\nchoose File --> Save\nor version 1 --> 2\n')).toEqual([
      [1, 'choose File --> Save or version 1 --> 2'],
    ]);
  });
});

it('reads files whose every line is followed by an empty one', () => {
  const source = '1\r\n\r\n0:01 --> 0:02\r\n\r\none\r\n\r\n2\r\n\r\n0:03 --> 0:04\r\n\r\n7\r\n\r\n';
  for (const format of ['SRT', 'VTT'] as const) {
    const { segments, warnings } = read(format, source);
    expect(segments.map(({ text }) => text)).toEqual(['one', '7']);
    expect(warnings.count).toBe(0);
  }
});
