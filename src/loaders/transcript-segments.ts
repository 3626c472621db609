import { Prisma, type TranscriptSegment } from '#generated/prisma/client.ts';
import { columnsOf } from './columns.ts';
import { fillLargeColumns } from './large-columns.ts';
import { defineList, type Order } from './list.ts';
import { defineLoader } from './loader.ts';
import { rowById } from './row-by-id.ts';

const columns = columnsOf('s', Prisma.TranscriptSegmentScalarFieldEnum, ['text', 'words']);

export const segmentById = rowById<TranscriptSegment>({
  columns,
  from: `transcript_segments s JOIN transcripts t ON t.id = s.transcript_id JOIN episodes e ON e.id = t.episode_id`,
  id: 's.id',
  visible: 'e.owner_id = k.viewer_id',
});

export type SegmentFilter = { fromSeconds: number | null; toSeconds: number | null };

/** In order of time. */
export const segmentOrder: Order<TranscriptSegment> = {
  name: 'segments',
  descending: false,
  keys: [{ sql: 's.index', type: 'int', of: (row) => row.index }],
};

/** In order of time; with bounds, every segment that overlaps them. */
export const segmentsOfEpisode = defineList<TranscriptSegment, SegmentFilter>({
  columns,
  from: 'transcripts t JOIN transcript_segments s ON s.transcript_id = t.id',
  id: 's.id',
  parent: 't.episode_id',
  order: () => segmentOrder,
  where: ({ fromSeconds, toSeconds }, bind) => [
    ...(fromSeconds === null ? [] : [`s.end_seconds > ${bind(fromSeconds, 'float8')}`]),
    ...(toSeconds === null ? [] : [`s.start_seconds < ${bind(toSeconds, 'float8')}`]),
  ],
});

export type SegmentRange = { episodeId: string; fromSeconds: number; toSeconds: number };

/** Segments of one range at most. Ranges last two or three minutes, so with this many, a caption would last a tenth of a second. */
const MAX_SEGMENTS_IN_RANGE = 1_500;

/**
 * The first MAX_SEGMENTS_IN_RANGE segments that overlap a range of an episode, in order. The viewer's access to the episode has been
 * checked before.
 */
export const segmentsInRange = defineLoader<SegmentRange, TranscriptSegment[]>({
  cacheKey: JSON.stringify,
  async batch(services, requests) {
    const rows = await services.database.sql<TranscriptSegment & { $ordinal: number }>(
      `SELECT k.ordinal::int AS "$ordinal", ${columns.list}
FROM unnest($1::uuid[], $2::float8[], $3::float8[]) WITH ORDINALITY AS k(episode_id, from_seconds, to_seconds, ordinal)
JOIN transcripts t ON t.episode_id = k.episode_id
CROSS JOIN LATERAL (SELECT * FROM transcript_segments s
  WHERE s.transcript_id = t.id AND s.end_seconds > k.from_seconds AND s.start_seconds < k.to_seconds
  ORDER BY s.index LIMIT ${MAX_SEGMENTS_IN_RANGE}) s
ORDER BY k.ordinal, s.index`,
      [
        requests.map(({ key }) => key.episodeId),
        requests.map(({ key }) => key.fromSeconds),
        requests.map(({ key }) => key.toSeconds),
      ],
    );
    const segments: TranscriptSegment[][] = requests.map(() => []);
    for (const row of rows) segments[row.$ordinal - 1]?.push(row);
    const table = { columns, from: 'transcript_segments s', id: 's.id' };
    const errors = await fillLargeColumns(services, table, requests, segments);
    return segments.map((found, index) => errors[index] ?? found);
  },
});
