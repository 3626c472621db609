import type { ExecutionResult } from 'graphql';
import { type AnswerMeter, createAnswerTooLarge, RESPONSE_MAX_BYTES } from '#loaders/answer-meter.ts';

/** An answer for which less than this was read of large texts is not measured: it cannot repeat them often enough. */
const MEASURED_FROM_BYTES = 2 ** 20;

/**
 * Returns the result, which may repeat by aliases what was read once. Throws LIMIT_EXCEEDED where its texts have more than
 * RESPONSE_MAX_BYTES, before it is written as JSON.
 */
export function assertFits<Result extends ExecutionResult>(result: Result, { bytes }: AnswerMeter): Result {
  if (bytes < MEASURED_FROM_BYTES) return result;
  const units = countUnits(result.data);
  if (units > RESPONSE_MAX_BYTES) throw createAnswerTooLarge(units);
  return result;
}

/** The UTF-16 units of all texts, each of which is a byte of JSON at least. */
function countUnits(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let units = 0;
  for (const inside of Object.values(value)) units += countUnits(inside);
  return units;
}
