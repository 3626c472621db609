/**
 * A layer over a source of events. Leaving it (`return`) leaves the source, which ends a pending wait at once. A class, because every
 * subscription has several waiting layers: async functions and closures would take three times the memory.
 */
export abstract class EventLayer<Event, Out = Event> implements AsyncGenerator<Out, undefined> {
  protected abstract readonly source: AsyncGenerator<Event>;

  abstract next(): Promise<IteratorResult<Out, undefined>>;

  /** Called when the reader leaves, before the source's own `return`. */
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
