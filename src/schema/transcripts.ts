import type { ParseWarning } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import * as resolvers from '#resolvers/episodes.ts';
import { builder, idOf, Node } from './builder.ts';
import { connectionType } from './connection.ts';

export const TranscriptFormat = builder.enumType('TranscriptFormat', {
  description: 'The file format of a transcript or of captions.',
  values: {
    SRT: { description: 'SubRip, as `.srt` files have it.' },
    VTT: { description: 'WebVTT, with its voice tags for speakers.' },
    JSON: {
      description:
        'JSON of Podcasting 2.0, also with one word a segment, or of a recogniser: Whisper, WhisperX, whisper.cpp, Deepgram, AssemblyAI.',
    },
    TEXT: {
      description:
        'Plain text in turns: a line with a time, alone or beside a name as in `Speaker: HH:MM:SS`, then what the speaker says.',
    },
  },
});

const TranscriptWord = builder.simpleObject('TranscriptWord', {
  description: 'One spoken word of a transcript.',
  fields: (t) => ({
    text: t.string({ description: 'The word as written, with its punctuation.' }),
    startSeconds: t.float({ description: 'When the word begins, in seconds from the start of the recording.' }),
    endSeconds: t.float({ description: 'When the word ends, in seconds from the start of the recording.' }),
    confidence: t.float({
      nullable: true,
      description: 'How sure the transcriber was of the word, 0 to 1; null where the source does not say.',
    }),
    interpolated: t.boolean({
      description: 'True where the source gave no times of words, so that they were spread over the segment.',
    }),
  }),
});

/** What a caption, or a segment of Whisper, holds of them. Its cost goes by it. */
const WORDS_OF_A_SEGMENT = 20;

export const TranscriptSegment = builder.prismaObject('TranscriptSegment', {
  description: 'A timed piece of a transcript, usually what one caption shows.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the segment, which lasts until the transcript is replaced.',
      resolve: idOf('TranscriptSegment'),
    }),
    index: t.exposeInt('index', { description: 'The place of the segment in its transcript: 0, 1, 2 …' }),
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'When the segment begins, in seconds from the start of the recording.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      description: 'When the segment ends, in seconds from the start of the recording.',
    }),
    text: t.exposeString('text', { description: 'What is said in the segment.' }),
    speaker: t.exposeString('speaker', {
      nullable: true,
      description: 'The name of who speaks; null where the source does not say.',
    }),
    confidence: t.exposeFloat('confidence', {
      nullable: true,
      description: 'How sure the transcriber was of the segment, 0 to 1; null where the source does not say.',
    }),
    words: t.field({
      type: [TranscriptWord],
      complexity: { field: 1, multiplier: WORDS_OF_A_SEGMENT },
      description: 'The words of the segment with their times.',
      resolve: resolvers.words,
    }),
  }),
});

export const TranscriptSegmentConnection = connectionType(TranscriptSegment, 'TranscriptSegment', 'segments');

export const TranscriptWarning = builder.objectRef<ParseWarning>('TranscriptWarning').implement({
  description: 'Something in the file of a transcript that was passed over or put right.',
  fields: (t) => ({
    line: t.exposeInt('line', {
      nullable: true,
      description: 'The line of the file, from 1; null in JSON, where the message names the segment.',
    }),
    message: t.exposeString('message', { description: 'What was passed over or put right, and how.' }),
  }),
});
