import type { Deps } from '#domain/core/deps.ts';
import type { TranscriptSegment } from '#generated/prisma/client.ts';

/** A segment of a transcript; `isCut` where it is too long to be taken apart: then `text` is its beginning, without times. */
export type ReadSegment = TranscriptSegment & { isCut: boolean };

/** Segments that are read on either side of a hit: enough for a sentence in captions of two words each. */
const SEGMENTS_AROUND = 12;
/** Characters of a segment that are taken apart: the times of 20 MB of words would stop the process for seconds. */
const MAX_SEGMENT = 20_000;
/** Characters of a caption, whose sentence may go on in the next. */
const MAX_CAPTION = 500;

/** Whether a segment is so short that its sentence may go on in the next; what is longer is read by itself. */
export const isCaption = ({ text }: TranscriptSegment): boolean => text.length <= MAX_CAPTION;

const COLUMNS = `s.id, s.transcript_id AS "transcriptId", s.owner_id AS "ownerId", s.index, s.start_seconds AS "startSeconds",
  s.end_seconds AS "endSeconds", left(s.text, ${MAX_SEGMENT}) AS text, s.speaker, s.confidence,
  CASE WHEN length(s.text) <= ${MAX_SEGMENT} THEN s.words END AS words, length(s.text) > ${MAX_SEGMENT} AS "isCut"`;

/** Reads segments of the actor's with the captions around them, in order. */
export function readSegmentsAround(
  { database, actor }: Deps,
  { episodeId, segmentIds }: { episodeId: string; segmentIds: readonly string[] },
): Promise<ReadSegment[]> {
  return database.sql<ReadSegment>(
    `SELECT DISTINCT ON (s.index) ${COLUMNS} FROM transcripts t
     JOIN transcript_segments h ON h.transcript_id = t.id
     JOIN transcript_segments s ON s.transcript_id = t.id AND s.index BETWEEN h.index - ${SEGMENTS_AROUND} AND h.index + ${SEGMENTS_AROUND}
     WHERE t.episode_id = $1::uuid AND h.owner_id = $2::uuid AND h.id = ANY($3::uuid[])
       AND (s.id = ANY($3::uuid[]) OR length(s.text) <= ${MAX_CAPTION})
     ORDER BY s.index`,
    [episodeId, actor.userId, segmentIds],
  );
}

/** Reads the first segments of the actor's from a moment on, in seconds of the recording. */
export function readSegmentsFrom(
  { database, actor }: Deps,
  { episodeId, fromSeconds }: { episodeId: string; fromSeconds: number },
): Promise<ReadSegment[]> {
  return database.sql<ReadSegment>(
    `SELECT ${COLUMNS} FROM transcripts t JOIN transcript_segments s ON s.transcript_id = t.id
     WHERE t.episode_id = $1::uuid AND s.owner_id = $2::uuid AND s.start_seconds >= $3::float8
     ORDER BY s.index LIMIT ${SEGMENTS_AROUND}`,
    [episodeId, actor.userId, fromSeconds],
  );
}
