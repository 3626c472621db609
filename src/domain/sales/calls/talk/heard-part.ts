/** What nobody hears: marks of direction, vowel points, accents and punctuation. Letters and digits are left. */
const lettersOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/**
 * Returns the beginning of `said` up to the last word that was heard, as it was written, by the words that a line says it had
 * played; the empty text where none was heard. Null where those are not the beginning of it: they are of something else.
 */
export function heardPart(said: string, played: string): string | null {
  const heard = lettersOf(played);
  let letters = '';
  let end = 0;
  for (const { 0: word, index } of said.matchAll(/\S+/gu)) {
    const next = letters + lettersOf(word);
    if (next.length > heard.length) break;
    letters = next;
    end = index + word.length;
  }
  // A word of which only a part was played counts as not heard.
  const rest = lettersOf(said).slice(letters.length);
  return heard.startsWith(letters) && rest.startsWith(heard.slice(letters.length)) ? said.slice(0, end) : null;
}
