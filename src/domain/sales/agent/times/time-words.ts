/** Hebrew vowel points and accents, and invisible characters. */
const UNHEARD =
  /[\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** Returns lower-case words with a space around each; times and dates in digits are kept, such as 10:30 and 3/12. */
export function timeWords(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(UNHEARD, '')
    .toLowerCase()
    .replace(/[\u2018\u2019\u02BC\u05F3`´]/gu, "'")
    .replace(/[\u201C\u201D\u05F4]/gu, '"')
    .replace(/\blet's\b/g, 'let us')
    .replace(/[-\u05BE\u2010-\u2015]/gu, ' ')
    .replace(/([!.,;:…])(?=\s|$)/gu, (mark, _m, at: number, all: string) =>
      /[ap]\.m$/.test(all.slice(0, at)) ? mark : ' , ',
    )
    .replace(/\?/g, ' ? ')
    .replace(/[^\p{L}\p{N}\s'",?.:/]/gu, ' ');
  return ` ${plain.split(/\s+/).filter(Boolean).join(' ')} `;
}
