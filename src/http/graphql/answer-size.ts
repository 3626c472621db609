import type { ExecutionResult } from 'graphql';
import { visitInSlices } from '#domain/core/time-slices.ts';
import { type AnswerMeter, createAnswerTooLarge } from '#loaders/answer-meter.ts';
import { jsonPieces } from './json-pieces.ts';

/** Up to this cost an answer whose values are all short has less than a megabyte: they have 2 KiB at most. */
const SMALL_COST = 500;

/** Whether an answer may take long to write: it has large values, or many. */
export const isLarge = (meter: AnswerMeter, cost: number) => meter.bytes > 0 || cost > SMALL_COST;

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
