import { describe, expect, it } from 'vitest';
import { InvalidTranscript } from '#domain/episodes/transcripts/segments/invalid-transcript.ts';
import { read } from './support.ts';

type Word = [text: string, start: number, end: number];

const HEARD: Word[] = [
  ['Where', 0.5, 0.9],
  ['is', 0.9, 1.2],
  ['it?', 1.2, 2],
];
const ANSWERED: Word[] = [['Upstairs.', 3, 4]];
const textOf = (words: Word[]) => words.map(([text]) => text).join(' ');
const GUESS: Word[] = [['Wear', 0.5, 0.9]];

const deepgram = (words: Word[], is_final: boolean, channel = 0) => ({
  type: 'Results',
  channel_index: [channel, 2],
  start: words[0]?.[1],
  duration: 1,
  is_final,
  channel: {
    alternatives: [{ transcript: textOf(words), words: words.map(([word, start, end]) => ({ word, start, end })) }],
  },
});
const google = (words: Word[], isFinal: boolean) => ({
  results: [
    isFinal
      ? {
          isFinal,
          alternatives: [
            {
              transcript: textOf(words),
              words: words.map(([word, start, end]) => ({ word, startTime: `${start}s`, endTime: `${end}s` })),
            },
          ],
        }
      : { stability: 0.1, alternatives: [{ transcript: textOf(words) }] },
  ],
});
const amazon = (words: Word[], isFinal: boolean) => ({
  TranscriptEvent: {
    Transcript: {
      Results: [
        {
          IsPartial: !isFinal,
          Alternatives: [
            {
              Transcript: textOf(words),
              Items: words.flatMap(([text, StartTime, EndTime]) => [
                { Type: 'pronunciation', Content: text.slice(0, -1), StartTime, EndTime },
                { Type: 'punctuation', Content: text.slice(-1), StartTime: EndTime, EndTime },
              ]),
            },
          ],
        },
      ],
    },
  },
});
const assemblyAi = (words: Word[], end_of_turn: boolean, turn_order: number) => ({
  type: 'Turn',
  turn_order,
  end_of_turn,
  transcript: textOf(words),
  words: words.map(([text, start, end]) => ({ text, start: start * 1000, end: end * 1000 })),
});
const olderAssemblyAi = (words: Word[], isFinal: boolean) => ({
  message_type: isFinal ? 'FinalTranscript' : 'PartialTranscript',
  text: textOf(words),
  words: words.map(([text, start, end]) => ({ text, start: start * 1000, end: end * 1000 })),
});
const speechmatics = (words: Word[], isFinal: boolean) => ({
  message: isFinal ? 'AddTranscript' : 'AddPartialTranscript',
  results: words.map(([content, start_time, end_time]) => ({
    type: 'word',
    start_time,
    end_time,
    alternatives: [{ content }],
  })),
});
const gladia = (words: Word[], is_final: boolean) => ({
  type: 'transcript',
  data: { is_final, utterance: { text: textOf(words), start: words[0]?.[1], end: words.at(-1)?.[2] } },
});
const rev = (words: Word[], isFinal: boolean) => ({
  type: isFinal ? 'final' : 'partial',
  elements: words.map(([value, ts, end_ts]) => ({ type: 'text', value, ts, end_ts })),
});
const soniox = (words: Word[], is_final: boolean) => ({
  tokens: words.map(([text, start, end]) => ({
    text: ` ${text}`,
    start_ms: start * 1000,
    end_ms: end * 1000,
    is_final,
  })),
});
const azure = (words: Word[]) => ({
  RecognitionStatus: 'Success',
  Offset: (words[0]?.[1] ?? 0) * 1e7,
  Duration: ((words.at(-1)?.[2] ?? 0) - (words[0]?.[1] ?? 0)) * 1e7,
  DisplayText: textOf(words),
});
const vosk = (words: Word[]) => ({
  text: textOf(words),
  result: words.map(([word, start, end]) => ({ word, start, end, conf: 1 })),
});

const SESSIONS: [name: string, messages: object[]][] = [
  ['Deepgram', [deepgram(GUESS, false), deepgram(HEARD, true), deepgram(ANSWERED, true, 1), { type: 'Metadata' }]],
  ['Google', [google(GUESS, false), google(HEARD, true), google(ANSWERED, true)]],
  ['Amazon Transcribe', [amazon(GUESS, false), amazon(HEARD, true), amazon(ANSWERED, true)]],
  [
    'AssemblyAI, whose turns come again with punctuation',
    [
      { type: 'Begin' },
      assemblyAi(GUESS, false, 0),
      assemblyAi([['where', 0.5, 0.9]], true, 0),
      assemblyAi(HEARD, true, 0),
      assemblyAi(ANSWERED, true, 1),
    ],
  ],
  ['AssemblyAI before', [olderAssemblyAi(GUESS, false), olderAssemblyAi(HEARD, true), olderAssemblyAi(ANSWERED, true)]],
  ['Speechmatics', [speechmatics(GUESS, false), speechmatics(HEARD, true), speechmatics(ANSWERED, true)]],
  ['Gladia', [gladia(GUESS, false), gladia(HEARD, true), gladia(ANSWERED, true)]],
  ['Rev', [rev(GUESS, false), rev(HEARD, true), rev(ANSWERED, true)]],
  ['Soniox', [soniox(GUESS, false), soniox(HEARD, true), soniox(ANSWERED, true)]],
  ['Azure', [{ RecognitionStatus: 'InitialSilenceTimeout', Offset: 0 }, azure(HEARD), azure(ANSWERED)]],
  ['Vosk', [{ partial: 'wear' }, vosk(HEARD), { partial: '' }, vosk(ANSWERED)]],
];

describe('what a recogniser has sent while it listened', () => {
  it.each(SESSIONS)('%s: what is final is read, of a list and of lines', (_name, messages) => {
    const list = JSON.stringify(messages);
    const lines = messages.map((message) => JSON.stringify(message)).join('\n');
    for (const content of [list, lines]) {
      const { segments, warnings } = read('JSON', content);
      expect(segments.map(({ text }) => text).join(' ')).toBe('Where is it? Upstairs.');
      expect(segments[0]?.startSeconds).toBe(0.5);
      expect(segments.at(-1)?.endSeconds).toBe(4);
      expect(warnings.count).toBe(0);
    }
  });

  it('names speakers by the channels of Deepgram', () => {
    const { segments } = read('JSON', JSON.stringify([deepgram(ANSWERED, true, 1), deepgram(HEARD, true, 0)]));
    expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['Speaker 0', 'Where is it?'],
      ['Speaker 1', 'Upstairs.'],
    ]);
  });

  it('reads a single message', () => {
    expect(read('JSON', JSON.stringify(google(HEARD, true))).segments).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['Deepgram', deepgram(GUESS, false)],
    ['Google', google(GUESS, false)],
    ['Amazon Transcribe', amazon(GUESS, false)],
    ['AssemblyAI', assemblyAi(GUESS, false, 0)],
    ['Speechmatics', speechmatics(GUESS, false)],
    ['Gladia', gladia(GUESS, false)],
    ['Rev', rev(GUESS, false)],
    ['Soniox', soniox(GUESS, false)],
    ['Vosk', { partial: 'wear' }],
  ])('%s: guesses alone are refused', (_name, guess) => {
    for (const document of [guess, [guess, guess]])
      expect(() => read('JSON', JSON.stringify(document))).toThrow(InvalidTranscript);
  });
});
