import { describe, expect, it } from 'vitest';
import { bearer, httpRequest } from '../support/http.ts';
import { useParley } from '../support/use-parley.ts';
import { read, timedTextsOf, turnsOf } from './support.ts';

const app = useParley();

const json = (document: unknown) => read('JSON', JSON.stringify(document));

const [hello, thanks] = ['Hello there.', 'תודה רבה.'];

/** Two who speak in turns, and when their turns begin. */
const talk = (noa: string | null = 'Noa', gil: string | null = 'Gil') => [
  [noa, hello],
  [gil, thanks],
];
const STARTS = [0.5, 4];

/** Words of both turns, under the names that a service gives to a text, a start and an end. */
const words = (write: (text: string, start: number, end: number, speaker: number) => object) => [
  write('Hello', 0.5, 0.9, 0),
  write('there.', 1, 1.5, 0),
  write('תודה', 4, 4.5, 1),
  write('רבה.', 4.6, 5, 1),
];

const WORD_TIMES = [
  ['Hello', 0.5],
  ['there.', 1],
  ['תודה', 4],
  ['רבה.', 4.6],
];

/** Documents of services: whom they name, and whether they have times of words. */
const DOCUMENTS: [string, unknown, { names?: [string | null, string | null]; words?: boolean }][] = [
  [
    'Otter, in samples',
    {
      speech: {
        speakers: [
          { id: 7, speaker_name: 'Noa' },
          { id: 8, speaker_name: 'Gil' },
        ],
        transcripts: [
          { start_offset: 8000, end_offset: 24_000, transcript: hello, speaker_id: 7 },
          { start_offset: 64_000, end_offset: 80_000, transcript: thanks, speaker_id: 8 },
        ],
      },
    },
    {},
  ],
  [
    'Podlove',
    {
      transcripts: [
        { start: '00:00:00.500', start_ms: 500, end: '00:00:01.500', speaker: '1', voice: 'Noa', text: hello },
        { start: '00:00:04.000', start_ms: 4000, end: '00:00:05.000', speaker: '2', voice: 'Gil', text: thanks },
      ],
    },
    {},
  ],
  [
    'Sonix',
    {
      name: 'n',
      transcript: [
        { speaker: 'Noa', text: hello, start_time: 0.5, end_time: 1.5 },
        { speaker: 'Gil', text: thanks, start_time: 4, end_time: 5 },
      ],
    },
    {},
  ],
  [
    'Trint, with speakers beside words',
    {
      transcript: {
        words: words((value, time, end) => ({ value, time, duration: Number((end - time).toFixed(3)) })),
        paragraphs: [
          { time: 0.5, duration: 1, speaker: 's1' },
          { time: 4, duration: 1, speaker: 's2' },
        ],
        speakers: [
          { id: 's1', name: 'Noa' },
          { id: 's2', name: 'Gil' },
        ],
      },
    },
    { words: true },
  ],
  [
    'Happy Scribe',
    [0, 2].map((from) => ({
      speaker: from === 0 ? 'Noa' : 'Gil',
      words: words((text, data_start, data_end) => ({
        text: text.replace('.', ''),
        type: 'text',
        data_start,
        data_end,
      }))
        .slice(from, from + 2)
        .flatMap((word) => [word, { text: ' ', type: 'space' }])
        .concat({ text: '.', type: 'punctuation' }),
    })),
    { words: true },
  ],
  [
    'tl;dv',
    {
      meetingId: 'm',
      data: [
        { speaker: 'Noa', text: hello, startTime: 0.5, endTime: 1.5 },
        { speaker: 'Gil', text: thanks, startTime: 4, endTime: 5 },
      ],
    },
    {},
  ],
  [
    'Fathom',
    {
      transcript: [
        { speaker: { display_name: 'Noa' }, text: hello, timestamp: '00:00:00.5' },
        { speaker: { display_name: 'Gil' }, text: thanks, timestamp: '00:00:04' },
      ],
    },
    {},
  ],
  [
    'Spotify',
    {
      section: [
        { startMs: 0, title: { title: 'Noa' } },
        { startMs: 500, text: { sentence: { text: hello } } },
        { startMs: 4000, title: { title: 'Gil' } },
        { startMs: 4000, text: { sentence: { text: thanks } } },
      ],
    },
    {},
  ],
  [
    'AssemblyAI',
    {
      utterances: [0, 2].map((from) => ({
        speaker: from === 0 ? 'A' : 'B',
        start: from === 0 ? 500 : 4000,
        end: from === 0 ? 1500 : 5000,
        text: from === 0 ? hello : thanks,
        words: words((text, start, end) => ({ text, start: start * 1000, end: end * 1000 })).slice(from, from + 2),
      })),
    },
    { names: ['A', 'B'], words: true },
  ],
  [
    'Deepgram, with its words',
    {
      results: {
        channels: [
          {
            alternatives: [
              {
                words: words((text, start, end, speaker) => ({
                  punctuated_word: text,
                  word: text,
                  start,
                  end,
                  speaker,
                })),
                paragraphs: { paragraphs: [] },
              },
            ],
          },
        ],
      },
    },
    { names: ['Speaker 0', 'Speaker 1'], words: true },
  ],
  [
    'Deepgram, with paragraphs alone',
    {
      results: {
        channels: [
          {
            alternatives: [
              {
                paragraphs: {
                  paragraphs: [
                    { sentences: [{ text: hello, start: 0.5, end: 1.5 }], speaker: 0 },
                    { sentences: [{ text: thanks, start: 4, end: 5 }], speaker: 1 },
                  ],
                },
              },
            ],
          },
        ],
      },
    },
    { names: ['Speaker 0', 'Speaker 1'] },
  ],
  [
    'ElevenLabs',
    {
      words: words((text, start, end, speaker) => ({
        text,
        start,
        end,
        type: 'word',
        speaker_id: `speaker_${speaker}`,
      })).flatMap((word) => [word, { text: ' ', type: 'spacing' }]),
    },
    { names: ['speaker_0', 'speaker_1'], words: true },
  ],
  [
    'ElevenLabs, in channels',
    {
      transcripts: [0, 2].map((from) => ({
        channel_index: from / 2,
        text: from === 0 ? hello : thanks,
        words: words((text, start, end) => ({ text, start, end, type: 'word' })).slice(from, from + 2),
      })),
    },
    { names: ['Speaker 0', 'Speaker 1'], words: true },
  ],
  [
    'gpt-4o-transcribe-diarize',
    {
      task: 'transcribe',
      segments: [
        { type: 'transcript.text.segment', id: 'seg_1', start: 0.5, end: 1.5, text: hello, speaker: 'agent' },
        { type: 'transcript.text.segment', id: 'seg_2', start: 4, end: 5, text: thanks, speaker: 'A' },
      ],
    },
    { names: ['agent', 'A'] },
  ],
  [
    'Gemini, with a time as text',
    [
      { timestamp: '00:00.5', speaker: 'Noa', text: hello },
      { timestamp: '[00:04]', speaker: 'Gil', text: thanks },
    ],
    {},
  ],
  [
    'Gemini, with two times in one text',
    {
      segments: [
        { timestamp: '00:00.5 - 00:01.5', speaker: 'Noa', content: hello },
        { timestamp: '[00:04] --> [00:05]', speaker: 'Gil', content: thanks, translation: 'Thanks.' },
      ],
    },
    {},
  ],
  [
    'Azure, of a batch',
    {
      recognizedPhrases: [
        {
          speaker: 1,
          offset: 'PT0.5S',
          offsetInTicks: 5_000_000,
          durationInTicks: 10_000_000,
          nBest: [{ display: hello }],
        },
        {
          speaker: 2,
          offset: 'PT4S',
          offsetInTicks: 40_000_000,
          durationInTicks: 10_000_000,
          nBest: [{ display: thanks }],
        },
      ],
    },
    { names: ['Speaker 1', 'Speaker 2'] },
  ],
  [
    'Soniox, in pieces of words',
    {
      tokens: [
        { text: 'Hel', start_ms: 500, end_ms: 700, speaker: '1' },
        { text: 'lo', start_ms: 700, end_ms: 900, speaker: '1' },
        { text: ' there', start_ms: 1000, end_ms: 1400, speaker: '1' },
        { text: '.', start_ms: 1400, end_ms: 1500, speaker: '1' },
        { text: 'תודה', start_ms: 4000, end_ms: 4500, speaker: '2' },
        { text: ' רבה.', start_ms: 4600, end_ms: 5000, speaker: '2' },
        { text: '<end>', start_ms: 5000, end_ms: 5000, speaker: '2' },
        { text: ' Thanks', translation_status: 'translation', speaker: '2' },
      ],
    },
    { names: ['Speaker 1', 'Speaker 2'], words: true },
  ],
  [
    'NeMo, as a list of one hypothesis',
    [
      {
        text: `${hello} ${thanks}`,
        timestamp: {
          word: words((word, start, end) => ({ word, start, end })),
          segment: [
            { segment: hello, start: 0.5, end: 1.5 },
            { segment: thanks, start: 4, end: 5 },
          ],
        },
      },
    ],
    { names: [null, null], words: true },
  ],
  [
    'WhisperKit, with tokens of the model',
    {
      segments: [
        { start: 0.5, end: 1.5, text: `<|startoftranscript|><|en|><|0.50|> ${hello}<|1.50|>`, tokens: [50_258] },
        { start: 4, end: 5, text: `<|4.00|> ${thanks}<|endoftext|>` },
      ],
    },
    { names: [null, null] },
  ],
  [
    'insanely-fast-whisper',
    {
      speakers: [
        { speaker: 'SPEAKER_00', timestamp: [0.5, 1.5], text: ` ${hello}` },
        { speaker: 'SPEAKER_01', timestamp: [4, 5], text: ` ${thanks}` },
      ],
      chunks: [{ timestamp: [0.5, 5], text: ` ${hello} ${thanks}` }],
    },
    { names: ['SPEAKER_00', 'SPEAKER_01'] },
  ],
  [
    'pyannote.ai, with times of words in a list of their own',
    {
      output: {
        diarization: [{ start: 0.1, end: 4, speaker: 'SPEAKER_00' }],
        wordLevelTranscription: words((text, start, end) => ({ text, start, end })),
        turnLevelTranscription: [
          { start: 0.5, end: 1.5, text: hello, speaker: 'SPEAKER_00' },
          { start: 4, end: 5, text: thanks, speaker: 'SPEAKER_01' },
        ],
      },
    },
    { names: ['SPEAKER_00', 'SPEAKER_01'], words: true },
  ],
  [
    'somebody, under names of their own',
    {
      v: 2,
      payload: {
        lines: [
          { from: 'x', start: 0.5, end: 1.5, speaker: 'Noa', text: hello },
          { from: 'x', start: 4, end: 5, speaker: 'Gil', text: thanks },
        ],
      },
    },
    {},
  ],
];

describe('a document of', () => {
  it.each(DOCUMENTS)('%s is read whole', (_name, document, { names = ['Noa', 'Gil'], words: hasWords = false }) => {
    const { segments, warnings } = json(document);
    expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual(talk(...names));
    expect(segments.map(({ startSeconds }) => startSeconds)).toEqual(STARTS);
    if (hasWords)
      expect(segments.flatMap((segment) => segment.words?.map((word) => [word.text, word.startSeconds]))).toEqual(
        WORD_TIMES,
      );
    expect(warnings.list).toEqual([]);
  });

  it('Granola counts from its first time, which is told', () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 10, 0, seconds)).toISOString();
    const { segments, warnings } = json([
      { start_timestamp: at(7), end_timestamp: at(9), text: hello, source: 'microphone' },
      { start_timestamp: at(12), end_timestamp: at(13), text: thanks, source: 'system' },
    ]);
    expect(segments).toMatchObject([
      { startSeconds: 0, endSeconds: 2, speaker: 'microphone' },
      { startSeconds: 5, endSeconds: 6, speaker: 'system' },
    ]);
    expect(warnings.list).toMatchObject([{ message: expect.stringContaining('of a calendar') }]);
  });

  it('several recordings is refused in words', () => {
    const document = { segments: [{ start: 0, end: 2, text: hello }] };
    expect(() => json([document, document])).toThrow(/of 2 recordings; send each/);
    expect(json([document]).segments).toMatchObject([{ text: hello }]);
  });

  it('a list that says who speaks when, and nothing of what, is refused', () => {
    expect(() => json({ output: { diarization: [{ start: 0.1, end: 4, speaker: 'SPEAKER_00' }] } })).toThrow(
      /segments/,
    );
  });
});

/** What people paste: two turns, at 0 and 4 seconds. */
const TEXTS: [string, string, [string, string]?][] = [
  ['Descript', `[00:00:00] Noa: ${hello}\n\n[00:00:04] Gil: ${thanks}\n`],
  ['Descript, in Markdown', `**Noa:** [00:00:00] ${hello}\n\n**Gil:** [00:00:04] ${thanks}\n`],
  ['Riverside', `Noa (00:00.000)\n${hello}\n\nGil (00:04.000)\n${thanks}\n`],
  ['Castmagic', `Noa [00:00:00]:\n${hello}\n\nGil [00:00:04]:\n${thanks}\n`],
  ['Podscribe', `Speaker 0 | 00:00:00\n${hello}\n\nSpeaker 1 | 00:00:04\n${thanks}\n`, ['Speaker 0', 'Speaker 1']],
  ['columns', `00:00 | Noa | ${hello}\n00:04 | Gil | ${thanks}\n`],
  [
    'columns with times in brackets',
    `[00:00] | Noa Levi | ${hello}\n[00:04] | Gil Bar | ${thanks}\n`,
    ['Noa Levi', 'Gil Bar'],
  ],
  ['Buzzsprout', `Noa:\t\t0:00\n\n${hello}\n\nGil:\t\t0:04\n\n${thanks}\n`],
  [
    'Buzzsprout, in HTML',
    `<cite>Noa:</cite>\n<time>0:00</time>\n<p>Hello&nbsp;<b>there</b>.</p>\n<cite>Gil:</cite>\n<time>0:04</time>\n<p>${thanks}</p>\n`,
  ],
  ['Sonix', `Noa: [00:00:00]\t${hello}\n\nGil: [00:00:04]\t${thanks}\n`],
  ['Happy Scribe', `[00:00:00.00] - Noa\n${hello}\n\n[00:00:04.00] - Gil\n${thanks}\n`],
  ['tl;dv', `00:00 Noa Levi: ${hello}\n00:04 Gil Bar: ${thanks}\n`, ['Noa Levi', 'Gil Bar']],
  ['Fathom', `@0:00 - Noa Levi (Acme)\n${hello}\n\n@0:04 - Gil\n${thanks}\n`, ['Noa Levi (Acme)', 'Gil']],
  ['Riverside, with line ends of old', `\uFEFFNoa (00:00.000)\r${hello}\r\rGil (00:04.000)\r${thanks}\r`],
];

describe('a text of', () => {
  it.each(TEXTS)('%s is read whole', (_name, text, names = ['Noa', 'Gil']) => {
    const { segments, warnings } = read('TEXT', text);
    expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual(talk(...names));
    expect(segments.map(({ startSeconds }) => startSeconds)).toEqual([0, 4]);
    expect(warnings.list).toEqual([]);
  });

  it('Teams is read without what its program wrote, which is told', () => {
    const text = `Noa Levi started transcription\n\nNoa Levi   0:00\n${hello}\n\nGil Bar   0:04\n${thanks}\n\nNoa Levi stopped transcription\n`;
    expect(turnsOf('TEXT', text)).toEqual(talk('Noa Levi', 'Gil Bar'));
    expect(read('TEXT', text).warnings).toMatchObject({ passedOver: 2, list: [{ line: 1 }, { line: 9 }] });
  });

  it('Teams, as cues that begin with a name, has speakers; captions of two lines have none', () => {
    const cues = (first: (index: number) => string) =>
      Array.from(
        { length: 8 },
        (_, index) => `00:00:0${index}.120 --> 00:00:0${index}.900\n${first(index)}\nשלום ${index}\n`,
      );
    const speakers = (first: (index: number) => string) =>
      turnsOf('TEXT', cues(first).join('\n')).map(([speaker]) => speaker);
    expect(speakers((index) => (index % 2 ? 'Noa Levi' : 'דנה'))).toEqual(
      Array.from({ length: 8 }, (_, index) => (index % 2 ? 'Noa Levi' : 'דנה')),
    );
    expect(speakers((index) => `Line ${'ABCDEFGH'[index]}`)).toEqual(Array(8).fill(null));
  });

  it('YouTube has no titles of chapters and no times in words in it', () => {
    const text = `Transcript\n\nIntroduction\n0:00\n0 seconds\nhello and welcome\n0:03\n3 seconds\nto this show\nThe harbour\n1:02\n1 minute, 2 seconds\nthe harbour is big\n1:05\n1 minute, 5 seconds\nand old\n`;
    expect(timedTextsOf('TEXT', text)).toEqual([
      [0, 'hello and welcome'],
      [3, 'to this show'],
      [62, 'the harbour is big'],
      [65, 'and old'],
    ]);
    expect(read('TEXT', text).warnings.list).toMatchObject([
      { line: 10, message: expect.stringContaining('the title of a chapter') },
      { line: 1 },
    ]);
    const spoken = text.replace('Introduction\n', '').replace('Transcript\n\n', '');
    expect(timedTextsOf('TEXT', spoken)).toContainEqual([3, 'to this show The harbour']);
  });

  it('a call whose times are those of a day says so', () => {
    const text = `Noa Levi: 16:09:55\n${hello}\n\nGil Bar: 16:10:02\n${thanks}\n`;
    const { segments, warnings } = read('TEXT', text);
    expect(segments).toMatchObject([{ startSeconds: 58_195 }, { startSeconds: 58_202 }]);
    expect(warnings.list).toMatchObject([{ message: expect.stringContaining('times of a day') }]);
  });
});

describe('a mark of whisper.cpp for a change of speakers', () => {
  it('is no text, and ends what a name goes on to', () => {
    const text = `[00:00:00.000 --> 00:00:02.000]   Dr. Levi: ${hello} [SPEAKER_TURN]\n[00:00:02.000 --> 00:00:04.000]   Say again. [SPEAKER_TURN] Yes.\n`;
    expect(turnsOf('TEXT', text)).toEqual([
      ['Dr. Levi', hello],
      [null, 'Say again.'],
      [null, 'Yes.'],
    ]);
    expect(turnsOf('JSON', JSON.stringify([{ start: 0, end: 2, text: `${hello} [SPEAKER TURN]` }]))).toEqual([
      [null, hello],
    ]);
  });
});

describe('TTML of Apple', () => {
  const span = (begin: string, text: string) => `<span begin="${begin}" end="1:09" podcasts:unit="word">${text}</span>`;
  const ttml = (head: string) =>
    `<tt xmlns="http://www.w3.org/ns/ttml"><head>${head}</head><body dur="1:10.000"><div><p begin="2.100" end="1:02.900" ttm:agent="SPEAKER_1"><span begin="2.100" podcasts:unit="sentence">${span('2.100', 'Hello')}${span('2.600', 'there.')}</span><span begin="1:02.345" podcasts:unit="sentence">${span('1:02.345', 'תודה')}</span></p><p begin="1:03.000" end="1:05.000" ttm:agent="SPEAKER_2">${span('1:03.000', 'Thanks')}</p></div></body></tt>`;

  it('has its words apart, with their times, and who speaks', () => {
    expect(read('TEXT', ttml('')).segments).toMatchObject([
      {
        startSeconds: 2.1,
        speaker: 'SPEAKER_1',
        text: 'Hello there. תודה',
        words: [{ startSeconds: 2.1 }, { startSeconds: 2.6 }, { startSeconds: 62.345 }],
      },
      { startSeconds: 63, speaker: 'SPEAKER_2', text: 'Thanks' },
    ]);
  });

  it('names whom its head does', () => {
    const head = '<ttm:agent xml:id="SPEAKER_1" type="person"><ttm:name type="full">Noa Levi</ttm:name></ttm:agent>';
    expect(turnsOf('TEXT', ttml(head)).map(([speaker]) => speaker)).toEqual(['Noa Levi', 'SPEAKER_2']);
  });
});

const cues = `1\n00:00:00,000 --> 00:00:02,000\n${hello}\n\n2\n00:00:02,000 --> 00:00:04,000\n${thanks}\n`;

describe('a transcript in a block of code', () => {
  it('is read, and what is around it is told with its line', () => {
    const text = `Here are the captions:\n\n\`\`\`srt\n${cues}\`\`\`\n\nLet me know!\n`;
    const { segments, warnings } = read('SRT', text);
    expect(segments.map(({ text }) => text)).toEqual([hello, thanks]);
    expect(warnings).toMatchObject({ passedOver: 2, list: [{ line: 1 }, { line: 13 }] });
  });

  it.each([
    ['VTT', '```vtt\nWEBVTT\n\n00:00.000 --> 00:02.000\nHello there.\n```\n'],
    ['TEXT', '~~~\nNoa: 00:00:01\nHello there.\n~~~\n'],
    ['JSON', '```json\n{"segments":[{"start":0,"end":2,"text":"Hello there."}]}\n```\n'],
    ['TEXT', 'Noa: 00:00:01\nHello\n```\nthere.\n```\n'.replaceAll('```\n', '')],
  ] as const)('as %s is that of its content', (format, text) => {
    expect(read(format, text).segments).toMatchObject([{ text: hello }]);
  });

  it('that only a part of the text is leaves the text as it is', () => {
    const text = 'Noa: 00:00:01\nHello.\n\nGil: 00:00:05\nRun this:\n```\nls\n```\nThat is all.\n';
    expect(turnsOf('TEXT', text).at(-1)?.[1]).toContain('That is all.');
  });
});

describe('over HTTP', () => {
  it.each([
    ['application/x-subrip', `\`\`\`srt\n${cues}\`\`\`\n`],
    ['application/x-subrip', `\uFEFF${cues}`.replaceAll('\n', '\r')],
    ['text/html', `<cite>Noa:</cite><time>0:00</time><p>${hello}</p><time>0:02</time><p>${thanks}</p>`],
    [
      'application/json',
      JSON.stringify({
        data: [
          { text: hello, start: 0 },
          { text: thanks, start: 2 },
        ],
      }),
    ],
  ])('%s makes an episode of both turns', async (type, body) => {
    const ann = await app.user();
    const { status, json } = await httpRequest(`${app.parley.url}/episodes?title=Talk`, {
      method: 'POST',
      headers: { ...bearer(ann.key), 'content-type': type },
      body,
    });
    expect({ status, json }).toMatchObject({ status: 201, json: { segments: 2, passedOver: 0, warningCount: 0 } });
    const { episode } = await ann.ask<any>(
      `query ($id: ID!) { episode(id: $id) { transcript(first: 9) { edges { node { startSeconds text } } } } }`,
      { id: json.episode.id },
    );
    expect(episode.transcript.edges.map(({ node }: any) => node)).toEqual([
      { startSeconds: 0, text: hello },
      { startSeconds: 2, text: thanks },
    ]);
  });
});
