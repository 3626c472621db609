/** Stands for a quotation that was removed: the object replacement character, which nobody types. */
export const REMOVED = '\ufffc';

/** Characters of a sentence: in longer text nobody speaks in sentences, and the patterns of a grammar would take their time. */
export const MAX_SENTENCE = 1_000;

/** Removes the punctuation and spaces around a text. The end is looked for once in each run of them, so it takes linear time. */
export function trimPunctuation(text: string): string {
  return text.replace(/^[\s•*–—-]+|(?<![\s.…,!?;:)(])[\s.…,!?;:)(]+$/gu, '').replace(/\s+/gu, ' ');
}
