import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from './client.ts';
import { until } from './until.ts';

type Added = { messageAdded: { sequence: number; content: string } };

export type ResumingReader = {
  /** All it was ever sent, in the order in which it came. */
  seen: Added['messageAdded'][];
  /** Resolves when the message of this number was seen. */
  waitForSequence(sequence: number): Promise<void>;
  stop(): Promise<void>;
};

const RECONNECT_MS = 20;

/** Reads a conversation as a good client does: when the connection breaks it connects again, after the last number it has seen. */
export function startResumingReader(connect: (afterSequence: number) => Feed<Added>): ResumingReader {
  const seen: Added['messageAdded'][] = [];
  let feed: Feed<Added> | undefined;
  let stopped = false;
  const read = async () => {
    for (; !stopped; await sleep(RECONNECT_MS)) {
      feed = connect(seen.at(-1)?.sequence ?? 0);
      try {
        for (;;) seen.push(...(await feed.take(1)).map(({ messageAdded }) => messageAdded));
      } catch {
        await feed.return(undefined);
      }
    }
  };
  const reading = read();
  return {
    seen,
    async waitForSequence(sequence) {
      await until(
        async () => seen.at(-1)?.sequence ?? 0,
        (last) => last >= sequence,
      );
    },
    async stop() {
      stopped = true;
      await feed?.return(undefined);
      await reading;
    },
  };
}
