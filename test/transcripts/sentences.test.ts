import { describe, expect, it } from 'vitest';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import type { ParsedSegment, TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { splitIntoSentences } from '#domain/episodes/transcripts/sentences/sentences.ts';
import { cpuSecondsOf } from '../support/cpu-time.ts';

describe('sentences', () => {
  it('span segments and split them', () => {
    const sentences = splitIntoSentences([makeSegment(0, 4, 'We bake. Then we'), makeSegment(4, 8, 'eat it all!')]);
    expect(sentences).toMatchObject([
      { text: 'We bake.', startSeconds: 0, endSeconds: 2 },
      { text: 'Then we eat it all!', startSeconds: 2.25, endSeconds: 8 },
    ]);
  });

  it.each([
    ['Mr. Smith and Dr. J. Jones met.', ['Mr. Smith and Dr. J. Jones met.']],
    ['It was 3. 5 percent. Really.', ['It was 3. 5 percent.', 'Really.']],
    ['So do I. We agree.', ['So do I.', 'We agree.']],
    ['At 5 p.m. we left. At 6 p.m. They came.', ['At 5 p.m. we left.', 'At 6 p.m.', 'They came.']],
    ['He said "No." Then he left… and came back.', ['He said "No."', 'Then he left… and came back.']],
    ['See example. org for more.', ['See example. org for more.']],
    ['מה קרה? הלכנו הביתה. זהו!', ['מה קרה?', 'הלכנו הביתה.', 'זהו!']],
  ])('%j are %j', (text, sentences) => {
    expect(splitIntoSentences([makeSegment(0, 10, text)]).map((sentence) => sentence.text)).toEqual(sentences);
  });

  it('end where the speaker changes and where nothing is said for 2 s', () => {
    const sentences = splitIntoSentences([
      makeSegment(0, 2, 'one two', 'Ann'),
      makeSegment(2, 4, 'three', 'Bob'),
      makeSegment(6, 7, 'four', 'Bob'),
    ]);
    expect(sentences.map(({ text }) => text)).toEqual(['one two', 'three', 'four']);
  });

  it('of text without punctuation are pieces of 4 to 12 s that end at pauses', () => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      makeSegment(index * 3, index * 3 + 3 - (index % 3 === 2 ? 0.8 : 0), 'and then we went on'),
    );
    const sentences = splitIntoSentences(lines);
    const inner = sentences.slice(0, -1);
    expect(Math.max(...inner.map((piece) => piece.endSeconds - piece.startSeconds))).toBeLessThanOrEqual(12);
    expect(Math.min(...inner.map((piece) => piece.endSeconds - piece.startSeconds))).toBeGreaterThanOrEqual(4);
    expect(
      inner.every((piece) => lines.some((line) => line.endSeconds === piece.endSeconds && piece.endSeconds % 9 > 8)),
    ).toBe(true);
  });

  it('of one giant segment without punctuation are short enough to cut', () => {
    const sentences = splitIntoSentences([makeSegment(0, 3600, Array(9000).fill('word').join(' '))]);
    expect(Math.max(...sentences.map((piece) => piece.endSeconds - piece.startSeconds))).toBeLessThanOrEqual(30);
  });
});

describe('50,000 segments', () => {
  it('take time in proportion to their number', async () => {
    await readSegments(10_000);
    const [few, many] = [await readSegments(10_000), await readSegments(50_000)];
    expect(many).toBeLessThan(15 * few);
  });

  it.each([
    ['VTT', `WEBVTT\n\n00:00.000 --> 00:10.000\n${'<'.repeat(2_000_000)}`],
    ['VTT', `WEBVTT\n\n00:00.000 --> 00:10.000\n${'<a'.repeat(1_000_000)}`],
    ['VTT', `WEBVTT\n\n00:00.000 --> 00:10.000\n${'&amp'.repeat(500_000)}`],
    ['SRT', `00:00:00,000 --> 00:00:10,000\n${'Ann: '.repeat(400_000)}`],
    ['SRT', '\n'.repeat(5_000_000)],
    ['TEXT', `Ann: 0:01\n${'[0:01] '.repeat(300_000)}`],
    ['TEXT', `${' '.repeat(2_000_000)}x`],
    ['JSON', '['.repeat(1_000_000)],
  ] as const)('nor does a hostile %s make a reader slow (case %#)', async (format, source) => {
    const read = (text: string) => {
      try {
        splitIntoSentences(parseTranscript(format, text));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'InvalidTranscript') throw error;
      }
    };
    const harmless = harmlessOf(format, source.length);
    const baseline = await cpuSecondsOf(() => read(harmless));
    expect(await cpuSecondsOf(() => read(source))).toBeLessThan(20 * baseline);
  });
});

function makeSegment(
  startSeconds: number,
  endSeconds: number,
  text: string,
  speaker: string | null = null,
): ParsedSegment {
  return { startSeconds, endSeconds, text, speaker, confidence: null, words: null };
}

function readSegments(count: number): Promise<number> {
  const source = vttOf(count);
  return cpuSecondsOf(() => expect(splitIntoSentences(parseTranscript('VTT', source))).toHaveLength(count));
}

/** What people write in this format, of the given length. */
function harmlessOf(format: TranscriptFormat, length: number): string {
  const segment = { start: 0, end: 1, text: 'This is a sentence, is it not?' };
  const fill = (unit: string) => unit.repeat(length / unit.length);
  return {
    VTT: vttOf(Math.ceil(length / 90)),
    SRT: fill('00:00:00,000 --> 00:00:01,000\nThis is a sentence, is it not?\n\n'),
    TEXT: fill('Ann: This is a sentence, is it not?\n'),
    JSON: JSON.stringify(Array(Math.ceil(length / JSON.stringify(segment).length)).fill(segment)),
  }[format];
}

function vttOf(count: number): string {
  const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
  const cue = (_: unknown, index: number) =>
    `${clock(index)} --> ${clock(index + 1)}\n<v Ann>This is sentence number ${index}, is it not?\n`;
  return `WEBVTT\n\n${Array.from({ length: count }, cue).join('\n')}`;
}
