import { MAX_SEGMENT_LENGTH } from '#domain/episodes/transcripts/segments/split-long.ts';
import * as resolvers from '#resolvers/segments.ts';
import { builder } from './builder.ts';
import { Clip, ClipConnection } from './clips.ts';
import { payloadEdge } from './connection.ts';
import { digits, type InputFields, idempotencyKey } from './inputs.ts';
import { TranscriptSegment, TranscriptSegmentConnection } from './transcripts.ts';

builder.relayMutationField(
  'updateSegment',
  {
    description: 'What is really said in a segment of a transcript.',
    inputFields: (t: InputFields) => ({
      transcriptSegmentId: t.id({ required: true, description: 'The id of the segment to correct.' }),
      text: t.string({
        required: true,
        description: `The whole text of the segment, 1 to ${digits(MAX_SEGMENT_LENGTH)} characters; every run of white space becomes one space.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Corrects the text of a segment. Words that stay keep their times, and new ones share those of the words that they replace. The edges of clips move with the words that they begin and end with, clips are scored anew, and `Clip.renderOutOfDate` says which files are to be rendered again; what is rendered stays until then. Errors: NOT_FOUND, CONFLICT (the episode is archived, or a job is at work on it), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateSegment,
  },
  {
    description: 'The segment that was corrected.',
    outputFields: (t) => ({
      segment: t.expose('segment', { type: TranscriptSegment, description: 'The segment as it is now.' }),
      segmentEdge: payloadEdge(t, TranscriptSegmentConnection.edge, 'transcript', resolvers.segmentEdge),
      clips: t.expose('clips', {
        type: [Clip],
        description: 'The clips that have changed with the segment, in order of the recording.',
      }),
      clipEdges: t.field({
        type: [ClipConnection.edge],
        description:
          'The clips that have changed with the segment as edges of `clips`, at their places in the default order, to be put into a page that is held already.',
        resolve: resolvers.clipEdges,
      }),
    }),
  },
);
