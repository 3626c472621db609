import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { DomainError } from '#domain/core/errors.ts';
import { EventLayer } from '#domain/live/event-layer.ts';
import type { Events } from './events.ts';

/**
 * Yields events, each of which is charged for before it is computed, except for the first one, which the operation has paid for. While the
 * payer has no points left, the stream pauses. `charge` throws RATE_LIMITED.
 */
export class PacedEvents extends EventLayer<ExecutionResult> {
  protected readonly source: Events;
  readonly #charge: () => Promise<void>;
  readonly #leaving = new AbortController();
  #isFirst = true;

  constructor(source: Events, charge: () => Promise<void>) {
    super();
    this.source = source;
    this.#charge = charge;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!this.#isFirst) await payInTime(this.#charge, this.#leaving.signal);
    this.#isFirst = false;
    return this.source.next();
  }

  protected override leave(): void {
    this.#leaving.abort();
  }
}

/** Resolves when the event is paid for, or when nobody waits for it any longer. */
async function payInTime(charge: () => Promise<void>, leaving: AbortSignal): Promise<void> {
  while (!leaving.aborted) {
    try {
      return await charge();
    } catch (error) {
      const seconds = error instanceof DomainError ? error.details.retryAfterSeconds : undefined;
      if (typeof seconds !== 'number') throw error;
      await sleep(seconds * 1000, undefined, { signal: leaving, ref: false }).catch(() => {});
    }
  }
}
