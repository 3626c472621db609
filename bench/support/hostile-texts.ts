import { randomNumbers } from './search-words.ts';

/** What is repeated up to the length that is asked for. */
// biome-ignore format: by what they are alike in
const UNITS = [
  ...Array.from('a0_ \t\n"\'`()[]{}<>,-:;.!?/\\|%@#&*+=~^$'),
  'a ', 'a a ', '0 ', '1.', 'a-', 'a.', 'a, ', 'a. ', 'a\n', ' \n', '\r\n', '\n\n', '> ', '# ', '- ', '| ', '** ',
  '```\n', '"" ', "'s ", '""',
  '<a>', '</', '<!--', '<v a>', '{\\i1}', '{{', '[[', ']]', '](', '[a](', '&amp;', '&#', '\\u', '\\"', '%25', '${',
  '__', '--', '//', '/*', '*/',
  '00:00:00,00', '00:00 ', '0:01 - ', '00:00:00,000 --> ', '1\n00:00:01,000 --> 00:00:02,000\na\n\n', '12:', '1 am ',
  '2026-01-01 ', '31/12 ',
  'a@', 'a@a.', '@a', 'http://', 'a/', '+972', '+1 ', '1-1', '(0)', 'x1', '1e9', '-0,', '1.10,', 'null,', 'Noa: ',
  'Noa:\n', '0,',
  'constructor ', '__proto__ ',
  'I ', 'not ', 'my name is ', 'I like ', 'and ', 'the ', 'no, ', 'yes ', 'last week ', 'tomorrow at ', 'two ',
  'days ago ', 'what ', 'why? ', 'forget ', 'remember that ', 'is it not? ',
  'א', 'א ', 'לא ', 'אני ', 'שמי ', 'ו', 'מחר ב', 'ש"', 'אָ', '漢', '漢 ', '漢字。', 'あ', '가', 'ア', 'ก', 'ب ', '😀', '😀 ',
  '👩‍👩‍👧‍👦', '🇮🇱', 'e\u0301', '\u0301', '\u05b8', '\u200f', '\u200b',
  '\u200d', '\u202e', '\u2028', '\ufeff', '\u00a0', '\u00ad', '\ufffd', 'ß', 'İ', 'ﬁ', '\ufdfa', '\u1e9e',
  '\u0130\u0307', '\u{1d400}', '\ue000', '\u0001', '\0', '\ud800', '\udc00', '\ud800a',
];

const repeated = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** A text by its name, of any length in UTF-16 units. */
export type HostileText = { name: string; of(length: number): string };

const random = randomNumbers(11);
const letters = (from: number, count: number, unit: number, length: number) => {
  let text = '';
  while (text.length < length) {
    for (let letter = 0; letter < unit; letter++) text += String.fromCodePoint(from + Math.floor(random() * count));
    text += ' ';
  }
  return text.slice(0, length);
};

const nested = (open: string, close: string, length: number) => {
  const depth = Math.floor(length / (open.length + close.length));
  return open.repeat(depth) + close.repeat(depth);
};

const MADE: HostileText[] = [
  { name: 'almost all a', of: (length) => `${repeated('a', length - 1)}!` },
  { name: 'a space run in the middle', of: (length) => `a${repeated(' ', length - 2)}b` },
  { name: 'a run of digits, then a letter', of: (length) => `${repeated('0', length - 1)}x` },
  { name: 'a run of quotes, then a letter', of: (length) => `x${repeated('"', length - 2)}x` },
  { name: 'words that are all different', of: (length) => letters(97, 26, 6, length) },
  { name: 'short words', of: (length) => letters(97, 26, 2, length) },
  { name: 'Hebrew words that are all different', of: (length) => letters(0x5d0, 27, 5, length) },
  { name: 'Chinese letters that are all different', of: (length) => letters(0x4e00, 20_000, 40, length) },
  { name: 'numbers that are all different', of: (length) => letters(48, 10, 7, length) },
  { name: 'emoji that are all different', of: (length) => letters(0x1f300, 700, 3, length).toWellFormed() },
  { name: 'marks of all kinds', of: (length) => letters(33, 15, 5, length) },
  { name: 'nested (', of: (length) => nested('(', ')', length) },
  { name: 'nested [', of: (length) => nested('[', ']', length) },
  { name: 'nested {"a":', of: (length) => nested('{"a":', '}', length) },
  { name: 'nested <b>', of: (length) => nested('<b>', '</b>', length) },
];

/** Texts that are two-byte, no Unicode, or slow for regular expressions and parsers. */
export const HOSTILE_TEXTS: readonly HostileText[] = [
  ...UNITS.map((unit) => ({ name: JSON.stringify(unit), of: (length: number) => repeated(unit, length) })),
  ...MADE,
];

/** JSON that is deep, wide, or spelled as no double is, as it stands in a body of at most `length` bytes. */
export const HOSTILE_JSON: readonly { name: string; of(length: number): string }[] = [
  { name: '100 levels', of: () => nested('[', ']', 198) },
  { name: '100 levels of objects', of: () => `${'{"a":'.repeat(99)}1${'}'.repeat(99)}` },
  { name: 'lists in lists', of: (length) => nested('[', ']', length) },
  { name: 'objects in objects', of: (length) => `${'{"a":'.repeat(length / 6)}1${'}'.repeat(length / 6)}` },
  ...[
    '0',
    '1.10',
    '1e400',
    '-0',
    '""',
    '{}',
    '[]',
    'null',
    '"\\u0000"',
    '"\\ud800"',
    '{"":0}',
    '{"__proto__":{"a":1}}',
    '123456789012345678901234567890',
    '"א"',
    '[[[[[1]]]]]',
  ].map((item) => ({
    name: `many ${item}`,
    of: (length: number) =>
      `[${Array(Math.floor((length - 2) / (Buffer.byteLength(item) + 1)))
        .fill(item)
        .join()}]`,
  })),
  {
    name: 'many keys',
    of: (length) => `{${Array.from({ length: length / 12 }, (_, index) => `"k${index}":1`).join()}}`,
  },
  {
    name: 'many numbers as keys',
    of: (length) => `{${Array.from({ length: length / 14 }, (_, index) => `"${(index * 7_919) % 4e9}":1`).join()}}`,
  },
  { name: 'a key that has NUL', of: () => '{"a\\u0000":1}' },
  { name: 'a key that has half a pair', of: () => '{"\\ud800":1}' },
  { name: 'a number of many digits', of: (length) => '9'.repeat(length) },
  { name: 'a fraction of many digits', of: (length) => `0.${'1'.repeat(length - 2)}` },
  { name: 'an exponent of many digits', of: (length) => `1e${'9'.repeat(length - 2)}` },
  ...['a', '0.0', '1:1', ',-0', ' 0', '1e', '....', 'א', '😀', '\\u0301', '\\n'].map((unit) => ({
    name: `a text of ${unit}`,
    of: (length: number) => `"${unit.repeat(Math.floor((length - 2) / Buffer.byteLength(unit)))}"`,
  })),
];
