import { cleanText } from '#domain/episodes/transcripts/text/clean-text.ts';
import { removeDirectionMarks } from '#domain/episodes/transcripts/text/direction-marks.ts';
import { NO_NAMES, SAYING } from './label-words.ts';

/** The maximum length of a speaker's name in UTF-16 units: it is stored in every row, and anything longer is misplaced text. */
export const MAX_NAME_LENGTH = 200;

/** The maximum length of a name before a colon: anything longer is a clause. */
const MAX_LABEL_CHARACTERS = 60;

/** Words of a name before a colon, small ones apart. */
const MAX_LABEL_WORDS = 4;

/** A word of a name: a capital, or a letter of a script without capitals (Hebrew), or, after those, a number. */
const NAME_WORD = /^(?:[\p{Lu}\p{Lt}\p{Lo}](?:[\p{L}\p{M}\p{N}.'’׳״_-]|"(?=\p{Lo}))*|#?\d{1,3}|[&|@/-])$/u;

/** Small words inside of names, in European and Arabic ones; "Ann and Bob" is a label too. */
const NAME_PARTICLES = new Set('de van von der den da di la le bin ben al and und et y e do dos'.split(' '));

/** Names that recognisers give to unknown speakers. */
const NUMBERED_SPEAKER = /^(?:speaker|spk|participant|person|voice|דובר|דוברת|משתתף|משתתפת)[ _-]?(?:\d{1,4}|\p{Lu})$/iu;

/** Titles that only people have. */
const HONORIFIC =
  /^(?:(?:mr|mrs|ms|dr|prof|rabbi|rev|sen|gov|capt|sir)\.? |(?:ד"ר|ד״ר|פרופ['׳]?|עו"ד|עו״ד|מר|גב['׳]|הרב) )\S/i;

/** An address, a telephone number, or a device, as accounts in calls are named. */
const ACCOUNT = [
  /^[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}$/u,
  /^(?:\+|(?=(?:\D*\d){9}))[\d(][\d ()*x.-]{5,18}\d$/i,
  /^(?:[^.!?]*['’]s )?(?:iphone|ipad|macbook)(?: (?:pro|air|mini|\d+))*$|^[^.!?]*['’]s (?:phone|laptop)$/i,
];

/** Names that mean no speaker. */
const NOBODY = /^(?:unknown(?: speaker)?|speaker \?|n\/a|none|null|לא ידוע)$/i;

/**
 * Returns a speaker's name without what formats write around it (brackets, a colon, direction marks), as clean text of at
 * most MAX_NAME_LENGTH, or null where it names nobody, as `-` does. A number alone is a speaker's number.
 */
export function cleanName(name: string | null | undefined): string | null {
  const written = removeDirectionMarks(cleanText((name ?? '').slice(0, MAX_NAME_LENGTH)));
  const bare = written
    .replace(/^>>+\s*|\s*:$/g, '')
    .replace(/^\[([^[\]]*)\]$|^\(([^()]*)\)$/, '$1$2')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(bare) || NOBODY.test(bare)) return null;
  return /^\d{1,4}$/.test(bare) ? `Speaker ${bare}` : bare;
}

/** Whether a text before a colon, or in brackets, can be a name. */
export function isPlausibleName(name: string): boolean {
  const words = name
    .replace(/ \([^()]*\)$/, '')
    .split(' ')
    .filter((word) => !NAME_PARTICLES.has(word));
  if (name.length > MAX_LABEL_CHARACTERS || words.length > MAX_LABEL_WORDS) return false;
  if (isHeading(name)) return false;
  return /^\p{L}/u.test(name) && words.every((word) => NAME_WORD.test(word));
}

/** Whether something before a colon is what people write there that is no name, as "Note" and "Summary". */
export function isHeading(text: string): boolean {
  const [first = ''] = text.toLowerCase().split(' ', 1);
  return NO_NAMES.has(first);
}

/** Whether several words before a colon end as a clause does that announces something: "והשאלה היא". */
export function isAnnouncement(text: string): boolean {
  const words = text.toLowerCase().split(' ');
  return words.length > 1 && SAYING.has(words.at(-1) ?? '');
}

/** Whether a name has a first and a last part with capitals, as the names of accounts in calls mostly do. */
export function isFullName(name: string): boolean {
  return /^\p{Lu}\S* (?:.* )?\p{Lu}\S*$/u.test(name);
}

/** Whether nothing but a speaker is written so: "Speaker 2", "SPEAKER_00", "Dr. Levi", "dana@example.com". */
export function isCertainName(name: string): boolean {
  return (
    NUMBERED_SPEAKER.test(name) ||
    HONORIFIC.test(name) ||
    (MAY_BE_ACCOUNT.test(name) && ACCOUNT.some((account) => account.test(name)))
  );
}

/** Looked for first. */
const MAY_BE_ACCOUNT = /[@+\d]|phone|ipad|laptop|macbook/i;

/** Words of what can be a name where it stands before a colon again and again: of a committee, of a name with a position. */
const MAX_REPEATED_WORDS = 9;

/** Whether a text before a colon is a name if the file has it there again and again, whatever its letters. */
export function isPossibleName(text: string): boolean {
  const words = text.split(' ');
  const isShort = words.length <= MAX_REPEATED_WORDS && text.length <= MAX_LABEL_CHARACTERS;
  return isShort && /\p{L}/u.test(text) && !isHeading(text) && !words.some((word) => SAYING.has(word.toLowerCase()));
}
