import { describe, expect, it } from 'vitest';
import { bearer, httpRequest } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';
import { read } from './support.ts';

const app = useParley();

const json = (document: unknown) => read('JSON', JSON.stringify(document));

const [hello, thanks] = ['Hello there.', 'תודה רבה.'];

const begin = Date.parse('2026-01-05T10:00:00.000Z');

/** Words of a recogniser, in seconds. */
const heard = (name: string, more: object = {}) => [
  { [name]: 'Hello', start: 0.5, end: 0.9, ...more },
  { [name]: 'there.', start: 1, end: 1.5, ...more },
];

/** Documents, who speaks in them, how many of their items are passed over, and when turns begin, if not at 0.5 and 4 seconds. */
const DOCUMENTS: [string, unknown, { names: [string, string]; passedOver?: number; starts?: number[] }][] = [
  [
    'Vapi, with its instructions',
    {
      id: 'c1',
      messages: [
        { role: 'system', message: 'Be short.', time: begin, secondsFromStart: 0 },
        {
          role: 'bot',
          message: hello,
          time: begin + 500,
          endTime: begin + 1500,
          secondsFromStart: 0.5,
          duration: 1000,
        },
        { role: 'user', message: thanks, time: begin + 4000, secondsFromStart: 4, duration: 1000 },
      ],
    },
    { names: ['bot', 'user'], passedOver: 1 },
  ],
  [
    'Retell',
    {
      transcript: 'Agent: Hello there.',
      transcript_object: [
        { role: 'agent', content: hello, words: heard('word') },
        { role: 'user', content: thanks, words: [{ word: thanks, start: 4, end: 5 }] },
      ],
    },
    { names: ['agent', 'user'] },
  ],
  [
    'ElevenLabs, in which a tool was called',
    {
      transcript: [
        { role: 'agent', message: hello, time_in_call_secs: 0 },
        { role: 'agent', message: null, tool_calls: [{}], time_in_call_secs: 2 },
        { role: 'user', message: thanks, time_in_call_secs: 4 },
      ],
    },
    { names: ['agent', 'user'], starts: [0, 4] },
  ],
  [
    'Amazon’s analytics',
    {
      Transcript: [
        { ParticipantRole: 'AGENT', Content: hello, BeginOffsetMillis: 500, EndOffsetMillis: 1500, Items: [] },
        { ParticipantRole: 'CUSTOMER', Content: thanks, BeginOffsetMillis: 4000, EndOffsetMillis: 5000 },
      ],
    },
    { names: ['AGENT', 'CUSTOMER'] },
  ],
  [
    'Symbl',
    {
      messages: [
        {
          text: hello,
          from: { id: 'x', name: 'Noa' },
          startTime: '2026-01-05T10:00:00.500Z',
          timeOffset: 0.5,
          duration: 1,
        },
        {
          text: thanks,
          from: { id: 'y', name: 'Gil' },
          startTime: '2026-01-05T10:00:04.000Z',
          timeOffset: 4,
          duration: 1,
        },
      ],
    },
    { names: ['Noa', 'Gil'] },
  ],
  [
    'Gong',
    {
      callTranscripts: [
        {
          callId: 'c1',
          transcript: [
            { speakerId: 'n1', sentences: [{ start: 500, end: 1500, text: hello }] },
            { speakerId: 'g1', sentences: [{ start: 4000, end: 5000, text: thanks }] },
          ],
        },
      ],
    },
    { names: ['n1', 'g1'] },
  ],
  [
    'Zoom, as a timeline',
    {
      timeline: [
        { text: hello, ts: '00:00:00.500', end_ts: '00:00:01.500', users: [{ username: 'Noa' }] },
        { text: thanks, ts: '00:00:04.000', end_ts: '00:00:05.000', users: [{ username: 'Gil' }] },
      ],
    },
    { names: ['Noa', 'Gil'] },
  ],
  [
    'Twilio, whose channels are speakers',
    {
      sentences: [
        { media_channel: 1, sentence_index: 0, start_time: 0.5, end_time: 1.5, transcript: hello },
        { media_channel: 2, sentence_index: 1, start_time: 4, end_time: 5, transcript: thanks },
      ],
    },
    { names: ['Speaker 1', 'Speaker 2'] },
  ],
  [
    'IBM Watson, with what it took a text for while it listened',
    {
      results: [
        { final: false, alternatives: [{ transcript: 'hell', timestamps: [['hell', 0.5, 0.8]] }] },
        {
          final: true,
          alternatives: [
            {
              transcript: hello,
              timestamps: [
                ['Hello', 0.5, 0.9],
                ['there.', 1, 1.5],
              ],
            },
          ],
        },
        {
          final: true,
          alternatives: [
            {
              transcript: thanks,
              timestamps: [
                ['תודה', 4, 4.5],
                ['רבה.', 4.6, 5],
              ],
            },
          ],
        },
      ],
      speaker_labels: [0.5, 1, 4, 4.6].map((from) => ({ from, to: from + 0.4, speaker: from < 2 ? 0 : 1 })),
    },
    { names: ['Speaker 0', 'Speaker 1'] },
  ],
  [
    'Google, of a batch',
    {
      results: {
        'gs://bucket/call.wav': {
          transcript: {
            results: [
              {
                alternatives: [
                  {
                    transcript: `${hello} ${thanks}`,
                    words: [
                      { word: 'Hello', startOffset: '0.5s', endOffset: '0.9s', speakerLabel: '1' },
                      { word: 'there.', startOffset: '1s', endOffset: '1.5s', speakerLabel: '1' },
                      { word: 'תודה', startOffset: '4s', endOffset: '4.5s', speakerLabel: '2' },
                      { word: 'רבה.', startOffset: '4.6s', endOffset: '5s', speakerLabel: '2' },
                    ],
                  },
                ],
              },
            ],
          },
        },
      },
    },
    { names: ['Speaker 1', 'Speaker 2'] },
  ],
];

describe('a call of', () => {
  it.each(DOCUMENTS)('%s is read with its times and speakers', (_name, document, { names, passedOver = 0, starts }) => {
    const { segments, warnings } = json(document);
    expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual([
      [names[0], hello],
      [names[1], thanks],
    ]);
    expect(segments.map(({ startSeconds }) => startSeconds)).toEqual(starts ?? [0.5, 4]);
    expect(warnings).toMatchObject({ passedOver });
  });

  it('Bland counts from its first time, which is told', () => {
    const at = (ms: number) => new Date(begin + ms).toISOString();
    const { segments, warnings } = json({
      transcripts: [
        { id: 1, user: 'assistant', text: hello, created_at: at(500) },
        { id: 2, user: 'user', text: thanks, created_at: at(4000) },
      ],
    });
    expect(segments).toMatchObject([
      { startSeconds: 0, speaker: 'assistant' },
      { startSeconds: 3.5, speaker: 'user' },
    ]);
    expect(warnings.list).toMatchObject([{ message: expect.stringContaining('of a calendar') }]);
  });
});

describe('a table', () => {
  const talk = [
    [0.5, 'Noa', 'Hello, there.'],
    [4, 'Gil', thanks],
  ];
  it.each<[string, string, (string | number | null)[][]?]>([
    [
      'of an editor, whose times have frames',
      `"Speaker Name","Start Time","End Time","Text"\n"Noa","00:00:00:15","00:00:01:15","Hello, there."\n"Gil","00:00:04:00","00:00:05:00","${thanks}"\n`,
    ],
    [
      'of a spreadsheet, with notes',
      `Timecode;Text;Speaker;Notes\n00:00:00.5;Hello, there.;Noa;?\n00:00:04;${thanks};Gil;\n`,
    ],
    [
      'of seconds, some of which are whole',
      `Sentence,startTime,endTime,speaker_name\n"Hello, there.",0.5,1.5,Noa\n${thanks},4,5,Gil\n`,
    ],
    [
      'of labels, with frequencies below one',
      `0.500000\t1.500000\tHello, there.\n\\\t100.0\t200.0\n4.000000\t5.000000\t${thanks}\n`,
      talk.map(([start, , text]) => [start as number, null, text as string]),
    ],
  ])('%s is read', (_name, source, expected = talk) => {
    for (const format of ['TEXT', 'SRT'] as const) {
      const { segments, warnings } = read(format, source);
      expect(segments.map(({ startSeconds, speaker, text }) => [startSeconds, speaker, text])).toEqual(expected);
      expect(warnings).toMatchObject({ passedOver: 0, list: [] });
    }
  });

  it('of whole seconds without an end has no milliseconds', () => {
    const { segments } = read('TEXT', `time,text\n0,${hello}\n4,${thanks}\n9,${hello}\n`);
    expect(segments.map(({ startSeconds }) => startSeconds)).toEqual([0, 4, 9]);
  });

  it('is no text whose first line names a time and a text', () => {
    const { segments } = read('TEXT', `Name, time, text\n\n0:01\n${hello}\n\n0:04\n${thanks}\n`);
    expect(segments.map(({ startSeconds, text }) => [startSeconds, text])).toEqual([
      [1, hello],
      [4, thanks],
    ]);
  });
});

it.each([
  ['TextGrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\n'],
  ['Scenarist', 'Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420\n'],
  ['EBU', '850STL25.01'],
  ['ELAN', '<?xml version="1.0"?>\n<ANNOTATION_DOCUMENT><TIME_ORDER/></ANNOTATION_DOCUMENT>'],
  ['Transcriber', '<?xml version="1.0"?>\n<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n<Trans></Trans>'],
])('what is of %s is refused by its name', (name, source) => {
  expect(() => read('TEXT', source)).toThrow(name);
});

describe('over HTTP', () => {
  it.each([
    ['application/json', JSON.stringify(DOCUMENTS[0]?.[1]), { passedOver: 1, warningCount: 1 }],
    ['text/csv', `Speaker,Start,Text\nNoa,0:00.5,${hello}\nGil,0:04,${thanks}\n`, { passedOver: 0, warningCount: 0 }],
  ])('%s makes an episode of both turns', async (type, body, told) => {
    const ann = await app.user();
    const { status, json: answer } = await httpRequest(`${app.parley.url}/episodes?title=Call`, {
      method: 'POST',
      headers: { ...bearer(ann.key), 'content-type': type },
      body,
    });
    expect({ status, answer }).toMatchObject({ status: 201, answer: { segments: 2, ...told } });
    const { episode } = await ann.ask<any>(
      `query ($id: ID!) { episode(id: $id) { transcript(first: 9) { edges { node { startSeconds text } } } } }`,
      { id: answer.episode.id },
    );
    expect(episode.transcript.edges.map(({ node }: any) => node)).toEqual([
      { startSeconds: 0.5, text: hello },
      { startSeconds: 4, text: thanks },
    ]);
  });
});
