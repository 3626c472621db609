import type { Database } from '#adapters/database/database.ts';
import type { DatabasePlace } from '#adapters/database/dump/sessions.ts';
import type { Replica } from '#adapters/database/replica/replica.ts';
import type { Ffmpeg } from '#adapters/ffmpeg/ffmpeg.ts';
import type { FileStore } from '#adapters/files/file-store.ts';
import type { Logger } from '#adapters/log.ts';
import type { Embedder } from '#adapters/model/embedder.ts';
import type { Model } from '#adapters/model/model.ts';
import type { Queue } from '#adapters/queue/queue.ts';
import type { KeptAnswers } from '#adapters/redis/kept-answers.ts';
import type { PubSub } from '#adapters/redis/pubsub.ts';
import type { Telephony } from '#adapters/telephony/telephony.ts';
import type { Threads } from '#adapters/threads/threads.ts';
import type { Transcriber } from '#adapters/transcriber/transcriber.ts';
import type { Config } from '#config/config.ts';
import type { SalesRules } from '#config/sales.ts';
import type { TelephonySettings } from '#config/telephony.ts';
import type { MessageRole } from '#generated/prisma/enums.ts';
import type { Actor } from './actor.ts';
import type { CacheStats } from './cache-stats.ts';
import type { Cursors } from './cursors.ts';
import type { ComponentName, Measured } from './health-components.ts';
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

/** What cursors of changes are bound to. */
export type ChangeLog = {
  /** Another one after each restore of the database. */
  epoch: string;
  /** How long deletions are told: days. */
  keepDays: number;
};

/** Where backups are, when they are taken, and of which database. */
export type BackupSettings = Config['backups'] & { directory: string; place: DatabasePlace };
/** How many calls may be created a second, and how many seconds one may ring and last. */
export type Calling = Pick<TelephonySettings, 'callsPerSecond' | 'ringSeconds' | 'maxSeconds'>;
/** The addresses at which files are served without a key (src/domain/episodes/media/files/signed-urls.ts). */
export type MediaUrls = {
  /** Returns the path and query of a file's address, which are good for some hours. */
  create(fileId: string, now: Date): string;
  /** Returns for how many seconds an address is good; 0 for one that is not, or not any more. */
  secondsLeft(fileId: string, given: { expires: string; signature: string }, now: Date): number;
};

/** What every process has one of. */
export type Services = {
  database: Database;
  /** What queries may read from instead; null where there is none, or nothing is served. */
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
  /** Null where none is configured: then transcripts are imported. */
  transcriber: Transcriber | null;
  ffmpeg: Ffmpeg;
  mediaUrls: MediaUrls;
  jobKinds: JobKinds;
  log: Logger;
  /** How others reach the server, as `https://parley.example.com`: what addresses in answers begin with. */
  address: { publicUrl: string };
  /** Null where none is configured: then rules answer. */
  model: Model | null;
  /** Null where none is configured: then search is lexical. */
  embedder: Embedder | null;
  limits: {
    /** What a user may spend in a minute. */
    rateLimitPoints: number;
    maxQueueSize: number;
    maxQueuedPerUser: number;
    maxConcurrentJobs: number;
    /** Of one recording, and of all files of one user. */
    maxFileBytes: number;
    maxStorageBytes: number;
    /** How many days the media of archived episodes are kept. */
    archivedMediaKeepDays: number;
    /** How many hours it is kept what statements took. */
    metricsRetentionHours: number;
  };
  replying: Replying;
  changes: ChangeLog;
  /** What all processes keep of answers, and what this one finds. */
  keptAnswers: KeptAnswers;
  cacheStats: CacheStats;
  backups: BackupSettings;
  alerts: Config['alerts'];
  /** What calls keep to, and the key of the hashes by which refused numbers are kept. */
  sales: SalesRules & { phoneHashKey: Uint8Array };
  /** The line that calls go over. */
  telephony: Telephony;
  /** The bounds of calls. */
  calling: Calling;
  now(): Date;
};

/** What a domain function works with: the services, and whom it works for. */
export type Deps = Services & { actor: Actor };

/** Chains the entries of the audit by hash (src/domain/accounts/audit/seal-audit.ts). */
export type AuditSeals = {
  /** Says that there are entries which may not be sealed yet. */
  wake(): void;
  close(): Promise<void>;
};

/** UNHEALTHY where requests cannot be served, DEGRADED where a part of them is slower or fails. */
export type HealthStatus = 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY';

/** How one thing that a process depends on does: a `message` warns also where it is HEALTHY, `details` is what was measured. */
export type ComponentHealth = {
  name: ComponentName;
  status: HealthStatus;
  latencyMs: number | null;
  message: string | null;
  details: Record<string, unknown>;
};

/** What a check finds of a component; what it leaves out is well. */
export type Finding<Name extends ComponentName> = Partial<Omit<ComponentHealth, 'name' | 'details'>> & {
  details?: Measured<Name>;
};

/** How a process and all that it depends on do. */
export type Health = {
  status: HealthStatus;
  version: string;
  uptimeSeconds: number;
  checkedAt: Date;
  components: ComponentHealth[];
  warnings: string[];
  /** When the newest backup was taken that was proven to restore, and when all that is past its time was last deleted. */
  lastBackupAt: Date | null;
  lastCleanUpAt: Date | null;
};

/** Watches what a process depends on (src/domain/health/start-health-monitor.ts). */
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
  /** What the client calls its one message: where the conversation has one of this name, nothing is stored. */
  clientId: string | null;
  /** The key in question, and what its first answer is bound to. */
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
