import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followEdges, listWordsNear } from '#domain/episodes/clips/follow-edges.ts';
import { correctSegment } from '#domain/episodes/transcripts/corrections/correct-segment.ts';
import { reapplyCorrections } from '#domain/episodes/transcripts/corrections/reapply.ts';
import { decodeSegmentRows, encodeSegmentRows } from '#domain/episodes/transcripts/segments/rows.ts';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';

/** A segment whose words last half a second each. */
function segmentOf(text: string, from = 0, timed = true): ParsedSegment {
  const words = text.split(' ').map((word, index) => ({
    text: word,
    startSeconds: from + index / 2,
    endSeconds: from + index / 2 + 0.5,
    confidence: 0.9,
  }));
  const endSeconds = from + words.length / 2;
  return { startSeconds: from, endSeconds, text, speaker: null, confidence: null, words: timed ? words : null };
}

describe('correctSegment', () => {
  it('keeps the times of words that stay, and gives new ones those of the words that they replace', () => {
    const corrected = correctSegment(segmentOf('we cannot leave Jerusalem today'), 'We can not leave Jerusalem today!');
    expect(corrected.words?.map(({ text, startSeconds, endSeconds }) => [text, startSeconds, endSeconds])).toEqual([
      ['We', 0, 0.5],
      ['can', 0.5, 0.75],
      ['not', 0.75, 1],
      ['leave', 1, 1.5],
      ['Jerusalem', 1.5, 2],
      ['today!', 2, 2.5],
    ]);
  });

  it('knows Hebrew words again with and without niqqud, and makes room for words between two', () => {
    const { words } = correctSegment(segmentOf('שלום לכולם מה שלומכם'), 'שָׁלוֹם לכולם כאן מה שלומכם?');
    expect(words?.map(({ startSeconds }) => startSeconds)).toEqual([0, 0.5, expect.any(Number), 1, 1.5]);
    expect(words?.[2]?.startSeconds).toBeGreaterThan(0.5);
  });

  it('always has exactly the words of its text, in order of time and within its own', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'the', 'שלום', '...', 'naïve');
    const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { words, endSeconds } = correctSegment(segmentOf(before), after);
        let clock = 0;
        for (const { startSeconds, endSeconds: end } of words ?? []) {
          expect(startSeconds).toBeGreaterThanOrEqual(clock);
          expect(end).toBeGreaterThanOrEqual(startSeconds);
          clock = startSeconds;
        }
        expect(clock).toBeLessThanOrEqual(endSeconds);
        if (words) expect(words.map((one) => one.text).join(' ')).toBe(after);
      }),
    );
  });
});

describe('reapplyCorrections', () => {
  /** Segments that follow one another. */
  function inTurn(texts: string[]): ParsedSegment[] {
    let from = 0;
    return texts.map((text) => {
      const segment = segmentOf(text, from);
      from = segment.endSeconds;
      return segment;
    });
  }

  /** What another transcript says once the corrections of what was heard are laid over it. */
  function layOver(heard: string[], said: string[], heardAnew: string[]): string[] {
    const old = inTurn(heard).map((segment, index) => correctSegment(segment, said[index] as string));
    const corrections = heard.flatMap((heardText, index) => (heardText === said[index] ? [] : [{ index, heardText }]));
    const pages = [new TextEncoder().encode(JSON.stringify(old))];
    const rows = reapplyCorrections({ pages, corrections, rows: encodeSegmentRows(inTurn(heardAnew)) });
    return [...decodeSegmentRows(rows)].map(({ text }) => text);
  }

  it.each([
    ['put before the first', 'everyone came to see the old bridge', 'Hello everyone came to see the old bridge'],
    ['for the first', 'gonna be late at the old bridge', 'going to be late at the old bridge'],
    ['left out before the first', 'um everyone came to see the old bridge', 'everyone came to see the old bridge'],
    ['put behind the last', 'we will see you at the bridge', 'we will see you at the bridge Bye'],
    ['for the last', 'that is what they are gonna', 'that is what they are going to do'],
    ['put before the first, in Hebrew', 'לכולם וברוכים הבאים אל הגשר הישן', 'שלום לכולם וברוכים הבאים אל הגשר הישן'],
    ['put behind the last, in Hebrew', 'נתראה מחר ליד הגשר הישן', 'נתראה מחר ליד הגשר הישן להתראות'],
  ])('keeps a word %s, once, also where it is there already', (_where, heard, said) => {
    expect(layOver([heard], [said], [heard])).toEqual([said]);
    expect(layOver([heard], [said], [said])).toEqual([said]);
  });

  it('leaves what is right already at the edge as it is spelt there', () => {
    const heard = 'לכולם וברוכים הבאים אל הגשר הישן';
    const anew = `שָׁלוֹם ${heard}`;
    expect(layOver([heard], [`שלום ${heard}`], [anew])).toEqual([anew]);
  });

  it.each([
    ['put on both sides of it', 'foo', '', 'bar'],
    ['put behind it, after a word that was replaced', 'creek', 'stream', 'bar'],
  ])('keeps words at the end of a segment with those %s', (_what, added, replaced, opening) => {
    const [one, two] = ['they walked along the winding old', 'until the bridge came into their sight'];
    const heard = [replaced ? `${one} ${replaced}` : one, two];
    const said = [`${one} ${added}`, `${opening} ${two}`];
    expect(layOver(heard, said, heard)).toEqual(said);
    expect(layOver(heard, said, said)).toEqual(said);
    expect(layOver(heard, said, [heard.join(' ')])).toEqual([said.join(' ')]);
    expect(layOver(heard, said, [said.join(' ')])).toEqual([said.join(' ')]);
    expect(layOver(heard, said, [said[0] as string, two]).join(' '), 'only the first is known').toBe(said.join(' '));
  });

  it.each([1, 2])('keeps several where a segment has few words: %i', (size) => {
    const words = Array.from({ length: 120 }, (_, index) => `word${index}`);
    const segments = Array.from({ length: 120 / size }, (_, index) =>
      words.slice(index * size, (index + 1) * size).join(' '),
    );
    const said = segments.map((text) => text.replace(/^word(20|44|70|96)\b/, 'right'));
    expect(said.filter((text) => text.startsWith('right'))).toHaveLength(4);
    expect(layOver(segments, said, segments)).toEqual(said);
    expect(layOver(segments, said, [segments.join(' ')])).toEqual([said.join(' ')]);
  });
});

describe('followEdges', () => {
  const TALK =
    'so the baker opened her window and gave everybody bread for nothing at all that morning in the old town';
  const follow = (
    before: ParsedSegment[],
    after: ParsedSegment[],
    clip: { startSeconds: number; endSeconds: number },
  ) => followEdges(clip, listWordsNear(before, [clip]), listWordsNear(after, [clip]));

  it('moves with the words where all of them come later, and keeps the room beside them', () => {
    const [before, after] = [[segmentOf(TALK)], [segmentOf(TALK, 3.25)]];
    expect(follow(before, after, { startSeconds: 0.9, endSeconds: 6.6 })).toEqual({
      startSeconds: 4.15,
      endSeconds: 9.85,
    });
  });

  it('takes in the words that a word at the edge was, before and behind it', () => {
    const after = [segmentOf(TALK.replace('baker', 'old man with bread').replace('morning', 'winter morning'))];
    const clip = { startSeconds: 1, endSeconds: 7.5 };
    // The clip begins with "baker", and ends with "that", before "morning".
    expect(follow([segmentOf(TALK)], after, clip)).toEqual({ startSeconds: 1, endSeconds: 9 });
  });

  it('finds nothing where somebody says something else, and the nearest of what is said twice', () => {
    const twice = [segmentOf('la la la la', 0), segmentOf(TALK, 10), segmentOf(TALK, 30)];
    const clip = { startSeconds: 30.5, endSeconds: 36 };
    expect(follow(twice, twice, clip)).toEqual(clip);
    const other = [segmentOf('completely different people speak of rockets engines and orbits here', 0)];
    expect(follow([segmentOf(TALK)], other, { startSeconds: 0, endSeconds: 5 })).toEqual({
      startSeconds: null,
      endSeconds: null,
    });
  });
});
