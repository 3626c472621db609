import { longestFirst, NUMBERS, numberOf, ORDINALS, TEENS, TENS, UNITS } from './english-numbers.ts';

const NUMBER = `(?:${longestFirst(NUMBERS.keys())}|\\d{1,2})`;
const HOUR = `(?:${longestFirst(UNITS)}|1[0-2]|0?[1-9])`;
const DAY_HOURS = longestFirst([...UNITS.slice(9), ...TEENS, 'twenty', 'twenty one', 'twenty two', 'twenty three']);
const HALF = '(?: ?(a\\.?m\\.?|p\\.?m\\.?)(?= ))?';

/** An hour and minutes, in a form that chrono parses. */
const clock = (hour: number, minute: number, half = '') =>
  ` at ${hour}:${String(minute).padStart(2, '0')}${half === '' ? '' : ` ${half.replaceAll('.', '')}`} `;

/** So many minutes before an hour. */
const before = (hour: string, minutes: number, half: string) =>
  clock(numberOf(hour) === 1 ? 12 : numberOf(hour) - 1, 60 - minutes, half);

/** A day, which may precede a bare hour. */
const DAY =
  '(?:tomorrow|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening)';
/** Fillers around an hour that is the whole answer. */
const FILLER =
  '(?:yes|yeah|ok|okay|sure|no|maybe|let us say|say|um|uh|make it|make that|how about|what about|i would say|then|well|perhaps|,)';
const AFTER =
  '(?:please|works|is (?:fine|good|ok|okay|better|great|perfect)|would (?:be|work)|sounds|suits|then|if|,|\\?|on|at night|tomorrow|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|in the)';

type Rule = readonly [RegExp, (...groups: string[]) => string];

/** "From ten to eleven" is not ten minutes to eleven. */
const RANGE = new RegExp(
  ` (?:from|between) (?:about )?${HOUR}(?::\\d\\d)?${HALF} (?:and|to|till|until) ${HOUR}(?::\\d\\d)?${HALF}(?= )`,
  'g',
);

/** Open-ended times, which are removed so that they are not taken for an hour. */
const OPEN: readonly RegExp[] = [
  new RegExp(
    ` (?:from |between )?(?:at )?${HOUR}(?::\\d\\d)?${HALF} (?:and|to|till|until|or so to) ${HOUR}(?::\\d\\d)?${HALF}(?= (?!past|after))(?<= between .*| from .*)`,
    'g',
  ),
  new RegExp(
    ` (?:after|before|until|till|by|not at|not|since|any ?time from)(?: about| around)?(?: at)? ${HOUR}(?::\\d\\d)?(?: o'?clock)?${HALF}(?= )`,
    'g',
  ),
  new RegExp(
    ` (?:${NUMBER}|\\d{3,}) (?:minutes?|hours?|days?|weeks?|months?|people|percent|years?|times|of us|options?)(?= )(?! (?:past|to|before|after))(?<! in ${NUMBER} \\w+)`,
    'g',
  ),
];

/** Unambiguous times, although a word before them may still make them open-ended. */
const NAMED: readonly Rule[] = [
  // "Fourteen thirty hours", and "fourteen hundred", in the 24-hour clock.
  [/(?<= (?:at|tomorrow|today|\w+day)) ([01]\d|2[0-3])([0-5]\d) hours(?= )/g, (h, m) => clock(Number(h), Number(m))],
  [
    new RegExp(`(?<= (?:at|tomorrow|today|\\w+day)) (1\\d|2[0-3]|${DAY_HOURS}) hundred(?: hours)?(?= )`, 'g'),
    (h) => clock(numberOf(h), 0),
  ],
  [/ (?:at )?(?:12 |twelve )?(?:noon|midday)(?= )/g, () => clock(12, 0, 'pm')],
  [/ (?:at )?(?:12 |twelve )?midnight(?= )/g, () => clock(12, 0, 'am')],
  [new RegExp(` (?:at )?half past (${HOUR})${HALF}(?= )`, 'g'), (h, half) => clock(numberOf(h), 30, half)],
  [new RegExp(` (?:at )?half (${HOUR})${HALF}(?= )`, 'g'), (h, half) => clock(numberOf(h), 30, half)],
  [
    new RegExp(` (?:at )?(?:a )?quarter (?:past|after) (${HOUR})${HALF}(?= )`, 'g'),
    (h, half) => clock(numberOf(h), 15, half),
  ],
  [
    new RegExp(` (?:at )?(?:a )?quarter (?:to|of|before|till|til) (${HOUR})${HALF}(?= )`, 'g'),
    (h, half) => before(h, 15, half),
  ],
  [
    new RegExp(` (?:at )?(${NUMBER})(?: minutes?)? (?:past|after) (${HOUR})${HALF}(?= )`, 'g'),
    (m, h, half) => clock(numberOf(h), numberOf(m), half),
  ],
  [
    new RegExp(` (?:at )?(${NUMBER})(?: minutes?)? (?:to|before|till|til) (${HOUR})${HALF}(?= )`, 'g'),
    (m, h, half) => before(h, numberOf(m), half),
  ],
];

/** Times that count unless they were open-ended. */
const RULES: readonly Rule[] = [
  // "Four thirty", as speech recognizers write it without a colon.
  [
    new RegExp(`(?<= (?:at|${DAY})(?: at)?(?: ,)?) ([1-9]|1[0-2])([0-5]\\d)${HALF}(?= (?!\\d))`, 'g'),
    (h, m, half) => clock(Number(h), Number(m), half),
  ],
  [
    new RegExp(
      ` (?:(?<= (?:at|${DAY})(?: at)? )(${DAY_HOURS}) (fifteen|thirty|forty five)|(${DAY_HOURS}) (fifteen|thirty|forty five)(?= (?:on )?${DAY}))(?= )`,
      'g',
    ),
    (h, m, hour, minute) => clock(numberOf(h || hour), numberOf(m || minute)),
  ],
  [
    new RegExp(
      ` (?:at )?(${HOUR})(?:[ .:](?:oh|o|0) ?(one|two|three|four|five|six|seven|eight|nine|[1-9]))${HALF}(?= )`,
      'g',
    ),
    (h, m, half) => clock(numberOf(h), numberOf(m), half),
  ],
  [
    / (?:at )?(\d{1,2})[:.](\d\d)(?: ?(a\.?m\.?|p\.?m\.?)(?= ))?(?= )/g,
    (h, m, half) => (Number(h) < 24 && Number(m) < 60 ? clock(Number(h), Number(m), half) : ' '),
  ],
  [
    new RegExp(
      ` (?:at )?(${HOUR}) ((?:${longestFirst([...TENS, ...TEENS, 'ten', 'eleven', 'twelve', ...TENS.flatMap((ten) => UNITS.slice(0, 9).map((unit) => `${ten} ${unit}`))])})|[1-5]\\d)${HALF}(?= )`,
      'g',
    ),
    (h, m, half) => clock(numberOf(h), numberOf(m), half),
  ],
  [new RegExp(` (?:at )?(${HOUR}) o'?clock${HALF}(?= )`, 'g'), (h, half) => clock(numberOf(h), 0, half)],
  [new RegExp(` (?:at )?(${HOUR}) ?(a\\.?m\\.?|p\\.?m\\.?)(?= )`, 'g'), (h, half) => clock(numberOf(h), 0, half)],
  [
    new RegExp(
      ` (?:at|around|about|round|exactly at|make it|make that|i said|i meant|i mean) (${HOUR})(?= )(?! ?[:/])`,
      'g',
    ),
    (h) => clock(numberOf(h), 0),
  ],
  [
    new RegExp(`(?<= at \\d{1,2}:\\d\\d(?: [ap]m)?) or (?:at )?(${HOUR})(?= )`, 'g'),
    (h) => ` or${clock(numberOf(h), 0)}`,
  ],
  [
    new RegExp(
      `(?<= ${DAY}(?: ,)?)(?<! the \\w+(?= one )) (${HOUR})(?= )(?! ?(?:[:/]|${Object.keys(ORDINALS).join('|')}))`,
      'g',
    ),
    (h) => clock(numberOf(h), 0),
  ],
  [
    new RegExp(`^((?: ${FILLER})*) (${HOUR})(?=(?: ,)? $| ${AFTER} )`, 'g'),
    (filler, h) => `${filler}${clock(numberOf(h), 0)}`,
  ],
];

const ORDINAL = new RegExp(` (?:(${TENS.slice(0, 2).join('|')}) )?(${longestFirst(Object.keys(ORDINALS))})(?= )`, 'g');

/** Returns words with times of day as digits, `at 10:30`, and ordinals as `3rd`; open-ended times are removed. */
export function clocksToDigits(words: string): string {
  const certain = OPEN.reduce(
    (text, open) => text.replace(open, ' '),
    apply(NAMED, words.replace(DAY_AFTER, ' in 2 days ').replace(RANGE, ' ')),
  );
  return apply(RULES, certain)
    .replace(
      ORDINAL,
      (_all, ten: string | undefined, unit: string) => ` ${(ten ? numberOf(ten) : 0) + (ORDINALS[unit] as number)}th`,
    )
    .replace(/ +/g, ' ');
}

const DAY_AFTER = / (?:the )?day after tomorrow(?= )/g;

function apply(rules: readonly Rule[], words: string): string {
  const write =
    (rule: Rule[1]) =>
    (_all: string, ...rest: unknown[]) => {
      const groups = rest.slice(
        0,
        rest.findIndex((item) => typeof item === 'number'),
      );
      return rule(...groups.map((group) => (group ?? '') as string));
    };
  return rules.reduce((text, [pattern, rule]) => text.replace(pattern, write(rule)).replace(/ +/g, ' '), words);
}
