import type { Deps } from '#domain/core/deps.ts';
import { createSemaphore } from '#domain/core/semaphore.ts';
import type { ParsedSegment, TimeRange } from './segments.ts';

/** Bytes of one page, as the database keeps them (word times are compressed there): a page takes a few milliseconds. */
const PAGE_BYTES = 256 * 1024;

/** Rows of one page. */
const PAGE_ROWS = 1_000;

/** Transcripts that are held in memory beside one that takes their place, in one process: each may have 20 MB. */
export const oldTranscripts = createSemaphore(2);

/** Segments of a transcript as a thread is handed them: each page is JSON in UTF-8. */
export type SegmentPages = Uint8Array[];

/** Which segments are read: at most `limit`, or those that have a part in `range`, or only as long as `transcriptId` is the episode's. */
type Selection = {
  limit?: number;
  range?: TimeRange | null;
  transcriptId?: string | null;
  /** Whether with the times of their words. */
  words?: boolean;
  signal: AbortSignal;
};

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

/** Some segments as JSON, and the index after the last of them. */
type Page = { json: string; next: number };

/** Reads the same, in pages that hold the event loop for no longer than a request does. */
export async function* iterateSegmentPages(
  { database, actor }: Pick<Deps, 'database' | 'actor'>,
  episodeId: string,
  { limit = Number.MAX_SAFE_INTEGER, range = null, transcriptId = null, words = true, signal }: Selection,
): AsyncGenerator<Page> {
  let from = 0;
  for (let read = 0; read < limit; ) {
    signal.throwIfAborted();
    const [page] = await database.sql<{ rows: number; next: number; json: string | null }>(READ_PAGE, [
      actor.userId,
      episodeId,
      from,
      Math.min(PAGE_ROWS, limit - read),
      PAGE_BYTES,
      range?.startSeconds ?? null,
      range?.endSeconds ?? null,
      transcriptId,
      words,
    ]);
    if (!page?.json) return;
    yield { json: page.json, next: page.next };
    read += page.rows;
    from = page.next;
  }
}

/** At least one row, and as many more as fit. */
const READ_PAGE = /* sql */ `
SELECT count(*)::int AS rows, max(index) + 1 AS next, json_agg(json_build_object('startSeconds', start_seconds, 'endSeconds', end_seconds,
  'text', text, 'speaker', speaker, 'confidence', confidence, 'words', CASE WHEN $9::bool THEN words END) ORDER BY index)::text AS json
FROM (SELECT s.*, row_number() OVER (ORDER BY s.index) AS place,
    sum(octet_length(s.text) + CASE WHEN $9::bool THEN coalesce(pg_column_size(s.words), 0) ELSE 0 END) OVER (ORDER BY s.index) AS bytes
  FROM transcripts t JOIN transcript_segments s ON s.transcript_id = t.id
  WHERE s.owner_id = $1 AND t.episode_id = $2 AND s.index >= $3
    AND ($6::float8 IS NULL OR s.end_seconds > $6::float8) AND ($7::float8 IS NULL OR s.start_seconds < $7::float8)
    AND ($8::uuid IS NULL OR t.id = $8::uuid)
  ORDER BY s.index LIMIT $4) AS page
WHERE bytes <= $5 OR place = 1`;

/** Yields the segments of pages, in order. */
export function* decodePages(pages: SegmentPages): Generator<ParsedSegment> {
  const decoder = new TextDecoder();
  for (const page of pages) yield* JSON.parse(decoder.decode(page)) as ParsedSegment[];
}
