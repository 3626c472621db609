import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCaptionWriter } from '#domain/episodes/transcripts/formats/caption-writers.ts';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import type { ParsedSegment, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { anySource, segmentsWith } from './arbitraries.ts';

/** What is said and by whom, also where it looks like something else to one of the readers. */
const texts = fc.constantFrom(
  ...['Yes.', 'No.', 'כן.', 'bread', '1', '42', 'WEBVTT', 'NOTE this', 'STYLE', 'REGION 7', '[Music]', '# song #'],
  ...['We bake bread every day, and it is good.', 'Remember: salt goes last.', 'Ann: hello there', 'Note: this is so'],
  ...['- hello there', '>> yes I do', '(laughs) and so on', '— well then', 'a -> b', 'at 10:30', '10:30 is the time'],
  ...['דנה: מה שלומך היום', 'ד"ר לוי: טוב מאוד', 'Speaker 2: fine', '[SPEAKER_01]: ok', 'omri: ok', 'He said: "no"'],
  ...['1:00 --> 2:00', '00:01.000 → 00:03.000', '&amp;lt;', '{\\an8}x', 'a\\hb', '</v>', '<00:00:01.500>', '&#8594;'],
);
const names = fc.constantFrom(
  ...[null, null, 'Ann', 'Bob Lee', 'omri', 'Omri Levi, CEO', 'dana@example.com', 'ד"ר לוי', 'דנה כהן'],
  ...['A & B', '<x>', 'SPEAKER_00', 'O:K', '\u202bדנה', 'v Ann', '&amp;'],
);

const said = fc.record({
  gap: fc.integer({ min: 0, max: 3000 }),
  duration: fc.integer({ min: 1, max: 20_000 }),
  text: texts,
  speaker: names,
  isTimed: fc.boolean(),
});

/** Segments as an import gives them. */
const imported = fc.array(said, { minLength: 1, maxLength: 20 }).map((all) => {
  let clock = 0;
  const segments = all.map(({ gap, duration, text, speaker, isTimed }) => {
    const start = clock + gap;
    clock = start + duration;
    const words = text.split(' ').map((word, index, { length }) => ({
      word,
      start: (start + Math.floor((duration * index) / length)) / 1000,
      end: (start + Math.floor((duration * (index + 1)) / length)) / 1000,
      probability: index % 2 === 0 ? 0.25 : null,
    }));
    const times = { start: start / 1000, end: clock / 1000 };
    return { ...times, text, speaker, ...(isTimed ? { words, confidence: 0.75 } : {}) };
  });
  return parseTranscript('JSON', JSON.stringify({ segments }));
});

function write(format: TranscriptFormat, segments: readonly ParsedSegment[]): string {
  const writer = createCaptionWriter(format);
  return writer.begin + segments.map((segment) => writer.add(segment)).join('') + writer.end();
}

const withoutWords = (segment: ParsedSegment) => ({ ...segment, confidence: null, words: null });
const withoutSpeaker = (segment: ParsedSegment) => ({ ...segment, speaker: null });

describe('a transcript that is exported', () => {
  it('in JSON is imported again as it was, with its words', () => {
    fc.assert(
      fc.property(imported, (segments) => {
        expect(parseTranscript('JSON', write('JSON', segments))).toEqual(segments);
      }),
      { numRuns: 1000 },
    );
  });

  it('in VTT is imported again as it was, but for the times of its words', () => {
    fc.assert(
      fc.property(imported, (segments) => {
        expect(parseTranscript('VTT', write('VTT', segments))).toEqual(segments.map(withoutWords));
      }),
      { numRuns: 1000 },
    );
  });

  it('in VTT keeps what two people say alike', () => {
    const segments = ['Ann', 'Bob', null].map((speaker, index) => ({
      ...{ startSeconds: index, endSeconds: index + 1, text: 'Yes.', speaker, confidence: null, words: null },
    }));
    expect(parseTranscript('VTT', write('VTT', segments))).toEqual(segments);
  });

  it('in SRT without speakers is imported again as it was', () => {
    const plain = segmentsWith(fc.constant(null));
    fc.assert(
      fc.property(plain, (segments) => {
        expect(parseTranscript('SRT', write('SRT', segments.map(withoutSpeaker)))).toEqual(segments);
      }),
    );
  });

  it.each(['VTT', 'JSON'] as const)('in %s is the same for every file that can be imported', (format) => {
    fc.assert(
      fc.property(anySource, (source) => {
        const segments = parseOrNothing(source);
        if (segments.length > 0) expect(parseTranscript(format, write(format, segments))).toEqual(segments);
      }),
      { numRuns: 2000 },
    );
  });

  it('in TEXT has a paragraph for each speaker, and for each minute of one', () => {
    const segments = Array.from({ length: 40 }, (_, index) => ({
      ...{ startSeconds: index * 5, endSeconds: index * 5 + 5, text: `word ${index}`, confidence: null, words: null },
      speaker: index < 20 ? 'דנה' : index < 30 ? null : 'Ann',
    }));
    const text = write('TEXT', segments);
    expect(text.match(/^.*\d\d:\d\d:\d\d$/gm)).toEqual(['דנה: 00:00:00', 'דנה: 00:01:00', '00:01:40', 'Ann: 00:02:30']);
    const turns = parseTranscript('TEXT', text);
    expect(turns.map(({ speaker, startSeconds }) => [speaker, startSeconds])).toEqual([
      ['דנה', 0],
      ['דנה', 60],
      [null, 100],
      ['Ann', 150],
    ]);
    expect(turns.map((turn) => turn.text).join(' ')).toBe(segments.map((segment) => segment.text).join(' '));
  });
});

function parseOrNothing(source: string): ParsedSegment[] {
  try {
    return parseTranscript('VTT', source).map(withoutWords);
  } catch {
    return [];
  }
}
