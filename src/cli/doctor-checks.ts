import { spawnSync } from 'node:child_process';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { openDatabase } from '#adapters/database/database.ts';
import { mayCreateDatabases } from '#adapters/database/dump/server-databases.ts';
import { DataDirectoryInUse } from '#adapters/database/embedded/data-directory.ts';
import { compareMigrations } from '#adapters/database/migrator/migrator.ts';
import type { FileStore } from '#adapters/files/file-store.ts';
import { openFileStore } from '#adapters/files/open-file-store.ts';
import { openLog } from '#adapters/log.ts';
import { openRedis } from '#adapters/redis/redis.ts';
import type { Config } from '#config/config.ts';
import { newFileName } from '#domain/episodes/media/files.ts';
import { listBackups } from '#domain/operations/backups/backup-directory.ts';
import { version } from '#version.ts';
import { explainError } from './explain-error.ts';

/** What was found of one thing, in a sentence that says what to do where it is not well. */
export type Finding = { name: string; state: 'ok' | 'note' | 'FAIL'; words: string };

type Check = (config: Config) => Promise<Omit<Finding, 'name'>[]>;

const ok = (words: string) => [{ state: 'ok' as const, words }];
const note = (words: string) => [{ state: 'note' as const, words }];
const fail = (words: string) => [{ state: 'FAIL' as const, words }];

const CHECKS: Record<string, Check> = {
  versions: async () => ok(`Parley ${version} on Node ${process.versions.node}`),
  database: checkDatabase,
  redis: checkRedis,
  disk: checkDisk,
  files: checkFiles,
  backups: checkBackups,
  ffmpeg: async () => checkPrograms(['ffmpeg', 'ffprobe']),
  model: async ({ model }) => checkEndpoint('MODEL_BASE_URL', model),
  embeddings: async ({ embedding }) => checkEndpoint('EMBEDDING_BASE_URL', embedding),
};

/** Looks at everything, one after the other; what cannot be looked at is a finding, too. */
export async function examine(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [{ name: 'settings', state: 'ok', words: 'They can be used.' }];
  for (const [name, check] of Object.entries(CHECKS)) {
    const found = await check(config).catch((error: unknown) => fail(explainError(error)));
    findings.push(...found.map((finding) => ({ name, ...finding })));
  }
  return findings;
}

/** The oldest PostgreSQL that Parley is tested with. */
const OLDEST_POSTGRES = 150_000;
/** How far the clocks of two machines may be apart: what is due is decided by that of the process. */
const CLOCK_TOLERANCE_MS = 2_000;

async function checkDatabase(config: Config): Promise<Omit<Finding, 'name'>[]> {
  const opened = await openDatabase(config, openLog('silent'), () => {}).catch((error: unknown) => {
    if (error instanceof DataDirectoryInUse) return error;
    throw error;
  });
  if (opened instanceof DataDirectoryInUse) return note(opened.message);
  try {
    return await describeDatabase(opened.pool, config);
  } finally {
    await opened.close();
  }
}

async function describeDatabase(pool: pg.Pool, { databaseUrl }: Config): Promise<Omit<Finding, 'name'>[]> {
  const askedAt = Date.now();
  const { rows } = await pool.query<{ version: string; number: number; now: Date }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
       clock_timestamp() AS now`,
  );
  const { version: server = '', number = 0, now = new Date() } = rows[0] ?? {};
  if (number < OLDEST_POSTGRES) return fail(`PostgreSQL ${server} is too old; Parley needs 15 or newer.`);
  const { pending } = await compareMigrations(pool);
  const migrations =
    pending.length > 0
      ? `; ${pending.length} migrations are missing, which a start or \`npx parley migrate\` applies`
      : '';
  const findings = [
    { state: 'ok' as const, words: `PostgreSQL ${server}${databaseUrl ? '' : ', embedded'}${migrations}` },
  ];
  const offMs = Math.abs(now.getTime() - (askedAt + Date.now()) / 2);
  if (offMs > CLOCK_TOLERANCE_MS)
    return [...findings, ...fail(`Its clock and this one are ${Math.round(offMs / 1_000)} s apart; set both by NTP.`)];
  if (databaseUrl && !(await mayCreateDatabases(await borrow(pool))))
    return [
      ...findings,
      ...note(
        'The user may not create databases: backups are verified in an embedded one, and `parley backup restore` cannot run. `ALTER ROLE … CREATEDB` changes that.',
      ),
    ];
  return findings;
}

async function borrow(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  client.release();
  return client;
}

async function checkRedis({ redisUrl }: Config): Promise<Omit<Finding, 'name'>[]> {
  if (!redisUrl)
    return note('None: one process needs none; several hear of each other up to 5 s late. REDIS_URL sets one.');
  const redis = await openRedis(redisUrl, openLog('silent'));
  try {
    await redis.ping();
    return ok('It answers.');
  } catch {
    return fail('It does not answer. Check REDIS_URL; until then processes agree through the database.');
  } finally {
    redis.disconnect();
  }
}

/** The share of a disk that has to be free. */
const LEAST_FREE = 0.15;

async function checkDisk({ dataDir, backupDir }: Config): Promise<Omit<Finding, 'name'>[]> {
  const findings = [];
  for (const [setting, directory] of [
    ['DATA_DIR', dataDir],
    ['BACKUP_DIR', backupDir],
  ] as const) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.W_OK);
    const { bavail, blocks, bsize } = await statfs(directory);
    const free = `${Math.round((bavail * bsize) / 2 ** 20)} MB free, ${Math.round((bavail / blocks) * 100)} %`;
    const said = `${setting} ${directory}: ${free}`;
    findings.push(...(bavail / blocks < LEAST_FREE ? fail(`${said}. Make room.`) : ok(said)));
  }
  return findings;
}

/** Writes a file into the bucket, reads it and removes it: keys that may list it may not be all that it takes. */
async function checkFiles(config: Config): Promise<Omit<Finding, 'name'>[]> {
  if (!config.bucket) return ok('Media files are in DATA_DIR; several machines have to share it, or set S3_BUCKET.');
  const { files, close } = await openFileStore(config);
  try {
    const { problem } = await files.check();
    if (problem) return fail(problem);
    await tryStore(files);
    return ok(`Media files are in the bucket ${config.bucket.bucket}, which takes, gives and removes them.`);
  } catch {
    return fail('The keys of S3 may see the bucket, but not write, read, list and delete objects in it; allow that.');
  } finally {
    close();
  }
}

async function tryStore(files: FileStore): Promise<void> {
  const { id, storageKey } = newFileName();
  await files.write(storageKey, 0, Readable.from([Buffer.from(id)]), () => {});
  try {
    await files.finish(storageKey, id.length);
    (await files.read(storageKey)).destroy();
  } finally {
    await files.remove(storageKey);
  }
}

async function checkBackups({ backupDir, backups: { cron, timeZone } }: Config): Promise<Omit<Finding, 'name'>[]> {
  const proven = (await listBackups(backupDir)).find(({ manifest }) => manifest.verification?.held);
  const when = cron === null ? 'by command only (BACKUP_CRON is off)' : `at ${cron}, ${timeZone}`;
  if (!proven) return note(`Taken ${when}; none was proven to restore yet. \`npx parley backup create\` takes one.`);
  return ok(`Taken ${when}; the newest that was proven to restore is of ${proven.manifest.createdAt}.`);
}

function checkPrograms(names: readonly string[]): Omit<Finding, 'name'>[] {
  const missing = names.filter((name) => spawnSync(name, ['-version'], { stdio: 'ignore' }).status !== 0);
  if (missing.length === 0) return ok('It is installed.');
  return note(
    `${missing.join(' and ')} not found: recordings cannot be read. Install it (Debian: apt-get install ffmpeg; macOS: brew install ffmpeg).`,
  );
}

const ANSWER_TIMEOUT_MS = 5_000;

async function checkEndpoint(
  setting: string,
  endpoint: { baseUrl: string; apiKey?: string | null | undefined } | null,
): Promise<Omit<Finding, 'name'>[]> {
  if (!endpoint) return note(`None is set (${setting}): Parley does without.`);
  const headers = endpoint.apiKey ? { authorization: `Bearer ${endpoint.apiKey}` } : {};
  const url = `${endpoint.baseUrl.replace(/\/$/, '')}/models`;
  try {
    const { status } = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (status === 401 || status === 403)
      return fail(`It refuses the key (${status}). Check the API key beside ${setting}.`);
    return ok(`It answers (${status}).`);
  } catch {
    return fail(`It does not answer. Check ${setting}, and that it runs.`);
  }
}
