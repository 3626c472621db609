import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { read } from './support.ts';

const segmentsOf = (format: 'SRT' | 'VTT' | 'JSON' | 'TEXT', source: unknown) =>
  read(format, typeof source === 'string' ? source : JSON.stringify(source)).segments.map(
    ({ startSeconds, endSeconds, speaker, text }) => [startSeconds, endSeconds, speaker, text],
  );

const token = (text: string, start: number, end: number, rest: object = {}) => ({
  type: 'pronunciation',
  start_time: String(start),
  end_time: String(end),
  alternatives: [{ content: text, confidence: '0.98' }],
  ...rest,
});
const mark = (content: string) => ({ type: 'punctuation', alternatives: [{ content, confidence: '0.0' }] });
const spoken = (text: string, start: number, end: number, speaker: string) => ({
  type: 'word',
  start_time: start,
  end_time: end,
  alternatives: [{ content: text, confidence: 1, speaker }],
});
const google = (word: string, startTime: unknown, endTime: unknown, speakerTag: number) => ({
  word,
  startTime,
  endTime,
  speakerTag,
});

const [asked, answered] = [
  [0.9, 2, 'Where is the lamp?'],
  [3, 4, 'Upstairs.'],
];
const named = (first: string | null, second: string | null) => [
  [asked?.[0], asked?.[1], first, asked?.[2]],
  [answered?.[0], answered?.[1], second, answered?.[2]],
];

describe('the JSON of recognisers that have shapes of their own', () => {
  const words = ['Where', 'is', 'the', 'lamp'];
  const startOf = (index: number) => [0.9, 1.2, 1.4, 1.6, 2][index] as number;
  const tokens = words.map((word, index) => token(word, startOf(index), startOf(index + 1)));
  const labelled = (items: object[], label: string) => items.map((item) => ({ ...item, speaker_label: label }));

  it.each<[string, unknown, unknown[][]]>([
    [
      'Amazon Transcribe, with the speakers beside the words',
      {
        results: {
          transcripts: [{ transcript: 'x' }],
          speaker_labels: {
            segments: [
              {
                speaker_label: 'spk_0',
                items: tokens.map(({ start_time }) => ({ start_time, speaker_label: 'spk_0' })),
              },
              { speaker_label: 'spk_1', items: [{ start_time: '3', speaker_label: 'spk_1' }] },
            ],
          },
          items: [...tokens, mark('?'), token('Upstairs', 3, 4), mark('.')],
        },
      },
      named('spk_0', 'spk_1'),
    ],
    [
      'Amazon Transcribe, with the speakers of the words',
      {
        results: {
          items: [
            ...labelled([...tokens, mark('?')], 'spk_0'),
            ...labelled([token('Upstairs', 3, 4), mark('.')], 'spk_1'),
          ],
        },
      },
      named('spk_0', 'spk_1'),
    ],
    [
      'Speechmatics',
      {
        format: '2.9',
        results: [
          ...words.map((word, index) => spoken(word, startOf(index), startOf(index + 1), 'S1')),
          mark('?'),
          spoken('Upstairs', 3, 4, 'S2'),
          mark('.'),
        ],
      },
      named('S1', 'S2'),
    ],
    [
      'Rev',
      {
        monologues: [
          {
            speaker: 0,
            elements: [
              ...words.flatMap((value, index) => [
                { type: 'text', value, ts: startOf(index), end_ts: startOf(index + 1) },
                { type: 'punct', value: ' ' },
              ]),
              { type: 'punct', value: '?' },
            ],
          },
          {
            speaker: 1,
            elements: [
              { type: 'text', value: 'Upstairs', ts: 3, end_ts: 4 },
              { type: 'punct', value: '.' },
            ],
          },
        ],
      },
      named('Speaker 0', 'Speaker 1'),
    ],
    [
      'Google, whose last result has all words again, with speakers',
      {
        results: [
          {
            alternatives: [
              {
                transcript: 'Where is',
                words: [google('Where', '0.900s', '1.200s', 0), google('is', '1.200s', '2s', 0)],
              },
            ],
          },
          { alternatives: [{ transcript: 'Upstairs.', words: [google('Upstairs.', '3s', '4s', 0)] }] },
          {
            alternatives: [
              {
                words: [
                  google('Where', '0.900s', '1.200s', 1),
                  google('is?', { seconds: '1', nanos: 200_000_000 }, '2s', 1),
                  google('Upstairs.', { seconds: 3 }, '4s', 2),
                ],
              },
            ],
          },
        ],
      },
      [
        [0.9, 2, 'Speaker 1', 'Where is?'],
        [3, 4, 'Speaker 2', 'Upstairs.'],
      ],
    ],
    [
      'Google without words',
      {
        results: [
          { alternatives: [{ transcript: 'Where?' }], resultEndTime: '2.500s' },
          { alternatives: [{ transcript: 'Upstairs.' }], resultEndTime: '4s' },
        ],
      },
      [
        [0, 2.5, null, 'Where?'],
        [2.5, 4, null, 'Upstairs.'],
      ],
    ],
    [
      'Azure, in ticks or as durations',
      {
        recognizedPhrases: [
          {
            speaker: 1,
            offsetInTicks: 9_000_000,
            durationInTicks: 11_000_000,
            nBest: [{ display: 'Where is the lamp?' }],
          },
          { speaker: 2, offset: 'PT3S', duration: 'PT1S', nBest: [{ display: 'Upstairs.' }] },
        ],
      },
      named('Speaker 1', 'Speaker 2'),
    ],
    [
      'Azure’s fast transcription',
      {
        phrases: [
          { speaker: 1, offsetMilliseconds: 900, durationMilliseconds: 1100, text: 'Where is the lamp?', words: [] },
          {
            speaker: 2,
            offsetMilliseconds: 3000,
            durationMilliseconds: 1000,
            text: 'Upstairs.',
            words: [{ text: 'Upstairs.', offsetMilliseconds: 3000, durationMilliseconds: 1000 }],
          },
        ],
      },
      named('Speaker 1', 'Speaker 2'),
    ],
    [
      'Gladia, inside of its answer',
      {
        status: 'done',
        result: {
          transcription: {
            utterances: [
              { text: 'Where is the lamp?', start: 0.9, end: 2, speaker: 0 },
              { text: 'Upstairs.', start: 3, end: 4, speaker: 1 },
            ],
          },
        },
      },
      named('Speaker 0', 'Speaker 1'),
    ],
    [
      'Vosk',
      [
        {
          text: 'where is',
          result: [
            { word: 'where', start: 0.9, end: 1.2, conf: 1 },
            { word: 'is', start: 1.2, end: 2, conf: 0.9 },
          ],
        },
        { text: '' },
      ],
      [[0.9, 2, null, 'where is']],
    ],
    [
      'YouTube’s json3',
      {
        wireMagic: 'pb3',
        events: [
          { tStartMs: 0, dDurationMs: 9000, id: 1 },
          { tStartMs: 900, dDurationMs: 4000, segs: [{ utf8: 'where' }, { utf8: ' is', tOffsetMs: 300 }] },
          { tStartMs: 2990, aAppend: 1, segs: [{ utf8: '\n' }] },
          { tStartMs: 3000, dDurationMs: 1000, segs: [{ utf8: 'upstairs' }] },
        ],
      },
      [
        [0.9, 3, null, 'where is'],
        [3, 4, null, 'upstairs'],
      ],
    ],
    [
      'Fireflies',
      {
        sentences: [
          { speaker_name: 'Dana', text: 'Where is the lamp?', start_time: 0.9, end_time: 2 },
          { speaker_name: 'Gil', text: 'Upstairs.', start_time: 3, end_time: 4 },
        ],
      },
      named('Dana', 'Gil'),
    ],
    [
      'Recall, by participants',
      [
        {
          participant: { id: 1, name: 'Dana' },
          words: [{ text: 'Where is the lamp?', start_timestamp: { relative: 0.9 }, end_timestamp: { relative: 2 } }],
        },
        {
          participant: { id: 2, name: 'Gil' },
          words: [{ text: 'Upstairs.', start_timestamp: { relative: 3 }, end_timestamp: { relative: 4 } }],
        },
      ],
      named('Dana', 'Gil'),
    ],
    [
      'Premiere, with names in a list of their own',
      {
        speakers: [
          { id: 'a1', name: 'Dana' },
          { id: 'b2', name: 'Gil' },
        ],
        segments: [
          { speaker: 'a1', start: 0.9, duration: 1.1, text: 'Where is the lamp?' },
          { speaker: 'b2', start: 3, duration: 1, text: 'Upstairs.' },
        ],
      },
      named('Dana', 'Gil'),
    ],
    [
      'faster-whisper’s tuples',
      {
        segments: [
          [1, 0, 0.9, 2, ' Where is the lamp?', [50364], -0.2],
          [2, 0, 3, 4, ' Upstairs.', [1], -0.1],
        ],
      },
      named(null, null),
    ],
    [
      'NeMo',
      {
        text: 'x',
        timestamp: {
          segment: [
            { start: 0.9, end: 2, segment: 'Where is the lamp?' },
            { start: 3, end: 4, segment: 'Upstairs.' },
          ],
        },
      },
      named(null, null),
    ],
    [
      'lines of segments',
      '{"start":0.9,"end":2,"text":"Where is the lamp?"}\n{"start":3,"end":4,"text":"Upstairs."}\n',
      named(null, null),
    ],
  ])('%s', (_name, source, expected) => {
    expect(segmentsOf('JSON', source)).toEqual(expected);
  });

  it('keep the times of words behind which punctuation stands', () => {
    const { segments } = read(
      'JSON',
      JSON.stringify({ results: { items: [token('Hi', 1, 1.5), mark(','), token('Gil', 1.6, 2), mark('!')] } }),
    );
    expect(segments[0]?.words?.map(({ text, startSeconds }) => [text, startSeconds])).toEqual([
      ['Hi,', 1],
      ['Gil!', 1.6],
    ]);
  });
});

describe('formats that the content tells, whatever a file is called', () => {
  const events = (...lines: string[]) =>
    `[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n${lines.join('\n')}\n`;
  it.each<[string, string, unknown[][]]>([
    [
      'Advanced SubStation Alpha',
      events(
        'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
        'Comment: 0,0:00:00.10,0:00:00.50,Default,,0,0,0,,not shown',
        'Dialogue: 0,0:00:00.90,0:00:02.00,Default,Dana,0,0,0,,Where is {\\i1}the{\\i0} lamp?',
        'Dialogue: 0,0:00:03.00,0:00:04.00,Default,Gil,0,0,0,,Upstairs.',
      ),
      named('Dana', 'Gil'),
    ],
    [
      'SubStation Alpha with commas and line ends in its text',
      'Dialogue: Marked=0,0:00:00.90,0:00:02.00,Default,,0,0,0,,Where,\\Nis it?\n',
      [[0.9, 2, null, 'Where, is it?']],
    ],
    [
      'TTML',
      '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml" ttp:tickRate="10000000"><body><div>\n<p begin="00:00:00.900" end="2s">Where is<br/>the <span>lamp?</span></p>\n<p begin="30000000t" dur="1000ms">Upstairs.</p></div></body></tt>',
      named(null, null),
    ],
    [
      'TTML with a prefix',
      '<tt:tt><tt:body><tt:p begin="00:00:00.900" end="00:00:02.000">Salt &amp; oil</tt:p></tt:body></tt:tt>',
      [[0.9, 2, null, 'Salt & oil']],
    ],
    [
      'YouTube’s timedtext',
      '<?xml version="1.0"?><transcript><text start="0.9" dur="1.1">Where is the lamp?</text><text start="3" dur="1">Upstairs.</text></transcript>',
      named(null, null),
    ],
    [
      'YouTube’s srv3',
      '<timedtext format="3"><body><p t="900" d="1100"><s>Where is</s><s t="300"> the lamp?</s></p><p t="3000" d="1000">Upstairs.</p></body></timedtext>',
      named(null, null),
    ],
    [
      'SAMI',
      '<SAMI><BODY><SYNC Start=900><P Class=EN>Where is the lamp?<SYNC Start=2000><P Class=EN>&nbsp;<SYNC Start=3000><P Class=EN>Upstairs.<SYNC Start=4000></BODY></SAMI>',
      named(null, null),
    ],
    ['Whisper’s TSV', 'start\tend\ttext\n900\t2000\tWhere is the lamp?\n3000\t4000\tUpstairs.\n', named(null, null)],
    [
      'whisper.cpp’s CSV',
      'start,end,speaker,text\n900,2000,Dana,"Where, is ""it""?"\n3000,4000,Gil,"Upstairs."\n',
      [
        [0.9, 2, 'Dana', 'Where, is "it"?'],
        [3, 4, 'Gil', 'Upstairs.'],
      ],
    ],
    [
      'MicroDVD',
      '{1}{1}25.000\n{25}{50}{y:i}Where|is it?\n{75}{100}Upstairs.\n',
      [
        [1, 2, null, 'Where is it?'],
        [3, 4, null, 'Upstairs.'],
      ],
    ],
  ])('%s', (_name, source, expected) => {
    for (const format of ['SRT', 'VTT', 'TEXT'] as const) {
      expect(segmentsOf(format, source)).toEqual(expected);
      expect(segmentsOf(format, `\uFEFF${source.replaceAll('\n', '\r\n')}`)).toEqual(expected);
    }
  });

  it.each<[string, string, { line: number | null; message: unknown }]>([
    [
      'a time',
      events('Dialogue: 0,never,0:00:02.00,D,,0,0,0,,lost', 'Dialogue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,kept'),
      { line: 9, message: expect.stringMatching(/cannot be read/) },
    ],
    [
      'a drawing',
      events(
        'Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\p1}m 0 0 l 9 9',
        'Dialogue: 0,0:00:03.00,0:00:04.00,D,,0,0,0,,kept',
      ),
      { line: 9, message: expect.stringMatching(/drawing/) },
    ],
    [
      'a caption',
      '<tt>\n<p begin="soon">lost</p>\n<p begin="3s" end="4s">kept</p></tt>',
      { line: 2, message: expect.stringMatching(/cannot be read/) },
    ],
    [
      'a row',
      'start\tend\ttext\nx\t2000\tlost\n3000\t4000\tkept\n',
      { line: 2, message: expect.stringMatching(/cannot be read/) },
    ],
    ['a line', '{1}{1}25\nlost\n{75}{100}kept', { line: 2, message: expect.stringMatching(/no frames/) }],
  ])('tell %s that cannot be used', (_name, source, warning) => {
    const { segments, warnings } = read('SRT', source);
    expect(segments.map(({ startSeconds, text }) => [startSeconds, text])).toEqual([[3, 'kept']]);
    expect(warnings).toMatchObject({ passedOver: 1, list: [warning] });
  });

  it.each([
    ['RTF', '{\\rtf1\\ansi hi}'],
    ['a page in HTML', '<!DOCTYPE html><html></html>'],
    ['a PDF', '%PDF-1.7 x'],
    ['a document of Word', 'PK\x03\x04x'],
  ])('are refused by their name where they are %s', (name, source) => {
    expect(() => read('TEXT', source)).toThrow(name);
  });

  it('give back what they were made of', () => {
    const word = fc.stringMatching(/^[a-zא-ת]{1,8}$/);
    const lines = fc.array(
      fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')),
      { minLength: 1, maxLength: 8 },
    );
    const clock = (ms: number) => `0:${new Date(ms).toISOString().slice(14, 22)}`;
    const writers: ((texts: string[], start: (index: number) => number) => string)[] = [
      (texts, start) =>
        events(
          ...texts.map(
            (text, index) => `Dialogue: 0,${clock(start(index))},${clock(start(index) + 900)},D,,0,0,0,,${text}`,
          ),
        ),
      (texts, start) =>
        `<tt><body>${texts.map((text, index) => `<p begin="${start(index)}ms" dur="900ms">${text}</p>`).join('\n')}</body></tt>`,
      (texts, start) =>
        `<transcript>${texts.map((text, index) => `<text start="${start(index) / 1000}" dur="0.9">${text}</text>`).join('')}</transcript>`,
      (texts, start) =>
        ['start\tend\ttext', ...texts.map((text, index) => `${start(index)}\t${start(index) + 900}\t${text}`)].join(
          '\n',
        ),
      (texts, start) =>
        ['start,end,text', ...texts.map((text, index) => `${start(index)},${start(index) + 900},"${text}"`)].join('\n'),
      (texts, start) =>
        JSON.stringify({
          events: texts.map((text, index) => ({ tStartMs: start(index), dDurationMs: 900, segs: [{ utf8: text }] })),
        }),
    ];
    fc.assert(
      fc.property(lines, fc.constantFrom(...writers), (texts, write) => {
        const distinct = texts.map((text, index) => `${text} ${'abcdefgh'[index]}`);
        const start = (index: number) => 1000 * index;
        const source = write(distinct, start);
        const found = segmentsOf(source.startsWith('{') ? 'JSON' : 'SRT', source);
        expect(found).toEqual(distinct.map((text, index) => [index, index + 0.9, null, text]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('JSON of thousands of levels', () => {
  it.each([
    ['answers in answers', '{"result":', '}', '{"segments":[]}'],
    ['a name in names', '{"segments":[{"start":1,"text":"kept","speaker":{"name":', '}}]}', '1'],
  ])('is read or refused: %s', (_name, open, close, inside) => {
    const [first, rest] = open.includes('speaker') ? [open, '{"name":'] : ['', open];
    const [end, last] = open.includes('speaker') ? ['}', close] : [close, ''];
    const source = first + rest.repeat(20_000) + inside + end.repeat(20_000) + last;
    if (first) expect(segmentsOf('JSON', source)).toMatchObject([[1, expect.any(Number), null, 'kept']]);
    else expect(() => read('JSON', source)).toThrow(InvalidTranscript);
  });
});

describe('what meetings leave in their transcripts', () => {
  it('Zoom’s names of cues are speakers', () => {
    const source =
      'WEBVTT\n\n1 "Dana Cohen" (1674)\n00:00:01.000 --> 00:00:03.000\nGood\nmorning.\n\n2 "Gil" (99)\n00:00:03.500 --> 00:00:05.000\nHi.\n';
    expect(segmentsOf('VTT', source)).toEqual([
      [1, 3, 'Dana Cohen', 'Good morning.'],
      [3.5, 5, 'Gil', 'Hi.'],
    ]);
  });

  it('the last line of the program is nobody’s', () => {
    const { segments, warnings } = read(
      'TEXT',
      'Dana  0:00\nGood morning.\n\nGil  0:07\nHi.\n\nTranscribed by https://otter.ai\n',
    );
    expect(segments.map(({ text }) => text)).toEqual(['Good morning.', 'Hi.']);
    expect(warnings).toMatchObject({ passedOver: 1, list: [{ line: 7 }] });
  });

  it('a cue in which nothing can be seen is none', () => {
    expect(
      segmentsOf('VTT', 'WEBVTT\n\n00:01.000 --> 00:03.000\n\u200B\u200E\n\n00:04.000 --> 00:05.000\nHi.\n'),
    ).toEqual([[4, 5, null, 'Hi.']]);
  });
});
