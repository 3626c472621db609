import { longestFirst, NUMBERS } from './english-numbers.ts';

/** The end of a time that a zone may follow: an hour, its half of the day, or its day. */
const HOUR = `(?<= (?:${longestFirst(NUMBERS.keys())}|[\\d:.]+|o'?clock|\\d*[ap]\\.?m\\.?|morning|afternoon|evening|noon|today|tomorrow|\\w+day)(?: ,)?)`;
const behindHour = (words: string) => new RegExp(`${HOUR} ${words}(?= )`);

/** Zones as people name them after an hour, and their English names in Intl. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/ (?:eastern(?: (?:standard|daylight))? time|e[sd]?t)(?= )/, 'Eastern Standard'],
  [behindHour('eastern'), 'Eastern Standard'],
  [/ (?:pacific(?: (?:standard|daylight))? time|p[sd]?t)(?= )/, 'Pacific Standard'],
  [behindHour('pacific'), 'Pacific Standard'],
  [/ (?:central(?: (?:standard|daylight))? time|c[sd]t)(?= )/, 'Central Standard'],
  [/ (?:mountain(?: (?:standard|daylight))? time|m[sd]t)(?= )/, 'Mountain Standard'],
  [/ (?:central european(?: summer)? time|ces?t)(?= )/, 'Central European'],
  [/ (?:eastern european(?: summer)? time|eest|eet)(?= )/, 'Eastern European'],
  [/ (?:gmt|bst|(?:greenwich(?: mean)?|british(?: summer)?) time)(?= )/, 'Greenwich'],
  [/ (?:utc|zulu)(?= )/, 'Coordinated'],
  [/ (?:israeli? time|i[sd]t|[בה]?שעון ישראל)(?= )/, 'Israel'],
  [/ (?:jst|japan time)(?= )/, 'Japan'],
  [/ (?:msk|moscow time)(?= )/, 'Moscow'],
  [/ ae[sd]t(?= )/, 'Australian Eastern'],
];
/** The agent's own time zone, as the other person calls it. */
const YOURS = new RegExp(`${behindHour('(?:(?:in|by|on) )?your (?:time|clock)').source}| by your clock(?= )`);
/** Words before "time" that are no place: "this time", "it saves time". */
const NO_PLACE =
  '(?:this|that|next|any|some|what|which|my|our|your|you|their|the|an?|no|same|local|lunch|good|best|first|last|every|each|all|more|enough|plenty|of|in|on|at|for|is|if|have|has|works?|would|will|to|saves?|spend|takes?|makes?|find|wastes?|gives?|needs?|want|when|because|and|or|but)';
/** "London time", with a place of one or two words. */
const PLACE = behindHour(`((?!${NO_PLACE} )[a-z]+(?: (?!${NO_PLACE} )[a-z]+)?) time`);
const HEBREW_CLOCK =
  /(?: לפי ה?| ב|(?<! (?:יש|לי|לנו|אין|את|עם|איזה)) )שעון (?!(?:שלי|שלנו|ה?מקומי|ה?קיץ|ה?חורף|יפה|[,?|]) )\S/;

/** Whether words name, after an hour, another time zone than the given IANA zone. Then the local hour is not certain. */
export function namesOtherClock(words: string, zone: string): boolean {
  const named = NAMES.find(([pattern]) => pattern.test(words))?.[1];
  if (named) return !longName(zone).startsWith(named);
  const place = PLACE.exec(words)?.[1];
  return (place !== undefined && place !== cityOf(zone)) || YOURS.test(words) || HEBREW_CLOCK.test(words);
}

const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? '').replaceAll('_', ' ').toLowerCase();

function longName(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'long' }).formatToParts(WINTER);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** In winter, because London is not on Greenwich time in summer. */
const WINTER = new Date('2026-01-01T00:00:00Z');
