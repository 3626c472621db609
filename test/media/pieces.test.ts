import { describe, expect, it } from 'vitest';
import type { Heard, HeardSegment } from '#adapters/transcriber/transcriber.ts';
import type { MeasuredSound } from '#domain/episodes/media/sound/measure.ts';
import { assembleTranscript } from '#domain/episodes/media/transcription/assemble-transcript.ts';
import { type Piece, planPieces } from '#domain/episodes/media/transcription/plan-pieces.ts';

const RATE = 16_000;

const SPEECH = -20;
const PAUSE = -60;

/** A sound of stretches that last so many seconds at so many dB; in speech each second has a gap that is too short for a pause. */
function makeSound(...stretches: [seconds: number, db: number][]): MeasuredSound {
  const levels = stretches.flatMap(([seconds, db]) =>
    Array.from({ length: Math.round(seconds * 100) }, (_, frame) => {
      const isGap = frame % 100 >= 45 && frame % 100 < 55;
      return db === SPEECH && isGap ? PAUSE : db;
    }),
  );
  const seconds = levels.length / 100;
  return { seconds, samples: seconds * RATE, levels: new Float32Array(levels), peaks: new Int8Array() };
}

const secondsOf = (pieces: Piece[]) =>
  pieces.map(({ firstSample, endSample, overlapSamples }) =>
    [firstSample, endSample, overlapSamples].map((n) => n / RATE),
  );

describe('the pieces of a recording', () => {
  it.each<[string, [number, number][], number[][]]>([
    ['are none where nothing is heard', [[400, -90]], []],
    [
      'have two seconds in common where five minutes have no pause',
      [[700, SPEECH]],
      [
        [0, 300, 0],
        [298, 598, 2],
        [596, 700, 2],
      ],
    ],
    [
      'part in the longest pause of the last minute',
      [
        [200, SPEECH],
        [3, PAUSE],
        [50, SPEECH],
        [0.5, PAUSE],
        [20, SPEECH],
        [1, PAUSE],
        [60, SPEECH],
      ],
      [
        [0, 274, 0],
        [274, 334.5, 0],
      ],
    ],
    [
      'keep a tail of a second or two',
      [
        [299.4, SPEECH],
        [0.5, PAUSE],
        [1.1, SPEECH],
      ],
      [[0, 301, 0]],
    ],
    [
      'leave long silences out, up to a quarter of a second',
      [
        [30, SPEECH],
        [10, PAUSE],
        [20, SPEECH],
      ],
      [
        [0, 30.25, 0],
        [39.75, 60, 0],
      ],
    ],
    [
      'last two seconds where a word stands alone, and have it with what is near before',
      [
        [30, SPEECH],
        [5, PAUSE],
        [0.4, SPEECH],
        [20, PAUSE],
        [0.4, SPEECH],
        [20, PAUSE],
      ],
      [
        [0, 35.65, 0],
        [54.6, 56.6, 0],
      ],
    ],
  ])('%s', (_what, stretches, expected) => {
    const found = secondsOf(planPieces(makeSound(...stretches)));
    expect(found).toHaveLength(expected.length);
    for (const [index, numbers] of expected.entries())
      for (const [at, number] of numbers.entries()) expect(found[index]?.[at]).toBeCloseTo(number, 1);
  });
});

describe('what was heard in pieces', () => {
  const [first, second] = [
    { firstSample: 0, endSample: 300 * RATE, overlapSamples: 0 },
    { firstSample: 298 * RATE, endSample: 400 * RATE, overlapSamples: 2 * RATE },
  ];
  const segment = (startSeconds: number, endSeconds: number, text: string, hasWords = false): HeardSegment => {
    const spoken = text.split(' ');
    const length = (endSeconds - startSeconds) / spoken.length;
    const words = spoken.map((word, index) => ({
      text: word,
      startSeconds: startSeconds + index * length,
      endSeconds: startSeconds + (index + 1) * length,
      confidence: null,
    }));
    return {
      ...{ startSeconds, endSeconds, text },
      ...{ noSpeechProbability: null, confidence: null, words: hasWords ? words : null },
    };
  };
  const heard = (...segments: HeardSegment[]): Heard => ({
    text: segments.map(({ text }) => text).join(' '),
    segments,
  });
  const assemble = (one: Heard, other: Heard) =>
    assembleTranscript(
      [
        { ...first, heard: one },
        { ...second, heard: other },
      ],
      [],
    );
  const textOf = (one: Heard, other: Heard) =>
    assemble(one, other)
      .segments.map(({ text }) => text)
      .join(' ');

  it('is there once where two pieces have it, with the times of words', () => {
    const [before, after] = [
      'the river was high and then we crossed it',
      'then we crossed it and walked on to the mill',
    ];
    // Half a second a word: the last four words are in both, and the second piece has them a little later.
    const { segments } = assemble(heard(segment(295.5, 300, before, true)), heard(segment(0.05, 5.05, after, true)));
    const words = segments.flatMap((one) => one.words ?? []);
    expect(words.map(({ text }) => text).join(' ')).toBe(`${before} and walked on to the mill`);
    const starts = words.map(({ startSeconds }) => startSeconds);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('is there once where segments have no times of words, however long they are', () => {
    const after = 'and then we, crossed it to see the mill.';
    expect(
      textOf(heard(segment(294, 300, 'the river was high and then we crossed')), heard(segment(0, 6, after))),
    ).toBe('the river was high and then we crossed it to see the mill.');
    expect(
      textOf(
        heard(segment(286, 300, 'it had rained for days so the river was high on that day and then we')),
        heard(segment(0, 14, 'and then we crossed it all the same to see the old mill on the other side')),
      ),
    ).toBe(
      'it had rained for days so the river was high on that day and then we crossed it all the same to see the old mill on the other side',
    );
  });

  it('is there once where there are texts alone', () => {
    const text = (words: string): Heard => ({ text: words, segments: null });
    const spoken = Array.from({ length: 1_000 }, (_, index) => `word${index}`);
    const [before, after] = [spoken.slice(0, 750), spoken.slice(745)];
    expect(textOf(text(before.join(' ')), text(after.join(' ')))).toBe(spoken.join(' '));
  });

  it('parts in the middle where the pieces have no word in common, and loses nothing where one has none', () => {
    const [before, after] = ['one two three four', 'five six seven eight'];
    expect(textOf(heard(segment(296, 300, before)), heard(segment(0, 4, after)))).toBe('one two three six seven eight');
    expect(textOf(heard(segment(296, 300, before)), heard())).toBe(before);
    expect(textOf(heard(), heard(segment(0, 4, after)))).toBe(after);
  });

  it('is without a phrase that comes three times in a row, and with thanks that are said once or twice', () => {
    const thanks = (at: number) => segment(at, at + 2, at % 4 === 0 ? 'Thank you!' : 'thank you');
    const said = heard(segment(0, 4, 'Good morning.'), thanks(4), segment(6, 9, 'Not at all.'), thanks(10), thanks(12));
    expect(textOf(said, heard())).toBe('Good morning. Thank you! Not at all. thank you Thank you!');
    const music = heard(segment(10, 12, 'Good night.'), thanks(14), thanks(16), thanks(18), segment(20, 22, 'Bye.'));
    const { segments, removed } = assemble(heard(), music);
    expect([segments.map(({ text }) => text), removed]).toEqual([['Good night.', 'Bye.'], 3]);
  });

  it('is without a segment that is one phrase again and again, in any language', () => {
    const [english, hebrew] = ['Thanks for watching! '.repeat(6), 'תודה רבה. '.repeat(9)];
    const invented = heard(
      segment(0, 4, 'No, no, no, thank you, thank you.'),
      segment(4, 14, english.trim()),
      segment(14, 20, `${hebrew}תודה`),
      segment(20, 24, 'Ha, ha, ha, ha!'),
    );
    const { segments, removed } = assemble(invented, heard());
    expect([segments.map(({ text }) => text), removed]).toEqual([
      ['No, no, no, thank you, thank you.', 'Ha, ha, ha, ha!'],
      2,
    ]);
  });

  it.each(['No no no no no!', 'לא, לא, לא, לא, לא.', '5 5 5 5 5'])(
    'keeps "%s", which people do say, unless the transcriber is unsure of it',
    (text) => {
      const [sure, unsure] = [0.9, 0.1].map((confidence) => heard({ ...segment(0, 3, text), confidence }));
      const left = [heard(segment(0, 3, text)), sure, unsure].map((said) => textOf(said as Heard, heard()));
      expect(left).toEqual([text, text, '']);
    },
  );

  it('is without a segment that is one long phrase again and again, and keeps one whose last words are others', () => {
    const phrase = 'and the river rose and the river fell and then it rose';
    const invented = Array.from({ length: 5 }, () => phrase).join(' ');
    const said = `${invented} no more`;
    expect(textOf(heard(segment(0, 9, said), segment(9, 18, `${invented} and the`)), heard())).toBe(said);
  });
});
