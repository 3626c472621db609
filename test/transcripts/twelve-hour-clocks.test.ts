import { describe, expect, it } from 'vitest';
import { read, turnsOf } from './support.ts';

const lines = (...each: string[]) => each.join('\n');

const startsAndTurns = (source: string) =>
  read('TEXT', source).segments.map(({ startSeconds, speaker, text }) => [startSeconds, speaker, text]);

describe('clocks of twelve hours in pasted transcripts', () => {
  it.each<[string, string, unknown[][]]>([
    [
      'before names, over noon',
      lines('11:59:50 AM Dana', 'Hello', '12:00:05 PM Gil', 'Hi', '1:00:00 PM Dana', 'Still here'),
      [
        [0, 'Dana', 'Hello'],
        [15, 'Gil', 'Hi'],
        [3610, 'Dana', 'Still here'],
      ],
    ],
    [
      'in brackets, over midnight',
      lines('[11:58 PM] Dana: hello', '[12:01 AM] Gil: hi', '[12:03 AM] Dana: bye'),
      [
        [0, 'Dana', 'hello'],
        [180, 'Gil', 'hi'],
        [300, 'Dana', 'bye'],
      ],
    ],
    [
      'behind names, with one of a sentence',
      lines('Dana Levi 10:02 AM', 'We meet at 10:30 AM', 'Gil  10:05\u202fa.m.', 'Sure', 'Dana Levi 10:06 AM', 'Bye'),
      [
        [0, 'Dana Levi', 'We meet at 10:30 AM'],
        [180, 'Gil', 'Sure'],
        [240, 'Dana Levi', 'Bye'],
      ],
    ],
    [
      'in brackets behind names',
      lines('Dana (11:58 am): hello', 'Gil (12:01 pm): hi'),
      [
        [0, 'Dana', 'hello'],
        [180, 'Gil', 'hi'],
      ],
    ],
    [
      'under names',
      lines('Dana Levi', '  9:02 AM', 'Hello', '', 'Gil Cohen', '  12:02 PM', 'Yes'),
      [
        [0, 'Dana Levi', 'Hello'],
        [10_800, 'Gil Cohen', 'Yes'],
      ],
    ],
    [
      'in Hebrew',
      lines('11:59 לפנה״צ דנה: שלום', '12:01 אחה"צ גיל: היי'),
      [
        [0, 'דנה', 'שלום'],
        [120, 'גיל', 'היי'],
      ],
    ],
    [
      'in Arabic',
      lines('١١:٥٩ ص دانا: مرحبا', '١٢:٠١ م جيل: أهلا'),
      [
        [0, 'دانا', 'مرحبا'],
        [120, 'جيل', 'أهلا'],
      ],
    ],
    [
      'of a chat that Zoom saves',
      lines(
        '10:02:11 AM From Dana Levi to Everyone:',
        '\thello',
        '10:02:41 AM From Gil to Dana Levi (Direct Message):',
        '\thi',
      ),
      [
        [0, 'Dana Levi', 'hello'],
        [30, 'Gil', 'hi'],
      ],
    ],
  ])('%s', (_name, source, turns) => {
    expect(startsAndTurns(source)).toEqual(turns);
    expect(read('TEXT', source).warnings.list).toEqual([
      { line: null, message: expect.stringContaining('those of a day') },
    ]);
  });

  it('say when turns end', () => {
    const source = lines('10:02:11 AM – 10:02:20 AM Dana Levi: hello', '10:03:00 AM – 10:03:10 AM Gil Cohen: hi');
    expect(read('TEXT', source).segments).toMatchObject([
      { startSeconds: 0, endSeconds: 9 },
      { startSeconds: 49, endSeconds: 59 },
    ]);
  });

  it('without a text are refused for that', () => {
    expect(() => read('TEXT', '1:02 AM\n1:03 AM\n')).toThrow('No turn has any text');
  });

  it('in texts are text', () => {
    const source = lines('Dana: 00:01:30', '10:00 AM is when we meet', 'Gil: 00:01:40', 'Fine, 10:00 AM');
    expect(turnsOf('TEXT', source)).toEqual([
      ['Dana', '10:00 AM is when we meet'],
      ['Gil', 'Fine, 10:00 AM'],
    ]);
    expect(startsAndTurns('Standup Monday 10:00 AM\n\n00:01 Dana: hi\n00:05 Gil: hello')).toEqual([
      [1, 'Dana', 'hi'],
      [5, 'Gil', 'hello'],
    ]);
  });
});

it('a chat that Zoom saves names its senders beside clocks of 24 hours, too', () => {
  const source = lines('00:02:11\tFrom Dana Levi to Everyone:', '\thello', '00:02:41\tFrom Gil to Everyone : hi');
  expect(startsAndTurns(source)).toEqual([
    [131, 'Dana Levi', 'hello'],
    [161, 'Gil', 'hi'],
  ]);
});
