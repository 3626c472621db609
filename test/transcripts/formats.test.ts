import { describe, expect, it } from 'vitest';
import { parseTranscript } from '#domain/episodes/transcripts/parse-transcript.ts';
import { turnsOf } from './support.ts';

describe('SRT', () => {
  it('reads cues with a BOM, CRLF, formatting, entities and positions', () => {
    const source = '\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<i>Fish &amp; chips</i>\r\nfor two\r\n\r\n';
    expect(parseTranscript('SRT', source)).toEqual([
      { startSeconds: 1, endSeconds: 2.5, text: 'Fish & chips for two', speaker: null, confidence: null, words: null },
    ]);
  });

  it('needs neither numbers nor blank lines, and takes a point before the milliseconds', () => {
    const source =
      '00:00:01.000 --> 00:00:02.000\none\n2\n00:00:03,000 --> 00:00:04,000\n42\n\n00:00:05,5 --> 00:00:06,000\nthree';
    expect(parseTranscript('SRT', source).map(({ startSeconds, text }) => [startSeconds, text])).toEqual([
      [1, 'one'],
      [3, '42'],
      [5.5, 'three'],
    ]);
  });

  it('keeps text after a blank line inside a cue', () => {
    const source = '1\n00:00:01,000 --> 00:00:02,000\nbefore\n\nafter\n\n2\n00:00:03,000 --> 00:00:04,000\nnext\n';
    expect(parseTranscript('SRT', source).map(({ text }) => text)).toEqual(['before after', 'next']);
  });

  it('takes names before a colon as speakers, who speak on until the next name', () => {
    const source = srt(
      'Ann: Welcome to the show.',
      'Today we talk about bread.',
      'Dr. Bob: Remember: salt last.',
      'Ann: Why?',
    );
    expect(parseTranscript('SRT', source).map(({ speaker, text }) => [speaker, text])).toEqual([
      ['Ann', 'Welcome to the show.'],
      ['Ann', 'Today we talk about bread.'],
      ['Dr. Bob', 'Remember: salt last.'],
      ['Ann', 'Why?'],
    ]);
  });

  it('takes no other colon for a speaker', () => {
    const texts = [
      'There is one rule: knead.',
      'At 10:30 we eat.',
      'Note: hot oven.',
      'See https://example.org now',
      'Remember: salt.',
    ];
    expect(parseTranscript('SRT', srt(...texts)).map(({ speaker, text }) => [speaker, text])).toEqual(
      texts.map((text) => [null, text]),
    );
  });

  it('parts two people who speak in one cue', () => {
    const [ann, bob] = parseTranscript('SRT', srt('Ann: Ready?\nBob: Ready!', 'Ann: Go.'));
    expect(ann).toMatchObject({ speaker: 'Ann', text: 'Ready?', startSeconds: 0 });
    expect(bob).toMatchObject({ speaker: 'Bob', text: 'Ready!', startSeconds: ann?.endSeconds });
  });

  it('knows Hebrew speakers', () => {
    const source = srt('דנה: שלום לכולם.', 'יוסי: תודה רבה.', 'דנה: אז איך מתחילים?');
    expect(parseTranscript('SRT', source).map(({ speaker }) => speaker)).toEqual(['דנה', 'יוסי', 'דנה']);
  });
});

describe('VTT', () => {
  it('passes over the header, NOTE, STYLE and REGION blocks, names and settings of cues', () => {
    const source = `WEBVTT - a title
Kind: captions

STYLE
::cue { color: red }

REGION
id:fred

NOTE
00:01.000 --> 00:02.000 is how cues are timed

intro
00:01.000 --> 00:02.000 align:start position:10%
Hello &lt;world&gt;&nbsp;&eacute;

01:00:03.000 --> 01:00:04.000
<b>bold</b> <c.loud>class</c> <ruby>ruby<rt>x</rt></ruby> 1 < 2
`;
    expect(parseTranscript('VTT', source).map(({ startSeconds, text }) => [startSeconds, text])).toEqual([
      [1, 'Hello <world> é'],
      [3603, 'bold class rubyx 1 < 2'],
    ]);
  });

  it('takes a text that begins as other blocks do for the text that it is', () => {
    const source = `WEBVTT

00:01.000 --> 00:02.000
NOTE to myself: buy bread

00:02.000 --> 00:03.000

NOTE said by nobody

00:03.000 --> 00:04.000
STYLE is what counts
`;
    expect(parseTranscript('VTT', source).map(({ text }) => text)).toEqual([
      'NOTE to myself: buy bread',
      'STYLE is what counts',
    ]);
  });

  it('takes voices as speakers, and parts a cue with two', () => {
    const source = 'WEBVTT\n\n00:00.000 --> 00:04.000\n<v.loud Ann Lee>Hi there</v>\n<v Q&amp;A>Hey you!\n';
    expect(parseTranscript('VTT', source)).toMatchObject([
      { speaker: 'Ann Lee', text: 'Hi there', startSeconds: 0, endSeconds: 2 },
      { speaker: 'Q&A', text: 'Hey you!', startSeconds: 2, endSeconds: 4 },
    ]);
  });

  it('makes word times of time stamps', () => {
    const source = 'WEBVTT\n\n00:00.000 --> 00:03.000\nwhat<00:00:01.000><c> is</c><00:00:02.000><c> up</c>\n';
    expect(parseTranscript('VTT', source)[0]?.words).toEqual([
      { text: 'what', startSeconds: 0, endSeconds: 1, confidence: null },
      { text: 'is', startSeconds: 1, endSeconds: 2, confidence: null },
      { text: 'up', startSeconds: 2, endSeconds: 3, confidence: null },
    ]);
  });

  it('hears the scrolling lines of automatic captions once', () => {
    const source = `WEBVTT

00:00.000 --> 00:02.000
 
hi<00:00:01.000><c> all</c>

00:02.000 --> 00:02.010
hi all
 

00:02.010 --> 00:04.000
hi all
we<00:00:03.000><c> bake</c>
`;
    expect(parseTranscript('VTT', source).map(({ text }) => text)).toEqual(['hi all', 'we bake']);
  });
});

describe('JSON', () => {
  it('reads Podcasting 2.0 segments', () => {
    const segments = [
      { speaker: 'Ann', startTime: 0.5, endTime: 2, body: 'Hello there.' },
      { startTime: 2, endTime: 3.25, body: 'Hi you!' },
    ];
    expect(parseTranscript('JSON', JSON.stringify({ version: '1.0.0', segments }))).toMatchObject([
      { speaker: 'Ann', startSeconds: 0.5, endSeconds: 2, text: 'Hello there.', words: null },
      { speaker: null, startSeconds: 2, endSeconds: 3.25, text: 'Hi you!' },
    ]);
  });

  it('joins segments of one word into sentences and keeps their times', () => {
    const said = [
      ['Ann', 'Bread'],
      ['Ann', 'needs'],
      ['Ann', 'time.'],
      ['Ann', 'Salt'],
      ['Ann', 'too.'],
      ['Bob', 'Why?'],
    ];
    const segments = said.map(([speaker, body], index) => ({ speaker, startTime: index, endTime: index + 0.5, body }));
    const parsed = parseTranscript('JSON', JSON.stringify({ segments }));
    expect(parsed.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['Ann', 'Bread needs time.'],
      ['Ann', 'Salt too.'],
      ['Bob', 'Why?'],
    ]);
    expect(parsed[0]?.words?.[2]).toEqual({ text: 'time.', startSeconds: 2, endSeconds: 2.5, confidence: null });
  });

  it('reads Whisper segments with words and certainty', () => {
    const words = [
      { word: ' Hello,', start: 0.1, end: 0.5, probability: 0.9 },
      { word: ' e', start: 0.6, end: 0.7, probability: 0.8 },
      { word: '-cash.', start: 0.7, end: 1, probability: 0.6 },
    ];
    const segment = { id: 0, start: 0, end: 1.2, text: ' Hello, e-cash.', avg_logprob: Math.log(0.5), words };
    const [parsed] = parseTranscript('JSON', JSON.stringify({ text: '…', segments: [segment] }));
    expect(parsed?.confidence).toBeCloseTo(0.5);
    expect(parsed?.words).toEqual([
      { text: 'Hello,', startSeconds: 0.1, endSeconds: 0.5, confidence: 0.9 },
      { text: 'e-cash.', startSeconds: 0.6, endSeconds: 1, confidence: 0.6 },
    ]);
  });

  it('gives words that stand beside the segments, without punctuation, to their segments', () => {
    const word = (text: string, start: number) => ({ word: text, start, end: start + 0.5 });
    const segments = [
      { start: 0, end: 1.6, text: 'Hello, world.' },
      { start: 1.6, end: 3, text: 'Bye now!' },
    ];
    const words = [word('Hello', 0), word('world', 1), word('Bye', 2), word('now', 2.5)];
    const parsed = parseTranscript('JSON', JSON.stringify({ segments, words }));
    expect(parsed.map((segment) => segment.words?.map(({ text, startSeconds }) => [text, startSeconds]))).toEqual([
      [
        ['Hello,', 0],
        ['world.', 1],
      ],
      [
        ['Bye', 2],
        ['now!', 2.5],
      ],
    ]);
  });

  it('reads words alone', () => {
    const words = ['one', 'two'].map((word, index) => ({ word, start: index, end: index + 1 }));
    expect(parseTranscript('JSON', JSON.stringify({ text: 'one two', words }))).toMatchObject([{ text: 'one two' }]);
  });

  it.each(['SRT', 'VTT', 'TEXT'] as const)('is told by its content, also where it is called %s', (format) => {
    for (const content of ['{"segments":[{"start":1,"end":2,"text":"Hi."}]}', '[ {"start":1,"end":2,"text":"Hi."}]'])
      expect(turnsOf(format, content)).toEqual([[null, 'Hi.']]);
  });
});

describe('TEXT', () => {
  it('reads turns, each to the start of the next, and estimates the end of the last at 150 words a minute', () => {
    const source =
      '---\ntitle: A show\n---\n\nAnn: 00:00:10\n\nWelcome.\nTo the show.\n\nSpeaker 1 (01:30): So good\nto be here\n\n[00:02:00] Ann: Bye bye.\n';
    expect(parseTranscript('TEXT', source)).toMatchObject([
      { speaker: 'Ann', startSeconds: 10, endSeconds: 90, text: 'Welcome. To the show.' },
      { speaker: 'Speaker 1', startSeconds: 90, endSeconds: 120, text: 'So good to be here' },
      { speaker: 'Ann', startSeconds: 120, endSeconds: 120.8, text: 'Bye bye.' },
    ]);
  });

  it('reads turns without names, and lets turns of one second share it', () => {
    const source = '0:05\nhello\n\nBob: 0:07\nyes\n\nAnn: 0:07\nnow\n\nBob: 0:09\nbye bye';
    expect(
      parseTranscript('TEXT', source).map(({ speaker, startSeconds, endSeconds }) => [
        speaker,
        startSeconds,
        endSeconds,
      ]),
    ).toEqual([
      [null, 5, 7],
      ['Bob', 7, 8],
      ['Ann', 8, 9],
      ['Bob', 9, 9.8],
    ]);
  });
});

function srt(...texts: string[]): string {
  const cue = (text: string, index: number) =>
    `${index + 1}\n00:00:${pad(index * 2)},000 --> 00:00:${pad(index * 2 + 2)},000\n${text}\n`;
  return texts.map(cue).join('\n');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
