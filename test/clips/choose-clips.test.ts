import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseClips, type FoundClip, overlapCoefficient } from '#domain/episodes/clips/choose-clips.ts';
import { platformLimits } from '#domain/episodes/clips/platforms.ts';
import { scoreCandidates } from '#domain/episodes/clips/score-candidates.ts';
import { MAX_TITLE_CHARACTERS } from '#domain/episodes/clips/titles.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import { type Sentence, splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { named, segmentsWith } from '../transcripts/arbitraries.ts';
import { anyGenre, anySentences, conversation, findClips } from './sentence-arbitraries.ts';

describe('the clips of any episode', () => {
  it('are whole sentences of 12 to 60 s that the platform takes, best first, sharing at most half', () => {
    fc.assert(
      fc.property(anySentences, anyGenre, (sentences, genre) => {
        for (const clips of findClips(sentences, { genre }).values()) expectGoodClips(clips, sentences);
      }),
      { numRuns: 300 },
    );
  });

  it('are so from a transcript to the end', () => {
    fc.assert(
      fc.property(segmentsWith(named), (segments) => {
        const sentences = splitIntoSentences(segments);
        for (const clips of findClips(sentences).values()) expectGoodClips(clips, sentences);
      }),
      { numRuns: 100 },
    );
  });

  function expectGoodClips(clips: FoundClip[], sentences: Sentence[]): void {
    for (const [index, clip] of clips.entries()) {
      expect(sentences.some(({ startSeconds }) => startSeconds === clip.startSeconds)).toBe(true);
      expect(sentences.some(({ endSeconds }) => endSeconds === clip.endSeconds)).toBe(true);
      expectLength(clip);
      expect([clip.score, ...Object.values(clip.features)].every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(Object.keys(clip.features)).toHaveLength(9);
      expect(clip.title).toMatch(/\S/);
      expect(clip.title.length).toBeLessThanOrEqual(MAX_TITLE_CHARACTERS);
      expect(clip.score).toBeLessThanOrEqual(clips[index - 1]?.score ?? 1);
      expect(clips.slice(0, index).every((better) => overlapCoefficient(better, clip) <= 0.5)).toBe(true);
    }
  }

  function expectLength({ startSeconds, endSeconds, platform }: FoundClip): void {
    const { minSeconds, maxSeconds } = platformLimits[platform].accepted;
    expect(endSeconds - startSeconds).toBeGreaterThanOrEqual(Math.max(12, minSeconds));
    expect(endSeconds - startSeconds).toBeLessThanOrEqual(Math.min(60, maxSeconds));
  }
});

describe('an editor would agree', () => {
  const smallTalk: [string, string][] = Array.from({ length: 12 }, (_, index) => [
    index % 2 ? 'Ann' : 'Bob',
    `Yeah, and so it was, um, like, you know, nice to be there and all of that, I mean, with them ${index}.`,
  ]);
  const exchange: [string, string][] = [
    ['Ann', 'Why do nine of ten sourdough starters die in the first week?'],
    [
      'Bob',
      'Because people feed their sourdough starters too little flour and keep them too cold. Wild yeast needs warmth.',
    ],
    [
      'Bob',
      'Keep the starter at 25 degrees, feed it twice a day, and your bread will rise. Never throw the starter away.',
    ],
  ];

  it('that a question with its answer beats small talk, and names the clip', () => {
    const sentences = conversation(...smallTalk, ...exchange, ...smallTalk);
    const [best] = findClips(sentences, { platforms: ['TIKTOK'] }).get('TIKTOK') ?? [];
    const question = sentences.find(({ text }) => text.startsWith('Why do nine'));
    expect(best?.startSeconds).toBe(question?.startSeconds);
    expect(best?.title).toBe('Why do nine of ten sourdough starters die in the first week?');
    expect(best?.features).toMatchObject({ questionOrNumber: 1, lengthFit: 1 });
  });

  it('in Hebrew too', () => {
    const chat: [string, string][] = Array.from({ length: 14 }, (_, index) => [
      index % 2 ? 'דנה' : 'יוסי',
      'כן, אז זה היה, כאילו, בסדר גמור עם כל זה שם.',
    ]);
    const point: [string, string][] = [
      ['דנה', 'למה תשעה מכל עשרה מחמצות מתות בשבוע הראשון?'],
      [
        'יוסי',
        'רוב האופים מאכילים את המחמצת מעט מדי קמח ושומרים עליה במקום קר. שמרי בר אוהבים חום. שמרו את המחמצת בעשרים וחמש מעלות והאכילו אותה פעמיים ביום, והלחם יתפח.',
      ],
    ];
    const sentences = conversation(...chat, ...point, ...chat);
    const [best] = findClips(sentences, { platforms: ['YOUTUBE_SHORTS'] }).get('YOUTUBE_SHORTS') ?? [];
    expect(best?.startSeconds).toBe(sentences.find(({ text }) => text.startsWith('למה'))?.startSeconds);
    expect(best?.title).toBe('למה תשעה מכל עשרה מחמצות מתות בשבוע הראשון?');
    expect(best?.features).toMatchObject({
      sentimentSwing: 0,
      questionOrNumber: 1,
      speakerExchange: expect.any(Number),
    });
  });
});

describe('clips are found', () => {
  it('in a minute without punctuation or speakers', () => {
    const sentences = splitIntoSentences(
      parseTranscript('TEXT', `0:00\n${'we talk and talk about the bread '.repeat(60)}`),
    );
    expect(findClips(sentences).get('TIKTOK')?.length).toBeGreaterThan(0);
  });

  it('in one giant segment of an hour', () => {
    const text = 'What is bread? It is flour, water and time, and no more than that. '.repeat(600);
    const sentences = splitIntoSentences(
      parseTranscript('JSON', JSON.stringify({ segments: [{ start: 0, end: 3600, text }] })),
    );
    expect(findClips(sentences).get('X')).toHaveLength(10);
  });

  it('nowhere in less than 12 s', () => {
    expect([...findClips(conversation(['Ann', 'Hello there, this is all.'])).values()].flat()).toEqual([]);
    expect(findClips([]).get('TIKTOK')).toEqual([]);
  });

  it('as many as asked for, for the platforms asked for, and the same every time', () => {
    const sentences = conversation(
      ...Array.from({ length: 200 }, (_, index): [string, string] => [
        'Ann',
        `This is point ${index} of the long talk about bread and yeast.`,
      ]),
    );
    const options = { platforms: ['X', 'LINKEDIN'] as ('X' | 'LINKEDIN')[], maxClips: 3 };
    const found = findClips(sentences, options);
    expect([...found].map(([platform, clips]) => [platform, clips.length])).toEqual([
      ['X', 3],
      ['LINKEDIN', 3],
    ]);
    expect(findClips(sentences, options)).toEqual(found);
    const scored = scoreCandidates(sentences, { genre: 'GENERAL', platforms: ['X'] });
    expect(chooseClips(scored, { maxClips: 0 }).get('X')).toEqual([]);
  });
});
