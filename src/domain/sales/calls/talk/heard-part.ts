/**
 * Normalizes a text for comparison: removes bidirectional marks, vowel points, accents and punctuation, so that letters and digits remain.
 */
const lettersOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/**
 * Returns the part of `said`, as written, up to the last word that was heard, given the text that the line reports as played; '' if no word
 * was heard. Null if `played` is not a prefix of it, because it belongs to something else.
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
  // A partly played word counts as not heard.
  const rest = lettersOf(said).slice(letters.length);
  return heard.startsWith(letters) && rest.startsWith(heard.slice(letters.length)) ? said.slice(0, end) : null;
}
