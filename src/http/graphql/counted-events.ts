import type { ExecutionResult } from 'graphql';
import { countFor, currentTallies, type Tally } from '#adapters/database/tally.ts';
import { EventLayer } from '#domain/live/event-layer.ts';
import type { Events } from './events.ts';

/**
 * Reports the end of a subscription, whoever ends it, and counts the SQL statements of each event, which is read only when its transport
 * asks for it.
 */
export class CountedEvents extends EventLayer<ExecutionResult> {
  protected readonly source: Events;
  readonly #closed: () => void;
  readonly #tallies: readonly Tally[];
  #isOpen = true;

  /** `closed` is called once, when it has ended. */
  constructor(source: Events, closed: () => void, tally: Tally) {
    super();
    this.source = source;
    this.#closed = closed;
    this.#tallies = [...currentTallies(), tally];
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    return countFor(this.#tallies, () => this.source.next()).then((event) => {
      if (event.done) this.leave();
      return event;
    });
  }

  protected override leave(): void {
    if (this.#isOpen) this.#closed();
    this.#isOpen = false;
  }
}
