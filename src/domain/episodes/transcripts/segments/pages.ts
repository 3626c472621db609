import type { Deps } from '#domain/core/deps.ts';
import { createSemaphore } from '#domain/core/semaphore.ts';
import type { ParsedSegment, TimeRange } from './segments.ts';

/** Bytes of one page, as the database keeps them (word times are compressed there): a page takes a few milliseconds. */
const PAGE_BYTES = 256 * 1024;

/** Rows that are looked at for one page, of which it has as many as fit. */
const PAGE_ROWS = 1_000;

/** Transcripts that are held in memory beside one that takes their place, in one process: each may have 20 MB. */
export const oldTranscripts = createSemaphore(2);

/** Segments of a transcript as a thread is handed them: each page is JSON in UTF-8. */
export type SegmentPages = Uint8Array[];

/**
 * Which segments are read: the first `limit`, or those that have a part in `range`; with the times of their words, unless `words` is false.
 */
type Selection = { limit?: number; range?: TimeRange; words?: boolean; signal: AbortSignal };

/** Reads segments of the actor's episode, all pages of them. Throws the signal's reason soon after an abort. */
export async function readSegmentPages(
  deps: Pick<Deps, 'database' | 'actor'>,
  episodeId: string,
  selection: Selection,
): Promise<SegmentPages> {
  const encoder = new TextEncoder();
  const pages: SegmentPages = [];
  for await (const { json } of iterateSegmentPages(deps, episodeId, selection)) pages.push(encoder.encode(json));
  return pages;
}

/** Some segments as JSON, and whether they are the last ones. */
type Page = { json: string; isLast: boolean };

/**
 * Reads the same, in pages that hold the event loop for no longer than a request does. Ends without a last page if another transcript takes
 * the place of the one that is read.
 */
export async function* iterateSegmentPages(
  { database, actor }: Pick<Deps, 'database' | 'actor'>,
  episodeId: string,
  { limit = Number.MAX_SAFE_INTEGER, range, words = true, signal }: Selection,
): AsyncGenerator<Page> {
  signal.throwIfAborted();
  const [bounds] = await database.sql<{ id: string; first: number; last: number }>(FIND_BOUNDS, [
    actor.userId,
    episodeId,
    range?.startSeconds ?? null,
    range?.endSeconds ?? null,
  ]);
  if (!bounds) return;
  const last = Math.min(bounds.last, bounds.first + limit - 1);
  let rows = PAGE_ROWS;
  for (let from = bounds.first; from <= last; ) {
    signal.throwIfAborted();
    const until = Math.min(last, from + rows - 1);
    const [page] = await database.sql<{ rows: number; json: string | null }>(READ_PAGE, [
      episodeId,
      bounds.id,
      from,
      until,
      PAGE_BYTES,
      words,
    ]);
    if (!page?.json) return;
    from += page.rows;
    rows = Math.min(PAGE_ROWS, 2 * page.rows);
    yield { json: page.json, isLast: from > last };
  }
}

/** The transcript of an episode, and the first and last segment to read: they are numbered without gaps, in order of time. */
const FIND_BOUNDS = /* sql */ `
SELECT t.id, min(s.index) AS first, max(s.index) AS last FROM transcripts t JOIN transcript_segments s ON s.transcript_id = t.id
WHERE s.owner_id = $1 AND t.episode_id = $2
  AND ($3::float8 IS NULL OR s.end_seconds > $3::float8) AND ($4::float8 IS NULL OR s.start_seconds < $4::float8)
GROUP BY t.id`;

/**
 * At least one row, and as many more as fit. Without the upper bound, PostgreSQL sorts all rows behind a page: 24 s for ten hours of
 * speech.
 */
const READ_PAGE = /* sql */ `
SELECT count(*)::int AS rows, json_agg(json_build_object('startSeconds', start_seconds, 'endSeconds', end_seconds,
  'text', text, 'speaker', speaker, 'confidence', confidence, 'words', CASE WHEN $6::bool THEN words END) ORDER BY index)::text AS json
FROM (SELECT s.*, row_number() OVER (ORDER BY s.index) AS place,
    sum(octet_length(s.text) + CASE WHEN $6::bool THEN coalesce(pg_column_size(s.words), 0) ELSE 0 END) OVER (ORDER BY s.index) AS bytes
  FROM transcripts t JOIN transcript_segments s ON s.transcript_id = t.id
  WHERE t.episode_id = $1 AND t.id = $2 AND s.index BETWEEN $3 AND $4) AS page
WHERE bytes <= $5 OR place = 1`;

/** Yields the segments of pages, in order. */
export function* decodePages(pages: SegmentPages): Generator<ParsedSegment> {
  const decoder = new TextDecoder();
  for (const page of pages) yield* JSON.parse(decoder.decode(page)) as ParsedSegment[];
}
