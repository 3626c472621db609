import { expect } from 'vitest';
import type { ReplyStreamSubscription, SendMessageMutation } from '../generated/graphql.ts';
import type { Client, Feed } from './client.ts';
import { ReplyStream, SendMessage } from './operations.ts';

export type Chunk = ReplyStreamSubscription['replyStream'];
export type Sent = NonNullable<SendMessageMutation['sendMessage']>;

/** Says something, in a new conversation where none is named. */
export async function send(speaker: Client, content: string, conversationId?: string): Promise<Sent> {
  return (await speaker.ask(SendMessage, { input: { content, conversationId } })).sendMessage as Sent;
}

/** Reads a reply as a good client does: what it shows, chunk by chunk. */
export class ReplyReader {
  readonly chunks: Chunk[] = [];
  readonly #feed: Feed<ReplyStreamSubscription>;
  text = '';

  constructor(
    client: Client,
    messageId: string,
    { afterOffset, over = 'follow' }: { afterOffset?: number; over?: 'follow' | 'stream' } = {},
  ) {
    this.#feed = client[over](ReplyStream, { messageId, afterOffset });
  }

  /** Resolves when the reader shows this text, or more. */
  async waitForText(text: string): Promise<void> {
    while (!this.text.startsWith(text)) await this.#read();
  }

  /** Resolves with the last chunk; after it the stream has ended. */
  async readToEnd(): Promise<Chunk> {
    while (!this.chunks.at(-1)?.done) await this.#read();
    expect(await this.#feed.next()).toMatchObject({ done: true });
    return this.chunks.at(-1) as Chunk;
  }

  /** Resolves when the stream ends, with or without a last chunk. */
  async waitForEnd(): Promise<void> {
    for await (const _ of this.#feed);
  }

  async leave(): Promise<void> {
    await this.#feed.return(undefined);
  }

  /** Where to go on from. */
  get offset(): number {
    const { offset, text } = this.chunks.at(-1) as Chunk;
    return offset + text.length;
  }

  async #read(): Promise<void> {
    const before = this.chunks.at(-1);
    const [data] = await this.#feed.take(1);
    const chunk = data?.replyStream as Chunk;
    if (before && !chunk.restarted) expect(chunk.offset).toBe(this.offset);
    if (before && chunk.restarted) expect(chunk.offset).toBeGreaterThan(before.offset + before.text.length);
    this.chunks.push(chunk);
    this.text = chunk.restarted ? chunk.text : this.text + chunk.text;
  }
}

/** Reads a reply to its end: the whole text and the last chunk. */
export async function readReply(client: Client, messageId: string): Promise<Chunk & { text: string }> {
  const reader = new ReplyReader(client, messageId);
  const last = await reader.readToEnd();
  return { ...last, text: reader.text };
}
