/** Stands for a removed quotation: the object replacement character, which nobody types. */
export const REMOVED = '\ufffc';

/** The maximum length of a sentence, in characters. Longer text is no speech, and would slow down the patterns of a grammar. */
export const MAX_SENTENCE = 1_000;

/** Removes the punctuation and spaces around a text. Each run of them is tried only once as the end, so it takes linear time. */
export function trimPunctuation(text: string): string {
  const trimmed = text.replace(/^[\s•*–—-]+|(?<![\s.…,!?;:)(])[\s.…,!?;:)(]+$/gu, '');
  return /\s\s|[^\S ]/u.test(trimmed) ? trimmed.replace(/\s+/gu, ' ') : trimmed;
}
