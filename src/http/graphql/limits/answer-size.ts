import type { ExecutionResult } from 'graphql';
import { visitInSlices } from '#domain/core/time-slices.ts';
import { jsonPieces, roomAfter } from '#http/graphql/json-pieces.ts';
import { type AnswerMeter, createAnswerTooLarge } from '#loaders/answer-meter.ts';

/** Up to this cost an answer whose values are all short has less than a megabyte: they have 2 KiB at most. */
const SMALL_COST = 500;

/** Letters that are written at once: they take about a millisecond. */
const SHORT_LENGTH = 256 * 1024;

/** Whether a result takes long to write. It is looked at only where it may: where it has large values, or cost much. */
export const isLarge = ({ data }: ExecutionResult, meter: AnswerMeter, cost: number): boolean =>
  (meter.bytes > 0 || cost > SMALL_COST) && (meter.bytes > SHORT_LENGTH || roomAfter(data, SHORT_LENGTH) < 0);

/**
 * Returns the result of a large answer, in which paths and aliases may repeat what was read once, and counts what they
 * add. Rejects with what the meter throws where its JSON is too large.
 */
export async function assertFits<Result extends ExecutionResult>(result: Result, meter: AnswerMeter): Promise<Result> {
  let bytes = 0;
  await visitInSlices(jsonPieces(result.data), (piece) => {
    bytes += Buffer.byteLength(piece);
    if (bytes > meter.limit) throw createAnswerTooLarge(meter.limit, bytes);
  });
  if (bytes > meter.bytes) meter.take(bytes - meter.bytes);
  return result;
}
