import type { ParseWarning } from '#domain/episodes/transcripts/formats/parse-warnings.ts';
import * as resolvers from '#resolvers/episodes.ts';
import { builder, idOf, Node } from './builder.ts';
import { connectionType } from './connection.ts';

export const TranscriptFormat = builder.enumType('TranscriptFormat', {
  description: 'The file format of a transcript or of captions.',
  values: {
    SRT: { description: 'The SubRip format of `.srt` files.' },
    VTT: { description: 'The WebVTT format, with voice tags for speakers.' },
    JSON: {
      description:
        'JSON of the Podcasting 2.0 namespace, also with one word per segment, or the output of Whisper, WhisperX, whisper.cpp, Deepgram or AssemblyAI.',
    },
    TEXT: {
      description:
        "Plain text in turns: a line with a time, alone or with a name as in `Speaker: HH:MM:SS`, followed by the speaker's words.",
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
      description: 'The confidence of the transcriber in the word, 0 to 1; null if the source does not specify it.',
    }),
    interpolated: t.boolean({
      description:
        'True if the source has no word times, so that the words were distributed over the segment in proportion to their length.',
    }),
  }),
});

/** What a caption, or a segment of Whisper, holds of them. Its cost goes by it. */
const WORDS_OF_A_SEGMENT = 20;

export const TranscriptSegment = builder.prismaObject('TranscriptSegment', {
  description: 'A timed part of a transcript, usually the text of one caption.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id of the segment. Valid until the transcript is replaced.',
      resolve: idOf('TranscriptSegment'),
    }),
    index: t.exposeInt('index', { description: 'The index of the segment in its transcript, from 0.' }),
    startSeconds: t.exposeFloat('startSeconds', {
      description: 'When the segment begins, in seconds from the start of the recording.',
    }),
    endSeconds: t.exposeFloat('endSeconds', {
      description: 'When the segment ends, in seconds from the start of the recording.',
    }),
    text: t.exposeString('text', { description: 'The text of the segment.' }),
    speaker: t.exposeString('speaker', {
      nullable: true,
      description: 'The name of the speaker; null if the source does not specify it.',
    }),
    confidence: t.exposeFloat('confidence', {
      nullable: true,
      description: 'The confidence of the transcriber in the segment, 0 to 1; null if the source does not specify it.',
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
  description: 'Content of a transcript file that was skipped or corrected.',
  fields: (t) => ({
    line: t.exposeInt('line', {
      nullable: true,
      description: 'The line of the file, from 1; null in JSON, where the message names the segment.',
    }),
    message: t.exposeString('message', { description: 'An explanation of what was skipped or corrected.' }),
  }),
});
