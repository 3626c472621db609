import type { Database } from '#adapters/database/database.ts';
import type { DatabasePlace } from '#adapters/database/dump/sessions.ts';
import type { Replica } from '#adapters/database/replica/replica.ts';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import type { FileStore } from '#adapters/files/file-store.ts';
import type { Logger } from '#adapters/log.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Model } from '#adapters/model/model.ts';
import type { Queue } from '#adapters/queue/queue.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import type { SharedResponses } from '#adapters/redis/shared-responses.ts';
import type { Telephony } from '#adapters/telephony/telephony.ts';
import type { Threads } from '#adapters/threads/threads.ts';
import type { Transcriber } from '#adapters/transcriber/transcriber.ts';
import type { ReceiverRules } from '#adapters/webhooks/receiver-rules.ts';
import type { Config } from '#config/config.ts';
import type { SalesRules } from '#config/sales.ts';
import type { TelephonySettings } from '#config/telephony.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import type { Actor } from './actor.ts';
import type { CacheStats } from './cache-stats.ts';
import type { Cursors } from './cursors.ts';
import type { ComponentName, Measured } from './health-components.ts';
import type { JobKinds } from './job-kinds.ts';

/** The operator's settings for replies. */
export type Replying = {
  /** How many of the newest messages are sent to a model. */
  maxContextMessages: number;
  /** The estimated number of tokens that are sent to it at most. */
  maxContextTokens: number;
  /** Whether memories are learned from what users say. */
  extractMemories: boolean;
};

/** What the cursors of `changes` are bound to. */
export type ChangeLog = {
  /** Differs after each restore of the database. */
  epoch: string;
  /** For how many days deletions are reported. */
  keepDays: number;
};

/** Where backups are, when they are taken, and of which database. */
export type BackupSettings = Config['backups'] & { directory: string; place: DatabasePlace };
/** How many calls may be created a second, and how many seconds one may ring and last. */
export type Calling = Pick<TelephonySettings, 'callsPerSecond' | 'ringSeconds' | 'maxSeconds'>;
/** The addresses at which files are served without a key (src/domain/episodes/media/files/signed-urls.ts). */
export type MediaUrls = {
  /** Returns the path and query of a file's address, which stay valid for some hours. */
  create(fileId: string, now: Date): string;
  /** Returns for how many more seconds an address is valid; 0 if it is forged or has expired. */
  secondsLeft(fileId: string, given: { expires: string; signature: string }, now: Date): number;
};

/** What became of attempts to deliver an event to a webhook. RETRIED: another attempt follows. */
export type DeliveryResult = 'SUCCEEDED' | 'RETRIED' | 'FAILED';

/** Where webhooks of users may lead, and how many attempts at deliveries this process has made, by result. */
export type Webhooks = { rules: ReceiverRules; attempts: Record<DeliveryResult, number> };

/** What exists once per process. */
export type Services = {
  database: Database;
  /** The replica that queries may read from; null if none is configured, or in a process that serves no requests. */
  replica: Replica | null;
  pubsub: PubSub;
  queue: Queue;
  cursors: Cursors;
  messageLog: MessageLog;
  auditSeals: AuditSeals;
  health: HealthMonitor;
  threads: Threads;
  /** Where media files are. */
  files: FileStore;
  /** Null if none is configured: transcripts then have to be imported. */
  transcriber: Transcriber | null;
  ffmpeg: Ffmpeg;
  mediaUrls: MediaUrls;
  jobKinds: JobKinds;
  log: Logger;
  /** The server's public address, such as `https://parley.example.com`. Addresses in answers begin with it. */
  address: { publicUrl: string };
  /** Null if none is configured: rules then write the replies. */
  model: Model | null;
  /** Null if none is configured: search is then lexical only. */
  embedder: Embedder | null;
  limits: {
    /** Points that a user may spend per minute. */
    rateLimitPoints: number;
    maxQueueSize: number;
    maxQueuedPerUser: number;
    maxConcurrentJobs: number;
    /** Upper bounds in bytes: of one recording, and of all files of one user. */
    maxFileBytes: number;
    maxStorageBytes: number;
    /** How many days the media of archived episodes are kept. */
    archivedMediaKeepDays: number;
    /** For how many hours the timings of SQL statements are kept. */
    metricsRetentionHours: number;
  };
  replying: Replying;
  changes: ChangeLog;
  /** The response cache that all processes share, and this process's hits in it. */
  sharedResponses: SharedResponses;
  cacheStats: CacheStats;
  backups: BackupSettings;
  alerts: Config['alerts'];
  webhooks: Webhooks;
  /** The rules for calls, and the HMAC key under which refused numbers are stored. */
  sales: SalesRules & { phoneHashKey: Uint8Array };
  /** The line that calls go over. */
  telephony: Telephony;
  /** The bounds of calls. */
  calling: Calling;
  now(): Date;
};

/** What a domain function works with: the services, and the actor on whose behalf it works. */
export type Deps = Services & { actor: Actor };

/** Chains the entries of the audit by hash (src/domain/accounts/audit/seal-audit.ts). */
export type AuditSeals = {
  /** Announces that there may be entries that are not sealed yet. */
  wake(): void;
  close(): Promise<void>;
};

/** UNHEALTHY: requests cannot be served. DEGRADED: some of them are slower or fail. */
export type HealthStatus = 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';

/** The state of one dependency. A `message` may warn even while it is HEALTHY; `details` holds measurements. */
export type ComponentHealth = {
  name: ComponentName;
  status: HealthStatus;
  latencyMs: number | null;
  message: string | null;
  details: Record<string, unknown>;
};

/** The result of checking a component; omitted fields mean that all is well. */
export type Finding<Name extends ComponentName> = Partial<Omit<ComponentHealth, 'name' | 'details'>> & {
  details?: Measured<Name>;
};

/** The state of a process and of all its dependencies. */
export type Health = {
  status: HealthStatus;
  version: string;
  uptimeSeconds: number;
  checkedAt: Date;
  components: ComponentHealth[];
  warnings: string[];
  /** When the newest backup that was proven to restore was taken, and when expired data was last deleted. */
  lastBackupAt: Date | null;
  lastCleanUpAt: Date | null;
};

/** Watches what a process depends on (src/domain/health/start-health-monitor.ts). */
export type HealthMonitor = {
  /** The health, at most two seconds old. */
  now(): Health;
  /** Whether load balancers should send requests here. */
  isReady(): boolean;
  /** Tells load balancers to send requests elsewhere from now on. */
  drain(): void;
  isDraining(): boolean;
  /** Yields the current health, then again whenever a component's status or message changes. */
  follow(): AsyncGenerator<Health>;
  close(): void;
};

/** A message about to be stored: it has an id, but no sequence number yet. JSON fields hold JSON text. */
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

/** Messages to be added to the end of a conversation together. */
export type Append = {
  conversationId: string;
  actor: Actor;
  action: string;
  messages: readonly NewMessageRow[];
  /** The client's own id of a single message. If the conversation already has a message with it, nothing is stored. */
  clientId: string | null;
  /** The idempotency key, and what its first answer is bound to. */
  once: { key: string; inputHash: Uint8Array } | null;
};

/**
 * stored: the messages took the numbers from `firstSequence` on. repeated: the idempotency key or the client id is taken, nothing
 * was stored; `messageId` is the message of the client id. missing: there is no such conversation for this actor.
 */
export type Appended =
  | { outcome: 'stored'; firstSequence: number; createdAt: Date }
  | { outcome: 'repeated'; messageId: string | null }
  | { outcome: 'missing' };

/** Where messages are stored (src/domain/conversations/message-log.ts). */
export type MessageLog = { append(append: Append): Promise<Appended> };
