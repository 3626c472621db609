import { DomainError, Unavailable } from '#domain/core/errors.ts';

const MEBIBYTE = 2 ** 20;
/** Bytes of one answer. */
export const RESPONSE_MAX_BYTES = 16 * MEBIBYTE;
/** Bytes of one event, and of one answer on a shared connection: each is written in one piece. */
export const EVENT_MAX_BYTES = 4 * MEBIBYTE;
/** Bytes of large values in all unsent answers: of one viewer, and of all viewers. */
const MAX_BYTES_UNSENT = { ofViewer: 4 * RESPONSE_MAX_BYTES, inAll: 16 * RESPONSE_MAX_BYTES };

/** Counts the bytes of large values that are read for one answer. */
export type AnswerMeter = {
  readonly bytes: number;
  readonly limit: number;
  /** Whether the answer has been sent, perhaps only as an error: what is still being made for it is for nobody. */
  readonly isReleased: boolean;
  /** Counts bytes before they are read. Throws LIMIT_EXCEEDED, RATE_LIMITED or Unavailable if there are too many. */
  take(bytes: number): void;
  /** Uncounts bytes that are going to be read again. */
  giveBack(bytes: number): void;
  /** Uncounts the answer's bytes once it has been sent. */
  release(): void;
};

/** Creates the meters of a process, one for each answer. */
export function createAnswerMeters(): (viewerId: string, limit: number) => AnswerMeter {
  const unsent = new Unsent();
  return (viewerId, limit) => new Meter(unsent, viewerId, limit);
}

/** The unsent bytes of a process. */
class Unsent {
  readonly #byViewer = new Map<string, number>();
  #inAll = 0;

  add(viewerId: string, bytes: number): void {
    const left = (this.#byViewer.get(viewerId) ?? 0) + bytes;
    if (left > 0) this.#byViewer.set(viewerId, left);
    else this.#byViewer.delete(viewerId);
    this.#inAll += bytes;
  }

  /** Throws if that many more bytes are too many. */
  assertRoom(viewerId: string, bytes: number): void {
    if ((this.#byViewer.get(viewerId) ?? 0) + bytes > MAX_BYTES_UNSENT.ofViewer) throw createTooManyUnsent();
    if (this.#inAll + bytes > MAX_BYTES_UNSENT.inAll) throw new Unavailable();
  }
}

class Meter implements AnswerMeter {
  readonly limit: number;
  readonly #unsent: Unsent;
  readonly #viewerId: string;
  #taken = 0;
  #isReleased = false;

  constructor(unsent: Unsent, viewerId: string, limit: number) {
    this.#unsent = unsent;
    this.#viewerId = viewerId;
    this.limit = limit;
  }

  get bytes(): number {
    return this.#taken;
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  take(bytes: number): void {
    if (this.#taken + bytes > this.limit) throw createAnswerTooLarge(this.limit, this.#taken + bytes);
    this.#unsent.assertRoom(this.#viewerId, bytes);
    this.#taken += bytes;
    this.#unsent.add(this.#viewerId, bytes);
  }

  giveBack(bytes: number): void {
    const given = Math.min(bytes, this.#taken); // an answer that was given up has been released
    if (given === 0) return;
    this.#unsent.add(this.#viewerId, -given);
    this.#taken -= given;
  }

  release(): void {
    this.#isReleased = true;
    this.giveBack(this.#taken);
  }
}

/** Returns a LIMIT_EXCEEDED for an answer of `actual` bytes. */
export function createAnswerTooLarge(limit: number, actual: number): DomainError {
  return new DomainError(
    'LIMIT_EXCEEDED',
    `An answer may have at most ${limit} bytes here; this one has more. Ask for less at once: smaller pages, fewer aliases.`,
    { limit, limited: 'bytes of an answer', actual },
  );
}

function createTooManyUnsent(): DomainError {
  const mebibytes = MAX_BYTES_UNSENT.ofViewer / MEBIBYTE;
  const message = `Answers of yours with ${mebibytes} MiB are not read yet; read them, then try again.`;
  return new DomainError('RATE_LIMITED', message, { retryAfterSeconds: 1 });
}
