import { visitInSlices } from '#domain/core/time-slices.ts';
import type { Broadcast, Tail } from '#domain/live/broadcast.ts';

/** A receiver of events: the same events as all others with the same key. */
export type Receiver = {
  /** Equal for receivers to whom an entry gives the same event. */
  key: string;
  /** Returns the event of an entry, as the JSON of its result. */
  answer(entry: unknown): Promise<Buffer>;
  /** Sends an event. If the receiver does not keep up, sends nothing and returns false: it then has to pull. */
  push(event: Buffer): boolean;
};

type Reader = { seen: number; push(event: Buffer): boolean; leave(seen: number | null): void };

/** Readers who wait for what follows the entry that was sent last. */
type Group = { told: number; readers: Set<Reader>; source: AsyncGenerator<unknown> };

/**
 * Creates broadcasts to readers who ask for the same and are equally far: a new entry is read, executed and serialized once for all of
 * them, and each is sent the same bytes without a promise of its own.
 */
export function createBroadcasts(): (receiver: Receiver) => Broadcast {
  const groups = new Map<string, Group>();
  /** The keys for which a single reader waits, alone. */
  const alone = new Set<string>();

  function waitAlone<Entry>(key: string, { seen, watch }: Tail<Entry>): Promise<number | null> {
    alone.add(key);
    return watch.woken().then((goesOn) => {
      alone.delete(key);
      return goesOn ? seen : null;
    });
  }

  function openGroup<Entry>({ key, answer }: Receiver, { seen, numberOf, readOn }: Tail<Entry>): Group {
    const source = readOn(seen);
    const group: Group = { told: seen, readers: new Set(), source };
    groups.set(key, group);
    void tellAll(group, source, numberOf, answer).finally(() => {
      if (groups.get(key) === group) groups.delete(key);
      for (const reader of group.readers) reader.leave(reader.seen);
    });
    return group;
  }

  function join(
    { key, push }: Receiver,
    { seen, watch: { leaving } }: Tail<unknown>,
    group: Group,
  ): Promise<number | null> {
    return new Promise((resolve) => {
      const reader: Reader = {
        seen,
        push,
        leave(last) {
          if (!group.readers.delete(reader)) return;
          leaving.removeEventListener('abort', abandon);
          if (group.readers.size === 0 && groups.get(key) === group) {
            groups.delete(key);
            void group.source.return(undefined);
          }
          resolve(last);
        },
      };
      const abandon = () => reader.leave(null);
      group.readers.add(reader);
      leaving.addEventListener('abort', abandon);
      if (leaving.aborted) abandon();
    });
  }

  return (receiver) => ({
    follow(tail) {
      const { key } = receiver;
      if (!groups.has(key) && !alone.has(key)) return waitAlone(key, tail);
      const group = groups.get(key) ?? openGroup(receiver, tail);
      return tail.seen < group.told ? Promise.resolve(tail.seen) : join(receiver, tail as Tail<unknown>, group);
    },
  });
}

/** Sends to a group what its source yields. If the source or an execution fails, the group ends, and each reader runs into the error by itself. */
async function tellAll<Entry>(
  group: Group,
  source: AsyncGenerator<Entry>,
  numberOf: (entry: Entry) => number,
  answer: (entry: Entry) => Promise<Buffer>,
): Promise<void> {
  try {
    for await (const entry of source) {
      const number = numberOf(entry);
      group.told = number;
      const event = await answer(entry);
      await visitInSlices(group.readers, (reader) => {
        if (reader.seen >= number) return;
        if (reader.push(event)) reader.seen = number;
        else reader.leave(reader.seen);
      });
    }
  } catch {
    await source.return(undefined).catch(() => {});
  }
}
