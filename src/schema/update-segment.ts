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
    description: 'The correct text of a segment.',
    inputFields: (t: InputFields) => ({
      transcriptSegmentId: t.id({ required: true, description: 'The id of the segment to correct.' }),
      text: t.string({
        required: true,
        description: `The whole text of the segment, 1 to ${digits(MAX_SEGMENT_LENGTH)} characters; runs of white space are replaced by single spaces.`,
      }),
      idempotencyKey: idempotencyKey(t),
    }),
  },
  {
    description:
      'Corrects the text of a segment. Unchanged words keep their times, and new words share the time of those that they replace. Clips move with the words that they begin and end with, and are scored again. `Clip.renderOutOfDate` shows which media files to render again; old files remain until then. Errors: NOT_FOUND, CONFLICT (the episode is archived, or is being processed by a job), IDEMPOTENCY_CONFLICT.',
    resolve: resolvers.updateSegment,
  },
  {
    description: 'The segment that was corrected.',
    outputFields: (t) => ({
      segment: t.expose('segment', { type: TranscriptSegment, description: 'The segment after the change.' }),
      segmentEdge: payloadEdge(t, TranscriptSegmentConnection.edge, 'transcript', resolvers.segmentEdge),
      clips: t.expose('clips', {
        type: [Clip],
        description: 'The clips that changed with the segment, in order of the recording.',
      }),
      clipEdges: t.field({
        type: [ClipConnection.edge],
        description:
          'The clips that changed with the segment, as edges of `clips` in its default order, for adding them to a page that the client has loaded.',
        resolve: resolvers.clipEdges,
      }),
    }),
  },
);
