import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { read } from './support.ts';

const turns = (source: string) =>
  read('TEXT', source).segments.map(({ startSeconds, speaker, text }) => [startSeconds, speaker, text]);

describe('pasted transcripts', () => {
  it.each<[string, string, unknown[][]]>([
    [
      'times alone',
      '59:56\none\n1:00:02\ntwo\n',
      [
        [3596, null, 'one'],
        [3602, null, 'two'],
      ],
    ],
    [
      'times before text',
      '0:00 one\n0:05 we meet at 10:30\n1:00:02 end',
      [
        [0, null, 'one'],
        [5, null, 'we meet at 10:30'],
        [3602, null, 'end'],
      ],
    ],
    [
      'ranges',
      '59:56 - 1:00:02\none\n1:00:02 – 1:00:09\ntwo',
      [
        [3596, null, 'one'],
        [3602, null, 'two'],
      ],
    ],
    [
      'ranges as Whisper prints them',
      '[00:00.000 --> 00:02.000]  One.\n[00:02.000 --> 00:04.000]  Two.\n',
      [
        [0, null, 'One.'],
        [2, null, 'Two.'],
      ],
    ],
    [
      'SubViewer',
      '0:00:00.160,0:00:03.429\none\n\n0:00:03.429,0:00:05.000\ntwo\n',
      [
        [0.16, null, 'one'],
        [3.429, null, 'two'],
      ],
    ],
    [
      'names above times',
      'Weekly call\nMaya Stern\n0:03\nGood morning.\nIs it on?\n\nEitan Dor\n0:07\nYes\n\nMaya Stern\n1:00:12\nGood.',
      [
        [3, 'Maya Stern', 'Good morning. Is it on?'],
        [7, 'Eitan Dor', 'Yes'],
        [3612, 'Maya Stern', 'Good.'],
      ],
    ],
    [
      'names above times, in Hebrew',
      'מאיה שטרן\n0:03\nבוקר טוב לכולם.\nאיתן דור\n0:07\nבוקר אור.\n',
      [
        [3, 'מאיה שטרן', 'בוקר טוב לכולם.'],
        [7, 'איתן דור', 'בוקר אור.'],
      ],
    ],
    [
      'texts that look like names between times',
      '0:03\nHello\n0:07\nYes\n0:09\nGood',
      [
        [3, null, 'Hello'],
        [7, null, 'Yes'],
        [9, null, 'Good'],
      ],
    ],
    [
      'Otter',
      'Maya Stern  0:00  \nHello\n\nEitan Dor  1:00:12\nhi',
      [
        [0, 'Maya Stern', 'Hello'],
        [3612, 'Eitan Dor', 'hi'],
      ],
    ],
    [
      'Rev',
      'Speaker 1 (00:00):\nHello\n\nSpeaker 2 (1:00:04):\nhi',
      [
        [0, 'Speaker 1', 'Hello'],
        [3604, 'Speaker 2', 'hi'],
      ],
    ],
    [
      'Descript',
      '**Maya:** [00:00:12] text\n\n**Eitan:** [01:01:12] hi',
      [
        [12, 'Maya', 'text'],
        [3672, 'Eitan', 'hi'],
      ],
    ],
    [
      'Zoom captions',
      '[Maya Stern] 00:02:31\nHello\n[Eitan Dor] 00:02:40\nhi',
      [
        [151, 'Maya Stern', 'Hello'],
        [160, 'Eitan Dor', 'hi'],
      ],
    ],
    [
      'Teams',
      'Maya Stern   0:03\nHello\nEitan Dor   1:00:03\nhi',
      [
        [3, 'Maya Stern', 'Hello'],
        [3603, 'Eitan Dor', 'hi'],
      ],
    ],
    [
      'Google Meet',
      '00:00:00\n\nMaya Stern: Hello\nEitan Dor: hi\n00:05:00\n\nMaya Stern: bye',
      [
        [0, 'Maya Stern', 'Hello'],
        [214.286, 'Eitan Dor', 'hi'],
        [300, 'Maya Stern', 'bye'],
      ],
    ],
    [
      'times before names',
      '00:12 Maya Stern\nHello\n[1:00:12] דובר 2\nשלום',
      [
        [12, 'Maya Stern', 'Hello'],
        [3612, 'דובר 2', 'שלום'],
      ],
    ],
    [
      'Hebrew',
      '\u200fדנה: 00:12\nניפגש ב 10:30\n\u200f[1:00:12] עמרי: כן\n\u200f(1:01:00) דנה: ביי',
      [
        [12, 'דנה', 'ניפגש ב 10:30'],
        [3612, 'עמרי', 'כן'],
        [3660, 'דנה', 'ביי'],
      ],
    ],
    [
      'names, a space and times',
      'רון שגב 59:57\nבוקר טוב\nיעל בר 1:00:03\nבוקר אור\nרון שגב 1:00:08\nנתחיל',
      [
        [3597, 'רון שגב', 'בוקר טוב'],
        [3603, 'יעל בר', 'בוקר אור'],
        [3608, 'רון שגב', 'נתחיל'],
      ],
    ],
    [
      'names, a space and times, of whom some speak once',
      'The talk\nRon Segev 0:02\nHello\nYael Bar 0:06\nאז מחר בשעה 11:30\nניפגש\nRon Segev 0:09\nWell',
      [
        [2, 'Ron Segev', 'Hello'],
        [6, 'Yael Bar', 'אז מחר בשעה 11:30 ניפגש'],
        [9, 'Ron Segev', 'Well'],
      ],
    ],
    [
      'numbers and a colon, with and without a space',
      'Speaker 1:00:00:05\nhi\nSpeaker 2:00:09\nyes\nSpeaker 1 00:00:12\nso',
      [
        [5, 'Speaker 1', 'hi'],
        [9, 'Speaker 2', 'yes'],
        [12, 'Speaker 1', 'so'],
      ],
    ],
  ])('as %s are read in turns', (_what, source, expected) => {
    expect(turns(source)).toEqual(expected);
  });

  it('have no times for speakers, however long they are', () => {
    const starts = fc.uniqueArray(fc.integer({ min: 0, max: 500_000 }), { minLength: 1, maxLength: 20 });
    const clock = (seconds: number) => {
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
      const rest = String(seconds % 60).padStart(2, '0');
      return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
    };
    fc.assert(
      fc.property(starts, (starts) => {
        const rising = starts.toSorted((a, b) => a - b);
        const source = rising.map((seconds, index) => `${clock(seconds)}\nwords ${index}`).join('\n');
        expect(turns(source)).toEqual(rising.map((seconds, index) => [seconds, null, `words ${index}`]));
      }),
    );
  });

  it('end where they say, or where the next one begins', () => {
    const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19);
    const styles = fc.constantFrom(
      (from: string, to: string, text: string) => `[${from}.000 --> ${to}.000]  ${text}`,
      (from: string, to: string, text: string) => `${from}.000,${to}.000\n${text}\n`,
      (from: string, to: string, text: string) => `${from} - ${to}\n${text}`,
      (from: string, to: string, text: string) => `Maya: ${from} – ${to}\n${text}`,
    );
    const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat(900)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(styles, lengths, (write, lengths) => {
        let at = 0;
        const ranges = lengths.map(([length, pause]) => {
          const range = [at, at + length] as const;
          at += length + pause;
          return range;
        });
        const source = ranges.map(([from, to], index) => write(clock(from), clock(to), `מילה ${index}`)).join('\n');
        const { segments } = read('TEXT', source);
        const heard = ranges.map((_, index) =>
          segments.filter(({ text }) => text === `מילה ${index}`).map((each) => [each.startSeconds, each.endSeconds]),
        );
        expect(heard).toEqual(ranges.map((range) => [range]));
      }),
    );
  });

  it('tell an end that cannot be', () => {
    const { segments, warnings } = read('TEXT', '[0:10 --> 0:04] one two three\n[0:30 --> 0:32] later');
    expect(segments).toMatchObject([
      { startSeconds: 10, endSeconds: 11.2 },
      { startSeconds: 30, endSeconds: 32 },
    ]);
    expect(warnings.list).toMatchObject([{ line: 1 }]);
  });

  it('have no name that ends within a time', () => {
    const source = 'Recorded at 10:30:15\nMaya: 0:05\nWe left at 10:30:15\nand ran';
    expect(turns(source)).toEqual([[5, 'Maya', 'We left at 10:30:15 and ran']]);
    const spoken = '0:05\nניפגש בשעה 10:30\n0:09\nאו בשעה 11:30\nנראה';
    expect(turns('Maya: 0:05\nhi\n10:30 is early\n11:30 is late')).toEqual([
      [5, 'Maya', 'hi 10:30 is early 11:30 is late'],
    ]);
    expect(turns(spoken)).toEqual([
      [5, null, 'ניפגש בשעה 10:30'],
      [9, null, 'או בשעה 11:30 נראה'],
    ]);
  });

  it.each<[string, unknown[][]]>([
    [
      'Interview 12:05\nRecorded by Tom\n00:05 Hello there friend\n00:09 Hi to you',
      [
        [5, null, 'Hello there friend'],
        [9, null, 'Hi to you'],
      ],
    ],
    [
      'Standup 09:30\nAttendees\n[00:05] Hello\n[00:09] Hi',
      [
        [5, null, 'Hello'],
        [9, null, 'Hi'],
      ],
    ],
    [
      'Standup 09:30\nAttendees\nDana (00:05): Hello\nTom (00:09): Hi',
      [
        [5, 'Dana', 'Hello'],
        [9, 'Tom', 'Hi'],
      ],
    ],
    [
      'Standup 00:00\nAttendees\n[00:05] Hello\n[00:09] Hi',
      [
        [5, null, 'Hello'],
        [9, null, 'Hi'],
      ],
    ],
    [
      'ראיון 12:05\nבאולפן\nדנה 0:05\nשלום\nתום 0:09\nהיי\nדנה 0:12\nטוב',
      [
        [5, 'דנה', 'שלום'],
        [9, 'תום', 'היי'],
        [12, 'דנה', 'טוב'],
      ],
    ],
    [
      'ראיון 12:05\nבאולפן\n00:05 שלום לך\n00:09 שלום גם לך\n00:12 טוב לראות אותך',
      [
        [5, null, 'שלום לך'],
        [9, null, 'שלום גם לך'],
        [12, null, 'טוב לראות אותך'],
      ],
    ],
  ])('do not begin with a title that has a time: %s', (source, expected) => {
    expect(turns(source)).toEqual(expected);
  });

  it('begin with a name and a time, whose next one is later', () => {
    expect(turns('Dana 0:05\nHello\nTom 0:09\nHi')).toEqual([
      [5, 'Dana', 'Hello'],
      [9, 'Tom', 'Hi'],
    ]);
    expect(turns('דנה 0:05\nשלום\nתום 9:09\nהיי\nדנה 9:12\nטוב')).toEqual([
      [5, 'דנה', 'שלום'],
      [549, 'תום', 'היי'],
      [552, 'דנה', 'טוב'],
    ]);
  });

  it('keep what only looks like a turn as text', () => {
    const source = 'Maya: 0:05\nWe met (12:30) and then\nTime: 10:30\nat the corner\n';
    expect(turns(source)).toEqual([[5, 'Maya', 'We met (12:30) and then Time: 10:30 at the corner']]);
  });

  it('tell what stands above the first turn', () => {
    const { warnings } = read('TEXT', '\nA show\nabout bread\n\nDana: 0:05\nhi');
    expect(warnings).toMatchObject({ passedOver: 1, list: [{ line: 2 }] });
  });
});
