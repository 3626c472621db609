import fc from 'fast-check';
import type { ParsedSegment } from '#domain/episodes/transcripts/segments/segments.ts';

/** Pieces that a reader may trip over, between any characters at all. */
export const fragment = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'WEBVTT',
    '\n```srt\n',
    '\n~~~\n',
    ' [SPEAKER_TURN]',
    '<time>0:01</time>',
    '<cite>Ann:</cite>',
    '<p>',
    '<span begin="1:02.345" podcasts:unit="word">',
    '<|0.00|>',
    '\n@0:07 - Noa\n',
    '\n0:07\n',
    '1 minute, 2 seconds\n',
    '\n',
    '\r\n',
    '\n\n',
    '00:00:01,000 --> 00:00:02,000',
    '00:01.000 --> 00:03.000 align:start',
    '-->',
    '1',
    '<v Ann>',
    '</v>',
    '<00:00:01.500>',
    '<',
    '&amp;',
    '&#0;',
    'NOTE',
    'STYLE',
    '[Script Info]\n',
    'Dialogue: 0,0:00:01.00,0:00:02.00,D,Ann,0,0,0,,',
    '{\\p1}',
    '<tt>',
    '<p begin="1s" dur="2s">',
    '<text start="1" dur="',
    '<SYNC Start=900>',
    '</p>',
    'start\tend\ttext\n',
    'start,end,text\n1,2,"',
    '{1}{1}25\n',
    '{25}{50}',
    'Ann: 00:00:10',
    'Bob (01:30): hi',
    'Ann: hello',
    '{"segments":[',
    '{"start":',
    '{"startTime":-1,"endTime":1e999,"body":"x"}',
    ']}',
    ',',
    '"',
    '\ud800',
    '\u0000',
    'word',
    '. ',
    '? ',
    '9999:59:59.999',
    '-0:0:1,5-->0:1:2.25align:start',
    '0:0x --> 0:04',
    '1:00:04',
    '0:05 - 0:09 ',
    '[SPEAKER_00]: ',
    '(Noa) ',
    '>> NOA: ',
    '>> ',
    '- ',
    'דנה: ',
    '\u202b',
    '\u202c',
    '[Music]',
    '[',
    ']',
    '(',
    '♪',
    '\\h\\N',
    '{\\an8}',
    '{',
    '&amp;amp;',
    '&amp;',
    'amp;',
    '<font color="x">',
    'NaN',
  ),
);

export const anySource = fc.array(fragment, { maxLength: 40 }).map((fragments) => fragments.join(''));

const anyTime = fc.oneof(fc.double(), fc.integer({ min: -5, max: 200 }), fc.constantFrom(null, 'x', {}, []));

export const anyJsonSegment = fc.record(
  {
    start: anyTime,
    startTime: anyTime,
    end: anyTime,
    text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('one', 'two words', null)),
    body: fc.string(),
    speaker: fc.oneof(fc.string(), fc.integer()),
    avg_logprob: fc.double(),
    offsets: fc.record({ from: anyTime, to: anyTime }),
    words: fc.array(
      fc.record(
        { word: fc.string(), text: fc.string(), start: anyTime, end: anyTime, probability: anyTime, speaker: anyTime },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
);

const anySegments = fc.array(anyJsonSegment);

export const anyJsonTranscript = fc
  .oneof(
    fc.record({ segments: anySegments, words: fc.option(anySegments) }),
    fc.record({ utterances: anySegments }),
    fc.record({ transcription: anySegments }),
    fc.record({ words: anySegments }),
    anySegments.map((words) => ({ results: { channels: [{ alternatives: [{ words }] }, { alternatives: [] }] } })),
    anySegments.map((utterances) => ({ results: { utterances } })),
  )
  .map((document) => JSON.stringify(document));

const letterWord = fc.stringMatching(/^[a-zא-ת]{1,9}$/);
const englishWord = fc.oneof(
  letterWord,
  fc.constantFrom(
    '&amp;',
    '<b>',
    'x<y',
    '{\\an8}',
    '&',
    'a-->b',
    '😀',
    '10:30',
    'AT&T;',
    'a\\hb',
    '&#38;amp;',
    '<v',
    '<font>',
  ),
);
const plainText = (word: fc.Arbitrary<string>) =>
  fc
    .tuple(letterWord, fc.array(word, { minLength: 1, maxLength: 12 }), fc.constantFrom('.', '?', '!', '', ','))
    .map(([first, words, mark]) => `${[first, ...words].join(' ')}${mark}`);

/** Segments as parseTranscript gives them: in order, in milliseconds, without overlaps. All or none have a speaker. */
export function segmentsWith(speakers: fc.Arbitrary<string | null>, word = englishWord): fc.Arbitrary<ParsedSegment[]> {
  const piece = fc.record({
    gap: fc.integer({ min: 0, max: 3000 }),
    duration: fc.integer({ min: 1, max: 20_000 }),
    text: plainText(word),
    speaker: speakers,
  });
  return fc.array(piece, { minLength: 1, maxLength: 60 }).map((pieces) => {
    let clock = 0;
    return pieces.map(({ gap, duration, text, speaker }) => {
      const start = clock + gap;
      clock = start + duration;
      return { startSeconds: start / 1000, endSeconds: clock / 1000, text, speaker, confidence: null, words: null };
    });
  });
}

export const named = fc.constantFrom('Ann', 'Bob Lee', 'Dr. Maria de Souza', 'Speaker 1');
export const unnamed = fc.constant(null);
export { letterWord };
