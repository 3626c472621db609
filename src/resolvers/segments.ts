import {
  type CorrectedSegment,
  type SegmentCorrection,
  updateSegment as update,
} from '#domain/episodes/update-segment.ts';
import { clipOrders } from '#loaders/clips.ts';
import { segmentOrder } from '#loaders/transcript-segments.ts';
import { edgeIn } from './connections.ts';
import type { Context } from './context.ts';
import { rowId } from './global-ids.ts';

/** Returns the segment with its new text, and the clips that changed with it. */
export const updateSegment = (_root: unknown, { input }: { input: Input }, { deps }: Context) =>
  update(deps, {
    text: input.text,
    segmentId: rowId(input.transcriptSegmentId, 'TranscriptSegment', 'input.transcriptSegmentId'),
    idempotencyKey: input.idempotencyKey,
  });

type Input = Omit<SegmentCorrection, 'segmentId'> & { transcriptSegmentId: string };

/** Returns the segment of a payload at its place in the transcript. */
export const segmentEdge = ({ segment }: CorrectedSegment, _args: unknown, ctx: Context) =>
  edgeIn(ctx, segmentOrder, segment);

/** Returns the clips of a payload at their positions among the viewer's. */
export const clipEdges = ({ clips }: CorrectedSegment, _args: unknown, ctx: Context) =>
  clips.map((clip) => edgeIn(ctx, clipOrders.SCORE_DESC, clip));
