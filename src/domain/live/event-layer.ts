/**
 * A layer over a source of events. Who leaves it leaves its source, which ends a wait of that at once. A class, as every subscription has
 * several that wait: async functions and closures would take three times the memory.
 */
export abstract class EventLayer<Event, Out = Event> implements AsyncGenerator<Out, undefined> {
  protected abstract readonly source: AsyncGenerator<Event>;

  abstract next(): Promise<IteratorResult<Out, undefined>>;

  /** Called when the reader leaves, before the source is left. */
  protected leave(): void {}

  async return(): Promise<IteratorResult<Out, undefined>> {
    this.leave();
    await this.source.return(undefined);
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<Out, undefined>> {
    this.leave();
    await this.source.throw(error);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
