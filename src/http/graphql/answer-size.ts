import type { ExecutionResult } from 'graphql';
import { type AnswerMeter, createAnswerTooLarge, RESPONSE_MAX_BYTES } from '#loaders/answer-meter.ts';

/** From this length on, texts that come more than once are measured once. */
const LONG_TEXT = 1_000;

/**
 * Returns the result, in which paths and aliases may repeat what was read once, and counts what they add. Throws what
 * the meter throws where its JSON is too large, before that is written. A result of short values only is bounded by its cost.
 */
export function assertFits<Result extends ExecutionResult>(result: Result, meter: AnswerMeter): Result {
  if (meter.bytes === 0) return result;
  const repeated = countBytes(result.data, new Map(), RESPONSE_MAX_BYTES) - meter.bytes;
  if (repeated > 0) meter.take(repeated);
  return result;
}

/** The bytes of a value as JSON. Throws LIMIT_EXCEEDED as soon as they are more than `limit`. */
function countBytes(value: unknown, known: Map<string, number>, limit: number): number {
  let bytes = 0;
  if (typeof value === 'string') bytes = countText(value, known);
  else if (typeof value !== 'object' || value === null) bytes = String(value).length;
  else {
    const isList = Array.isArray(value);
    for (const [name, inside] of Object.entries(value)) {
      bytes += isList ? 1 : name.length + 4;
      bytes += countBytes(inside, known, limit - bytes);
    }
  }
  if (bytes > limit) throw createAnswerTooLarge(RESPONSE_MAX_BYTES + bytes - limit);
  return bytes;
}

function countText(text: string, known: Map<string, number>): number {
  if (text.length < LONG_TEXT) return text.length + 2;
  const bytes = known.get(text) ?? Buffer.byteLength(JSON.stringify(text));
  known.set(text, bytes);
  return bytes;
}
