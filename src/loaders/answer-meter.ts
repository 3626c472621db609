import { DomainError } from '#domain/core/errors.ts';

/** Bytes of large texts that one answer may hold. */
export const RESPONSE_MAX_BYTES = 16 * 2 ** 20;

/** Counts the bytes of large texts that are read for one answer. */
export type AnswerMeter = {
  readonly bytes: number;
  /** Counts bytes before they are read. Throws LIMIT_EXCEEDED where they are too many. */
  take(bytes: number): void;
};

/** Creates a meter that has counted nothing. */
export function createAnswerMeter(): AnswerMeter {
  let total = 0;
  return {
    get bytes() {
      return total;
    },
    take(bytes) {
      total += bytes;
      if (total > RESPONSE_MAX_BYTES) throw createAnswerTooLarge(total);
    },
  };
}

/** Returns a LIMIT_EXCEEDED for an answer of `actual` bytes. */
export function createAnswerTooLarge(actual: number): DomainError {
  return new DomainError(
    'LIMIT_EXCEEDED',
    `An answer may have at most ${RESPONSE_MAX_BYTES} bytes; this one has more. Ask for less at once: smaller pages, fewer aliases.`,
    { limit: RESPONSE_MAX_BYTES, limited: 'bytes of an answer', actual },
  );
}
