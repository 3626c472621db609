import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { explainError } from '#cli/explain-error.ts';
import type { Config } from '#config/config.ts';
import { readPersistedDocuments } from '#domain/core/persisted-documents.ts';
import { version } from '#version.ts';
import { checkBackups } from './backups.ts';
import { checkDatabase } from './database.ts';
import { ask, checkEndpoint } from './endpoints.ts';
import { checkFiles } from './files.ts';
import { type Finding, fail, note, ok } from './finding.ts';
import { checkFfmpeg, checkTranscriber } from './media.ts';
import { checkRedis } from './redis.ts';
import { checkReplica } from './replica.ts';
import { checkTelephony } from './telephony.ts';

type NamedFinding = Finding & { name: string };

const CHECKS: Record<string, (config: Config) => Promise<Finding[]>> = {
  operations: checkOperations,
  versions: async () => [ok(`Parley ${version} on Node ${process.versions.node}`)],
  database: checkDatabase,
  replica: checkReplica,
  redis: checkRedis,
  disk: checkDisk,
  files: checkFiles,
  backups: checkBackups,
  ffmpeg: checkFfmpeg,
  transcriber: checkTranscriber,
  telephony: checkTelephony,
  alerts: checkAlerts,
  model: async ({ model }) => checkEndpoint('MODEL_BASE_URL', model),
  embeddings: async ({ embedding }) => checkEndpoint('EMBEDDING_BASE_URL', embedding),
};

/** Runs all checks, one after the other; a check that fails to run is a finding, too. */
export async function examine(config: Config): Promise<NamedFinding[]> {
  const findings: NamedFinding[] = [{ name: 'settings', state: 'ok', words: 'They can be used.' }];
  for (const [name, check] of Object.entries(CHECKS)) {
    const found = await check(config).catch((error: unknown) => [fail(explainError(error))]);
    findings.push(...found.map((finding) => ({ name, ...finding })));
  }
  return findings;
}

/** Throws NotSetUp if the file cannot be used. */
async function checkOperations({ persistedOperations }: Config): Promise<Finding[]> {
  if (!persistedOperations) return [];
  const { byId } = await readPersistedDocuments(persistedOperations.file);
  return [ok(`Documents in PERSISTED_OPERATIONS: ${byId.size}; servers read them when they start.`)];
}

/** The share of a disk that has to be free. */
const LEAST_FREE = 0.15;

async function checkDisk({ dataDir, backupDir }: Config): Promise<Finding[]> {
  const findings = [];
  for (const [setting, directory] of [
    ['DATA_DIR', dataDir],
    ['BACKUP_DIR', backupDir],
  ] as const) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.W_OK);
    const { bavail, blocks, bsize } = await statfs(directory);
    const free = `${Math.round((bavail * bsize) / 2 ** 20)} MB free, ${Math.round((bavail / blocks) * 100)} %`;
    const summary = `${setting} ${directory}: ${free}`;
    findings.push(bavail / blocks < LEAST_FREE ? fail(`${summary}. Make room.`) : ok(summary));
  }
  return findings;
}

async function checkAlerts({ alerts: { webhook } }: Config): Promise<Finding[]> {
  if (!webhook) return [note('Nobody is told what is not well; ALERT_WEBHOOK_URL names who is.')];
  const { host } = new URL(webhook.url);
  const response = await ask(new URL('/', webhook.url).href);
  return response
    ? [ok(`${host} is told.`)]
    : [fail(`${host} does not answer. Check ALERT_WEBHOOK_URL, and that it runs.`)];
}
