import { randomUUID } from 'node:crypto';
import type { Client } from './client.ts';
import { AddMessage } from './operations.ts';

export type Writers = {
  /** What the server has acknowledged: the content of each message by its number. */
  acknowledged: Map<number, string>;
  /** Resolves when every message that was begun is acknowledged; returns the last number. Throws where a number was given twice. */
  stop(): Promise<number>;
};

/**
 * `count` writers that add messages to a conversation one after another, without end. Each repeats a message, with its
 * idempotency key, until it is acknowledged. `client` is asked before every try: servers come and go.
 */
export function startWriters(client: () => Client, conversationId: string, count = 4): Writers {
  const acknowledged = new Map<number, string>();
  let stopped = false;
  const write = async () => {
    while (!stopped) {
      const input = { conversationId, role: 'USER' as const, content: randomUUID(), idempotencyKey: randomUUID() };
      const sequence = await untilAcknowledged(() => client().ask(AddMessage, { input }));
      if (acknowledged.has(sequence)) throw new Error(`Two messages were acknowledged under number ${sequence}.`);
      acknowledged.set(sequence, input.content);
    }
  };
  const writing = Promise.all(Array.from({ length: count }, write));
  writing.catch(() => {}); // `stop` tells of it
  return {
    acknowledged,
    async stop() {
      stopped = true;
      await writing;
      return Math.max(...acknowledged.keys());
    },
  };
}

type Added = { addMessage?: { message: { sequence: number } } | null };

async function untilAcknowledged(add: () => Promise<Added>): Promise<number> {
  for (;;) {
    try {
      const { addMessage } = await add();
      if (addMessage) return addMessage.message.sequence;
    } catch {
      // The server is gone, or did not come to answer: once more.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
