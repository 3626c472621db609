import type { TimedWord } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitWords } from '#domain/episodes/transcripts/text/clean-text.ts';

/**
 * Gives every word of `text` its times from what a recogniser heard. The two rarely agree on where words end ("e-" +
 * "cash", "world" for "world."), but mostly on letters: where their letters are equal, each word of the text lasts from
 * the first heard word it touches to the last. Where only their number is equal they are paired. Returns null where
 * nothing reliable can be said, and where either has no words.
 */
export function alignWords(text: string, heard: readonly TimedWord[]): TimedWord[] | null {
  if (heard.length === 0 || text === '') return null;
  const words = splitWords(text);
  if (words.length === heard.length && words.every((word, index) => word === heard[index]?.text)) return [...heard];
  if (lettersOf(text) === heard.map((word) => lettersOf(word.text)).join('')) return alignByLetters(words, heard);
  if (words.length !== heard.length) return null;
  return words.map((word, index) => toTimedWord(word, heard[index] as TimedWord, heard[index] as TimedWord));
}

function alignByLetters(words: string[], heard: readonly TimedWord[]): TimedWord[] {
  let at = 0;
  let lettersLeft = lettersOf(heard[0]?.text ?? '').length;
  return words.map((word) => {
    let needed = lettersOf(word).length;
    let first: TimedWord | undefined;
    while (needed > 0) {
      if (lettersLeft === 0) {
        at += 1;
        lettersLeft = lettersOf(heard[at]?.text ?? '').length;
        continue;
      }
      first ??= heard[at];
      const taken = Math.min(needed, lettersLeft);
      needed -= taken;
      lettersLeft -= taken;
    }
    const last = heard[at] as TimedWord;
    return first ? toTimedWord(word, first, last) : { ...toTimedWord(word, last, last), startSeconds: last.endSeconds };
  });
}

/** Times a word from the first to the last heard word that it is made of; it is as sure as the less sure of the two. */
function toTimedWord(text: string, first: TimedWord, last: TimedWord): TimedWord {
  const confidences = [first.confidence, last.confidence].filter((confidence) => confidence !== null);
  const confidence = confidences.length > 0 ? Math.min(...confidences) : null;
  return { text, startSeconds: first.startSeconds, endSeconds: last.endSeconds, confidence };
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
