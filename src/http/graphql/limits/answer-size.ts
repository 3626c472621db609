import type { ExecutionResult } from 'graphql';
import { visitInSlices } from '#domain/core/time-slices.ts';
import { jsonPieces, roomAfter } from '#http/graphql/json-pieces.ts';
import { type AnswerMeter, createAnswerTooLarge } from '#loaders/answer-meter.ts';

/** Up to this cost, an answer without large values stays under a megabyte, as every other value has at most 2 KiB. */
const SMALL_COST = 500;

/** UTF-16 units that are serialized without a pause: they take about a millisecond. */
const SHORT_LENGTH = 256 * 1024;

/** Whether a result takes long to serialize. Inspected only if that is possible: if it has large values, or a high cost. */
export const isLarge = ({ data }: ExecutionResult, meter: AnswerMeter, cost: number): boolean =>
  (meter.bytes > 0 || cost > SMALL_COST) && (meter.bytes > SHORT_LENGTH || roomAfter(data, SHORT_LENGTH) < 0);

/**
 * Returns the result of a large answer, and counts the bytes that its JSON adds: several paths and aliases may repeat a value that was
 * read and counted once. Rejects with what the meter throws if the JSON is too large.
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
