import { createReceiverRules } from './adapters/webhooks/receiver-rules.ts';
import type { Config } from './config/config.ts';
import type { Services } from './domain/core/deps.ts';

type Settings = Pick<Services, 'limits' | 'backups' | 'alerts' | 'webhooks' | 'calling' | 'replying'>;

/** Returns the operator's settings in the form in which domain functions read them. */
export function settingsOf(config: Config): Settings {
  return {
    limits: {
      rateLimitPoints: config.rateLimitPoints,
      maxQueueSize: config.maxQueueSize,
      maxQueuedPerUser: config.maxQueuedPerUser,
      maxConcurrentJobs: config.maxConcurrentJobs,
      maxFileBytes: config.maxFileBytes,
      maxStorageBytes: config.maxStorageBytes,
      archivedMediaKeepDays: config.archivedMediaKeepDays,
      metricsRetentionHours: config.metricsRetentionHours,
    },
    backups: {
      ...config.backups,
      directory: config.backupDir,
      place: { databaseUrl: config.databaseUrl, dataDir: config.dataDir },
    },
    alerts: config.alerts,
    webhooks: {
      rules: createReceiverRules(config.webhooks),
      attempts: { SUCCEEDED: 0, RETRIED: 0, FAILED: 0 },
    },
    calling: config.telephony,
    replying: {
      maxContextMessages: config.maxContextMessages,
      maxContextTokens: config.maxContextTokens,
      extractMemories: config.extractMemories,
    },
  };
}
