import { type Database, openDatabase, type Reports } from './adapters/database/database.ts';
import { migrate } from './adapters/database/migrator/migrator.ts';
import { openReplica } from './adapters/database/replica/replica.ts';
import { openFfmpeg } from './adapters/ffmpeg/ffmpeg.ts';
import { openFileStore } from './adapters/files/open-file-store.ts';
import { openQueue } from './adapters/queue/queue.ts';
import { openConfiguredRedis } from './adapters/redis/open-redis.ts';
import type { RedisClient } from './adapters/redis/redis.ts';
import { createSharedResponses, NO_SHARED_RESPONSES } from './adapters/redis/shared-responses.ts';
import { openTelephony } from './adapters/telephony/open-telephony.ts';
import { openThreads } from './adapters/threads/threads.ts';
import { openTranscriber } from './adapters/transcriber/open-transcriber.ts';
import type { Config } from './config/config.ts';
import { AUDIT_KEY } from './domain/accounts/audit/audit-retention.ts';
import { createAuditSeals } from './domain/accounts/audit/seal-audit.ts';
import { sharedSecret } from './domain/accounts/bootstrap.ts';
import { createMessageLog } from './domain/conversations/message-log.ts';
import { CacheStats } from './domain/core/cache-stats.ts';
import { createCursors } from './domain/core/cursors.ts';
import type { Services } from './domain/core/deps.ts';
import { createEmbedderClient, createModelClient } from './domain/core/model-clients.ts';
import { createMediaUrls } from './domain/episodes/media/files/signed-urls.ts';
import { followLineAccount } from './domain/health/line-check.ts';
import { publishCircuitState } from './domain/health/model-circuits.ts';
import { startHealthMonitor } from './domain/health/start-health-monitor.ts';
import { recordReport } from './domain/sales/calls/talk/record-report.ts';
import { speakTurn } from './domain/sales/calls/talk/speak-turn.ts';
import { localUrl } from './local-url.ts';
import { settingsOf } from './service-settings.ts';
import { version } from './version.ts';
import { JOB_KINDS } from './worker/job-kinds.ts';

/** The services of a process, with what only its parts need. */
export type OpenServices = {
  services: Services;
  redis: RedisClient | null;
  /** Before the names of all that this installation keeps in Redis, which it may share with others. */
  redisPrefix: string;
  /** Closes all of them, in the reverse order of opening. */
  close(): Promise<void>;
};

/** What a process is to do: with `works` it may run jobs, with `serves` answer queries. */
type Roles = { works: boolean; serves?: boolean };

/** Opens what a process has one of, on a migrated database. Files are in `filesDir`, DATA_DIR by default. */
export async function openServices(
  config: Config,
  { filesDir = config.dataDir, ...options }: Reports & Roles & { filesDir?: string | undefined },
): Promise<OpenServices> {
  const open = new AsyncDisposableStack();
  try {
    const { redis, redisPrefix, ...parts } = await openParts(config, { ...options, filesDir }, open);
    const { database, telephony, model } = parts;
    const { log } = options;
    await sharedSecret(database, AUDIT_KEY);
    const auditSeals = createAuditSeals({ database, log });
    open.defer(() => auditSeals.close());
    const cacheStats = new CacheStats();
    const epoch = await sharedSecret(database, 'epoch');
    const health = await startHealthMonitor(
      {
        ...parts,
        epoch,
        cacheStats,
        redis,
        dataDir: config.dataDir,
        backupDir: config.backupDir,
        maxQueueSize: config.maxQueueSize,
        jobKinds: JOB_KINDS,
        model: model?.name ?? null,
        backups: config.backups,
        telephony: telephony.name,
        lineProblem: followLineAccount(telephony),
      },
      version,
    );
    open.defer(() => health.close());
    const services: Services = {
      ...parts,
      health,
      address: { publicUrl: config.publicUrl ?? localUrl(config) },
      log,
      mediaUrls: createMediaUrls(await sharedSecret(database, 'media-urls')),
      cursors: createCursors(await sharedSecret(database, 'cursors')),
      messageLog: createMessageLog(database, auditSeals.wake),
      auditSeals,
      jobKinds: JOB_KINDS,
      embedder: config.embedding && (await createEmbedderClient(config.embedding, log)),
      sharedResponses: redis ? createSharedResponses(redis, redisPrefix, log) : NO_SHARED_RESPONSES,
      cacheStats,
      changes: { epoch: nameEpoch(epoch), keepDays: config.changesKeepDays },
      sales: { ...config.sales, phoneHashKey: await sharedSecret(database, 'phone-hashes') },
      ...settingsOf(config),
      now: () => new Date(),
    };
    telephony.connect({
      report: async (callId, report) => void (await recordReport(services, callId, report)),
      turn: (turn) => speakTurn(services, turn),
    });
    return { services, redis, redisPrefix, close: () => open.disposeAsync() };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

/** Opens what services stand on: databases, queue, files, and what others run. `open` closes them. */
async function openParts(
  config: Config,
  { works, serves, filesDir, ...reports }: Reports & Roles & { filesDir: string },
  open: AsyncDisposableStack,
) {
  const { log } = reports;
  const { database } = await openMigratedDatabase(config, reports, (sentence) => log.info(sentence));
  open.defer(() => database.close());
  const replica = serves && config.databaseReplicaUrl ? await openReplica(config, database, log) : null;
  open.defer(() => replica?.close());
  const redisPrefix = `parley:${await installationId(database)}:`;
  const alone = database.kind === 'embedded';
  const { redis, pubsub, close: closeRedis } = await openConfiguredRedis(config, { prefix: redisPrefix, alone }, log);
  open.defer(closeRedis);
  const queue = await openQueue(config, database, log, { works });
  open.defer(() => queue.close());
  const threads = openThreads();
  open.defer(() => threads.close());
  const telephony = await openTelephony(config.telephony, log);
  open.defer(() => telephony.close());
  const model = config.model && (await createModelClient(config.model, log));
  if (model) open.defer(publishCircuitState(database, model, log));
  const { files, close: closeFiles } = await openFileStore({ dataDir: filesDir, bucket: config.bucket });
  open.defer(closeFiles);
  const transcriber = await openTranscriber(config.media.transcriber, log);
  const ffmpeg = openFfmpeg(config.media);
  return {
    database,
    replica,
    redis,
    redisPrefix,
    pubsub,
    queue,
    threads,
    telephony,
    model,
    files,
    transcriber,
    ffmpeg,
  };
}

/** Opens the database and applies the migrations that it lacks, whose names are returned; `tell` gets a sentence for each. */
export async function openMigratedDatabase(
  config: Config,
  reports: Reports,
  tell: (sentence: string) => void,
): Promise<{ database: Database; applied: string[] }> {
  const database = await openDatabase(config, reports);
  try {
    const { applied } = await migrate(database.pool, { log: tell });
    return { database, applied };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Tells the database from what a restored backup makes of it. */
const nameEpoch = (epoch: Uint8Array): string => Buffer.from(epoch).toString('base64url').slice(0, 8);

/** Tells this installation from others that share its Redis. */
async function installationId(database: Database): Promise<string> {
  return Buffer.from(await sharedSecret(database, 'installation'))
    .toString('hex')
    .slice(0, 12);
}
