import fc from 'fast-check';
import { chooseClips } from '#domain/episodes/clips/choose-clips.ts';
import { scoreCandidates } from '#domain/episodes/clips/score-candidates.ts';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { Genre, Platform } from '#generated/prisma/enums.ts';

/** Sentences said one after the other at three words a second, each after `[speaker, text]`. */
export function conversation(...turns: [speaker: string | null, text: string][]): Sentence[] {
  let clock = 0;
  const segments = turns.map(([speaker, text]): ParsedSegment => {
    const startSeconds = clock;
    clock += text.split(' ').length / 3;
    return { startSeconds, endSeconds: clock, text, speaker, confidence: null, words: null };
  });
  return splitIntoSentences(segments);
}

export function findClips(
  sentences: readonly Sentence[],
  {
    genre = 'GENERAL',
    platforms = Object.values(Platform),
    maxClips = 10,
  }: { genre?: Genre; platforms?: Platform[]; maxClips?: number } = {},
) {
  return chooseClips(scoreCandidates(sentences, { genre, platforms }), { maxClips });
}

const phrase = fc.constantFrom(
  'so what is the secret of good bread',
  'yeah',
  'I mean it is the worst thing you can do',
  'in 1995 we sold 20,000 loaves',
  'that is terrible',
  'how do you know',
  'we love it',
  'למה זה קרה',
  'מכרנו אלף כיכרות ביום אחד',
  'um',
  'x',
  'the oven must be hot',
  '😀',
  '1',
);
const pieces = fc.array(
  fc.record({
    text: fc.tuple(phrase, fc.constantFrom('.', '?', '!', '', ',', '…')).map(([words, mark]) => words + mark),
    speaker: fc.constantFrom('Ann', 'Bob', null),
    gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.double({ min: 0, max: 90, noNaN: true })),
    seconds: fc.oneof(
      { weight: 4, arbitrary: fc.double({ min: 0, max: 12, noNaN: true }) },
      fc.constant(0),
      fc.double({ min: 0, max: 500, noNaN: true }),
    ),
  }),
  { maxLength: 80 },
);

/** Sentences of any length and distance, in order of time. */
export const anySentences: fc.Arbitrary<Sentence[]> = pieces.map((all) => {
  let clock = 0;
  return all.map(({ text, speaker, gap, seconds }) => {
    const startSeconds = clock + gap;
    clock = startSeconds + seconds;
    return { text, speaker, startSeconds, endSeconds: clock };
  });
});

export const anyGenre = fc.constantFrom(...Object.values(Genre));
export const anyPlatform = fc.constantFrom(...Object.values(Platform));
