import type { Database } from '#adapters/database/database.ts';
import type { Logger } from '#adapters/log.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Model } from '#adapters/model/model.ts';
import type { Queue } from '#adapters/queue/queue.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import type { Threads } from '#adapters/threads/threads.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import type { Actor } from './actor.ts';
import type { Cursors } from './cursors.ts';
import type { JobKinds } from './job-kinds.ts';

/** How replies are made, as the operator has set it. */
export type Replying = {
  /** How many of the newest messages a model is sent. */
  maxContextMessages: number;
  /** How many tokens it is sent in all, by estimate. */
  maxContextTokens: number;
  /** Whether memories are learned from what users say. */
  extractMemories: boolean;
};

/** What every process has one of. */
export type Services = {
  database: Database;
  pubsub: PubSub;
  queue: Queue;
  cursors: Cursors;
  messageLog: MessageLog;
  health: HealthMonitor;
  threads: Threads;
  jobKinds: JobKinds;
  log: Logger;
  /** Null where none is configured: then rules answer. */
  model: Model | null;
  /** Null where none is configured: then search is lexical. */
  embedder: Embedder | null;
  limits: { maxQueueSize: number; maxQueuedPerUser: number; maxConcurrentJobs: number };
  replying: Replying;
  now(): Date;
};

/** What a domain function works with: the services, and whom it works for. */
export type Deps = Services & { actor: Actor };

/** UNHEALTHY where requests cannot be served, DEGRADED where a part of them is slower or fails. */
export type HealthStatus = 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';

/** How one thing that a process depends on does: a `message` warns also where it is HEALTHY, `details` is what was measured. */
export type ComponentHealth = {
  name: string;
  status: HealthStatus;
  latencyMs: number | null;
  message: string | null;
  details: Record<string, unknown>;
};

/** How a process and all that it depends on do. */
export type Health = {
  status: HealthStatus;
  version: string;
  uptimeSeconds: number;
  checkedAt: Date;
  components: ComponentHealth[];
  warnings: string[];
};

/** Watches what a process depends on (src/domain/health/monitor.ts). */
export type HealthMonitor = {
  /** As it was at most two seconds ago. */
  now(): Health;
  /** Whether requests should come here. */
  isReady(): boolean;
  /** From now on, requests should go elsewhere. */
  drain(): void;
  isDraining(): boolean;
  /** The health as it is, then whenever a component's status or message changes. */
  follow(): AsyncGenerator<Health>;
  close(): void;
};

/** A message as it is about to be stored: its id is made, its number not yet taken. JSON fields are JSON text. */
export type NewMessageRow = {
  id: string;
  role: MessageRole;
  content: string;
  toolCalls: string | null;
  toolCallId: string | null;
  toolResult: string | null;
  model: string | null;
  tokensInput: number | null;
  tokensOutput: number | null;
  metadata: string | null;
  sentAt: string | null;
};

/** Messages to be added at the end of a conversation, in one go. */
export type Append = {
  conversationId: string;
  actor: Actor;
  action: string;
  messages: readonly NewMessageRow[];
  /** The key in question, and what its first answer is bound to. */
  once: { key: string; inputHash: Uint8Array } | null;
};

/**
 * stored: the messages took the numbers from `firstSequence` on. repeated: the idempotency key is taken, nothing was
 * stored. missing: there is no such conversation for this actor.
 */
export type Appended =
  | { outcome: 'stored'; firstSequence: number; createdAt: Date }
  | { outcome: 'repeated' }
  | { outcome: 'missing' };

/** Where messages are stored (src/domain/conversations/message-log.ts). */
export type MessageLog = { append(append: Append): Promise<Appended> };
