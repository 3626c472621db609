import type { ExecutionResult } from 'graphql';
import { countFor, currentTallies } from '#adapters/database/tally.ts';
import { EventLayer } from '#domain/live/event-layer.ts';
import type { Events } from './events.ts';
import { isIncomplete, type PublicAnswers } from './public-answers.ts';

/** What happens to each event, and what is closed once the subscription has ended. */
type Publication = {
  publish(event: ExecutionResult): Promise<ExecutionResult>;
  answers: PublicAnswers;
  subscription: { close(): void };
};

/**
 * The events of a subscription as its client gets them. Publishes their errors, counts the SQL statements of each, which is read only when
 * its transport asks for it, and reports the end of the subscription, whoever ends it. A stream that breaks reports why in a last event,
 * and ends only itself. So does a stream with an event that could not be read completely: its client resumes after the last complete
 * event, and misses nothing.
 */
export class PublishedEvents extends EventLayer<ExecutionResult> {
  protected readonly source: Events;
  readonly #publication: Publication;
  readonly #tallies = currentTallies();
  #isBroken = false;
  #isOpen = true;

  constructor(source: Events, publication: Publication) {
    super();
    this.source = source;
    this.#publication = publication;
  }

  next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (this.#isBroken) return Promise.resolve(this.#end());
    return countFor(this.#tallies, () =>
      this.source.next().then(
        (event) => (event.done ? this.#end() : this.#publishEvent(event.value)),
        (error) => this.#breakWith(error),
      ),
    );
  }

  protected override leave(): void {
    if (this.#isOpen) this.#publication.subscription.close();
    this.#isOpen = false;
  }

  #end(): IteratorReturnResult<undefined> {
    this.leave();
    return { done: true, value: undefined };
  }

  async #publishEvent(event: ExecutionResult): Promise<IteratorResult<ExecutionResult, undefined>> {
    try {
      const value = await this.#publication.publish(event);
      if (!isIncomplete(value)) return { done: false, value };
      this.#leaveSource();
      return { done: false, value: { errors: value.errors ?? [] } };
    } catch (error) {
      return this.#breakWith(error);
    }
  }

  #breakWith(error: unknown): IteratorResult<ExecutionResult, undefined> {
    this.#leaveSource();
    return { done: false, value: this.#publication.answers.fail([error]) };
  }

  /** Ends the source, which nobody else does: a consumer that reads to the end does not call `return`. */
  #leaveSource(): void {
    this.#isBroken = true;
    this.source.return(undefined).catch(() => {}); // that it broke has already been reported
  }
}
