/** The numbers up to twelve. */
export const UNITS = [
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
export const TEENS = ['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
export const TENS = ['twenty', 'thirty', 'forty', 'fifty'];
/** Ordinal numbers, for days of the month. */
export const ORDINALS: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  eleventh: 11,
  twelfth: 12,
  thirteenth: 13,
  fourteenth: 14,
  fifteenth: 15,
  sixteenth: 16,
  seventeenth: 17,
  eighteenth: 18,
  nineteenth: 19,
  twentieth: 20,
  thirtieth: 30,
};

/** The numbers up to fifty-nine. */
export const NUMBERS = new Map<string, number>([
  ...UNITS.map((word, index) => [word, index + 1] as const),
  ...TEENS.map((word, index) => [word, index + 13] as const),
  ...TENS.flatMap((word, index) => [
    [word, (index + 2) * 10] as const,
    ...UNITS.slice(0, 9).map((unit, digit) => [`${word} ${unit}`, (index + 2) * 10 + digit + 1] as const),
  ]),
]);

/** Returns a pattern for any of the words, longest first. */
export const longestFirst = (words: Iterable<string>) => [...words].sort((a, b) => b.length - a.length).join('|');

/** Returns a number in words or digits. */
export const numberOf = (text: string): number => NUMBERS.get(text) ?? Number(text);
