import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../test/support/client.ts';
import { startWriters, type Writers } from '../test/support/message-writers.ts';
import { MessageAdded, SendMessage } from '../test/support/operations.ts';
import { type ResumingReader, startResumingReader } from '../test/support/resuming-reader.ts';
import type { System } from './system.ts';

/** What is done all the while by a user of its own, and what of it was acknowledged. */
export type Load = {
  user: Pick<Client, 'key'>;
  conversationId: string;
  writers: Writers;
  reader: ResumingReader;
  /** The conversations in which something was said that is to be replied to. */
  asked: string[];
  /** Begins nothing more; resolves with the number of the last message when all that was begun is acknowledged. */
  stop(): Promise<number>;
};

const BETWEEN_QUESTIONS_MS = 250;

export async function startLoad({ pick }: System): Promise<Load> {
  const user = await pick().user();
  const client = () => pick().as(user);
  const made = await client().ask('mutation { createConversation(input: {}) { conversation { id } } }');
  const conversationId: string = made.createConversation.conversation.id;
  const writers = startWriters(client, conversationId);
  const reader = startResumingReader((afterSequence) =>
    client().follow(MessageAdded, { conversationId, afterSequence }),
  );
  const asked: string[] = [];
  let stopped = false;
  const ask = async () => {
    while (!stopped) {
      const input = { content: `What is new? ${randomUUID()}`, idempotencyKey: randomUUID() };
      const { sendMessage } = await untilAnswered(() => client().ask(SendMessage, { input }));
      asked.push(sendMessage?.conversation.id as string);
      await sleep(BETWEEN_QUESTIONS_MS);
    }
  };
  const asking = ask();
  return {
    user,
    conversationId,
    writers,
    reader,
    asked,
    async stop() {
      stopped = true;
      await asking;
      return writers.stop();
    },
  };
}

/** The answer to what may be repeated, however often it fails. */
export async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await sleep(20);
    }
  }
}
