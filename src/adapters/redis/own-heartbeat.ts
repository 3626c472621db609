import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

type Options = {
  publisher: Redis;
  prefix: string;
  /** Whether heartbeats can be sent and received. */
  isReady: () => boolean;
  /** Called whenever Redis has taken one. */
  onSent: () => void;
};

/** The heartbeats that a process sends to itself through Redis, on a channel of its own. */
export class OwnHeartbeat {
  readonly channel: string;
  /** Whether the previous one arrived, or none was needed. */
  isHeard = true;
  #isUnderWay = false;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.channel = `${options.prefix}beat:${randomUUID()}`;
  }

  /** Waits for none any more: it has arrived, or its connection has been replaced. */
  settle(): void {
    this.#isUnderWay = false;
  }

  /** Sends the next one, and resolves to `isHeard` of the previous one. */
  async send(): Promise<boolean> {
    const { publisher, isReady, onSent } = this.#options;
    this.isHeard = !isReady() || !this.#isUnderWay;
    if (!isReady()) return true;
    this.#isUnderWay = true;
    await publisher.publish(this.channel, '').then(onSent, () => this.settle());
    return this.isHeard;
  }
}
