import { describe, expect, it } from 'vitest';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import type { TranscriptFormat } from '#domain/episodes/transcripts/segments/segments.ts';
import { read } from './support.ts';

describe('a transcript without any usable segment', () => {
  const refused: [TranscriptFormat, string, number | null, RegExp][] = [
    ['SRT', '', 1, /No cue with text/],
    ['SRT', '1\n00:00:0x,000 --> 00:00:02,000\nhello', 2, /"00:00:0x,000 --> 00:00:02,000" are no times/],
    ['SRT', '1\n00:00:01,000 --> 00:00:02,000\n \u0000\n', 1, /No cue with text/],
    ['VTT', 'WEBVTT\n\nNOTE nothing\n\n00:61.000 --> 00:62.000\nhello', 5, /are no times/],
    ['TEXT', 'Just words, never a time.', 1, /begins a turn/],
    ['TEXT', 'Ann: 00:00:10\n\n', 1, /No turn has any text/],
    ['JSON', '{\n "segments": [\n  {"startTime": 1,}\n]}', 3, /not valid JSON/],
    ['JSON', '{"segments": [', 1, /not valid JSON/],
    ['JSON', '"hello"', null, /`segments`/],
    ['JSON', '{"segments":[{"startTime":"soon","body":"hello"}]}', 1, /segments\[0\] is no segment/],
    ['JSON', '{"segments":[{"startTime":1e308,"body":"hello"}]}', 1, /segments\[0\] is no segment/],
    ['JSON', '{"segments":[{"startTime":5400000,"body":"hello"}]}', 1, /segments\[0\] begins after 1,000 hours/],
  ];

  it.each(refused)('%s %j is refused at line %s', (format, source, line, reason) => {
    const parse = () => parseTranscript(format, source);
    expect(parse).toThrow(InvalidTranscript);
    expect(parse).toThrow(reason);
    expect(parse).toThrow(expect.objectContaining({ line }));
  });

  it('passes over what it cannot read where something else can be used', () => {
    const source = 'WEBVTT\n\n00:xx --> 00:02.000\nlost\n\n00:03.000 --> 00:04.000\nkept\n';
    expect(parseTranscript('VTT', source)).toMatchObject([{ text: 'kept' }]);
  });

  it('is refused with more than 50,000 segments', () => {
    const segments = Array.from({ length: 50_001 }, (_, index) => ({
      startTime: index,
      endTime: index + 1,
      body: 'two words',
    }));
    expect(() => parseTranscript('JSON', JSON.stringify({ segments }))).toThrow(
      'up to 50,000 segments, and this one has more',
    );
  });
});

describe('times that contradict each other', () => {
  const order = (segments: object[]) =>
    parseTranscript('JSON', JSON.stringify({ segments })).map(({ text, startSeconds, endSeconds }) => [
      text,
      startSeconds,
      endSeconds,
    ]);

  it('are put in order, each segment ending where the next one starts', () => {
    expect(
      order([
        { start: 5, end: 9, text: 'b b' },
        { start: 0, end: 6, text: 'a a' },
      ]),
    ).toEqual([
      ['a a', 0, 5],
      ['b b', 5, 9],
    ]);
  });

  it('that start before 0 or end before they start are mended', () => {
    expect(
      order([
        { start: -3, end: 2, text: 'a a' },
        { start: 10, end: 4, text: 'b b b b b' },
      ]),
    ).toEqual([
      ['a a', 0, 2],
      ['b b b b b', 10, 12],
    ]);
  });

  it('that are equal share the time in proportion to their text', () => {
    expect(
      order([
        { start: 1, end: 4, text: 'a b c d e' },
        { start: 1, end: 3, text: 'x y' },
      ]),
    ).toEqual([
      ['a b c d e', 1, 3.25],
      ['x y', 3.25, 4],
    ]);
  });

  it('keep words inside their segment', () => {
    const words = [
      { word: 'a', start: -1, end: 0.5 },
      { word: 'b', start: 0.4, end: 99 },
    ];
    const [segment] = parseTranscript('JSON', JSON.stringify({ segments: [{ start: 0, end: 2, text: 'a b', words }] }));
    expect(segment?.words).toMatchObject([
      { startSeconds: 0, endSeconds: 0.5 },
      { startSeconds: 0.5, endSeconds: 2 },
    ]);
  });
});

it('takes NUL, control characters and halves of surrogate pairs out of text and names', () => {
  const segments = [{ start: 0, end: 1, text: 'a\u0000b \ud83d c \ud83d\ude00', speaker: 'A\u0000nn\udc00' }];
  expect(parseTranscript('JSON', JSON.stringify({ segments }))).toMatchObject([{ text: 'ab c 😀', speaker: 'Ann' }]);
});

it('a field that stands twice in an object of JSON is told, and the last counts', () => {
  const { segments, warnings } = read(
    'JSON',
    '{"segments":[{"start":0,"text":"lost"}],"segments":[{"start":1,"start":2,"text":"a \\": b","__proto__":{"text":"c"}}]}',
  );
  expect(segments).toMatchObject([{ startSeconds: 2, text: 'a ": b' }]);
  expect(warnings.list).toMatchObject([{ line: null, message: expect.stringMatching(/^4 fields were passed over/) }]);
});
