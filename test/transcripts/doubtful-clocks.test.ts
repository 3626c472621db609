import { expect, it } from 'vitest';
import { read } from './support.ts';

const lines = (...each: string[]) => each.join('\n');

const turns = (source: string) =>
  read('TEXT', source).segments.map(({ startSeconds, speaker, text }) => [startSeconds, speaker, text]);

const annAndBob = [
  [5, 'Ann', 'hello'],
  [9, 'Bob', 'hi'],
];

it.each([
  ['Interview recorded 5 Jan 2026 10:02 AM', 'Ann (00:05): hello', 'Bob (00:09): hi'],
  ['Meet Monday 10:30 AM', 'Ann: [00:05] hello', 'Bob: [00:09] hi'],
  ['Recorded 10:02 AM', 'Ann: (00:05) hello', 'Bob: (00:09) hi'],
  ['Recorded 10:02 p.m.', '**[00:05]** Ann: hello', '**[00:09]** Bob: hi'],
  ['Recorded 10:02 AM', '**Ann** (00:05): hello', '**Bob** (00:09): hi'],
  ['Recorded 10:02 AM', '00:05 | Ann | hello', '00:09 | Bob | hi'],
  ['Recorded 10:02 AM', 'Ann: 00:00:05', 'hello', 'Bob: 00:00:09', 'hi'],
  ['From 10:02 AM', 'To 11:02 AM', 'Ann (00:05): hello', 'Bob (00:09): hi'],
])('a clock of twelve hours is in a title: %s, %s', (...source) => {
  expect(turns(lines(...source))).toEqual(annAndBob);
});

it('a clock of twelve hours is in a title of a table without a turn', () => {
  const source = lines('Recorded 10:02 AM', 'Ann | 00:05 | hello', 'Bob | 00:09 | hi', 'Ended 11:02 AM');
  expect(() => turns(source)).toThrow('No line begins a turn');
});

it('a clock of twelve hours is in a title in Hebrew', () => {
  expect(turns(lines('הקלטה מיום שני 10:02 AM', 'דנה (00:05): שלום', 'גיל (00:09): היי'))).toEqual([
    [5, 'דנה', 'שלום'],
    [9, 'גיל', 'היי'],
  ]);
  expect(() => turns(lines('הקלטה מיום שני 10:02 AM', 'שלום לכולם'))).toThrow('No line begins a turn');
});

it.each([
  '10:30 AM is fine',
  '9:30 a.m. on Monday.',
  '10:30 am Montag passt gut',
  '10:30 אחה"צ מתאים',
  '(10:30 PM) or so',
])('a clock of twelve hours is in a text: %s', (text) => {
  const speakers = Array.from({ length: 30 }, (_, at) => `Speaker ${(at % 2) + 1} (00:${at + 10}): hello`);
  const found = turns(lines(...speakers, text));
  expect(found).toHaveLength(30);
  expect(found.at(-1)).toEqual([39, 'Speaker 2', `hello ${text}`]);
});

it.each<[string[], unknown[][]]>([
  [
    ['00:05 م: مرحبا', '00:09 س: أهلا', '00:12 م: كيف'],
    [
      [5, 'م', 'مرحبا'],
      [9, 'س', 'أهلا'],
      [12, 'م', 'كيف'],
    ],
  ],
  [
    ['01:05 م: مرحبا', '01:09 ض: أهلا', '01:12 م: كيف'],
    [
      [65, 'م', 'مرحبا'],
      [69, 'ض', 'أهلا'],
      [72, 'م', 'كيف'],
    ],
  ],
  [
    ['٠١:٠٥ ص : مرحبا', '٠١:٠٩ ض : أهلا', '٠١:١٢ ص : كيف'],
    [
      [65, 'ص', 'مرحبا'],
      [69, 'ض', 'أهلا'],
      [72, 'ص', 'كيف'],
    ],
  ],
  [
    ['00:05 AM: hello', '00:09 DK: hi', '00:15 AM: bye'],
    [
      [5, 'AM', 'hello'],
      [9, 'DK', 'hi'],
      [15, 'AM', 'bye'],
    ],
  ],
  [
    ['[10:05] PM: hello', '[10:09] DK: hi', '[10:15] PM: bye'],
    [
      [605, 'PM', 'hello'],
      [609, 'DK', 'hi'],
      [615, 'PM', 'bye'],
    ],
  ],
  [
    ['10:05 PM: hello', '10:09 PM: hi', '10:15 PM: bye'],
    [
      [605, 'PM', 'hello'],
      [609, 'PM', 'hi'],
      [615, 'PM', 'bye'],
    ],
  ],
  [
    ['10:05 AM - hello', '10:09 DK - hi', '10:15 AM - bye'],
    [
      [605, null, 'AM - hello'],
      [609, null, 'DK - hi'],
      [615, null, 'AM - bye'],
    ],
  ],
  [['0:05 am I audible?'], [[5, null, 'am I audible?']]],
  [['10:05 am I audible?'], [[605, null, 'am I audible?']]],
])('initials and words are no half of a day: %j', (source, found) => {
  expect(turns(lines(...source))).toEqual(found);
});

it.each([
  ['[00:05]', 'From Monday to Friday: we work nine to five.'],
  ['00:05', 'From Tel Aviv to Haifa: that is the road we took.'],
  ['0:05', 'from start to finish: it took a year'],
  ['[00:00:05]', 'From here to eternity: a film.'],
  ['[00:00:05]', 'From Dana to Gil: a letter.'],
  ['00:05', 'From me to Everyone: thanks.'],
  ['[00:00:05]', 'From me to everyone: thanks.'],
])('who writes to whom is text: %s %s', (clock, text) => {
  expect(turns(lines(`${clock} ${text}`, `${clock.replace('5', '9')} Bye.`))).toEqual([
    [5, null, text],
    [9, null, 'Bye.'],
  ]);
});

it.each([
  '00:00:05 From Dana to Everyone: hi',
  '00:00:05 From  Dana  to  Everyone : hi',
  '00:00:05 From Dana to Gil (Privately): hi',
])('who writes to whom in a chat: %s', (line) => {
  expect(turns(lines(line, '00:00:09 From Gil to Everyone: yes'))).toEqual([
    [5, 'Dana', 'hi'],
    [9, 'Gil', 'yes'],
  ]);
});

function timeOf(text: string): number {
  const line = `00:00:01 ${text}\n`;
  const begun = performance.now();
  expect(turns(line.repeat(Math.floor(1_000_000 / line.length))).length).toBeGreaterThan(0);
  return performance.now() - begun;
}

it.each([
  ['two runs', `From a${' '.repeat(90)}to${' '.repeat(90)}b`],
  ['one run', `From a${' '.repeat(180)}b`],
  ['tabs', `From a${'\t'.repeat(90)}to${'\t'.repeat(90)}b`],
  ['many recipients', `From ${'a to '.repeat(30)}`],
  ['open brackets', `From a to ${'b('.repeat(60)}`],
  ['a run before Everyone', `From a to Everyone${' '.repeat(150)}b`],
])('who writes to whom takes no longer with many spaces: %s', (_name, text) => {
  expect(timeOf(text)).toBeLessThan(5 * timeOf('From a word '.repeat(16)) + 500);
});

it.each([
  ['Chat exported on Jan 5 2026 at 3:00 PM', 'Dana Levi 10:02 AM', 'hi', 'Gil Cohen 10:05 AM', 'yes'],
  ['Exported 3:00 PM', 'Dana Levi 10:02 AM', 'hi', 'Gil Cohen 10:05 AM', 'yes'],
  ['3:00 PM exported', '10:02 AM Dana Levi: hi', '10:05 AM Gil Cohen: yes'],
  ['3:00 PM', '10:02 AM Dana Levi: hi', '10:05 AM Gil Cohen: yes'],
  ['[9:00 PM] נשמר', '[10:02 AM] Dana Levi: hi', '[10:05 AM] Gil Cohen: yes'],
])('a title is not the first time of a chat: %s', (...source) => {
  expect(turns(lines(...source))).toEqual([
    [0, 'Dana Levi', 'hi'],
    [180, 'Gil Cohen', 'yes'],
  ]);
});

it.each<[string[], number[]]>([
  [
    ['10:02 AM', '11:00 PM', '9:00 AM'],
    [0, 46_680, 82_680],
  ],
  [
    ['10:02 AM', '5:00 PM', '9:00 AM', '9:30 AM'],
    [0, 25_080, 82_680, 84_480],
  ],
  [
    ['10:02 AM', '5:00 PM', '9:00 AM', '8:58 AM'],
    [0, 25_080, 82_560, 82_680],
  ],
  [
    ['11:58 PM', '12:01 AM', '11:59 PM'],
    [0, 60, 180],
  ],
  [
    ['10:02 AM', '10:05 AM', '10:04 AM'],
    [0, 120, 180],
  ],
])('a day follows the one before: %j', (clocks, starts) => {
  const source = lines(...clocks.map((clock, at) => `[${clock}] ${at % 2 ? 'Gil' : 'Dana'}: hi ${at}`));
  expect(read('TEXT', source).segments.map(({ startSeconds }) => startSeconds)).toEqual(starts);
});

it.each([
  'נפגש ١٠:٣٠',
  '２０人',
  '１０：３０ に',
  '۱۰:۳۰ خوب',
  '१०:३० पर',
  'at 10:30 AM',
  '１０：３０ AM',
  '１２：３０〜１３：００',
])('the digits of a text behind a clock of twelve hours stay: %s', (text) => {
  expect(turns(lines(`[10:02 AM] Dana: ${text}`, `[10:04 AM] Gil: ${text}`))).toEqual([
    [0, 'Dana', text],
    [120, 'Gil', text],
  ]);
});
