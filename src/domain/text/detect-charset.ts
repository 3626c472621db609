/** Bytes from which UTF-16 without a byte order mark is detected, and how many of each half there must be zero. */
const [UTF16_SAMPLE_BYTES, MIN_ZERO_SHARE] = [4096, 0.1];

/**
 * Returns the encoding of UTF-16 without a byte order mark, in which every comma and line break has a zero byte: the second one of each
 * pair if the encoding is little-endian. Other text has none. Returns undefined for anything else.
 */
export function detectUtf16(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, UTF16_SAMPLE_BYTES);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] as number) + 1;
  const [first, second] = zeros as [number, number];
  const enough = (sample.length / 2) * MIN_ZERO_SHARE;
  if (second > enough && first === 0) return 'utf-16le';
  return first > enough && second === 0 ? 'utf-16be' : undefined;
}

/** Bytes from which another charset is detected, before and after the first one that is not ASCII: all of 20 MB took a thread 6 s. */
const [BYTES_BEFORE, BYTES_AFTER] = [1_024, 64 * 1_024];

/**
 * Returns which of two charsets text has that is not UTF-8: windows-1255 if its bytes are words in Hebrew, windows-1252 if they are single
 * letters within words of a Western European language, or their punctuation. Undefined for anything else, such as Cyrillic, Greek or
 * Polish: a wrong guess would garble it.
 */
export function detectLegacyCharset(bytes: Uint8Array): 'windows-1255' | 'windows-1252' | undefined {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  if (first === -1 || isMostlyUtf8(bytes.subarray(first, first + BYTES_AFTER))) return undefined;
  const sample = bytes.subarray(Math.max(0, first - BYTES_BEFORE), first + BYTES_AFTER);
  if (isHebrew(decode(sample, 'windows-1255'))) return 'windows-1255';
  return isWestern(decode(sample, 'windows-1252')) ? 'windows-1252' : undefined;
}

/** Whether more of the characters beyond ASCII are whole in UTF-8 than broken: in other charsets hardly any are. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const beyondAscii = new TextDecoder().decode(bytes).match(/[^\0-\x7f]/gu) ?? [];
  const broken = beyondAscii.filter((character) => character === '\uFFFD').length;
  return beyondAscii.length > 2 * broken;
}

function decode(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The share of what is not ASCII that words in Hebrew with their points make up, beside quotes and dashes. */
const MIN_HEBREW_SHARE = 0.9;
/** The mean length of a run of Hebrew letters: an accented letter of another language is usually alone. */
const MIN_HEBREW_RUN = 2;
/** Final letters are followed by a letter where the text is in another alphabet, such as the Russian н. */
const MAX_WRONG_FINALS = 0.05;
/** Hebrew prefixes before Latin words (`בAPI`) join the two alphabets, but not often. */
const MAX_JOINED_RUNS = 0.25;

function isHebrew(text: string | null): boolean {
  if (text === null) return false;
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const [letters, points] = [count(/[א-ת]/g), count(/(?<=[א-ת\u05b0-\u05c2])[\u05b0-\u05c2]/g)];
  const others = count(/[^\0-\x7f\u00a0\u2010-\u203a\u200e\u200fא-ת]/g) - points;
  const runs = count(/[א-ת\u05b0-\u05c2]+/g);
  return (
    letters >= MIN_HEBREW_RUN * runs &&
    letters > 0 &&
    letters >= MIN_HEBREW_SHARE * (letters + others) &&
    count(/[ךםןףץ](?=[א-ת])/g) <= MAX_WRONG_FINALS * letters &&
    count(/[a-z][א-ת]|[א-ת][a-z]/gi) <= MAX_JOINED_RUNS * runs
  );
}

/**
 * What no text of Western Europe has: characters that its languages do without, three letters in a row that are not ASCII, signs between
 * letters, and letters where none of its languages has them (`ì` and `ù` end words, `õ` comes before `e`).
 */
const NOT_WESTERN =
  /[^\0-\x7fÀ-ÏÑ-ÖØ-Üßà-ïñ-öø-üŒœ\u00a0-\u00bf€„…‹‘’“”•–—™›]|[À-ÿŒœ]{3}|(?<=\p{L})[„‹“”•™›€\u00a1-\u00ac\u00ae-\u00b6\u00b8-\u00bf](?=\p{L})|[ìù](?=\p{L})|õ(?!e)|[\u00a1-\u00bf€]{3}/u;
/** The largest share of letters that are not ASCII: French, German, Spanish and Portuguese have up to a twentieth. */
const MAX_ACCENTED_SHARE = 0.3;

function isWestern(text: string | null): boolean {
  if (text === null || NOT_WESTERN.test(text)) return false;
  const accented = text.match(/[À-ÿŒœ]/g)?.length ?? 0;
  const plain = text.match(/[a-z]/gi)?.length ?? 0;
  return accented <= MAX_ACCENTED_SHARE * (plain + accented);
}
