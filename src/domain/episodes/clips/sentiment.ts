import model from 'wink-eng-lite-web-model';
import winkNLP from 'wink-nlp';
import { MAX_SENTENCE_CHARACTERS } from '#domain/text/tokenizers.ts';

/** Only the steps that sentiment needs. */
const nlp = winkNLP(model, ['sbd', 'negation', 'sentiment']);

/**
 * UTF-16 units: the lexicon has no longer words, and wink-nlp takes a time that grows with the cube of a word's length, half a
 * second for 4,000 characters of `http://a.b/http://a.b/…`.
 */
const MAX_WORD_LENGTH = 32;

/**
 * Returns how positive an English sentence is, -1 to 1, by wink-nlp's lexicon with negation; 0 for text without Latin
 * letters, which its lexicon does not know, so that Hebrew is neutral.
 */
export function scoreSentiment(text: string): number {
  const words = text.slice(0, MAX_SENTENCE_CHARACTERS).split(' ');
  const sentence = words.filter((word) => word.length <= MAX_WORD_LENGTH).join(' ');
  if (!/[a-z]/i.test(sentence)) return 0;
  const sentiment = Number(nlp.readDoc(sentence).out(nlp.its.sentiment));
  return Number.isFinite(sentiment) ? Math.min(1, Math.max(-1, sentiment)) : 0;
}
