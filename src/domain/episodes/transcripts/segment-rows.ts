import { v7 as uuidv7 } from 'uuid';
import type { Tx } from '#domain/core/transaction.ts';
import type { ParsedSegment } from './segments.ts';

/**
 * Bytes of the rows that one statement writes, as JSON; one row may be larger. Vectors for search are most of its time: on
 * the embedded database 22 ms for English, 190 ms for words that are all new and all different, and everybody waits.
 */
const SLICE_BYTES = 64 * 1024;

/** Encodes segments as the rows of statements that are written one after another, each of about SLICE_BYTES. */
export function encodeSegmentRows(segments: readonly ParsedSegment[]): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder();
  const slices: Uint8Array<ArrayBuffer>[] = [];
  let rows: string[] = [];
  let bytes = 0;
  const endSlice = () => {
    slices.push(encoder.encode(`[${rows.join(',')}]`));
    [rows, bytes] = [[], 0];
  };
  for (const [index, segment] of segments.entries()) {
    const row = JSON.stringify(toRow(segment, index));
    const rowBytes = Buffer.byteLength(row);
    if (rows.length > 0 && bytes + rowBytes > SLICE_BYTES) endSlice();
    rows.push(row);
    bytes += rowBytes;
  }
  endSlice();
  return slices;
}

function toRow({ startSeconds, endSeconds, ...segment }: ParsedSegment, index: number) {
  return { id: uuidv7(), index, start_seconds: startSeconds, end_seconds: endSeconds, ...segment };
}

/** Writes one slice of a transcript's rows. */
export async function insertSegmentRows(
  tx: Pick<Tx, '$executeRaw'>,
  { transcriptId, ownerId }: { transcriptId: string; ownerId: string },
  slice: Uint8Array,
): Promise<void> {
  const rows = new TextDecoder().decode(slice);
  await tx.$executeRaw`
    INSERT INTO transcript_segments (id, transcript_id, owner_id, index, start_seconds, end_seconds, text, speaker, confidence, words)
    SELECT id, ${transcriptId}::uuid, ${ownerId}::uuid, index, start_seconds, end_seconds, text, speaker, confidence, words
    FROM jsonb_to_recordset(${rows}::jsonb) AS s(id uuid, index int, start_seconds float8, end_seconds float8,
      text text, speaker text, confidence float8, words jsonb)`;
}
