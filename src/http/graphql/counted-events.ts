import type { ExecutionResult } from 'graphql';
import { countFor, currentTallies, type Tally } from '#adapters/database/tally.ts';
import { EventLayer } from '#domain/live/event-layer.ts';
import type { Metrics } from '#http/ops/metrics.ts';
import type { Events } from './events.ts';

/**
 * Counts a subscription among those that are open, from its beginning to its end, whoever ends it; and the statements of each event,
 * which is read when its transport asks for it, wherever that is.
 */
export class CountedEvents extends EventLayer<ExecutionResult> {
  protected readonly source: Events;
  readonly #open: Metrics['subscriptions'];
  readonly #tallies: readonly Tally[];
  #isOpen = true;

  constructor(source: Events, open: Metrics['subscriptions'], tally: Tally) {
    super();
    this.source = source;
    this.#open = open;
    this.#tallies = [...currentTallies(), tally];
    open.inc();
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    return countFor(this.#tallies, () => this.source.next()).then((event) => {
      if (event.done) this.leave();
      return event;
    });
  }

  protected override leave(): void {
    if (this.#isOpen) this.#open.dec();
    this.#isOpen = false;
  }
}
