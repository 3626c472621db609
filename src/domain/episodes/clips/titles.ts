import { isQuestion } from '#domain/text/sentence-cues.ts';
import { MAX_SENTENCE_CHARACTERS, tokenize } from '#domain/text/tokenizers.ts';
import { BACK_REFERENCES, CONTINUATIONS, FILLER_PHRASES, FILLERS } from '#domain/text/word-lists.ts';
import type { Measurements } from './measurements.ts';

/** What a title is chosen by. */
type TitleMeasurements = Pick<Measurements, 'sentences' | 'contentWeight' | 'contentWords'>;

/** Two lines on a phone; every platform's limit for titles is above it (YouTube's is 100). */
export const MAX_TITLE_CHARACTERS = 80;

/** Words of a title: fewer name nothing, and more are not read at a glance. */
const READABLE_WORDS = { min: 4, max: 16 };

/**
 * Chooses a title in the speakers' own words for the clip of sentences `first` to `last`: the sentence of the clip
 * whose content words weigh most, preferring questions and lengths that read at a glance, without the fillers it begins
 * with, cut at a clause or a word to MAX_TITLE_CHARACTERS. Sentences whose title is among `usedTitles` are passed over
 * as long as there is another.
 */
export function chooseTitle(
  episode: TitleMeasurements,
  first: number,
  last: number,
  usedTitles: ReadonlySet<string> = new Set(),
): string {
  let best = '';
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let index = first; index <= last; index += 1) {
    const title = toTitle((episode.sentences[index]?.text ?? '').slice(0, MAX_SENTENCE_CHARACTERS));
    const score = scoreTitle(title, episode, index) - (usedTitles.has(title) ? USED_TITLE_PENALTY : 0);
    if (title !== '' && score > bestScore) [best, bestScore] = [title, score];
  }
  return best;
}

/** Whether a title is that of one of sentences `first` to `last`, as they are. */
export function isTitleOf(title: string, { sentences }: TitleMeasurements, first: number, last: number): boolean {
  return sentences.slice(first, last + 1).some(({ text }) => toTitle(text.slice(0, MAX_SENTENCE_CHARACTERS)) === title);
}

/** More than any title scores: one that another clip of the platform has is the last resort. */
const USED_TITLE_PENALTY = 1000;

/** Content words that it takes to name a subject: one rare word alone ("gotten") names none. */
const SUBJECT_WORDS = 3;

/**
 * Scores the title made of the sentence at `index`: the mean TF-IDF weight of its content words, some 0 to 10, less for
 * what makes it hard to read by itself. The factors are an editor's judgement, not measured.
 */
function scoreTitle(title: string, { contentWeight, contentWords }: TitleMeasurements, index: number): number {
  const tokens = tokenize(title);
  const salience = contentWeight(index, index) / Math.max(SUBJECT_WORDS, contentWords(index, index));
  const readable = tokens.length >= READABLE_WORDS.min && tokens.length <= READABLE_WORDS.max;
  const backReferences = tokens.filter((word) => BACK_REFERENCES.has(word)).length;
  const whole = !title.endsWith('…');
  return (
    (1 + salience) * (readable ? 1 : 0.4) * 0.8 ** backReferences * (whole ? 1 : 0.5) * (isQuestion(title) ? 1.3 : 1)
  );
}

/** Makes a title of a sentence: without the fillers that it begins with, and shortened. */
function toTitle(sentence: string): string {
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
  const whole = text.replace(/(?<![.,;:\s])[.,;:\s]+$/, '');
  return capitalize(whole.length <= MAX_TITLE_CHARACTERS ? whole : cutAtClause(whole));
}

/** Cuts a text at the last comma or dash in the second half of what fits, else after the last word, else within it. */
function cutAtClause(text: string): string {
  const fitting = text.slice(0, MAX_TITLE_CHARACTERS - 1);
  const clause = /^(.{40,}[^\s,;:–—-])\s*[,;:–—-]\s/su.exec(fitting)?.[1];
  const cut = clause ?? /^(.+)\s/su.exec(fitting)?.[1] ?? fitting;
  return `${cut.replace(/[\s,;:–—-]+$/, '').replace(/\p{Cs}$/u, '')}…`;
}

function capitalize(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
