import { describe, expect, it } from 'vitest';
import { read } from './support.ts';

const segmentsOf = (source: string) =>
  read('TEXT', source).segments.map(({ startSeconds, endSeconds, speaker, text }) => [
    startSeconds,
    endSeconds,
    speaker,
    text,
  ]);

const warningsOf = (source: string) => read('TEXT', source).warnings.list;

const lines = (...all: string[]) => `${all.join('\n')}\n`;
const tabbed = (...rows: string[][]) => lines(...rows.map((cells) => cells.join('\t')));

const [asked, answered] = ['Where is the lamp?', 'למעלה בעליית הגג.'];

describe('LRC', () => {
  it('shows a line at each of its times, until the next time', () => {
    expect(
      segmentsOf(
        lines('[ti:Lamp]', `[00:01.00]${asked}`, '[00:03.50] [00:09.00]Chorus', `[00:05.00]${answered}`, '[00:07.00]'),
      ),
    ).toEqual([
      [1, 3.5, null, asked],
      [3.5, 5, null, 'Chorus'],
      [5, 7, null, answered],
      [9, expect.any(Number), null, 'Chorus'],
    ]);
  });

  it('has times of words, and an offset by which all lines are earlier', () => {
    const source = lines('[offset:+500]', '[00:01.00]<00:01.00>Where <00:01.40>is', '[00:02.50]<00:02.50>it?');
    const [first] = read('TEXT', source).segments;
    expect(first).toMatchObject({ startSeconds: 0.5, text: 'Where is' });
    const [plain] = read('TEXT', source.replace('[offset:+500]', '[ti:x]')).segments;
    expect(plain?.words?.map(({ text, startSeconds }) => [text, startSeconds])).toEqual([
      ['Where', 1],
      ['is', 1.4],
    ]);
  });

  it('loses only what has no time, which is reported', () => {
    const source = lines('[ti:x]', `[00:01.00]${asked}`, 'stray', '[00:99.00][00:03.00]Again');
    expect(segmentsOf(source).map(([start]) => start)).toEqual([1, 3]);
    expect(warningsOf(source).map(({ line }) => line)).toEqual([3, 4]);
  });
});

describe('captions of Avid', () => {
  const begin = '@ This file written with the Avid Caption plugin, version 1';

  it.each([
    [
      'below their timecodes',
      lines(
        begin,
        '',
        '<begin subtitles>',
        '',
        '00:00:01:00 00:00:03:15',
        'Where is',
        'the lamp?',
        '',
        '00:00:04:00 00:00:05:00',
        answered,
        '',
        '<end subtitles>',
      ),
    ],
    ['beside them', lines(begin, '', `00:00:01:00\t00:00:03:15\t${asked}`, `00:00:04:00\t00:00:05:00\t${answered}`)],
  ])('are read %s', (_where, source) => {
    expect(segmentsOf(source)).toEqual([
      [1, 3.5, null, asked],
      [4, 5, null, answered],
    ]);
    expect(warningsOf(source)).toEqual([]);
  });

  it('are reported if they begin after an hour, as sequences often do', () => {
    const source = lines('<begin subtitles>', '01:00:01:00 01:00:03:00', asked);
    expect(warningsOf(source)).toEqual([{ line: null, message: expect.stringContaining('01:00:00:00') }]);
  });

  it('lose only what cannot be read', () => {
    const source = lines(
      begin,
      'stray',
      '00:00:01:00 00:00:00:00',
      asked,
      '00:99:00:00 00:99:01:00',
      'Lost',
      '00:00:09:00 00:00:10:00',
      answered,
    );
    expect(segmentsOf(source).map(([start]) => start)).toEqual([1, 9]);
    expect(warningsOf(source).map(({ line }) => line)).toEqual([2, 3, 5, 6]);
  });
});

describe('tab-delimited text of ELAN', () => {
  const expected = [
    [1.23, 3, 'Noa', asked],
    [3.1, 5, 'Dana', answered],
  ];

  it.each([
    [
      'with a clock',
      [
        ['default', 'Noa', '00:00:01.230', '00:00:03.000', '00:00:01.770', asked],
        ['Dana', '', '00:00:03.100', '00:00:05.000', '00:00:01.900', answered],
      ],
    ],
    [
      'with times in every form',
      [
        ['Noa', '', '00:00:01.230', '1.23', '1230', '00:00:03.000', '3.0', '3000', asked],
        ['Dana', '', '00:00:03.100', '3.1', '3100', '00:00:05.000', '5.0', '5000', answered],
      ],
    ],
    [
      'with headings',
      [
        ['Tier', 'Begin Time - ss.msec', 'End Time - ss.msec', 'Annotation'],
        ['Noa', '1.23', '3.0', asked],
        ['Dana', '3.1', '5.0', answered],
      ],
    ],
    [
      'with a column for each tier',
      [
        ['Begin Time - hh:mm:ss.ms', 'End Time - hh:mm:ss.ms', 'Noa', 'Dana'],
        ['00:00:01.230', '00:00:03.000', asked, ''],
        ['00:00:03.100', '00:00:05.000', '', answered],
      ],
    ],
    [
      'sorted by tier',
      [
        ['Dana', '', '00:00:03.100', '00:00:05.000', answered],
        ['Noa', '', '00:00:01.230', '00:00:03.000', asked],
      ],
    ],
  ])('is read %s', (_form, rows) => {
    expect(segmentsOf(tabbed(...rows))).toEqual(expected);
  });

  it('loses only a row without times, which is reported', () => {
    const source = tabbed(
      ['Noa', '', '00:00:01.230', '00:00:03.000', asked],
      ['Noa', '', '?', '?', 'Lost'],
      ['Dana', '', '00:00:03.100', '00:00:05.000', answered],
    );
    expect(segmentsOf(source)).toEqual(expected);
    expect(warningsOf(source)).toMatchObject([{ line: 2 }]);
  });
});

describe('the formats of NIST', () => {
  it('CTM is joined into sentences, and keeps the times of words', () => {
    const { segments } = read(
      'TEXT',
      lines(
        ';; comment',
        'rec1 1 0.50 0.30 Where 0.98',
        'rec1 1 0.80 0.20 is NA',
        'rec1 1 1.00 0.50 it?',
        'rec1 1 4.00 0.5 Upstairs.',
      ),
    );
    expect(segments.map(({ text }) => text)).toEqual(['Where is it?', 'Upstairs.']);
    expect(segments[0]?.words).toEqual([
      { text: 'Where', startSeconds: 0.5, endSeconds: 0.8, confidence: 0.98 },
      { text: 'is', startSeconds: 0.8, endSeconds: 1, confidence: null },
      { text: 'it?', startSeconds: 1, endSeconds: 1.5, confidence: null },
    ]);
  });

  it('CTM of several channels has a speaker for each', () => {
    const source = lines('rec1 A 0.50 0.30 Where?', 'rec1 B 2.80 0.40 Upstairs.', 'rec1 A 4.80 0.40 Thanks.');
    expect(segmentsOf(source).map(([, , speaker]) => speaker)).toEqual(['A', 'B', 'A']);
  });

  it('STM is read with its speakers; what is marked to be ignored is reported', () => {
    const source = lines(
      ';; comment',
      `rec1 1 noa 0.50 2.30 <o,f0,female> ${asked}`,
      'rec1 1 inter_segment_gap 2.30 2.80 ignore_time_segment_in_scoring',
      `rec1 1 dana 2.80 4.40 ${answered}`,
    );
    expect(segmentsOf(source)).toEqual([
      [0.5, 2.3, 'noa', asked],
      [2.8, 4.4, 'dana', answered],
    ]);
    expect(warningsOf(source)).toMatchObject([{ line: 3 }]);
  });

  it('of several recordings are refused, and of one, only an odd line is lost', () => {
    expect(() => read('TEXT', lines('rec1 1 0.5 0.3 a', 'rec2 1 0.8 0.2 b'))).toThrow(/2 recordings/);
    const source = lines(
      'rec1 1 0.5 0.3 Where',
      'rec1 1 ? 0.3 Lost',
      ...[1, 2, 3, 4].map((at) => `rec1 1 ${at}.0 0.3 is`),
    );
    expect(warningsOf(source)).toMatchObject([{ line: 2 }]);
  });
});

describe('captions that Zoom saves', () => {
  it('are counted from the first of their times of the day, also after midnight', () => {
    const source = lines('[Noa Levi] 23:59:58', asked, '', '[דנה כהן] 00:00:02', answered);
    expect(segmentsOf(source)).toEqual([
      [0, 4, 'Noa Levi', asked],
      [4, expect.any(Number), 'דנה כהן', answered],
    ]);
    expect(warningsOf(source)).toEqual([{ line: null, message: expect.stringContaining('Zoom') }]);
  });

  it('are told from times of the recording', () => {
    const source = lines('[Noa Levi] 00:00:01', asked, '', '[Dana Cohen] 01:00:04', answered);
    expect(segmentsOf(source).map(([start]) => start)).toEqual([1, 3604]);
  });
});

describe('JSON of applications', () => {
  it('Chorus', () => {
    const utterance = (snippet_time: number, speaker_name: string, snippet: string) => ({
      snippet_time,
      speaker_name,
      snippet,
      speaker_type: 'rep',
    });
    const call = {
      recording: { duration: 9, utterances: [utterance(1.5, 'Noa', asked), utterance(3.5, 'Dana', answered)] },
    };
    expect(segmentsOf(JSON.stringify(call))).toEqual([
      [1.5, expect.any(Number), 'Noa', asked],
      [3.5, expect.any(Number), 'Dana', answered],
    ]);
  });

  it('Auphonic, with the times of words', () => {
    const segment = {
      start: 1.2,
      end: 2,
      speaker: 'Noa',
      text: 'Where is',
      timestamps: [
        ['Where', 1.2, 1.5, 0.9],
        ['is', 1.6, 2, 0.8],
      ],
    };
    const [first] = read('JSON', JSON.stringify([segment])).segments;
    expect(first).toMatchObject({ startSeconds: 1.2, endSeconds: 2, speaker: 'Noa', text: 'Where is' });
    expect(first?.words).toEqual([
      { text: 'Where', startSeconds: 1.2, endSeconds: 1.5, confidence: 0.9 },
      { text: 'is', startSeconds: 1.6, endSeconds: 2, confidence: 0.8 },
    ]);
  });
});

it.each([
  ['RTTM', lines('SPEAKER rec1 1 0.50 1.30 <NA> <NA> noa <NA> <NA>'), 'CTM, STM'],
  ['ALE', lines('Heading', 'FIELD_DELIM\tTABS', 'FPS\t25', '', 'Column', 'Name\tStart\tEnd', '', 'Data'), 'SubCap'],
  ['markers of Avid', tabbed(['Noa', '00:00:10:00', 'V1', 'red', 'check this', '1']), 'SubCap'],
])('%s, which has no text of what is said, is refused by name, with what to send instead', (name, source, advice) => {
  expect(() => read('TEXT', source)).toThrow(new RegExp(`This is .*${name}.*${advice}`));
});
