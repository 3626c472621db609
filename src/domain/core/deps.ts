import type { Database } from '#adapters/database/database.ts';
import type { Logger } from '#adapters/log.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Model } from '#adapters/model/model.ts';
import type { Queue } from '#adapters/queue/queue.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import type { MessageLog } from '#domain/conversations/message-log.ts';
import type { HealthMonitor } from '#domain/health/monitor.ts';
import type { ApiKeyScope, Role } from '#generated/prisma/enums.ts';
import type { Cursors } from './cursors.ts';

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
  log: Logger;
  /** Null where none is configured: then rules answer. */
  model: Model | null;
  /** Null where none is configured: then search is lexical. */
  embedder: Embedder | null;
  limits: { maxQueueSize: number; maxConcurrentJobs: number };
  replying: Replying;
  now(): Date;
};

/** Who does it: the viewer (the user it is done for), and the key that acts for them. */
export type Actor = {
  userId: string;
  role: Role;
  /** Null for what the server does by itself, on the CLI or in a job. */
  apiKeyId: string | null;
  scopes: readonly ApiKeyScope[];
  requestId: string | null;
  ip: string | null;
};

/** What a domain function works with: the services, and whom it works for. */
export type Deps = Services & { actor: Actor };

/** Both the user and the key must be: a key without the scope does nothing that is for ADMINs, whoever's it is. */
export const isAdmin = ({ role, scopes }: Actor): boolean => role === 'ADMIN' && scopes.includes('ADMIN');
