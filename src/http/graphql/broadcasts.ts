import { visitInSlices } from '#domain/core/time-slices.ts';
import type { Broadcast, Tail } from '#domain/live/broadcast.ts';

/** A receiver of events. */
export type Receiver = {
  /** Returns the event of an entry, as the JSON of its result. */
  answer(entry: unknown): Promise<Buffer>;
  /** Sends an event. If the receiver does not keep up, sends nothing and returns false: it then has to pull. */
  push(event: Buffer): boolean;
};

type Reader = { seen: number; receiver: Receiver; leave(seen: number | null): void };

/** Readers who wait for what follows the entry that was sent last. */
type Group = { lastNumber: number; readers: Set<Reader>; source: AsyncGenerator<unknown> };

/**
 * Broadcasts to readers who ask for the same and are equally far: a new entry is read, executed and serialized once for all of them, and
 * each is sent the same bytes without a promise of its own.
 */
export class Broadcasts {
  readonly #groups = new Map<string, Group>();
  /** The keys for which a single reader waits, alone. */
  readonly #alone = new Set<string>();

  /** Returns how a receiver follows. The keys of receivers are equal if an entry gives them the same event. */
  to(key: string, receiver: Receiver): Broadcast {
    return new ReceiverBroadcast(this, key, receiver);
  }

  follow<Entry>(key: string, receiver: Receiver, tail: Tail<Entry>): Promise<number | null> {
    if (!this.#groups.has(key) && !this.#alone.has(key)) return this.#waitAlone(key, tail);
    const group = this.#groups.get(key) ?? this.#openGroup(key, receiver, tail);
    return tail.seen < group.lastNumber ? Promise.resolve(tail.seen) : this.#join(key, receiver, tail, group);
  }

  #waitAlone<Entry>(key: string, { seen, watch }: Tail<Entry>): Promise<number | null> {
    this.#alone.add(key);
    return watch.woken().then((goesOn) => {
      this.#alone.delete(key);
      return goesOn ? seen : null;
    });
  }

  #openGroup<Entry>(key: string, receiver: Receiver, { seen, numberOf, readOn }: Tail<Entry>): Group {
    const source = readOn(seen);
    const group: Group = { lastNumber: seen, readers: new Set(), source };
    this.#groups.set(key, group);
    void notifyReaders(group, source, numberOf, receiver).finally(() => {
      this.#close(key, group);
      for (const reader of group.readers) reader.leave(reader.seen);
    });
    return group;
  }

  #join<Entry>(
    key: string,
    receiver: Receiver,
    { seen, watch: { leaving } }: Tail<Entry>,
    group: Group,
  ): Promise<number | null> {
    return new Promise((resolve) => {
      const leave = (last: number | null) => {
        if (!group.readers.delete(reader)) return;
        leaving.removeEventListener('abort', abandon);
        if (group.readers.size === 0 && this.#close(key, group)) void group.source.return(undefined);
        resolve(last);
      };
      const reader: Reader = { seen, receiver, leave };
      const abandon = () => leave(null);
      group.readers.add(reader);
      leaving.addEventListener('abort', abandon);
      if (leaving.aborted) abandon();
    });
  }

  /** Returns whether the group was open. */
  #close(key: string, group: Group): boolean {
    return this.#groups.get(key) === group && this.#groups.delete(key);
  }
}

/** A class, because every subscription has one. */
class ReceiverBroadcast implements Broadcast {
  readonly #all: Broadcasts;
  readonly #key: string;
  readonly #receiver: Receiver;

  constructor(all: Broadcasts, key: string, receiver: Receiver) {
    this.#all = all;
    this.#key = key;
    this.#receiver = receiver;
  }

  follow<Entry>(tail: Tail<Entry>): Promise<number | null> {
    return this.#all.follow(this.#key, this.#receiver, tail);
  }
}

/**
 * Sends to a group what its source yields. If the source or an execution fails, the group ends, and each reader runs into the error by
 * itself.
 */
async function notifyReaders<Entry>(
  group: Group,
  source: AsyncGenerator<Entry>,
  numberOf: (entry: Entry) => number,
  receiver: Receiver,
): Promise<void> {
  try {
    for await (const entry of source) {
      const number = numberOf(entry);
      group.lastNumber = number;
      const event = await receiver.answer(entry);
      await visitInSlices(group.readers, (reader) => {
        if (reader.seen >= number) return;
        if (reader.receiver.push(event)) reader.seen = number;
        else reader.leave(reader.seen);
      });
    }
  } catch {
    await source.return(undefined).catch(() => {});
  }
}
