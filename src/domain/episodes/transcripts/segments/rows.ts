import { v7 as uuidv7 } from 'uuid';
import { sliceByBytes } from '#domain/core/row-slices.ts';
import type { Tx } from '#domain/core/transaction.ts';
import type { ParsedSegment, TimeRange } from './segments.ts';

/** Encodes segments as slices for insertSegmentRows: JSON lists in UTF-8. */
export function encodeSegmentRows(segments: readonly ParsedSegment[]): Uint8Array[] {
  const encoder = new TextEncoder();
  const slices = sliceByBytes(segments.map(toJson), (json) => Buffer.byteLength(json));
  return slices.map((rows) => encoder.encode(`[${rows.join(',')}]`));
}

function toJson({ startSeconds, endSeconds, ...segment }: ParsedSegment, index: number): string {
  return JSON.stringify({ id: uuidv7(), index, start_seconds: startSeconds, end_seconds: endSeconds, ...segment });
}

/** Yields the segments of slices, in order. */
export function* decodeSegmentRows(slices: readonly Uint8Array[]): Generator<ParsedSegment> {
  const decoder = new TextDecoder();
  for (const slice of slices)
    for (const row of JSON.parse(decoder.decode(slice)) as SegmentRow[]) {
      const { start_seconds: startSeconds, end_seconds: endSeconds, text, speaker, confidence, words } = row;
      yield { startSeconds, endSeconds, text, speaker, confidence, words };
    }
}

type SegmentRow = Omit<ParsedSegment, keyof TimeRange> & {
  start_seconds: number;
  end_seconds: number;
  heard_text?: string;
};

/** Returns slices in which segments have what `correct` returns for them, by their place in the transcript; null leaves one as it is. */
export function correctRows(
  slices: readonly Uint8Array[],
  correct: (segment: ParsedSegment, index: number) => ParsedSegment | null,
): Uint8Array[] {
  let index = 0;
  return slices.map((slice) => {
    const rows = JSON.parse(new TextDecoder().decode(slice)) as SegmentRow[];
    let isChanged = false;
    const segments = [...decodeSegmentRows([slice])];
    const corrected = rows.map((row, place) => {
      const segment = correct(segments[place] as ParsedSegment, index++);
      isChanged ||= segment !== null;
      return segment ? { ...row, text: segment.text, words: segment.words, heard_text: row.text } : row;
    });
    return isChanged ? new TextEncoder().encode(JSON.stringify(corrected)) : slice;
  });
}

/** Writes one slice of a transcript's rows. */
export function insertSegmentRows(
  tx: Tx,
  { transcriptId, ownerId }: { transcriptId: string; ownerId: string },
  slice: Uint8Array,
): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO transcript_segments (id, transcript_id, owner_id, index, start_seconds, end_seconds, text, speaker, confidence, words, heard_text)
    SELECT id, ${transcriptId}::uuid, ${ownerId}::uuid, index, start_seconds, end_seconds, text, speaker, confidence, words, heard_text
    FROM jsonb_to_recordset(${new TextDecoder().decode(slice)}::jsonb) AS s(id uuid, index int, start_seconds float8, end_seconds float8,
      text text, speaker text, confidence float8, words jsonb, heard_text text)`;
}
