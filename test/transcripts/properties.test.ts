import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCaptions } from '#domain/episodes/transcripts/formats/write-captions.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import type { ParsedSegment, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { dropNonSpeech } from '#domain/episodes/transcripts/text/non-speech.ts';
import { listWords } from '#domain/episodes/transcripts/words/times.ts';
import { anyJsonTranscript, anySource, letterWord, named, segmentsWith, unnamed } from './arbitraries.ts';

const anyFormat = fc.constantFrom<TranscriptFormat>('SRT', 'VTT', 'JSON', 'TEXT');

describe('any source at all', () => {
  it('gives well-ordered segments or is refused as an invalid transcript', () => {
    fc.assert(fc.property(anyFormat, anySource, expectWellOrderedOrRefused), { numRuns: 3000 });
    fc.assert(fc.property(fc.constant<TranscriptFormat>('JSON'), anyJsonTranscript, expectWellOrderedOrRefused), {
      numRuns: 2000,
    });
  });

  function expectWellOrderedOrRefused(format: TranscriptFormat, source: string): void {
    const segments = parseUnlessRefused(format, source);
    let clock = 0;
    for (const segment of segments) {
      expect(segment.startSeconds).toBeGreaterThanOrEqual(clock);
      expect(segment.endSeconds).toBeGreaterThanOrEqual(segment.startSeconds);
      expect(Number.isFinite(segment.endSeconds)).toBe(true);
      clock = segment.endSeconds;
      expect(segment.text).toMatch(/\S/);
      expect(`${segment.text}${segment.speaker ?? ''}`).not.toMatch(/\0|\p{Cs}/u);
      expectWordsWithin(segment);
    }
    expectSentencesCover(segments);
  }

  function parseUnlessRefused(format: TranscriptFormat, source: string): ParsedSegment[] {
    try {
      return parseTranscript(format, source);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidTranscript);
      return [];
    }
  }
});

describe('words', () => {
  it('are those of the text, within the segment and in order', () => {
    fc.assert(fc.property(segmentsWith(named), (segments) => segments.forEach(expectWordsWithin)));
  });

  it('are spread by their length, and say so', () => {
    const segment = { startSeconds: 10, endSeconds: 14, text: 'a bc d', speaker: null, confidence: null, words: null };
    expect(listWords({ ...segment, endSeconds: 16 })).toEqual([
      { text: 'a', startSeconds: 10, endSeconds: 11, confidence: null, interpolated: true },
      { text: 'bc', startSeconds: 12, endSeconds: 14, confidence: null, interpolated: true },
      { text: 'd', startSeconds: 15, endSeconds: 16, confidence: null, interpolated: true },
    ]);
  });
});

describe('captions', () => {
  const speakers = fc.constantFrom(named, unnamed);

  it.each<TranscriptFormat>(['SRT', 'VTT', 'JSON'])('in %s read back as they were', (format) => {
    const segments = speakers.chain((speaker) => segmentsWith(speaker));
    fc.assert(
      fc.property(segments, (original) => {
        expect(parseTranscript(format, writeCaptions(format, original, 0, 1e6))).toEqual(original);
      }),
      { numRuns: 500 },
    );
  });

  it('in TEXT read back in turns, to the second', () => {
    fc.assert(
      fc.property(segmentsWith(named, letterWord), (original) => {
        const turns = parseTranscript('TEXT', writeCaptions('TEXT', original, 0, 1e6));
        expect(turns.map(({ text }) => text).join(' ')).toBe(original.map(({ text }) => text).join(' '));
        expect(turns[0]).toMatchObject({
          speaker: original[0]?.speaker,
          startSeconds: Math.floor(original[0]?.startSeconds ?? 0),
        });
      }),
    );
  });

  it('of a stretch are timed from its start and cut to its words', () => {
    const segments = parseTranscript(
      'VTT',
      'WEBVTT\n\n00:00.000 --> 00:04.000\n<v A&amp;B>aa bb cc dd\n\n00:04.000 --> 00:08.000\nee < ff\n',
    );
    expect(writeCaptions('VTT', segments, 2, 6)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v A&amp;B>cc dd</v>\n\n00:00:02.000 --> 00:00:04.000\nee &lt;\n',
    );
    expect(writeCaptions('SRT', segments, 100, 200)).toBe('');
  });

  it('never reach out of their stretch', () => {
    const stretch = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(segmentsWith(named), stretch, (segments, [from, seconds]) => {
        const { segments: written } = JSON.parse(writeCaptions('JSON', segments, from, from + seconds)) as {
          segments: { startTime: number; endTime: number }[];
        };
        for (const { startTime, endTime } of written) {
          expect(startTime).toBeGreaterThanOrEqual(0);
          expect(endTime).toBeGreaterThan(startTime);
          expect(endTime).toBeLessThanOrEqual(seconds + 0.001);
        }
      }),
    );
  });
});

function expectWordsWithin(segment: ParsedSegment): void {
  const words = listWords(segment);
  expect(words.map((word) => word.text).join(' ')).toBe(segment.text);
  let clock = segment.startSeconds;
  for (const word of words) {
    expect(word.startSeconds).toBeGreaterThanOrEqual(clock);
    expect(word.endSeconds).toBeGreaterThanOrEqual(word.startSeconds);
    clock = word.endSeconds;
  }
  expect(clock).toBeLessThanOrEqual(segment.endSeconds);
}

const spokenWordsOf = (segment: ParsedSegment) =>
  Array.from(dropNonSpeech(segment.text, listWords(segment)), (word) => word.text);

/** Sentences hold every word that is spoken once and in order, and never go back in time. */
function expectSentencesCover(segments: ParsedSegment[]): void {
  const sentences = splitIntoSentences(segments);
  expect(sentences.map(({ text }) => text).join(' ')).toBe(segments.flatMap(spokenWordsOf).join(' '));
  let clock = 0;
  for (const sentence of sentences) {
    expect(sentence.startSeconds).toBeGreaterThanOrEqual(clock);
    expect(sentence.endSeconds).toBeGreaterThanOrEqual(sentence.startSeconds);
    clock = sentence.endSeconds;
  }
}
