import { isQuestion } from '#domain/text/sentence-cues.ts';
import { MAX_SENTENCE_CHARACTERS, tokenize } from '#domain/text/tokenizers.ts';
import { BACK_REFERENCES, CONTINUATIONS, FILLER_PHRASES, FILLERS } from '#domain/text/word-lists.ts';
import type { Measurements } from './measurements.ts';

/** Two lines on a phone; every platform's limit for titles is above it (YouTube's is 100). */
export const MAX_TITLE_CHARACTERS = 80;

/** Fewer words than this name nothing, and more are not read at a glance. */
const READABLE_WORDS = { min: 4, max: 16 };

/**
 * A title in the speakers' own words: the sentence of the clip whose content words weigh most, preferring questions and
 * lengths that read at a glance, without the fillers it begins with, cut at a clause or a word to 80 characters.
 * Sentences whose title is already `taken` are passed over as long as there is another.
 */
export function titleOf(
  episode: Measurements,
  first: number,
  last: number,
  taken: ReadonlySet<string> = new Set(),
): string {
  let best = '';
  let bestWorth = Number.NEGATIVE_INFINITY;
  for (let index = first; index <= last; index += 1) {
    const title = asTitle((episode.sentences[index]?.text ?? '').slice(0, MAX_SENTENCE_CHARACTERS));
    const worth = worthOf(title, episode, index) - (taken.has(title) ? TAKEN : 0);
    if (title !== '' && worth > bestWorth) [best, bestWorth] = [title, worth];
  }
  return best;
}

/** More than any sentence is worth: a taken title is the last resort. */
const TAKEN = 1000;

/** A title names a subject with about this many content words; one rare word alone ("gotten") names none. */
const TELLING_WORDS = 3;

/** The mean weight of its content words, some 0 to 10, less for what makes a title hard to read by itself. */
function worthOf(title: string, { contentWeight, contentWords }: Measurements, index: number): number {
  const tokens = tokenize(title);
  const salience = contentWeight(index, index) / Math.max(TELLING_WORDS, contentWords(index, index));
  const readable = tokens.length >= READABLE_WORDS.min && tokens.length <= READABLE_WORDS.max;
  const pointingBack = tokens.filter((word) => BACK_REFERENCES.has(word)).length;
  const whole = !title.endsWith('…');
  return (
    (1 + salience) * (readable ? 1 : 0.4) * 0.8 ** pointingBack * (whole ? 1 : 0.5) * (isQuestion(title) ? 1.3 : 1)
  );
}

function asTitle(sentence: string): string {
  const words = sentence.split(' ');
  let from = 0;
  while (from < words.length - 1) {
    const [word = '', next = ''] = tokenize(`${words[from]} ${words[from + 1]}`);
    if (FILLER_PHRASES.has(`${word} ${next}`)) from += 2;
    else if (CONTINUATIONS.has(word) || FILLERS.has(word)) from += 1;
    else break;
  }
  return shorten(words.slice(from).join(' '));
}

function shorten(text: string): string {
  const whole = text.replace(/[.,;:\s]+$/, '');
  return capitalised(whole.length <= MAX_TITLE_CHARACTERS ? whole : cutAtClause(whole));
}

/** At the last comma or dash in the second half of what fits, else at the last word, else through one. */
function cutAtClause(text: string): string {
  const fitting = text.slice(0, MAX_TITLE_CHARACTERS - 1);
  const clause = /^(.{40,}[^\s,;:–—-])\s*[,;:–—-]\s/su.exec(fitting)?.[1];
  const cut = clause ?? /^(.+)\s/su.exec(fitting)?.[1] ?? fitting;
  return `${cut.replace(/[\s,;:–—-]+$/, '').replace(/\p{Cs}$/u, '')}…`;
}

function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
